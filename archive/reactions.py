"""What the archive does on news from below."""

from django.db.models import Q

from archive import actions
from archive.models import Filing
from core.actors import WORKER
from core.queue import enqueue
from core.work import WorkState
from decisions.events import ResolutionIssued
from decisions.models import Resolution
from documents.events import VersionRead


def index_resolution(event: ResolutionIssued) -> None:
    """A resolution is released: it comes into the archive with its papers, and can be found from then on."""
    actions.file_resolution(Resolution.objects.get(pk=event.resolution_id), by=WORKER)


def resume_filing(event: VersionRead) -> None:
    """The text that a filing waited for has been read: nobody waits for the next sweep."""
    its_text = Q(resolution__document__versions=event.version_id)
    its_paper = Q(resolution__dossier__papers__version=event.version_id)
    waiting = Filing.objects.filter(its_text | its_paper, work_state=WorkState.QUEUED)
    for pk in waiting.values_list("pk", flat=True).distinct():
        enqueue("archive.tasks.index_resolution", pk)
