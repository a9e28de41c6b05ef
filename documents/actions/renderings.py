"""What the house itself makes."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail
from core.locks import lock
from core.queue import enqueue
from core.work import finish
from documents import rules, storage
from documents.actions._versions import announce
from documents.models import Distribution, Document, DocumentVersion, Rendering
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


@transaction.atomic
def copy_version(version: DocumentVersion, *, by: Any, number: str, issued_on: date) -> DocumentVersion:
    """The same bytes as a paper of its own: what comes onto the copy leaves the original as it is."""
    rules.VERSION.check("copy_version", by, version)

    original = version.document
    document = Document.objects.create(
        body=original.body, kind=original.kind, title=original.title, number=number, issued_on=issued_on
    )
    copy = DocumentVersion.objects.create(
        document=document,
        file_name=version.file_name,
        sha256=version.sha256,
        size=version.size,
        pages=version.pages,
        added_by_name=str(by),
    )

    trail.record("documents.copy_version", by=by, on=copy, sha256=copy.sha256, of=original.number)
    announce(copy)
    return copy


@transaction.atomic
def add_signed_version(version: DocumentVersion, *, by: Any, sha256: str, size: int) -> DocumentVersion:
    """A paper that all have signed: the file with their signatures, which the storage has already, is its
    next version. Whoever was given the one that they signed has this one too."""
    document = lock(version.document)
    version = lock(version)
    rules.VERSION.check("add_signed_version", by, version)

    last = document.versions.aggregate(last=models.Max("number"))["last"]
    signed = DocumentVersion.objects.create(
        document=document,
        number=last + 1,
        file_name=version.file_name,
        reason=_("Signed"),
        sha256=sha256,
        size=size,
        pages=version.pages,
        added_by_name=str(by),
    )
    Distribution.objects.bulk_create(
        Distribution(
            version=signed,
            reader=given.reader,
            role=given.role,
            body=given.body,
            because=given.because,
            given_by_name=given.given_by_name,
        )
        for given in version.distributions.select_related("reader", "body").order_by("pk")
    )

    trail.record(
        "documents.add_signed_version",
        by=by,
        on=signed,
        number=signed.number,
        sha256=sha256,
        readers=signed.distributions.count(),
    )
    announce(signed)
    return signed
