"""What follows here from news below."""

from core.actors import WORKER
from documents.events import VersionAdded
from documents.models import DocumentVersion
from documents.rules import Format
from signatures.actions import order_preservation, order_verification
from signatures.events import VersionSigned


def verify_version(event: VersionAdded) -> None:
    """Signatures are looked for in PDF files; what else is handed in has none that count."""
    version = DocumentVersion.objects.get(pk=event.version_id)
    if version.format == Format.PDF:
        order_verification(version, by=WORKER)


def preserve_signed(event: VersionSigned) -> None:
    """What is signed here is made fit for decades at once, while all that proves it is at hand."""
    order_preservation(DocumentVersion.objects.get(pk=event.version_id), by=WORKER)
