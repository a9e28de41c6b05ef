"""Folders of one's own, and the common library of a body."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from documents.actions import distribute_version
from documents.models import DocumentVersion
from people.models import User
from reading import rules
from reading.models import Folder, FolderPaper


@transaction.atomic
def make_folder(folder: Folder, *, by: User) -> Folder:
    """A person makes a folder for herself; the Office or the archivist one of the common library."""
    rules.FOLDER.check("make_folder", by, folder)

    folder.save()

    trail.record("reading.make_folder", by=by, on=folder, body_id=_find_body(folder, by))
    return folder


@transaction.atomic
def rename_folder(folder: Folder, *, by: User, title: str) -> Folder:
    folder = lock(folder)
    rules.FOLDER.check("rename_folder", by, folder)

    before, folder.title = folder.title, title
    folder.save(update_fields=["title"])

    trail.record(
        "reading.rename_folder", by=by, on=folder, body_id=_find_body(folder, by), before=before, after=title
    )
    return folder


@transaction.atomic
def remove_folder(folder: Folder, *, by: User) -> None:
    """The folder goes; the papers in it stay where else they are, and who was given them keeps them."""
    folder = lock(folder)
    rules.FOLDER.check("remove_folder", by, folder)

    papers = [str(place.version) for place in folder.papers.select_related("version__document")]
    trail.record("reading.remove_folder", by=by, on=folder, body_id=_find_body(folder, by), papers=papers)
    folder.papers.all().delete()
    folder.delete()


@transaction.atomic
def put_into_folder(folder: Folder, *, by: User, version: DocumentVersion) -> FolderPaper:
    """A paper is laid into a folder, once.

    What is laid into the common library is given to all who hold an office in the body.
    """
    folder = lock(folder)
    place = FolderPaper(folder=folder, version=version, added_by_name=str(by))
    rules.FOLDER_PAPER.check("put_into_folder", by, place)
    if (there := folder.papers.filter(version=version).first()) is not None:
        return there

    if folder.body is not None:
        offices = [(role, folder.body) for role in rules.LIBRARY_ROLES]
        distribute_version(version, by=by, roles=offices, because=folder.title)
    place.save()

    trail.record(
        "reading.put_into_folder", by=by, on=folder, body_id=_find_body(folder, by), paper=str(version)
    )
    return place


@transaction.atomic
def take_out_of_folder(place: FolderPaper, *, by: User) -> None:
    """Out of the folder only: who was given the paper keeps it."""
    lock(place.folder)
    place = lock(place)
    rules.FOLDER_PAPER.check("take_out_of_folder", by, place)

    body_id, paper = _find_body(place.folder, by), str(place.version)
    trail.record("reading.take_out_of_folder", by=by, on=place.folder, body_id=body_id, paper=paper)
    place.delete()


def _find_body(folder: Folder, by: Any) -> int | None:
    """Whose auditor may know that something was done."""
    return folder.body_id or by.body_id
