"""What follows here from news below."""

from core.actors import WORKER
from documents.events import VersionAdded
from documents.models import DocumentVersion
from documents.rules import Format
from signatures.actions import order_verification


def verify_version(event: VersionAdded) -> None:
    """Signatures are looked for in PDF files; what else is handed in has none that count."""
    version = DocumentVersion.objects.get(pk=event.version_id)
    if version.format == Format.PDF:
        order_verification(version, by=WORKER)
