"""What follows here from news below."""

from core.actors import WORKER
from documents.events import VersionAdded, VersionIncluded
from documents.models import DocumentVersion
from documents.rules import Format
from signatures.actions import order_preservation, order_verification
from signatures.detached import find_open_signatures
from signatures.events import VersionSigned
from signatures.rules import Cause


def verify_version(event: VersionAdded) -> None:
    """Signatures are looked for in PDF and signature files; what else is handed in has none that count."""
    version = DocumentVersion.objects.get(pk=event.version_id)
    if version.format in (Format.PDF, Format.P7S):
        order_verification(version, by=WORKER)


def verify_detached_beside(event: VersionAdded | VersionIncluded) -> None:
    """A paper that comes into a dossier may be the one that a signature file beside it waits for."""
    for signature in find_open_signatures(DocumentVersion.objects.get(pk=event.version_id)):
        order_verification(signature, by=WORKER, cause=Cause.BESIDE)


def preserve_signed(event: VersionSigned) -> None:
    """What is signed here is made fit for decades at once, while all that proves it is at hand."""
    order_preservation(DocumentVersion.objects.get(pk=event.version_id), by=WORKER)
