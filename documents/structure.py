"""How the papers of a folder stand: section by section, attachments under their paper, pages through all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.models import DossierPaper, Section

Group = list[DossierPaper]  # a paper and, behind it, its attachments


@dataclass
class Part:
    """A section with its papers; the first part has no section: what lies at the top of the folder."""

    section: Section | None
    groups: list[Group]


def arrange(sections: Iterable[Section], papers: Iterable[DossierPaper]) -> list[Part]:
    """The papers as they are shown. Both come in their order; a paper brings `version.document` along."""
    papers = list(papers)
    parents = find_parents(papers)
    groups = {paper.pk: [paper] for paper in papers if paper.pk not in parents}
    for paper in sorted(papers, key=lambda it: (it.version.document.attachment_place, it.place)):
        if paper.pk in parents:
            groups[parents[paper.pk].pk].append(paper)
    parts = [Part(None, []), *(Part(section, []) for section in sections)]
    by_section = {part.section.pk if part.section else None: part for part in parts}
    for group in groups.values():
        by_section[group[0].section_id].groups.append(group)
    return parts


def find_parents(papers: Iterable[DossierPaper]) -> dict[int, DossierPaper]:
    """For each attachment the paper that it stands under. An attachment of an attachment, or of a paper that
    is not in this folder, stands by itself."""
    papers = list(papers)
    by_document: dict[int, DossierPaper] = {}
    for paper in papers:
        by_document.setdefault(paper.version.document_id, paper)

    def parent_of(paper: DossierPaper) -> DossierPaper | None:
        attached_to = paper.version.document.attached_to_id
        return by_document.get(attached_to) if attached_to else None

    found: dict[int, DossierPaper] = {}
    for paper in papers:
        parent = parent_of(paper)
        if parent is not None and parent_of(parent) is None:
            found[paper.pk] = parent
    return found


def in_order(parts: Iterable[Part]) -> Iterator[tuple[Section | None, DossierPaper]]:
    for part in parts:
        for group in part.groups:
            for paper in group:
                yield part.section, paper
