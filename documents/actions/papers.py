"""Putting papers into a dossier and taking them out again."""

from typing import Any

from django.core.files.base import File
from django.db import models, transaction

from audit import trail
from core.locks import lock
from documents import rules, storage
from documents.actions._versions import announce, erase
from documents.models import Document, DocumentVersion, Dossier, DossierPaper
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
) -> DossierPaper:
    """A secretary puts a PDF into the folder; from then on a worker reads and verifies it.

    A file that cannot be taken is `Refused` with the reason, and nothing of it stays. Equal bytes are
    stored once, however many papers have them.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("add_paper", by, dossier)

    with receive_paper(upload) as received:
        if dossier.papers.filter(version__sha256=received.sha256).exists():
            raise Refused("already_there")
        with received.path.open("rb") as file:
            storage.keep(file, received.sha256)
    title = title.strip() or received.file_name.rpartition(".")[0]
    version = DocumentVersion.objects.create(
        document=Document.objects.create(body_id=dossier.body_id, kind=kind, title=title),
        file_name=received.file_name,
        format=received.format,
        sha256=received.sha256,
        size=received.size,
        pages=received.pages,
        active_content=list(received.active_content),
        added_by_name=str(by),
    )
    last = dossier.papers.aggregate(last=models.Max("place"))["last"] or 0
    paper = DossierPaper.objects.create(dossier=dossier, version=version, place=last + 1)

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
def remove_paper(paper: DossierPaper, *, by: Any) -> None:
    """A secretary takes a paper out of a folder that is still in preparation.

    What nobody was given is not kept either: a file put in by mistake leaves only its line in the trail.
    """
    lock(paper.dossier)
    paper = lock(paper)
    rules.DOSSIER.check("remove_paper", by, paper.dossier)

    version = paper.version
    trail.record("documents.remove_paper", by=by, on=version, sha256=version.sha256, place=paper.place)
    paper.delete()
    if not version.papers.exists() and not version.distributions.exists():
        erase(version, because=version.refused_because or "removed")
