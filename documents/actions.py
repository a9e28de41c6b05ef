"""Putting papers into dossiers, giving them to readers, and the work of the worker on them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.db import models, transaction

from audit import trail
from core import clock
from core.locks import lock
from core.news import publish
from core.queue import enqueue
from core.work import WorkState, fail, finish
from documents import rules, storage
from documents.events import VersionAdded, VersionRead
from documents.models import (
    Distribution,
    Document,
    DocumentText,
    DocumentVersion,
    Dossier,
    DossierPaper,
    ReadingPlace,
    Rendering,
)
from documents.refusals import Refused
from documents.rules import DocumentKind
from documents.uploads import ReceivedPaper, clean_file_name, receive_paper
from notifications import outbox
from people.models import Body, User
from people.rules import Role

ONE_OPENING = timedelta(hours=1)  # what is read on within it is not told again

# Dossiers


@transaction.atomic
def create_dossier(*, by: Any, body: Body, title: str) -> Dossier:
    """A secretary opens a folder for the papers of a matter."""
    dossier = Dossier(body=body, title=title)
    rules.DOSSIER.check("create_dossier", by, dossier)

    dossier.save()

    trail.record("documents.create_dossier", by=by, on=dossier)
    return dossier


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
    title = title.strip() or received.file_name.removesuffix(".pdf")
    version = DocumentVersion.objects.create(
        document=Document.objects.create(body_id=dossier.body_id, kind=kind, title=title),
        file_name=received.file_name,
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
    _announce(version)
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
        _erase(version, because=version.refused_because or "removed")


@transaction.atomic
def seal_dossier(dossier: Dossier, *, by: Any) -> Dossier:
    """The folder is put before the members: from then on its papers stay as they are."""
    dossier = lock(dossier)
    rules.DOSSIER.check("seal_dossier", by, dossier)

    dossier.sealed_at = clock.now()
    rules.DOSSIER.advance("seal_dossier", dossier)
    dossier.save()

    papers = [paper.version.sha256 for paper in dossier.papers.select_related("version")]
    trail.record("documents.seal_dossier", by=by, on=dossier, papers=papers)
    return dossier


# Reading


@transaction.atomic
def distribute_version(
    version: DocumentVersion,
    *,
    by: Any,
    to: Iterable[User] = (),
    roles: Iterable[tuple[str, Body]] = (),
    because: str,
) -> DocumentVersion:
    """Give a paper to people by name, and to offices as (role, body). Who was given it once keeps it."""
    version = lock(version)
    rules.VERSION.check("distribute_version", by, version)

    readers, offices = list(to), [(Role(role), body) for role, body in roles]
    Distribution.objects.bulk_create(
        [
            *(Distribution(version=version, reader=reader, because=because) for reader in readers),
            *(Distribution(version=version, role=role, body=body, because=because) for role, body in offices),
        ],
        ignore_conflicts=True,
    )

    trail.record(
        "documents.distribute_version",
        by=by,
        on=version,
        to=[str(reader) for reader in readers],
        roles=[f"{role}: {body}" for role, body in offices],
        because=because,
    )
    return version


@transaction.atomic
def open_version(version: DocumentVersion, *, by: User) -> DocumentVersion:
    """A person opens a paper, on the screen or as a file.

    Told once an hour for each person and paper: a reader asks for the same file many times while paging.
    """
    rules.VERSION.check("open_version", by, version)

    now = clock.now()
    place, is_new = ReadingPlace.objects.get_or_create(user=by, version=version, defaults={"opened_at": now})
    earlier = ReadingPlace.objects.filter(pk=place.pk, opened_at__lte=now - ONE_OPENING)
    if is_new or earlier.update(opened_at=now):
        trail.record("documents.open_version", by=by, on=version, sha256=version.sha256)
    return version


# The worker


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
    _erase(version, because=because)

    trail.record("documents.refuse_version", by=by, on=version, because=because)
    outbox.tell(
        User.objects.holding([Role.SECRETARY], version.body_id),
        "documents/paper_refused",
        url=version.get_absolute_url(),
        because=because,
        added_by=version.added_by_name,
    )
    return version


# What the house itself makes


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
    _announce(version)
    return version


def _announce(version: DocumentVersion) -> None:
    enqueue("documents.tasks.read_version", version.pk)
    publish(VersionAdded(version.pk))


def _erase(version: DocumentVersion, *, because: str) -> None:
    """The row stays as a placeholder. The bytes go once that is committed, unless another paper has them."""
    DocumentText.objects.filter(version=version).delete()
    sha256 = version.sha256
    version.refused_because, version.file_name = because, ""
    version.save(update_fields=["refused_because", "file_name"])
    if version.work_state != WorkState.FAILED:
        fail(version, because)
    transaction.on_commit(lambda: storage.erase_unless_used(sha256))
