"""The order of a folder: descriptions, places, sections, and who of the members may read a paper."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core.locks import lock
from core.workflow import Conflict
from documents import rules
from documents.actions._structure import (
    find_section,
    lock_document,
    lock_paper,
    lock_section,
    number,
    read_parts,
    renumber,
)
from documents.models import Document, Dossier, DossierPaper, NeedToKnow, Section
from documents.rules import Urgency
from documents.structure import find_parents
from people.models import User


@transaction.atomic
def describe_paper(
    paper: DossierPaper,
    *,
    by: Any,
    kind: str,
    title: str,
    number: str = "",
    issued_by: str = "",
    issued_on: date | None = None,
    signer: str = "",
    urgency: str = Urgency.NORMAL,
    attached_to: DossierPaper | None = None,
) -> DossierPaper:
    """What stands on a paper is written down: its kind, number and date, who issued and signed it, and
    whether it is an attachment of another paper of the folder."""
    dossier, paper = lock_paper(paper)
    rules.DOSSIER.check("describe_paper", by, dossier)
    if reason := rules.bytes_are_kept(paper.version):
        raise Conflict(reason)
    document = lock_document(paper.version.document, by=by, dossier=dossier, change_all=True)

    before = _describe(document)
    document.kind, document.title, document.number = kind, title.strip(), number.strip()
    document.issued_by, document.issued_on, document.signer = issued_by.strip(), issued_on, signer.strip()
    document.urgency = urgency
    _attach(document, paper, attached_to)
    document.save()
    renumber(dossier)
    paper.refresh_from_db()

    after = _describe(document)
    trail.record(
        "documents.describe_paper",
        by=by,
        on=paper.version,
        before={name: value for name, value in before.items() if value != after[name]},
        after={name: value for name, value in after.items() if value != before[name]},
    )
    return paper


@transaction.atomic
def move_paper(
    paper: DossierPaper, *, by: Any, section: Section | None = None, place: int | None = None
) -> DossierPaper:
    """A paper gets another place, in its section or in another. `place` counts from 1 among the papers of the
    section; without one it goes to the end.

    Its attachments go with it. An attachment is moved among the attachments of its paper.
    """
    dossier, paper = lock_paper(paper)
    rules.DOSSIER.check("move_paper", by, dossier)

    before, parts = paper.place, read_parts(dossier)
    target = find_section(dossier, section)
    part, group = next((part, group) for part in parts for group in part.groups if paper in group)
    if group[0] == paper:
        part.groups.remove(group)
        groups = next(part.groups for part in parts if part.section == target)
        groups.insert(_index(place, len(groups)), group)
    else:
        moved = group.pop(group.index(paper))
        group.insert(1 + _index(place, len(group) - 1), moved)
        _number_attachments(group)
    number(parts)
    paper.refresh_from_db(fields=["place", "section"])

    trail.record(
        "documents.move_paper",
        by=by,
        on=dossier,
        paper=str(paper.version),
        before=before,
        after=paper.place,
        section=paper.section.title if paper.section else "",
    )
    return paper


@transaction.atomic
def limit_readers(paper: DossierPaper, *, by: Any, readers: Iterable[User]) -> DossierPaper:
    """A secretary names those of the members and their assistants who need to know a paper; nobody else is
    given it with the folder. Naming nobody opens it to all of them again."""
    dossier, paper = lock_paper(paper)
    rules.DOSSIER.check("limit_readers", by, dossier)
    named = set(readers)
    if not named <= set(User.objects.holding(rules.READING, dossier.body)):
        raise Conflict(_("Name members of this body or their assistants only."))

    before = sorted(str(row.reader) for row in paper.readers.select_related("reader"))
    paper.readers.exclude(reader__in=named).delete()
    NeedToKnow.objects.bulk_create(
        (NeedToKnow(paper=paper, reader=reader) for reader in named), ignore_conflicts=True
    )

    after = sorted(map(str, named))
    trail.record(
        "documents.limit_readers", by=by, on=paper.version, before=before, after=after, place=paper.place
    )
    return paper


@transaction.atomic
def add_section(dossier: Dossier, *, by: Any, title: str) -> Section:
    """A new part at the end of the folder."""
    dossier = lock(dossier)
    rules.DOSSIER.check("add_section", by, dossier)

    section = Section.objects.create(dossier=dossier, title=title.strip(), place=dossier.sections.count() + 1)

    trail.record("documents.add_section", by=by, on=dossier, section=section.title)
    return section


@transaction.atomic
def rename_section(section: Section, *, by: Any, title: str) -> Section:
    """A part of the folder gets another heading."""
    dossier, section = lock_section(section)
    rules.DOSSIER.check("rename_section", by, dossier)

    before, section.title = section.title, title.strip()
    section.save(update_fields=["title"])

    trail.record("documents.rename_section", by=by, on=dossier, before=before, after=section.title)
    return section


@transaction.atomic
def move_section(section: Section, *, by: Any, place: int) -> Section:
    """A part of the folder gets another place, with all its papers."""
    dossier, section = lock_section(section)
    rules.DOSSIER.check("move_section", by, dossier)

    before = section.place
    others = list(dossier.sections.exclude(pk=section.pk))
    others.insert(_index(place, len(others)), section)
    _number_sections(others)
    renumber(dossier)

    trail.record(
        "documents.move_section", by=by, on=dossier, section=section.title, before=before, after=section.place
    )
    return section


@transaction.atomic
def remove_section(section: Section, *, by: Any) -> None:
    """A heading goes; its papers stay, at the end of those without a section."""
    dossier, section = lock_section(section)
    rules.DOSSIER.check("remove_section", by, dossier)

    moved = section.papers.update(section=None)
    title = section.title
    section.delete()
    _number_sections(list(dossier.sections.all()))
    renumber(dossier)

    trail.record("documents.remove_section", by=by, on=dossier, section=title, papers=moved)


def _attach(document: Document, paper: DossierPaper, attached_to: DossierPaper | None) -> None:
    """Under another paper of the same folder, behind the attachments that it has; or by itself."""
    if attached_to is None:
        document.attached_to, document.attachment_place = None, 0
        return
    papers = list(paper.dossier.papers.select_related("version__document").order_by("place", "pk"))
    parents = find_parents(papers)
    parent = next((one for one in papers if one.pk == attached_to.pk), None)
    if parent is None:
        raise Conflict(_("The paper that this one is attached to is not in this dossier any more."))
    if parent.version.document_id == document.pk or parent.pk in parents:
        raise Conflict(_("Attach it to a paper that is not an attachment itself."))
    if paper.pk in {one.pk for one in parents.values()}:
        raise Conflict(_("This paper has attachments of its own, so it cannot be one."))
    if document.attached_to_id == parent.version.document_id:
        return
    document.attached_to = lock(parent.version.document)
    siblings = [one for one in papers if parents.get(one.pk) == parent]
    last = max((one.version.document.attachment_place for one in siblings), default=0)
    document.attachment_place = last + 1


def _number_attachments(group: list[DossierPaper]) -> None:
    documents = [paper.version.document for paper in group[1:]]
    for place, document in enumerate(documents, 1):
        document.attachment_place = place
    Document.objects.bulk_update(documents, ["attachment_place"])


def _number_sections(sections: list[Section]) -> None:
    for place, section in enumerate(sections, 1):
        section.place = place
    Section.objects.bulk_update(sections, ["place"])


def _index(place: int | None, length: int) -> int:
    return length if place is None else min(max(place - 1, 0), length)


def _describe(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "title": document.title,
        "number": document.number,
        "issued_by": document.issued_by,
        "issued_on": f"{document.issued_on:%d/%m/%Y}" if document.issued_on else "",
        "signer": document.signer,
        "urgency": document.urgency,
        "attached_to": str(document.attached_to or ""),
    }
