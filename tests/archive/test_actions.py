"""An issued resolution comes into the archive: with its papers, once, and visibly."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from archive import actions, rules, tasks
from archive.models import Filing, SearchEntry
from archive.search import search
from archive.terms import parse
from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK, WORKER
from core.news import publish
from core.work import WorkState
from core.workflow import Conflict
from decisions.events import ResolutionIssued
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from documents.actions import record_text
from documents.models import DocumentText, DocumentVersion
from people.rules import Role
from tests.conftest import CAST

PAPERS = [("Tờ trình bảo hiểm", ["mức phí bảo hiểm y tế"], [Role.MEMBER]), ("Báo cáo bảo hiểm", ["x"], [])]


@pytest.fixture
def resolution(archive):
    return archive.add("Về bảo hiểm y tế", "Điều 1. Bảo hiểm y tế.", papers=PAPERS, index=False)


def found(user, typed="bao hiem"):
    return sorted(hit.entry.title for hit in search(parse(typed), user).hits)


def file(resolution, capture):
    with capture(execute=True):
        return actions.file_resolution(resolution, by=WORKER)


def test_what_is_issued_is_filed_and_found(resolution, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(ResolutionIssued(resolution.pk))
    everything = ["Báo cáo bảo hiểm", "Tờ trình bảo hiểm", "Về bảo hiểm y tế"]
    assert found(cast.archivist) == found(cast.secretary) == everything
    assert found(cast.minister) == ["Tờ trình bảo hiểm", "Về bảo hiểm y tế"]
    assert found(cast.auditor) == ["Về bảo hiểm y tế"]
    assert found(cast.outside_secretary) == []
    assert Filing.objects.get().work_state == WorkState.DONE


def test_the_archivist_is_given_every_paper(resolution, cast, django_capture_on_commit_callbacks):
    assert DocumentVersion.objects.visible_to(cast.archivist).count() == 1
    file(resolution, django_capture_on_commit_callbacks)
    assert DocumentVersion.objects.visible_to(cast.archivist).count() == 3


@pytest.mark.parametrize("person", [*CAST, "clock"])
def test_nobody_files_by_hand(resolution, cast, person):
    by = CLOCK if person == "clock" else getattr(cast, person)
    with pytest.raises(PermissionDenied):
        actions.file_resolution(resolution, by=by)
    assert not rules.FILING.allowed(by, resolution)
    assert not Filing.objects.exists()


@pytest.mark.parametrize("status", [ResolutionStatus.DRAFT, ResolutionStatus.APPROVED])
def test_nothing_is_filed_before_it_is_issued(resolution, status):
    Resolution.objects.filter(pk=resolution.pk).update(status=status)
    with pytest.raises(Conflict):
        actions.file_resolution(resolution, by=WORKER)


def test_filing_leaves_one_trace(resolution, django_capture_on_commit_callbacks):
    file(resolution, django_capture_on_commit_callbacks)
    event = AuditEvent.objects.get(action="archive.file_resolution")
    assert (event.target_id, event.actor_name) == (resolution.pk, "worker")
    assert len(event.details["papers"]) == 3


def test_filing_twice_changes_nothing(resolution, cast, django_capture_on_commit_callbacks):
    file(resolution, django_capture_on_commit_callbacks)
    before = list(SearchEntry.objects.order_by("pk").values())
    file(resolution, django_capture_on_commit_callbacks)
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    assert Filing.objects.count() == 1


def test_without_its_text_a_paper_is_found_by_title_and_later_by_its_words(
    resolution, cast, django_capture_on_commit_callbacks
):
    version = DocumentVersion.objects.get(document__title="Tờ trình bảo hiểm")
    DocumentVersion.objects.filter(pk=version.pk).update(work_state=WorkState.QUEUED)
    DocumentText.objects.filter(version=version).delete()
    filing = file(resolution, django_capture_on_commit_callbacks)
    assert found(cast.archivist, "to trinh bao hiem") == ["Tờ trình bảo hiểm"]
    assert found(cast.archivist, "muc phi bao hiem") == []
    filing.refresh_from_db()
    assert (filing.work_state, filing.work_error) == (WorkState.QUEUED, "text_is_being_read")

    with django_capture_on_commit_callbacks(execute=True):
        record_text(version, by=WORKER, pages=["mức phí bảo hiểm y tế"])
    assert found(cast.archivist, "muc phi bao hiem") == ["Tờ trình bảo hiểm"]
    filing.refresh_from_db()
    assert filing.work_state == WorkState.DONE


def test_a_filing_that_the_broker_lost_is_handed_in_by_the_sweep(
    resolution, cast, django_capture_on_commit_callbacks, monkeypatch
):
    with monkeypatch.context() as broker:
        broker.setattr("core.queue._send", lambda task, ids: None)
        filing = file(resolution, django_capture_on_commit_callbacks)
    assert found(cast.archivist, "muc phi bao hiem") == []
    with clock.at(clock.now() + timedelta(minutes=5)), django_capture_on_commit_callbacks(execute=True):
        tasks.hand_in_filings()
    assert found(cast.archivist, "muc phi bao hiem") == ["Tờ trình bảo hiểm"]
    filing.refresh_from_db()
    assert filing.work_state == WorkState.DONE


def test_a_filing_lost_by_the_broker_is_handed_in_again(resolution, cast, django_capture_on_commit_callbacks):
    actions.file_resolution(resolution, by=WORKER)  # the message never comes
    with django_capture_on_commit_callbacks(execute=True):
        tasks.hand_in_filings()
    assert found(cast.archivist) == []  # it may still come
    with clock.at(clock.now() + timedelta(minutes=5)), django_capture_on_commit_callbacks(execute=True):
        tasks.hand_in_filings()
    assert len(found(cast.archivist)) == 3


def test_done_work_is_not_done_again(resolution, django_capture_on_commit_callbacks):
    filing = file(resolution, django_capture_on_commit_callbacks)
    SearchEntry.objects.all().delete()
    tasks.index_resolution(filing.pk)
    assert not SearchEntry.objects.exists()


def test_until_its_pdf_is_read_a_resolution_is_found_by_its_articles(
    resolution, cast, django_capture_on_commit_callbacks
):
    DocumentText.objects.filter(version__document=resolution.document).delete()
    Resolution.objects.filter(pk=resolution.pk).update(articles=["Giao Bộ Y tế hướng dẫn thanh toán"])
    file(resolution, django_capture_on_commit_callbacks)
    assert found(cast.archivist, "huong dan thanh toan") == ["Về bảo hiểm y tế"]


def test_a_newer_version_takes_the_place_of_the_older(resolution, cast, django_capture_on_commit_callbacks):
    file(resolution, django_capture_on_commit_callbacks)
    old = resolution.document.versions.get()
    new = DocumentVersion.objects.create(
        document=resolution.document,
        number=2,
        file_name="b.pdf",
        sha256="b" * 64,
        size=1,
        added_by_name="test",
        work_state=WorkState.DONE,
    )
    file(resolution, django_capture_on_commit_callbacks)
    pks = SearchEntry.objects.filter(resolution=resolution, kind="resolution").values_list("pk", flat=True)
    assert list(pks) == [new.pk] != [old.pk]


def test_nothing_is_dated_after_its_resolution(archive, cast):
    archive.add("Về thuế", papers=[("Tờ trình", ["x"], [])], index=False)
    document = cast.body.documents.get(title="Tờ trình")
    document.issued_on = clock.today() + timedelta(days=900)
    document.save()
    call_command("rebuild_index", verbosity=0)
    assert SearchEntry.objects.get(title="Tờ trình").issued_on == clock.today()


def test_the_index_can_be_rebuilt_from_nothing(archive, cast, capsys):
    archive.add("Về bảo hiểm y tế", papers=PAPERS)
    archive.add("Về thuế")
    before = list(SearchEntry.objects.order_by("pk").values())
    SearchEntry.objects.all().delete()
    call_command("rebuild_index")
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    assert "2 resolutions, 4 entries, 0" in capsys.readouterr().out
