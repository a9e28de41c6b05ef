"""What every change of a folder does first and last: the locks, and the places from 1 on."""

from typing import Any

from django.utils.translation import gettext as _

from core.locks import lock
from core.workflow import Conflict
from documents import rules
from documents.models import Document, Dossier, DossierPaper, Section
from documents.rules import IN_WORK, MADE_HERE
from documents.structure import Part, arrange, in_order


def lock_paper(paper: DossierPaper) -> tuple[Dossier, DossierPaper]:
    """The folder first, then the paper, unless a colleague has just taken it out."""
    dossier = lock(paper.dossier)
    found = DossierPaper.objects.select_for_update().filter(pk=paper.pk).first()
    if found is None:
        raise Conflict(_("This paper has just been taken out of the dossier by someone else."))
    found.dossier = dossier
    return dossier, found


def lock_section(section: Section) -> tuple[Dossier, Section]:
    dossier = lock(section.dossier)
    found = find_section(dossier, section)
    assert found is not None
    return dossier, found


def find_section(dossier: Dossier, section: Section | None) -> Section | None:
    """As it stands now, in this folder."""
    if section is None:
        return None
    found = dossier.sections.filter(pk=section.pk).first()
    if found is None:
        raise Conflict(_("This section has just been removed from the dossier by someone else."))
    return found


def lock_document(document: Document, *, by: Any, dossier: Dossier, change_all: bool) -> Document:
    """A document may lie in several folders: who changes it for all of them must have all of them in hand."""
    document = lock(document)
    if document.kind in MADE_HERE:
        raise Conflict(
            _("This paper is made by the system: its text and its name are changed where it is made.")
        )
    others = Dossier.objects.filter(papers__version__document=document).exclude(pk=dossier.pk).distinct()
    for other in others.order_by("pk"):
        if not rules.works_on_dossier(by, other) or (change_all and other.status not in IN_WORK):
            raise Conflict(
                _("This paper also lies in a dossier that you do not work on. Upload yours as a new paper.")
            )
    return document


def read_parts(dossier: Dossier) -> list[Part]:
    papers = dossier.papers.select_related("version__document").order_by("place", "pk")
    return arrange(dossier.sections.all(), papers)


def number(parts: list[Part]) -> None:
    """Places from 1 on, as the parts stand; an attachment lies in the section of its paper."""
    changed = []
    for place, (section, paper) in enumerate(in_order(parts), 1):
        section_id = section.pk if section else None
        if (paper.place, paper.section_id) != (place, section_id):
            paper.place, paper.section_id = place, section_id
            changed.append(paper)
    DossierPaper.objects.bulk_update(changed, ["place", "section"])


def renumber(dossier: Dossier) -> None:
    number(read_parts(dossier))
