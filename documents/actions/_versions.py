"""What every new version is owed, and how one is unmade."""

from django.db import transaction

from core.news import publish
from core.queue import enqueue
from core.work import WorkState, fail
from documents import storage
from documents.events import VersionAdded
from documents.models import DocumentText, DocumentVersion


def announce(version: DocumentVersion) -> None:
    enqueue("documents.tasks.read_version", version.pk)
    publish(VersionAdded(version.pk))


def erase(version: DocumentVersion, *, because: str) -> None:
    """The row stays as a placeholder. The bytes go once that is committed, unless another paper has them."""
    DocumentText.objects.filter(version=version).delete()
    sha256 = version.sha256
    version.refused_because, version.file_name = because, ""
    version.save(update_fields=["refused_because", "file_name"])
    if version.work_state != WorkState.FAILED:
        fail(version, because)
    transaction.on_commit(lambda: storage.erase_unless_used(sha256))
