"""Putting papers into a dossier, replacing them and taking them out again."""

from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail
from core.locks import lock
from core.news import publish
from core.workflow import Conflict
from documents import rules, storage
from documents.actions._structure import find_section, lock_document, lock_paper, renumber
from documents.actions._versions import announce, describe, erase
from documents.events import VersionIncluded
from documents.models import Document, DocumentVersion, Dossier, DossierPaper, NeedToKnow, Section
from documents.refusals import Refused
from documents.rules import DocumentKind
from documents.uploads import ReceivedPaper, receive_paper


@transaction.atomic
def add_paper(
    dossier: Dossier,
    *,
    by: Any,
    upload: "File[bytes] | ReceivedPaper",
    kind: str = DocumentKind.OTHER,
    title: str = "",
    section: Section | None = None,
) -> DossierPaper:
    """Who has the folder on the desk puts a file into it; from then on a worker reads and verifies it.

    A file that cannot be taken is `Refused` with the reason, and nothing of it stays. Equal bytes are
    stored once, however many papers have them.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("add_paper", by, dossier)

    received = _keep(dossier, upload)
    title = title.strip() or received.file_name.rpartition(".")[0]
    version = DocumentVersion.objects.create(
        document=Document.objects.create(body_id=dossier.body_id, kind=kind, title=title),
        **describe(received, by),
    )
    paper = _put_in(dossier, version, section)

    trail.record(
        "documents.add_paper",
        by=by,
        on=version,
        file_name=version.file_name,
        sha256=version.sha256,
        size=version.size,
        place=paper.place,
    )
    announce(version)
    return paper


@transaction.atomic
def include_version(
    dossier: Dossier, *, by: Any, version: DocumentVersion, section: Section | None = None
) -> DossierPaper:
    """A paper that is here already is put into one more folder; nothing is copied.

    Who was named as its reader in the other folder is so in this one: what few may read does not become
    open to all by lying in a second place.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("include_version", by, dossier)
    lock(version.document)  # nobody erases it meanwhile for lying in no folder any more
    version = lock(version)
    if not rules.may_read_version(by, version):
        raise Conflict(_("You have not been given this paper."))
    if version.is_own_paper or version.body_id != dossier.body_id:
        raise Conflict(_("This paper belongs to someone else. Upload it as a file, if you may."))
    if reason := rules.bytes_are_kept(version):
        raise Conflict(reason)
    if dossier.papers.filter(version__sha256=version.sha256).exists():
        raise Refused("already_there")

    limited = DossierPaper.objects.filter(version=version, readers__isnull=False).order_by("-pk").first()
    paper = _put_in(dossier, version, section)
    if limited is not None:
        readers = limited.readers.order_by("pk").values_list("reader", flat=True)
        NeedToKnow.objects.bulk_create(NeedToKnow(paper=paper, reader_id=reader) for reader in readers)

    trail.record(
        "documents.include_version",
        by=by,
        on=dossier,
        paper=str(version),
        sha256=version.sha256,
        place=paper.place,
        readers=paper.readers.count(),
    )
    publish(VersionIncluded(version.pk))
    return paper


@transaction.atomic
def replace_paper(
    paper: DossierPaper, *, by: Any, upload: "File[bytes] | ReceivedPaper", reason: str
) -> DossierPaper:
    """A newer version takes the place of a paper, and it is said why; the earlier one stays as it was."""
    dossier, paper = lock_paper(paper)
    rules.DOSSIER.check("replace_paper", by, dossier)
    if not reason.strip():
        raise Conflict(_("Say why the paper is replaced."))
    document = lock_document(paper.version.document, by=by, dossier=dossier, change_all=False)

    before = paper.version.sha256
    received = _keep(dossier, upload)
    if not document.title:  # it was refused before, and its name with it
        document.title = received.file_name.rpartition(".")[0]
        document.save(update_fields=["title"])
    last = document.versions.aggregate(last=models.Max("number"))["last"]
    paper.version = DocumentVersion.objects.create(
        document=document, number=last + 1, reason=reason.strip(), **describe(received, by)
    )
    paper.save(update_fields=["version"])

    trail.record(
        "documents.replace_paper",
        by=by,
        on=paper.version,
        file_name=paper.version.file_name,
        before=before,
        sha256=paper.version.sha256,
        size=paper.version.size,
        number=paper.version.number,
        place=paper.place,
        reason=paper.version.reason,
    )
    announce(paper.version)
    return paper


@transaction.atomic
def remove_paper(paper: DossierPaper, *, by: Any) -> None:
    """A paper is taken out of a folder that is being worked on.

    What nobody was given is not kept either: a file put in by mistake leaves only its line in the trail.
    """
    dossier, paper = lock_paper(paper)
    rules.DOSSIER.check("remove_paper", by, dossier)

    version = paper.version
    trail.record("documents.remove_paper", by=by, on=version, sha256=version.sha256, place=paper.place)
    paper.delete()
    renumber(dossier)
    for one in _left_alone(lock(version.document)):
        erase(one, because=one.refused_because or "removed")


def _keep(dossier: Dossier, upload: "File[bytes] | ReceivedPaper") -> ReceivedPaper:
    """Into the storage, unless the very file is in the folder."""
    with receive_paper(upload) as received:
        if dossier.papers.filter(version__sha256=received.sha256).exists():
            raise Refused("already_there")
        with received.path.open("rb") as file:
            storage.keep(file, received.sha256)
    return received


def _put_in(dossier: Dossier, version: DocumentVersion, section: Section | None) -> DossierPaper:
    """At the end of its section; the places behind it move on."""
    section = find_section(dossier, section)
    last = dossier.papers.aggregate(last=models.Max("place"))["last"] or 0
    paper = DossierPaper.objects.create(dossier=dossier, version=version, section=section, place=last + 1)
    renumber(dossier)
    paper.refresh_from_db(fields=["place", "section"])
    return paper


def _left_alone(document: Document) -> list[DocumentVersion]:
    """The versions of a document that lies in no folder any more, and that were never before anyone."""
    if document.renderings.exists() or DossierPaper.objects.filter(version__document=document).exists():
        return []
    return list(document.versions.filter(distributions__isnull=True, issued__isnull=True).order_by("pk"))
