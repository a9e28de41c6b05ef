"""What signatures does on news from below."""

from core.queue import enqueue
from documents.events import VersionAdded
from signatures.models import Verification


def verify_version(event: VersionAdded) -> None:
    """Each new version has its signatures looked into."""
    verification = Verification.objects.create(version_id=event.version_id)
    enqueue("signatures.tasks.verify_version", verification.pk)
