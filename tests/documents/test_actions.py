"""Papers come in, are given to readers, and leave nothing behind when they are refused."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK, WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents import actions, storage
from documents.models import (
    Distribution,
    Document,
    DocumentText,
    DocumentVersion,
    DossierPaper,
    ReadingPlace,
)
from documents.refusals import SENTENCES, Refused
from documents.rules import DocumentKind, DossierStatus
from notifications.models import Notification
from people.rules import Role
from tests.conftest import CAST
from tests.documents.samples import (
    BAD,
    make_active_pdf,
    make_pdf,
    make_secret_pdf,
    received,
    stored_objects,
    upload,
)

NOT_THE_OFFICE = [person for person in CAST if person != "secretary"]


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ trình")


@pytest.fixture
def paper(cast, dossier):
    return actions.add_paper(dossier, by=cast.secretary, upload=received())


def told(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=f"documents.{action}"))


def list_kept() -> tuple[int, int, int, list[str]]:
    return DocumentVersion.objects.count(), Document.objects.count(), len(told("add_paper")), stored_objects()


NOTHING = (0, 0, 0, [])


# Dossiers


def test_a_secretary_opens_a_folder(cast, dossier):
    assert (dossier.status, dossier.body) == (DossierStatus.OPEN, cast.body)
    (event,) = told("create_dossier")
    assert (event.actor_name, event.target_name) == ("Hoàng Minh Khôi", "Hồ sơ trình")


@pytest.mark.parametrize("person", NOT_THE_OFFICE)
def test_nobody_else_opens_a_folder_or_puts_papers_in(cast, dossier, person):
    with pytest.raises(PermissionDenied):
        actions.create_dossier(by=getattr(cast, person), body=cast.body, title="Hồ sơ")
    with pytest.raises(PermissionDenied):
        actions.add_paper(dossier, by=getattr(cast, person), upload=received())
    assert list_kept() == NOTHING


def test_a_paper_is_kept_as_it_came(cast, dossier):
    content = make_pdf()
    paper = actions.add_paper(
        dossier, by=cast.secretary, upload=upload(content), kind=DocumentKind.SUBMISSION, title=" Tờ trình "
    )
    version = paper.version
    assert (paper.place, version.document.title, version.document.kind) == (1, "Tờ trình", "submission")
    assert (version.pages, version.size, version.work_state) == (1, len(content), WorkState.QUEUED)
    assert stored_objects() == [version.sha256]
    with version.open_file() as file:
        assert file.read() == content
    (event,) = told("add_paper")
    assert event.details["sha256"] == version.sha256
    assert (event.case_type, event.case_id, event.body_id) == ("documents.dossier", dossier.pk, cast.body.pk)


def test_a_paper_without_title_is_called_like_its_file(cast, dossier):
    paper = actions.add_paper(
        dossier, by=cast.secretary, upload=upload(name="C:\\hồ sơ\\Báo cáo\u202efdp.PDF")
    )
    assert paper.version.document.title == "Báo cáofdp"
    assert paper.version.file_name == "Báo cáofdp.pdf"


def test_papers_keep_the_order_they_came_in(cast, dossier):
    places = [actions.add_paper(dossier, by=cast.secretary, upload=received()).place for _ in range(3)]
    assert places == [1, 2, 3]


def test_active_content_is_noted(cast, dossier):
    paper = actions.add_paper(dossier, by=cast.secretary, upload=upload(make_active_pdf()))
    assert "open_action" in paper.version.active_content


def test_a_new_paper_is_read_and_verified_by_workers(cast, dossier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = actions.add_paper(dossier, by=cast.secretary, upload=upload())
    paper.version.refresh_from_db()
    assert paper.version.work_state == WorkState.DONE
    assert paper.version.verifications.get().verdict == "unsigned"


def test_redis_down_refuses_nobody(cast, dossier, monkeypatch, django_capture_on_commit_callbacks):
    def is_down(*_):
        raise OperationalError("no broker")

    monkeypatch.setattr("documents.tasks.read_version.delay", is_down)
    monkeypatch.setattr("signatures.tasks.verify_version.delay", is_down)
    with django_capture_on_commit_callbacks(execute=True):
        paper = actions.add_paper(dossier, by=cast.secretary, upload=upload())
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert DocumentVersion.objects.stalled().get() == paper.version


# What is not taken


@pytest.mark.parametrize("sample", BAD)
def test_nothing_is_kept_of_a_bad_file(cast, dossier, sample, caplog):
    content, code = BAD[sample]
    with pytest.raises(Refused) as refused:
        actions.add_paper(dossier, by=cast.secretary, upload=upload(content))
    assert refused.value.code == code
    assert str(refused.value) == str(SENTENCES[code])
    assert list_kept() == NOTHING
    assert [record.getMessage() for record in caplog.records if record.name == "security"] == [
        f"A file was refused: {code}"
    ]


@pytest.mark.parametrize("marking", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_nothing_is_kept_of_a_paper_with_a_secrecy_marking(cast, dossier, marking, caplog):
    content = make_secret_pdf(marking)
    with pytest.raises(Refused) as refused:
        actions.add_paper(dossier, by=cast.secretary, upload=upload(content, "kế hoạch tuyệt mật.pdf"))
    assert refused.value.code == "secret"
    assert list_kept() == NOTHING
    assert "kế hoạch" not in caplog.text


def test_nothing_is_kept_of_a_file_over_the_limit(cast, dossier, settings):
    settings.UPLOAD_LIMIT_MB = 1
    with pytest.raises(Refused) as refused:
        actions.add_paper(dossier, by=cast.secretary, upload=upload(make_pdf() + b" " * 1024 * 1024))
    assert refused.value.code == "too_large"
    assert list_kept() == NOTHING


def test_the_same_file_does_not_come_in_twice(cast, dossier, paper):
    with paper.version.open_file() as file, pytest.raises(Refused) as refused:
        actions.add_paper(dossier, by=cast.secretary, upload=received(file.read()))
    assert refused.value.code == "already_there"
    assert dossier.papers.count() == 1


def test_a_sealed_folder_takes_no_papers(cast, dossier, paper):
    actions.record_text(paper.version, by=WORKER, pages=["Một"])
    actions.seal_dossier(dossier, by=cast.secretary)
    with pytest.raises(Conflict):
        actions.add_paper(dossier, by=cast.secretary, upload=upload())
    with pytest.raises(Conflict):
        actions.remove_paper(paper, by=cast.secretary)


# Equal bytes


def test_equal_bytes_are_stored_once(cast, dossier, paper):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    with paper.version.open_file() as file:
        content = file.read()
    actions.add_paper(other, by=cast.secretary, upload=received(content))
    assert stored_objects() == [paper.version.sha256]
    assert DocumentVersion.objects.count() == 2


def run_together(*deeds):
    """Each in a thread and a connection of its own; gives what each returned or raised."""
    results = [None] * len(deeds)
    ready = threading.Barrier(len(deeds))

    def run(number, deed):
        try:
            ready.wait(10)
            results[number] = deed()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_file_put_in_twice_at_once(cast, dossier):
    content = make_pdf()

    def put_in():
        return actions.add_paper(dossier, by=cast.secretary, upload=received(content))

    results = run_together(put_in, put_in)
    assert {type(result) for result in results} == {DossierPaper, Refused}
    assert DocumentVersion.objects.count() == 1
    assert len(stored_objects()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_put_into_two_folders_at_once(cast, dossier):
    content = make_pdf()
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    results = run_together(
        lambda: actions.add_paper(dossier, by=cast.secretary, upload=received(content)),
        lambda: actions.add_paper(other, by=cast.secretary, upload=received(content)),
    )
    assert {type(result) for result in results} == {DossierPaper}
    assert stored_objects() == [results[0].version.sha256]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_erased_while_it_comes_in_again_is_there_in_the_end(cast, dossier):
    content = make_pdf()
    first = actions.add_paper(dossier, by=cast.secretary, upload=received(content))
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    run_together(
        lambda: actions.remove_paper(first, by=cast.secretary),
        lambda: actions.add_paper(other, by=cast.secretary, upload=received(content)),
    )
    with other.papers.get().version.open_file() as file:
        assert file.read() == content


def test_a_crash_before_the_commit_leaves_an_object_that_the_sweep_erases(cast, dossier):
    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), transaction.atomic():
        actions.add_paper(dossier, by=cast.secretary, upload=upload())
        raise PowerCut
    assert len(stored_objects()) == 1
    assert DocumentVersion.objects.count() == 0
    assert storage.sweep() == 1
    assert stored_objects() == []


# Taking out


def test_a_paper_taken_out_leaves_only_its_line_in_the_trail(
    cast, dossier, paper, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper, by=cast.secretary)
    assert dossier.papers.count() == 0
    assert stored_objects() == []
    version = DocumentVersion.objects.get()
    assert (version.refused_because, version.file_name) == ("removed", "")
    assert len(told("remove_paper")) == 1


def test_taking_a_paper_out_spares_the_bytes_of_another(
    cast, dossier, paper, django_capture_on_commit_callbacks
):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    with paper.version.open_file() as file:
        content = file.read()
    second = actions.add_paper(other, by=cast.secretary, upload=received(content))
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper, by=cast.secretary)
    assert stored_objects() == [second.version.sha256]


def test_a_refused_paper_is_taken_out_with_its_reason_kept(cast, dossier, paper):
    actions.refuse_version(paper.version, by=WORKER, because="secret")
    actions.remove_paper(paper, by=cast.secretary)
    assert dossier.papers.count() == 0
    assert DocumentVersion.objects.get().refused_because == "secret"


def test_what_somebody_was_given_is_kept_when_it_is_taken_out(cast, dossier, paper):
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.vice_chair], because="Xin ý kiến")
    actions.remove_paper(paper, by=cast.secretary)
    assert DocumentVersion.objects.get().refused_because == ""


def test_nobody_else_takes_a_paper_out(cast, paper):
    with pytest.raises(PermissionDenied):
        actions.remove_paper(paper, by=cast.outside_secretary)


# Sealing


def test_a_folder_is_sealed_once_its_papers_are_read(cast, dossier, paper):
    with pytest.raises(Conflict):
        actions.seal_dossier(dossier, by=cast.vice_chair)
    actions.record_text(paper.version, by=WORKER, pages=["Một"])
    sealed = actions.seal_dossier(dossier, by=cast.vice_chair)
    assert (sealed.status, sealed.sealed_at is not None) == (DossierStatus.SEALED, True)
    (event,) = told("seal_dossier")
    assert event.details["papers"] == [paper.version.sha256]


def test_an_empty_folder_is_not_sealed(cast, dossier):
    with pytest.raises(Conflict):
        actions.seal_dossier(dossier, by=cast.secretary)


def test_a_folder_with_a_refused_paper_is_not_sealed(cast, dossier, paper):
    actions.refuse_version(paper.version, by=WORKER, because="secret")
    with pytest.raises(Conflict):
        actions.seal_dossier(dossier, by=cast.secretary)


def test_a_minister_seals_nothing(cast, dossier):
    with pytest.raises(PermissionDenied):
        actions.seal_dossier(dossier, by=cast.minister)


# Readers


def test_a_paper_is_given_by_name_and_by_office(cast, paper):
    actions.distribute_version(
        paper.version,
        by=cast.secretary,
        to=[cast.archivist],
        roles=[(Role.MEMBER, cast.body)],
        because="Phiếu lấy ý kiến",
    )
    assert Distribution.objects.count() == 2
    (event,) = told("distribute_version")
    assert event.details == {
        "to": ["Bùi Thị Sen"],
        "roles": ["member: Chính phủ"],
        "because": "Phiếu lấy ý kiến",
    }


def test_what_was_given_once_is_not_given_twice(cast, paper):
    for _ in range(2):
        actions.distribute_version(
            paper.version, by=CLOCK, to=[cast.minister], roles=[(Role.AUDITOR, cast.body)], because="Đọc"
        )
    assert Distribution.objects.count() == 2


def test_a_member_gives_papers_to_nobody(cast, paper):
    with pytest.raises(PermissionDenied):
        actions.distribute_version(paper.version, by=cast.minister, to=[cast.nobody], because="Đọc")
    assert not Distribution.objects.exists()


def test_a_refused_paper_is_given_to_nobody(cast, paper):
    version = actions.refuse_version(paper.version, by=WORKER, because="secret")
    with pytest.raises(Conflict):
        actions.distribute_version(version, by=cast.secretary, to=[cast.minister], because="Đọc")


def test_an_opening_is_told_once_an_hour(cast, paper):
    start = clock.now()
    for minutes, openings in ((0, 1), (30, 1), (59, 1), (61, 2), (90, 2), (122, 3)):
        with clock.at(start + timedelta(minutes=minutes)):
            actions.open_version(paper.version, by=cast.secretary)
        assert len(told("open_version")) == openings
    assert ReadingPlace.objects.get().page == 1


def test_openings_of_two_people_are_two(cast, paper):
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.minister], because="Đọc")
    actions.open_version(paper.version, by=cast.secretary)
    actions.open_version(paper.version, by=cast.minister)
    assert [event.actor_name for event in told("open_version")] == ["Hoàng Minh Khôi", "Nguyễn Hữu Đức"]


def test_who_was_not_given_a_paper_does_not_open_it(cast, paper):
    with pytest.raises(PermissionDenied):
        actions.open_version(paper.version, by=cast.minister)
    assert told("open_version") == []


def test_a_refused_paper_is_opened_by_nobody(cast, paper):
    version = actions.refuse_version(paper.version, by=WORKER, because="secret")
    with pytest.raises(Conflict, match="Mật"):
        actions.open_version(version, by=cast.secretary)


# The worker


def test_the_text_is_recorded_page_by_page(paper):
    version = actions.record_text(paper.version, by=WORKER, pages=["Một", "Hai"])
    assert (version.work_state, version.pages, version.text.pages) == (WorkState.DONE, 2, ["Một", "Hai"])
    (event,) = told("record_text")
    assert event.details == {"pages": 2, "characters": 6}


def test_recording_the_text_again_replaces_it(paper):
    actions.record_text(paper.version, by=WORKER, pages=["Một"])
    actions.record_text(paper.version, by=WORKER, pages=["Hai"])
    assert DocumentText.objects.get().pages == ["Hai"]


def test_no_person_records_or_refuses(cast, paper):
    with pytest.raises(PermissionDenied):
        actions.record_text(paper.version, by=cast.secretary, pages=[])
    with pytest.raises(PermissionDenied):
        actions.refuse_version(paper.version, by=cast.secretary, because="secret")


def test_a_refused_paper_gets_no_text(paper):
    version = actions.refuse_version(paper.version, by=WORKER, because="secret")
    with pytest.raises(Conflict):
        actions.record_text(version, by=WORKER, pages=["Một"])


def test_refusing_erases_everything_but_the_row(cast, dossier, django_capture_on_commit_callbacks):
    paper = actions.add_paper(
        dossier, by=cast.secretary, upload=received(name="bí mật.pdf"), title="Kế hoạch kín"
    )
    actions.record_text(paper.version, by=WORKER, pages=["nội dung"])
    with django_capture_on_commit_callbacks(execute=True):
        version = actions.refuse_version(paper.version, by=WORKER, because="secret")
    assert (version.refused_because, version.work_state, version.file_name) == (
        "secret",
        WorkState.FAILED,
        "",
    )
    assert version.document.title == ""
    assert not DocumentText.objects.exists()
    assert stored_objects() == []
    (event,) = told("refuse_version")
    assert "kín" not in event.target_name
    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (cast.secretary, "documents/paper_refused")
    assert "Hoàng Minh Khôi" in notice.write("txt")
    assert notice.subject


def test_refusing_spares_the_bytes_while_another_paper_has_them(
    cast, dossier, paper, django_capture_on_commit_callbacks
):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    with paper.version.open_file() as file:
        content = file.read()
    second = actions.add_paper(other, by=cast.secretary, upload=received(content))
    with django_capture_on_commit_callbacks(execute=True):
        actions.refuse_version(paper.version, by=WORKER, because="secret")
    assert default_storage.exists(second.version.storage_name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.refuse_version(second.version, by=WORKER, because="secret")
    assert stored_objects() == []
