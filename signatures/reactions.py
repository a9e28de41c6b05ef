"""What follows here from news below."""

from core.actors import WORKER
from documents.events import VersionAdded
from documents.models import DocumentVersion
from signatures.actions import order_verification


def verify_version(event: VersionAdded) -> None:
    order_verification(DocumentVersion.objects.get(pk=event.version_id), by=WORKER)
