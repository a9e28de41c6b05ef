"""What the archive does on news from below."""

from archive.models import Filing
from core.queue import enqueue
from decisions.events import ResolutionIssued


def index_resolution(event: ResolutionIssued) -> None:
    """A resolution is released: owe its filing, and have it done at once."""
    filing, _ = Filing.objects.get_or_create(resolution_id=event.resolution_id)
    enqueue("archive.tasks.index_resolution", filing.pk)
