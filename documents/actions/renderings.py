"""What the house itself makes."""

from typing import Any

from django.db import models, transaction

from audit import trail
from core.locks import lock
from core.queue import enqueue
from core.work import finish
from documents import rules, storage
from documents.actions._versions import announce
from documents.models import Document, DocumentVersion, Rendering
from documents.uploads import clean_file_name


@transaction.atomic
def order_rendering(document: Document, *, by: Any, task: str, target: models.Model) -> Rendering:
    """Have a worker make the next version of a document: `task` gets the id of the rendering."""
    document = lock(document)
    rules.RENDERING.check("order_rendering", by, document)

    rendering = Rendering.objects.create(document=document, task=task, target_id=target.pk)

    trail.record("documents.order_rendering", by=by, on=document, task=task)
    enqueue(task, rendering.pk)
    return rendering


@transaction.atomic
def add_rendered_version(rendering: Rendering, *, by: Any, pdf: bytes, file_name: str) -> DocumentVersion:
    """The worker hands in what it has made; handing in a second time changes nothing."""
    document = lock(rendering.document)
    rendering = lock(rendering)
    rules.RENDERING.check("add_rendered_version", by, document)

    if rendering.version is not None:
        return rendering.version
    sha256 = storage.keep_content(pdf)
    version = DocumentVersion.objects.create(
        document=document,
        number=document.versions.count() + 1,
        file_name=clean_file_name(file_name),
        sha256=sha256,
        size=len(pdf),
        added_by_name=str(by),
    )
    rendering.version = version
    rendering.save(update_fields=["version"])
    finish(rendering)

    trail.record(
        "documents.add_rendered_version", by=by, on=version, number=version.number, sha256=version.sha256
    )
    announce(version)
    return version
