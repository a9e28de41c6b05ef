"""Sealing a dossier, correcting it, closing it; and proving that what was sealed is what is there."""

import json
import threading
from io import StringIO

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import translation

from audit.models import AuditEvent
from core.actors import WORKER
from core.workflow import Conflict
from documents import actions
from documents.manifest import digest
from documents.models import DocumentVersion, Dossier, DossierIssue, IssuedPaper, NeedToKnow, Section
from documents.rules import DossierStatus
from tests.documents.samples import make_pdf, received


@pytest.fixture(autouse=True)
def speak_english():
    with translation.override("en"):
        yield


def put(cast, dossier, title, pages=3):
    """A paper that a worker has read."""
    paper = actions.add_paper(dossier, by=cast.secretary, upload=received(name=f"{title}.pdf"), title=title)
    actions.record_text(paper.version, by=WORKER, pages=["chữ"] * pages)
    paper.refresh_from_db()
    return paper


@pytest.fixture
def dossier(cast, no_workers):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ phí bảo hiểm y tế")
    put(cast, dossier, "Tờ trình", pages=3)
    put(cast, dossier, "Dự thảo", pages=5)
    return dossier


def seal(cast, dossier, **given):
    return actions.seal_dossier(dossier, by=cast.secretary, **given).current_issue


def reopen(cast, dossier, reason="Sai số liệu bảng 2"):
    return actions.reopen_dossier(dossier, by=cast.secretary, reason=reason)


def test_an_issue_says_what_lay_before_the_members(cast, dossier):
    section = Section.objects.create(dossier=dossier, title="Dự thảo", place=1)
    draft = dossier.papers.get(place=2)
    draft.section = section
    draft.save()
    NeedToKnow.objects.create(paper=draft, reader=cast.minister)

    issue = seal(cast, dossier)

    told = json.loads(issue.manifest)
    assert (issue.number, told["issue"], told["previous"], told["reason"]) == (1, 1, "", "")
    assert (told["sealed_by"], told["title"]) == (str(cast.secretary), dossier.title)
    assert digest(issue.manifest) == issue.sha256
    lines = [
        (p["place"], p["section"], p["title"], p["first_page"], p["pages"], p["restricted"])
        for p in told["papers"]
    ]
    assert lines == [(1, "", "Tờ trình", 1, 3, False), (2, "Dự thảo", "Dự thảo", 4, 5, True)]
    assert [p["sha256"] for p in told["papers"]] == [
        p.version.sha256 for p in dossier.papers.order_by("place")
    ]
    rows = issue.papers.values_list("place", "section_title", "first_page", "pages", "is_restricted")
    assert list(rows) == [(1, "", 1, 3, False), (2, "Dự thảo", 4, 5, True)]


def test_sound_and_film_have_no_page(cast, dossier):
    DocumentVersion.objects.filter(papers__place=1).update(pages=None)
    papers = seal(cast, dossier).papers.values_list("first_page", "pages")
    assert list(papers) == [(None, 0), (1, 5)]


def test_the_next_issue_names_the_one_before_and_needs_a_reason(cast, dossier):
    first = seal(cast, dossier)
    reopened = reopen(cast, dossier)
    assert reopened.status == DossierStatus.REOPENED
    put(cast, dossier, "Phụ lục")
    second = seal(cast, dossier, reason="Bổ sung phụ lục")
    assert (second.number, second.reason) == (2, "Bổ sung phụ lục")
    assert json.loads(second.manifest)["previous"] == first.sha256
    assert Dossier.objects.get(pk=dossier.pk).current_issue == second


def test_without_another_reason_that_of_the_correction_stands(cast, dossier):
    seal(cast, dossier)
    reopen(cast, dossier)
    put(cast, dossier, "Phụ lục")
    assert seal(cast, dossier).reason == "Sai số liệu bảng 2"
    assert Dossier.objects.get(pk=dossier.pk).correction_reason == ""


def test_a_correction_says_why(cast, dossier):
    seal(cast, dossier)
    with pytest.raises(Conflict, match="Say why"):
        reopen(cast, dossier, reason="  ")
    reopen(cast, dossier)
    Dossier.objects.update(correction_reason="")
    put(cast, dossier, "Phụ lục")
    with pytest.raises(Conflict, match="Say why"):
        seal(cast, dossier)


def test_the_same_papers_make_no_issue(cast, dossier):
    seal(cast, dossier)
    reopen(cast, dossier)
    with pytest.raises(Conflict, match="Nothing has changed"):
        seal(cast, dossier)
    assert DossierIssue.objects.count() == 1


def test_another_order_is_a_change_and_so_is_a_new_named_reader(cast, dossier):
    paper = dossier.papers.get(place=1)
    NeedToKnow.objects.create(paper=paper, reader=cast.minister)
    seal(cast, dossier)
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.minister], because="Phiếu")
    reopen(cast, dossier)
    with pytest.raises(Conflict, match="Nothing has changed"):
        seal(cast, dossier)
    NeedToKnow.objects.create(paper=paper, reader=cast.other_minister)
    assert seal(cast, dossier).number == 2
    reopen(cast, dossier)
    dossier.papers.filter(pk=paper.pk).update(place=9)
    assert seal(cast, dossier).number == 3


def test_a_correction_without_a_change_can_be_dropped(cast, dossier, sign_in):
    seal(cast, dossier)
    reopen(cast, dossier)
    answer = sign_in(cast.secretary).post(reverse("documents:drop_correction", args=[dossier.pk]))
    dossier.refresh_from_db()
    assert (answer.url, dossier.status) == (dossier.get_absolute_url(), DossierStatus.SEALED)
    assert (dossier.correction_reason, dossier.issues.count()) == ("", 1)
    assert AuditEvent.objects.filter(action="documents.drop_correction").count() == 1
    reopen(cast, dossier)
    put(cast, dossier, "Phụ lục")
    with pytest.raises(Conflict, match="no longer as they were sealed"):
        actions.drop_correction(dossier, by=cast.secretary)
    with pytest.raises(PermissionDenied):
        actions.drop_correction(dossier, by=cast.vice_chair)


def test_a_closed_dossier_stays_as_it_is(cast, dossier):
    seal(cast, dossier)
    closed = actions.close_dossier(dossier, by=cast.secretary)
    assert (closed.status, closed.closed_at is not None) == (DossierStatus.CLOSED, True)
    for deed in (seal, reopen):
        with pytest.raises(Conflict):
            deed(cast, dossier)
    with pytest.raises(Conflict):
        put(cast, dossier, "Tờ trình bổ sung")


def test_only_the_office_corrects(cast, dossier):
    seal(cast, dossier)
    for person in (cast.vice_chair, cast.minister, cast.outside_secretary):
        with pytest.raises(PermissionDenied):
            actions.reopen_dossier(dossier, by=person, reason="Vì")
        assert Dossier.objects.get(pk=dossier.pk).status == DossierStatus.SEALED
    with pytest.raises(PermissionDenied):
        actions.close_dossier(dossier, by=cast.minister)


def test_each_step_leaves_one_trace(cast, dossier):
    issue = seal(cast, dossier)
    reopen(cast, dossier)
    actions.close_dossier(dossier, by=WORKER)
    steps = ["documents.seal_dossier", "documents.reopen_dossier", "documents.close_dossier"]
    events = list(AuditEvent.objects.filter(action__in=steps).order_by("pk"))
    assert [event.action for event in events] == steps
    assert (events[0].details["issue"], events[0].details["sha256"]) == (1, issue.sha256)
    assert events[1].details["reason"] == "Sai số liệu bảng 2"


@pytest.mark.parametrize("rows", [DossierIssue, IssuedPaper])
def test_the_database_changes_no_issue(cast, dossier, rows):
    seal(cast, dossier)
    one = rows.objects.filter(pk=rows.objects.first().pk)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        one.update(**{"place" if rows is IssuedPaper else "number": 9})
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        one._raw_delete(one.db)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_seal_at_once_one_does(cast, dossier):
    start, outcomes = threading.Barrier(2), []

    def seal_it():
        try:
            with translation.override("en"):
                start.wait()
                outcomes.append(actions.seal_dossier(dossier, by=cast.secretary).current_issue.number)
        except Conflict:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=seal_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1", "too late"]
    assert DossierIssue.objects.count() == 1


def verify():
    out = StringIO()
    call_command("verify_dossiers", stdout=out)
    return out.getvalue()


def test_what_was_sealed_is_proved(cast, dossier):
    seal(cast, dossier)
    reopen(cast, dossier)
    put(cast, dossier, "Phụ lục")
    seal(cast, dossier)
    assert "2 issues of 1 dossiers" in verify()


def change_bytes(dossier):
    name = dossier.papers.get(place=1).version.storage_name
    default_storage.delete(name)
    default_storage.save(name, ContentFile(make_pdf()))


def lose_bytes(dossier):
    default_storage.delete(dossier.papers.get(place=1).version.storage_name)


def rename_file(dossier):
    DocumentVersion.objects.filter(papers__place=2).update(file_name="khác.pdf")


def refuse(dossier):
    actions.refuse_version(dossier.papers.get(place=1).version, by=WORKER, because="secret")


def rewrite_manifest(dossier):
    with pgtrigger.ignore("documents.DossierIssue:only_grows"):
        dossier.issues.update(manifest=Replace("manifest", Value("Dự thảo"), Value("Dự án")))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (change_bytes, "Paper 1: its file is not the one that was sealed"),
        (lose_bytes, "Paper 1: its file is missing"),
        (rename_file, "Paper 2: “file_name” is not what the manifest says"),
        (refuse, "Paper 1: it was refused after the sealing"),
        (rewrite_manifest, "the manifest has another SHA-256 than the seal"),
    ],
)
def test_whatever_differs_is_named(cast, dossier, harm, told):
    seal(cast, dossier)
    harm(dossier)
    with pytest.raises(CommandError) as failure:
        verify()
    assert told in str(failure.value)
    assert failure.value.returncode == 1
