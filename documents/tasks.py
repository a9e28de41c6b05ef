"""The worker reads papers; the sweeps hand in again what was lost on the way."""

from contextlib import suppress
from pathlib import Path

from celery import shared_task
from django.conf import settings

from core.actors import WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail, finish
from core.workflow import Conflict
from documents import pictures, resumable, storage
from documents.actions import record_text, refuse_version
from documents.inspection import Limits, UnreadableFile, extract_text, secrecy_marking
from documents.models import DerivedCopy, DocumentVersion, Rendering
from documents.rules import CopyKind
from documents.sandbox import ChildFailure, Refusal

A_SWEEP = 500


@shared_task
def read_version(version_id: int) -> None:
    """The text of every page, and a second look for what must not be here."""
    version = claim(DocumentVersion.objects.kept(), version_id)
    if version is None:
        return
    with attempt(version):
        try:
            with storage.on_disk(version) as path:
                pages = _read_pages(path)
        except UnreadableFile as unreadable:
            fail(version, unreadable.reason)
            return
        except FileNotFoundError:
            fail(version, "file_missing")
            return
        with suppress(Conflict):  # taken out meanwhile: there is nothing left to read
            _settle(version, pages)


def _settle(version: DocumentVersion, pages: list[str]) -> None:
    if any(secrecy_marking(page) for page in pages):
        refuse_version(version, by=WORKER, because="secret")
    else:
        record_text(version, by=WORKER, pages=pages)


def _read_pages(path: Path) -> list[str]:
    return list(extract_text(path, Limits(file_bytes=settings.UPLOAD_LIMIT_MB * 1024 * 1024)))


@shared_task
def draw_pictures(copy_id: int) -> None:
    """Pages as pictures, for somebody who waits for one."""
    copy = claim(DerivedCopy.objects.filter(kind=CopyKind.PICTURES), copy_id)
    if copy is None:
        return
    with attempt(copy):
        try:
            pictures.draw_pictures(copy)
        except (Refusal, ChildFailure) as failure:
            fail(copy, failure.reason)
        else:
            finish(copy)


@shared_task
def hand_in_pictures() -> None:
    stalled = DerivedCopy.objects.filter(kind=CopyKind.PICTURES).stalled().order_by("pk")
    for pk in stalled.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("documents.tasks.draw_pictures", pk)


@shared_task
def hand_in_readings() -> None:
    stalled = DocumentVersion.objects.kept().stalled().order_by("pk")
    for pk in stalled.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("documents.tasks.read_version", pk)


@shared_task
def hand_in_renderings() -> None:
    stalled = Rendering.objects.stalled().order_by("pk")
    for task, pk in stalled.values_list("task", "pk")[:A_SWEEP]:
        enqueue(task, pk)


@shared_task
def sweep_uploads() -> int:
    """Files that were never sent to their end. Says how many."""
    return resumable.sweep()


@shared_task
def sweep_storage() -> int:
    """Objects that no version speaks of are erased. Says how many."""
    return storage.sweep()
