"""What every new version is owed, and how one is unmade."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from core.news import publish
from core.queue import enqueue
from core.work import UNDER_WAY, WorkState, fail
from documents import storage
from documents.events import VersionAdded, VersionErased
from documents.models import DocumentText, DocumentVersion, RecognisedPage, VirusScan
from documents.uploads import ReceivedPaper


def describe(received: ReceivedPaper, by: Any) -> dict[str, Any]:
    return {
        "file_name": received.file_name,
        "format": received.format,
        "sha256": received.sha256,
        "size": received.size,
        "pages": received.pages,
        "active_content": list(received.active_content),
        "added_by_name": str(by),
    }


def announce(version: DocumentVersion) -> None:
    enqueue("documents.tasks.read_version", version.pk)
    if settings.CLAMD_URL:
        enqueue("documents.tasks.scan_version", VirusScan.objects.create(version=version).pk)
    publish(VersionAdded(version.pk))


def erase(version: DocumentVersion, *, because: str) -> None:
    """The rows stay as placeholders. The bytes go once that is committed, unless another paper has them; what
    was made of them goes too."""
    DocumentText.objects.filter(version=version).delete()
    RecognisedPage.objects.filter(copy__version=version).delete()
    hashes = {version.sha256, *version.copies.exclude(sha256="").values_list("sha256", flat=True)}
    version.copies.update(sha256="", work_state=WorkState.FAILED, work_error=because)
    VirusScan.objects.filter(version=version, work_state__in=UNDER_WAY).update(
        work_state=WorkState.FAILED, work_error=because
    )
    version.refused_because, version.file_name = because, ""
    version.save(update_fields=["refused_because", "file_name"])
    if version.work_state != WorkState.FAILED:
        fail(version, because)
    publish(VersionErased(version.pk))
    for sha256 in hashes:
        transaction.on_commit(partial(storage.erase_unless_used, sha256))
