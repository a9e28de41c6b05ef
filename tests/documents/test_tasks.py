"""What workers do with papers, and what happens when they die over it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import clock
from core.actors import CLOCK
from core.work import WorkState, claim
from documents import actions, tasks
from documents.files.inspection import UnreadableFile
from documents.models import Document, DocumentVersion, Rendering
from tests.documents.samples import make_pdf, make_secret_pdf, received, stored_objects


@pytest.fixture
def version(cast):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    return actions.add_paper(dossier, by=cast.secretary, upload=received()).version


def later(minutes: float):
    return clock.at(clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def quick_reading(monkeypatch):
    """The text, without a child process for it."""
    monkeypatch.setattr("documents.tasks.extract_text", lambda path, limits: iter(["Một", "Hai"]))


@pytest.fixture
def handed_in(monkeypatch):
    """What is put before the broker."""
    calls = []
    monkeypatch.setattr("documents.tasks.enqueue", lambda task, pk: calls.append((task, pk)))
    return calls


def test_the_text_is_read(version):
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert version.work_state == WorkState.DONE
    assert version.text.pages[0].startswith("A paper of the tests")
    assert version.text.folded[0].startswith("a paper of the tests")


def test_reading_twice_does_no_harm(version, quick_reading):
    tasks.read_version(version.pk)
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.work_attempts) == (WorkState.DONE, 1)


def test_an_unreadable_paper_fails_visibly(version, monkeypatch):
    def give_up(path, limits):
        raise UnreadableFile("damaged")

    monkeypatch.setattr("documents.tasks.extract_text", give_up)
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.work_error) == (WorkState.FAILED, "damaged")
    assert "hỏng" in version.refusal or "damaged" in version.refusal


def test_a_lost_file_fails_visibly(version):
    default_storage.delete(version.storage_name)
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.work_error) == (WorkState.FAILED, "file_missing")


def test_an_accident_is_tried_again_and_then_shown(version, monkeypatch):
    def break_down(path, limits):
        raise OSError("the disk is full")

    monkeypatch.setattr("documents.tasks.extract_text", break_down)
    states = []
    for _ in range(3):
        tasks.read_version(version.pk)
        version.refresh_from_db()
        states.append(version.work_state)
    assert states == [WorkState.QUEUED, WorkState.QUEUED, WorkState.FAILED]
    assert version.refusal


def test_a_marking_on_any_page_erases_the_paper(cast, django_capture_on_commit_callbacks):
    """As if the first look, at the door, had missed it."""
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    version = actions.add_paper(dossier, by=cast.secretary, upload=received(make_secret_pdf())).version
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.refused_because, version.work_state) == ("secret", WorkState.FAILED)
    assert stored_objects() == []


def test_a_refused_paper_is_not_read(version, quick_reading):
    actions.refuse_version(version, by=tasks.WORKER, because="secret")
    tasks.read_version(version.pk)
    assert not hasattr(DocumentVersion.objects.get(), "text")


def test_a_paper_taken_out_while_it_is_read_stays_out(cast, version, monkeypatch):
    def take_out(path, limits):
        actions.remove_paper(version.papers.get(), by=cast.secretary)
        return iter(["Một"])

    monkeypatch.setattr("documents.tasks.extract_text", take_out)
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.refused_because, version.work_state) == ("removed", WorkState.FAILED)


# A worker is killed in the middle


def test_a_reading_in_good_hands_is_left_alone(version, quick_reading, handed_in):
    claim(DocumentVersion.objects.all(), version.pk)
    with later(2):
        tasks.hand_in_readings()
        tasks.read_version(version.pk)
    assert handed_in == []
    assert DocumentVersion.objects.get().work_state == WorkState.RUNNING


def test_a_reading_whose_worker_was_killed_is_taken_up_again(version, quick_reading, handed_in):
    claim(DocumentVersion.objects.all(), version.pk)
    with later(4):
        tasks.hand_in_readings()
        assert handed_in == [("documents.tasks.read_version", version.pk)]
        tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.work_attempts) == (WorkState.DONE, 2)


def test_a_paper_that_kills_every_worker_fails_visibly(version):
    for step in range(4):
        with later(4 * step):
            claim(DocumentVersion.objects.all(), version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.work_error) == (WorkState.FAILED, "worker_lost")


def test_a_reading_that_the_broker_lost_is_handed_in_again(version, handed_in):
    tasks.hand_in_readings()
    assert handed_in == []
    with later(3):
        tasks.hand_in_readings()
    assert handed_in == [("documents.tasks.read_version", version.pk)]


def test_a_rendering_that_the_broker_lost_is_handed_in_again_with_its_task(cast, handed_in, monkeypatch):
    monkeypatch.setattr("documents.actions.renderings.enqueue", lambda *_: None)
    document = Document.objects.create(body=cast.body, title="Báo cáo")
    actions.order_rendering(document, by=CLOCK, task="opinions.tasks.render_synthesis", target=document)
    with later(3):
        tasks.hand_in_renderings()
    assert handed_in == [("opinions.tasks.render_synthesis", Rendering.objects.get().pk)]


# The storage


def test_the_sweep_spares_what_is_used_and_what_is_being_written(version, tmp_path):
    folder = tmp_path / "storage" / "objects" / version.sha256[:2]
    (folder / ".half-written").write_bytes(b"%PDF")
    assert tasks.sweep_storage() == 0
    assert sorted(path.name for path in folder.iterdir()) == [".half-written", version.sha256]


def test_the_sweep_erases_what_nobody_speaks_of(version, tmp_path, monkeypatch):
    folder = tmp_path / "storage" / "objects" / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_bytes(make_pdf())
    (folder / ".half-written").write_bytes(b"%PDF")
    monkeypatch.setattr(timezone, "now", lambda real=timezone.now: real() + timedelta(hours=2))
    assert tasks.sweep_storage() == 2
    assert stored_objects() == [version.sha256]


def test_an_empty_storage_is_swept_too(db):
    assert tasks.sweep_storage() == 0


def test_a_storage_without_folders_of_its_own_gives_a_copy_to_the_child(cast, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    content = make_pdf()
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    version = actions.add_paper(dossier, by=cast.secretary, upload=received(content)).version
    with tasks.storage.on_disk(version) as path:
        assert path.read_bytes() == content
    assert not path.exists()
    tasks.read_version(version.pk)
    assert DocumentVersion.objects.get().work_state == WorkState.DONE


def test_a_write_that_breaks_off_leaves_nothing(cast, tmp_path, monkeypatch):
    def break_off(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("documents.storage.os.fsync", break_off)
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    with pytest.raises(OSError, match="full"):
        actions.add_paper(dossier, by=cast.secretary, upload=received())
    assert [path for path in (tmp_path / "storage").rglob("*") if path.is_file()] == []
