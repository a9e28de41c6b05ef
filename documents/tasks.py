"""The worker reads papers; the sweeps hand in again what was lost on the way."""

import logging
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from celery import shared_task
from django.conf import settings

from core.actors import WORKER
from core.queue import enqueue
from core.work import UNDER_WAY, attempt, claim, fail, finish, start_over
from core.workflow import Conflict
from documents import pictures, resumable, storage
from documents.actions import (
    record_binder,
    record_binder_copy,
    record_scan,
    record_text,
    record_view,
    refuse_version,
)
from documents.binders import making as binder_making
from documents.files import scanning
from documents.files.conversion import CannotConvert
from documents.files.inspection import UnreadableFile, extract_text
from documents.files.preparation import MadeView, MoreToRead, Superseded, is_large, limits, prepared_view
from documents.files.recognition import find_pictured_pages
from documents.files.sandbox import ChildFailure, Refusal
from documents.files.secrecy import recognised_marking, secrecy_marking
from documents.models import Binder, BinderCopy, DerivedCopy, DocumentVersion, Rendering, VirusScan
from documents.rules import WITHOUT_PAGES, CopyKind, Format

logger = logging.getLogger(__name__)

A_SWEEP = 500


@shared_task
def read_version(version_id: int) -> None:
    """The text of every page, and a second look for what must not be here."""
    version = claim(DocumentVersion.objects.kept(), version_id)
    if version is None:
        return
    with attempt(version):
        try:
            pages, wants_view = _read_pages(version)
        except UnreadableFile as unreadable:
            fail(version, unreadable.reason)
            return
        except FileNotFoundError:
            fail(version, "file_missing")
            return
        with suppress(Conflict):  # taken out meanwhile: there is nothing left to read
            _settle(version, pages, wants_view)


def _settle(version: DocumentVersion, pages: list[str], wants_view: bool) -> None:
    if any(secrecy_marking(page) for page in pages):
        refuse_version(version, by=WORKER, because="secret")
    else:
        record_text(version, by=WORKER, pages=pages, wants_view=wants_view)


def _read_pages(version: DocumentVersion) -> tuple[list[str], bool]:
    """The text, and whether there is more to be had from a copy that is made for reading."""
    if version.format in WITHOUT_PAGES:
        return [], False
    if version.format != Format.PDF:
        return [], True
    with storage.on_disk(version) as path:
        pages = list(extract_text(path, limits()))
        try:
            return pages, is_large(path) or bool(find_pictured_pages(path, pages))
        except CannotConvert as failure:
            raise UnreadableFile(failure.code, failure.detail) from None


@shared_task(soft_time_limit=13 * 60, time_limit=14 * 60)
def make_view(copy_id: int) -> None:
    """What the version is read by, with the words of its pictures. In turns, when there are many."""
    kept = DerivedCopy.objects.filter(kind=CopyKind.VIEW, version__refused_because="")
    copy = claim(kept, copy_id)
    if copy is None:
        return
    with attempt(copy, whole=False):
        try:
            with prepared_view(copy) as made:
                _settle_view(copy, made)
        except CannotConvert as failure:
            logger.warning("No view of version %s: %s %s", copy.version_id, failure.code, failure.detail)
            fail(copy, failure.code)
        except FileNotFoundError:
            fail(copy, "file_missing")
        except MoreToRead:
            start_over(copy)
            enqueue("documents.tasks.make_view", copy.pk)
        except (Conflict, Superseded):
            pass  # taken out meanwhile


def _settle_view(copy: DerivedCopy, made: MadeView) -> None:
    recognised = set(made.recognised)
    marked = any(
        recognised_marking(page) if number in recognised else secrecy_marking(page)
        for number, page in enumerate(made.pages, 1)
    )
    if marked:
        refuse_version(copy.version, by=WORKER, because="secret")
    else:
        record_view(copy, by=WORKER, made=made)


@shared_task
def hand_in_views() -> None:
    stalled = DerivedCopy.objects.filter(kind=CopyKind.VIEW).stalled().order_by("pk")
    for pk in stalled.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("documents.tasks.make_view", pk)


@shared_task
def scan_version(scan_id: int) -> None:
    """While the scanner is silent the scan waits for the next sweep: silence clears nothing."""
    scan = claim(VirusScan.objects.filter(version__refused_because=""), scan_id)
    if scan is None:
        return
    with attempt(scan):
        try:
            with scan.version.open_file() as file:
                finding = scanning.scan(file.chunks())
        except scanning.ScannerSilent as silence:
            logger.warning("The virus scanner does not answer: %s", silence)
            start_over(scan)
            return
        except FileNotFoundError:
            fail(scan, "file_missing")
            return
        with suppress(Conflict):
            record_scan(scan, by=WORKER, **asdict(finding))


@shared_task
def hand_in_scans() -> None:
    """Also for papers that came in before there was a scanner."""
    if not settings.CLAMD_URL:
        return
    unknown = DocumentVersion.objects.kept().filter(virus_scan=None).order_by("pk")[:A_SWEEP]
    VirusScan.objects.bulk_create([VirusScan(version=version) for version in unknown], ignore_conflicts=True)
    waiting = VirusScan.objects.filter(work_state__in=UNDER_WAY, version__refused_because="").order_by("pk")
    for pk in waiting.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("documents.tasks.scan_version", pk)


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
def build_binder(binder_id: int) -> None:
    """An issue as one PDF or ZIP, written on the disk."""
    binder = claim(Binder.objects.select_related("issue__dossier__body__office"), binder_id)
    if binder is None:
        return
    with attempt(binder), TemporaryDirectory() as folder:
        target = Path(folder, "binder")
        pages = binder_making.build(binder, target, Path(folder))
        sha256, size = storage.keep_file(target)
        record_binder(binder, by=WORKER, sha256=sha256, size=size, pages=pages)


@shared_task
def build_binder_copy(copy_id: int) -> None:
    """The binder with its reader's mark; it waits for the binder itself."""
    copies = BinderCopy.objects.select_related("binder", "reader")
    if copies.filter(pk=copy_id, binder__work_state__in=UNDER_WAY).exists():
        return
    copy = claim(copies, copy_id)
    if copy is None:
        return
    if not copy.binder.sha256:
        fail(copy, "binder_failed")
        return
    with attempt(copy), TemporaryDirectory() as folder:
        target = Path(folder, "copy.pdf")
        binder_making.build_copy(copy, target)
        sha256, size = storage.keep_file(target)
        record_binder_copy(copy, by=WORKER, sha256=sha256, size=size)


@shared_task
def hand_in_binders() -> None:
    for task, rows in (("build_binder", Binder.objects), ("build_binder_copy", BinderCopy.objects)):
        for pk in rows.stalled().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
            enqueue(f"documents.tasks.{task}", pk)


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
