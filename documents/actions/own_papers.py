"""A person's own papers: neither the Office nor an administrator sees them before she gives them."""

from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core.locks import lock
from core.workflow import Conflict
from documents import rules, storage
from documents.actions._versions import announce, describe, erase
from documents.actions.reading import distribute_version
from documents.models import Document, DocumentVersion
from documents.uploads import ReceivedPaper, receive_paper
from notifications import outbox
from people.models import User


@transaction.atomic
def keep_own_paper(document: Document, *, by: User, upload: "File[bytes] | ReceivedPaper") -> DocumentVersion:
    """A person brings a paper of her own, to read and mark it here. What must not be here is refused as ever.

    The trail tells that she did, and neither its name nor its hash before she gives it to somebody.
    """
    rules.OWN_PAPER.check("keep_own_paper", by, document)

    with receive_paper(upload) as received, received.path.open("rb") as file:
        storage.keep(file, received.sha256)
    document.title = document.title.strip() or received.file_name.rpartition(".")[0]
    document.save()
    version = DocumentVersion.objects.create(document=document, **describe(received, by))

    trail.record("documents.keep_own_paper", by=by, on=version)
    announce(version)
    return version


@transaction.atomic
def give_own_paper(
    version: DocumentVersion, *, by: User, to: Iterable[User], because: str
) -> DocumentVersion:
    """The owner gives her paper to people by name; they are told. What is given cannot be called back."""
    version = lock(version)
    rules.OWN_PAPER.check("give_own_paper", by, version.document)
    given = set(version.distributions.values_list("reader", flat=True))
    readers = [reader for reader in to if reader.pk not in given and reader.pk != by.pk]
    if not readers:
        raise Conflict(_("These people have the paper already."))

    distribute_version(version, by=by, to=readers, because=because)

    trail.record("documents.give_own_paper", by=by, on=version, to=[str(reader) for reader in readers])
    url = version.get_absolute_url()
    outbox.tell(readers, "documents/own_paper_given", url=url, given_by=str(by))
    return version


@transaction.atomic
def file_own_paper(version: DocumentVersion, *, by: User) -> DocumentVersion:
    """The owner's paper goes with something of hers that stays on record: she discards it no more."""
    version = lock(version)
    rules.OWN_PAPER.check("file_own_paper", by, version.document)
    if version.refused_because:
        raise Conflict(version.refusal)

    Document.objects.filter(pk=version.document_id).update(is_filed=True)

    trail.record("documents.file_own_paper", by=by, on=version)
    return version


@transaction.atomic
def discard_own_paper(version: DocumentVersion, *, by: User) -> DocumentVersion:
    """The owner throws away a paper that she has given to nobody: its bytes and its name go."""
    version = lock(version)
    rules.OWN_PAPER.check("discard_own_paper", by, version.document)

    trail.record("documents.discard_own_paper", by=by, on=version)
    Document.objects.filter(pk=version.document_id).update(title="", number="")
    erase(version, because="removed")
    return version
