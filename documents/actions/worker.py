"""What the worker finds in a paper."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from core.news import publish
from core.work import finish
from documents import rules
from documents.actions._versions import erase
from documents.events import VersionRead
from documents.models import Document, DocumentText, DocumentVersion
from notifications import outbox
from people.models import User
from people.rules import Role


@transaction.atomic
def record_text(version: DocumentVersion, *, by: Any, pages: Sequence[str]) -> DocumentVersion:
    """The worker has read the text, page by page."""
    version = lock(version)
    rules.VERSION.check("record_text", by, version)

    DocumentText.objects.update_or_create(version=version, defaults={"pages": list(pages)})
    version.pages = len(pages)
    version.save(update_fields=["pages"])
    finish(version)

    characters = sum(map(len, pages))
    trail.record("documents.record_text", by=by, on=version, pages=len(pages), characters=characters)
    publish(VersionRead(version.pk))
    return version


@transaction.atomic
def refuse_version(version: DocumentVersion, *, by: Any, because: str) -> DocumentVersion:
    """The worker has found what must not be in this system: bytes, text, name and title go, the row stays.

    The office is told, so that it takes the matter to the paper way.
    """
    version = lock(version)
    rules.VERSION.check("refuse_version", by, version)

    Document.objects.filter(pk=version.document_id).update(title="", number="")
    version.document.refresh_from_db()
    erase(version, because=because)

    trail.record("documents.refuse_version", by=by, on=version, because=because)
    outbox.tell(
        User.objects.holding([Role.SECRETARY], version.body_id),
        "documents/paper_refused",
        url=version.get_absolute_url(),
        because=because,
        added_by=version.added_by_name,
    )
    return version
