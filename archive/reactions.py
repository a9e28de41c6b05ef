"""What the archive does on news from below."""

from archive import actions
from core.actors import WORKER
from decisions.events import ResolutionIssued
from decisions.models import Resolution


def index_resolution(event: ResolutionIssued) -> None:
    """A resolution is released: it comes into the archive with its papers, and can be found from then on."""
    actions.file_resolution(Resolution.objects.get(pk=event.resolution_id), by=WORKER)
