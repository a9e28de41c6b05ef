"""The workers' and the clock's part in the reading room."""

from typing import Any

from celery import shared_task
from django.conf import settings

from core import clock
from core.actors import CLOCK, WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail
from core.workflow import Conflict
from documents import storage
from documents.files.inspection import Limits, UnreadableFile, extract_words
from documents.models import Document
from people.models import User
from reading.actions import notes as actions
from reading.actions.comparisons import record_comparison
from reading.comparing import compare
from reading.models import Comparison, Note
from reading.results import write_result
from reading.retention import NOTICE, find_due_day
from reading.texts import Text, read_text

A_SWEEP = 500


@shared_task
def erase_old_notes() -> None:
    """Each night: notes on papers whose matters are long closed are announced, then erased."""
    today = clock.today()
    for document in Document.objects.filter(versions__notes__isnull=False).distinct().order_by("pk"):
        notes = Note.objects.filter(version__document=document)
        due = find_due_day(document)
        if due is None or due > today + NOTICE:  # not closed, put before the members again, or other rules
            notes.filter(erased_from__isnull=False).update(erased_from=None)
            continue
        for owner in User.objects.filter(notes__in=notes).distinct().order_by("pk"):
            if notes.filter(owner=owner, erased_from__isnull=True).exists():
                day = max(due, today + NOTICE)
                actions.announce_purge(owner, by=CLOCK, document=document, day=day)
            over = notes.filter(owner=owner, erased_from__lte=today)
            if over.exists():
                actions.purge_notes(owner, by=CLOCK, notes=over)


@shared_task
def compare_texts(comparison_id: int) -> None:
    """What changed from one paper to the other, by their words and where these stand."""
    comparison = claim(Comparison.objects.select_related("older", "newer"), comparison_id)
    if comparison is None:
        return
    with attempt(comparison):
        try:
            older, newer = _read(comparison.older), _read(comparison.newer)
        except UnreadableFile as unreadable:
            fail(comparison, unreadable.reason)
            return
        except FileNotFoundError:
            fail(comparison, "file_missing")
            return
        if not (older.words and newer.words):
            fail(comparison, "no_text")
            return
        result = write_result(older, newer, compare(older, newer))
        try:
            record_comparison(comparison, by=WORKER, result=result)
        except Conflict:  # one of them was erased meanwhile
            fail(comparison, "file_missing")


def _read(version: Any) -> Text:
    """From what the paper is read by: for an office file the PDF that was made of it."""
    if version.view is None:
        raise UnreadableFile("no_view")
    with storage.on_disk(version.view) as path:
        return read_text(extract_words(path, Limits(file_bytes=settings.UPLOAD_LIMIT_MB * 1024 * 1024)))


@shared_task
def hand_in_comparisons() -> None:
    stalled = Comparison.objects.stalled().order_by("pk")
    for pk in stalled.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("reading.tasks.compare_texts", pk)
