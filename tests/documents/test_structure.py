"""The order of a folder: places, sections, attachments, versions, named readers; and two people at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection

from audit.models import AuditEvent
from core.actors import WORKER
from core.workflow import Conflict
from documents import actions, rules
from documents.models import Distribution, Document, DocumentVersion, Dossier, DossierPaper, NeedToKnow
from documents.refusals import Refused
from documents.rules import DocumentKind, DossierStatus
from tests.conftest import CAST
from tests.documents.samples import received, stored_objects

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


@pytest.fixture
def add(cast, dossier):
    """`add("Tờ trình")` puts one more paper into the folder."""

    def add_one(title, section=None, to=None, content=None):
        return actions.add_paper(
            to or dossier, by=cast.secretary, upload=received(content), title=title, section=section
        )

    return add_one


@pytest.fixture
def describe(cast):
    def describe_it(paper, **changes):
        paper.refresh_from_db()
        document = paper.version.document
        told = {"kind": document.kind, "title": document.title, **changes}
        return actions.describe_paper(paper, by=cast.secretary, **told)

    return describe_it


def shown(dossier):
    """The titles as they stand, with the heading before those of a section."""
    papers = list(dossier.papers.select_related("version__document", "section").order_by("place"))
    assert [paper.place for paper in papers] == list(range(1, len(papers) + 1))
    return " ".join(
        f"{paper.section.title}/{paper.version.document.title}" if paper.section else str(paper.version)
        for paper in papers
    )


def told(action):
    return AuditEvent.objects.filter(action=f"documents.{action}").order_by("pk")


# Order


def test_papers_stand_in_their_order_and_move(cast, dossier, add):
    a, b, c = add("A"), add("B"), add("C")
    assert shown(dossier) == "A B C"
    assert actions.move_paper(c, by=cast.secretary, place=1).place == 1
    assert shown(dossier) == "C A B"
    actions.move_paper(c, by=cast.secretary, place=2)
    assert shown(dossier) == "A C B"
    actions.move_paper(a, by=cast.secretary)
    assert shown(dossier) == "C B A"
    for impossible, order in ((-5, "B C A"), (99, "C A B")):
        actions.move_paper(b, by=cast.secretary, place=impossible)
        assert shown(dossier) == order
    assert told("move_paper").first().details | {} == {
        "paper": "C",
        "before": 3,
        "after": 1,
        "section": "",
    }


def test_sections_follow_what_has_none(cast, dossier, add):
    first = actions.add_section(dossier, by=cast.secretary, title="I")
    second = actions.add_section(dossier, by=cast.secretary, title=" II ")
    a, b = add("A", section=second), add("B", section=first)
    add("C")
    assert shown(dossier) == "C I/B II/A"
    actions.move_paper(a, by=cast.secretary, section=first, place=1)
    assert shown(dossier) == "C I/A I/B"
    actions.move_paper(b, by=cast.secretary, section=second)
    assert shown(dossier) == "C I/A II/B"
    actions.move_section(second, by=cast.secretary, place=1)
    assert shown(dossier) == "C II/B I/A"
    actions.rename_section(second, by=cast.secretary, title="Phần đầu")
    assert shown(dossier) == "C Phần đầu/B I/A"
    actions.remove_section(second, by=cast.secretary)
    assert shown(dossier) == "C B I/A"
    assert [section.place for section in dossier.sections.all()] == [1]
    assert told("remove_section").get().details == {"section": "Phần đầu", "papers": 1}


def test_a_paper_goes_into_no_section_of_another_folder(cast, dossier, add):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    section = actions.add_section(other, by=cast.secretary, title="I")
    paper = add("A")
    with pytest.raises(Conflict):
        actions.move_paper(paper, by=cast.secretary, section=section)
    with pytest.raises(Conflict):
        add("B", section=section)
    actions.remove_section(section, by=cast.secretary)
    with pytest.raises(Conflict):
        actions.rename_section(section, by=cast.secretary, title="II")


def test_attachments_stand_under_their_paper_and_go_with_it(cast, dossier, add, describe):
    a, _, one, two = add("A"), add("B"), add("1"), add("2")
    describe(two, attached_to=a)
    describe(one, attached_to=a)
    assert shown(dossier) == "A 2 1 B"
    actions.move_paper(one, by=cast.secretary, place=1)
    assert shown(dossier) == "A 1 2 B"
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    actions.move_paper(a, by=cast.secretary, section=section)
    assert shown(dossier) == "B I/A I/1 I/2"
    describe(two)
    assert shown(dossier) == "B I/A I/1 I/2"
    assert not Document.objects.get(title="2").attached_to
    actions.remove_paper(a, by=cast.secretary)
    assert shown(dossier) == "B I/1 I/2"


def test_an_attachment_has_no_attachments(dossier, add, describe):
    a, b, c = add("A"), add("B"), add("C")
    describe(b, attached_to=a)
    for paper, parent in ((c, b), (a, c), (a, a)):
        with pytest.raises(Conflict):
            describe(paper, attached_to=parent)
    assert shown(dossier) == "A B C"


def test_attached_in_a_circle_through_two_folders_nothing_is_lost(cast, dossier, add):
    a, b = add("A"), add("B")
    Document.objects.filter(title="A").update(attached_to=b.version.document)
    Document.objects.filter(title="B").update(attached_to=a.version.document)
    add("C")
    assert shown(dossier) == "A B C"


# What stands on a paper


def test_a_paper_is_described(cast, describe, add):
    paper = describe(
        add("A"),
        kind=DocumentKind.SUBMISSION,
        title=" Tờ trình ",
        number="12/TTr-BTC",
        issued_by="Bộ Tài chính",
        issued_on=date(2026, 11, 3),
        signer="Nguyễn Hữu Đức",
        urgency="express",
    )
    document = paper.version.document
    assert (document.title, document.number, document.urgency) == ("Tờ trình", "12/TTr-BTC", "express")
    details = told("describe_paper").get().details
    assert details["before"]["title"] == "A"
    assert details["after"]["issued_on"] == "03/11/2026"
    assert "attached_to" not in details["after"]


def test_a_refused_paper_is_not_given_its_name_back(describe, add):
    paper = add("Kế hoạch kín")
    actions.refuse_version(paper.version, by=WORKER, because="secret")
    paper = DossierPaper.objects.get()
    with pytest.raises(Conflict, match="Mật"):
        describe(paper, title="Kế hoạch kín")


def test_what_lies_before_the_members_elsewhere_is_not_described_anew(cast, dossier, add, describe):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    paper = add("A")
    actions.include_version(other, by=cast.secretary, version=paper.version)
    describe(paper, title="A1")
    Dossier.objects.filter(pk=other.pk).update(status=DossierStatus.SEALED)
    with pytest.raises(Conflict):
        describe(paper, title="A2")
    actions.replace_paper(paper, by=cast.secretary, upload=received(), reason="Sửa")
    assert other.papers.get().version.number == 1, "the other folder keeps what it has"


# Versions


def test_a_new_version_takes_the_place_and_leaves_the_old_one_as_it_was(cast, dossier, add):
    add("A"), add("B")
    paper = dossier.papers.get(place=1)
    old = paper.version
    with old.open_file() as file:
        content = file.read()
    paper = actions.replace_paper(paper, by=cast.secretary, upload=received(), reason=" Sửa Điều 3 ")
    assert (paper.version.number, paper.version.reason, paper.place) == (2, "Sửa Điều 3", 1)
    assert paper.version.document_id == old.document_id
    assert shown(dossier) == "A B"
    kept = DocumentVersion.objects.get(pk=old.pk)
    assert (kept.sha256, kept.number, kept.refused_because) == (old.sha256, 1, "")
    with kept.open_file() as file:
        assert file.read() == content
    assert told("replace_paper").get().details["before"] == old.sha256


def test_a_replacement_needs_a_reason_and_another_file(cast, add):
    paper = add("A")
    with paper.version.open_file() as file:
        same = file.read()
    with pytest.raises(Conflict):
        actions.replace_paper(paper, by=cast.secretary, upload=received(), reason="  ")
    with pytest.raises(Refused):
        actions.replace_paper(paper, by=cast.secretary, upload=received(same), reason="Sửa")
    assert DocumentVersion.objects.count() == 1


def test_what_the_system_makes_is_replaced_where_it_is_made(cast, add):
    paper = add("A")
    Document.objects.update(kind=DocumentKind.SYNTHESIS)
    with pytest.raises(Conflict):
        actions.replace_paper(paper, by=cast.secretary, upload=received(), reason="Sửa")


def test_one_paper_lies_in_two_folders_and_once_on_the_disk(cast, dossier, add):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    section = actions.add_section(other, by=cast.secretary, title="I")
    paper = add("A")
    included = actions.include_version(other, by=cast.secretary, version=paper.version, section=section)
    assert included.version == paper.version
    assert shown(other) == "I/A"
    assert len(stored_objects()) == 1
    with pytest.raises(Refused):
        actions.include_version(other, by=cast.secretary, version=paper.version)


def test_only_what_one_may_read_is_included(cast, dossier, add):
    abroad = actions.create_dossier(by=cast.outside_secretary, body=cast.province, title="Tỉnh")
    foreign = actions.add_paper(abroad, by=cast.outside_secretary, upload=received())
    own = add("Riêng")
    Document.objects.filter(title="Riêng").update(owner=cast.secretary)
    own.version.document.refresh_from_db()
    refused = actions.refuse_version(add("Mật").version, by=WORKER, because="secret")
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    for version in (foreign.version, own.version, refused):
        with pytest.raises(Conflict):
            actions.include_version(other, by=cast.secretary, version=version)
    assert not other.papers.exists()


def test_a_paper_of_another_body_that_one_was_given_is_not_included(cast, dossier):
    abroad = actions.create_dossier(by=cast.outside_secretary, body=cast.province, title="Tỉnh")
    foreign = actions.add_paper(abroad, by=cast.outside_secretary, upload=received())
    Distribution.objects.create(version=foreign.version, reader=cast.secretary, because="Gửi")
    with pytest.raises(Conflict):
        actions.include_version(dossier, by=cast.secretary, version=foreign.version)


# Taking out


def test_what_was_given_or_issued_is_never_erased(cast, dossier, add, django_capture_on_commit_callbacks):
    given, issued, mistake = add("A"), add("B"), add("C")
    actions.distribute_version(given.version, by=cast.secretary, to=[cast.minister], because="Đọc")
    for paper in (given, issued, mistake):
        actions.record_text(paper.version, by=WORKER, pages=["x"])
    DossierPaper.objects.filter(pk=mistake.pk).delete()
    actions.seal_dossier(dossier, by=cast.secretary)
    dossier.refresh_from_db()
    actions.reopen_dossier(dossier, by=cast.secretary, reason="Sửa")
    mistake = actions.include_version(
        dossier, by=cast.secretary, version=DocumentVersion.objects.get(document__title="C")
    )
    with django_capture_on_commit_callbacks(execute=True):
        for paper in (given, issued, mistake):
            actions.remove_paper(paper, by=cast.secretary)
    erased = DocumentVersion.objects.exclude(refused_because="")
    assert [version.document.title for version in erased] == ["C"]
    for version in DocumentVersion.objects.kept():
        assert default_storage.exists(version.storage_name)


def test_a_mistake_goes_with_its_earlier_versions(cast, add, django_capture_on_commit_callbacks):
    paper = add("A")
    paper = actions.replace_paper(paper, by=cast.secretary, upload=received(), reason="Sửa")
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper, by=cast.secretary)
    assert not DocumentVersion.objects.kept().exists()
    assert stored_objects() == []


def test_a_paper_in_a_second_folder_keeps_its_bytes(cast, add, django_capture_on_commit_callbacks):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    paper = add("A")
    actions.include_version(other, by=cast.secretary, version=paper.version)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper, by=cast.secretary)
    assert len(stored_objects()) == 1
    assert not DocumentVersion.objects.get().refused_because


# Need to know


def test_readers_are_named_and_named_anew(cast, add):
    paper = add("A")
    actions.limit_readers(paper, by=cast.secretary, readers=[cast.minister, cast.assistant])
    actions.limit_readers(paper, by=cast.secretary, readers=[cast.minister, cast.chair])
    assert {row.reader for row in paper.readers.all()} == {cast.minister, cast.chair}
    assert told("limit_readers").last().details["before"] == [str(cast.minister), str(cast.assistant)]
    actions.limit_readers(paper, by=cast.secretary, readers=[])
    assert not NeedToKnow.objects.exists()


def test_only_members_and_their_assistants_are_named(cast, add):
    paper = add("A")
    for stranger in (cast.nobody, cast.archivist, cast.outside_member, cast.secretary):
        with pytest.raises(Conflict):
            actions.limit_readers(paper, by=cast.secretary, readers=[cast.minister, stranger])
    assert not NeedToKnow.objects.exists()


def test_named_readers_go_with_the_paper_into_another_folder(cast, dossier, add):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    paper = add("A")
    actions.limit_readers(paper, by=cast.secretary, readers=[cast.minister])
    included = actions.include_version(other, by=cast.secretary, version=paper.version)
    assert [row.reader for row in included.readers.all()] == [cast.minister]


# Who, and when


def deeds_on(paper, section, by):
    """Every deed of this slice, each ready to be done."""
    dossier = paper.dossier
    return {
        "add_paper": lambda: actions.add_paper(dossier, by=by, upload=received()),
        "include_version": lambda: actions.include_version(dossier, by=by, version=paper.version),
        "replace_paper": lambda: actions.replace_paper(paper, by=by, upload=received(), reason="x"),
        "describe_paper": lambda: actions.describe_paper(paper, by=by, kind="other", title="x"),
        "move_paper": lambda: actions.move_paper(paper, by=by),
        "limit_readers": lambda: actions.limit_readers(paper, by=by, readers=[]),
        "add_section": lambda: actions.add_section(dossier, by=by, title="x"),
        "rename_section": lambda: actions.rename_section(section, by=by, title="x"),
        "move_section": lambda: actions.move_section(section, by=by, place=1),
        "remove_section": lambda: actions.remove_section(section, by=by),
        "remove_paper": lambda: actions.remove_paper(paper, by=by),
    }


def test_nobody_else_touches_the_folder(cast, dossier, add):
    paper = add("A")
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    before = AuditEvent.objects.count()
    for name in set(CAST) - {"secretary"}:
        for deed in deeds_on(paper, section, getattr(cast, name)).values():
            with pytest.raises(PermissionDenied):
                deed()
    assert AuditEvent.objects.count() == before


def test_nothing_changes_while_the_folder_is_before_others(cast, dossier, add):
    paper = add("A")
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    for status in (DossierStatus.AWAITING, DossierStatus.SEALED, DossierStatus.CLOSED):
        Dossier.objects.update(status=status)
        for deed in deeds_on(paper, section, cast.secretary).values():
            with pytest.raises(Conflict):
                deed()
    assert shown(dossier) == "A"


def test_a_folder_goes_before_the_chair_and_comes_back(cast, dossier, add):
    with pytest.raises(Conflict):
        actions.submit_dossier(dossier, by=cast.secretary)
    actions.record_text(add("A").version, by=WORKER, pages=["x"])
    dossier = actions.submit_dossier(dossier, by=cast.secretary)
    with pytest.raises(PermissionDenied):
        actions.return_dossier(dossier, by=cast.secretary)
    dossier = actions.return_dossier(dossier, by=cast.vice_chair)
    assert dossier.status == DossierStatus.OPEN
    dossier = actions.submit_dossier(dossier, by=cast.secretary)
    assert actions.seal_dossier(dossier, by=cast.chair).status == DossierStatus.SEALED


def test_the_list_of_folders_in_hand_is_the_rule(cast, dossier):
    for is_with_agency, worker in ((True, "submitter"), (False, "secretary")):
        Dossier.objects.update(prepared_by=cast.finance, is_with_agency=is_with_agency)
        dossier.refresh_from_db()
        for name in CAST:
            person = getattr(cast, name)
            assert Dossier.objects.in_hands_of(person).exists() == (name == worker), name
            assert rules.works_on_dossier(person, dossier) == (name == worker), name


# Two at once


def at_once(*deeds):
    start = threading.Barrier(len(deeds))

    def run(deed):
        try:
            start.wait(timeout=20)
            return deed()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


@pytest.mark.django_db(transaction=True)
def test_two_people_moving_at_once_lose_no_paper(no_workers, cast, dossier, add):
    papers = [add(str(number)) for number in range(6)]
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    for _ in range(3):
        at_once(
            lambda: actions.move_paper(papers[0], by=cast.secretary, section=section, place=1),
            lambda: actions.move_paper(papers[5], by=cast.secretary, place=1),
            lambda: actions.move_paper(papers[3], by=cast.secretary, section=section, place=1),
        )
        assert sorted(word.rpartition("/")[2] for word in shown(dossier).split()) == list("012345")
        at_once(*[lambda it=it: actions.move_paper(it, by=cast.secretary, place=1) for it in papers[:4]])
        assert sorted(shown(dossier).split()) == list("012345")


@pytest.mark.django_db(transaction=True)
def test_a_paper_taken_out_twice_at_once_is_taken_out_once(no_workers, cast, dossier, add):
    paper, _ = add("A"), add("B")
    answers = at_once(*[lambda: actions.remove_paper(paper, by=cast.secretary)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
    assert told("remove_paper").count() == 1
    assert shown(dossier) == "B"


@pytest.mark.django_db(transaction=True)
def test_two_replacements_at_once_are_two_versions(no_workers, cast, dossier, add):
    paper = add("A")
    files = [received(), received()]
    at_once(
        *[
            lambda it=it: actions.replace_paper(paper, by=cast.secretary, upload=it, reason="Sửa")
            for it in files
        ]
    )
    assert sorted(DocumentVersion.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert dossier.papers.get().version.number == 3


@pytest.mark.django_db(transaction=True)
def test_a_paper_put_into_one_folder_while_it_leaves_another_is_there_or_was_refused(
    no_workers, cast, dossier, add
):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    for _ in range(3):
        paper = add("A")
        _, included = at_once(
            lambda it=paper: actions.remove_paper(it, by=cast.secretary),
            lambda it=paper: actions.include_version(other, by=cast.secretary, version=it.version),
        )
        version = DocumentVersion.objects.get(pk=paper.version_id)
        is_in = other.papers.filter(version=version).exists()
        assert is_in == (not isinstance(included, Conflict))
        assert is_in == default_storage.exists(version.storage_name)
