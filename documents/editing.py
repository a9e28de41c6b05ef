"""What the editor of a folder is made of: a fixed number of queries, however many papers lie in it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q

from documents import rules
from documents.manifest import number_pages
from documents.models import DocumentVersion, Dossier, DossierPaper, Section
from documents.structure import arrange, in_order

MOST_FOUND = 30


@dataclass
class Row:
    """A paper in its line, with where its arrows lead: "section:place", 0 for no section."""

    paper: DossierPaper
    first_page: int | None
    up: str
    down: str
    readers: list[str]
    attachments: "list[Row]" = field(default_factory=list)

    @property
    def last_page(self) -> int | None:
        return self.first_page + (self.paper.version.pages or 1) - 1 if self.first_page else None


@dataclass(frozen=True)
class ShownPart:
    section: Section | None
    rows: list[Row]

    @property
    def number(self) -> int:
        """As it stands in an address; 0 for what has no section."""
        return self.section.pk if self.section else 0


def describe_editor(user: Any, dossier: Dossier) -> dict[str, Any]:
    """The folder for those who work on it."""
    papers = list(
        DossierPaper.objects.visible_to(user)
        .filter(dossier=dossier)
        .select_related("version__document")
        .prefetch_related("readers__reader")
        .order_by("place", "pk")
    )
    parts = arrange(dossier.sections.all(), papers)
    ordered = [paper for _, paper in in_order(parts)]
    first_pages = dict(
        zip(ordered, number_pages(paper.version.pages for paper in ordered), strict=True)
    )  # of those whose pages are not counted yet, none
    numbers = [part.section.pk if part.section else 0 for part in parts]
    lengths = [len(part.groups) for part in parts]
    shown = []
    for at, part in enumerate(parts):
        rows = []
        for place, group in enumerate(part.groups, 1):
            up, down = _neighbours(numbers, lengths, at, place)
            row = _row(group[0], first_pages, up, down)
            for below, paper in enumerate(group[1:], 1):
                up = f"{numbers[at]}:{max(below - 1, 1)}"
                down = f"{numbers[at]}:{min(below + 1, len(group) - 1)}"
                row.attachments.append(_row(paper, first_pages, up, down))
            rows.append(row)
        shown.append(ShownPart(part.section, rows))
    return {
        "dossier": dossier,
        "parts": shown,
        "papers": ordered,
        "page_count": sum(paper.version.pages or 0 for paper in ordered),
        "size": sum(paper.version.size for paper in ordered),
        "allowed": rules.DOSSIER.allowed(user, dossier),
    }


def find_place(paper: DossierPaper) -> str:
    """Where a paper stands, as the arrows say it; to bring it back there."""
    papers = paper.dossier.papers.select_related("version__document").order_by("place", "pk")
    for part in arrange(paper.dossier.sections.all(), papers):
        for place, group in enumerate(part.groups, 1):
            if paper in group:
                found = group.index(paper) or place
                return f"{part.section.pk if part.section else 0}:{found}"
    return ""


def find_includable(user: Any, dossier: Dossier, words: str) -> list[DocumentVersion]:
    """The newest versions with these words in title or number that this person may put into the folder."""
    newest = (
        DocumentVersion.objects.visible_to(user)
        .kept()
        .filter(document__body=dossier.body_id, document__owner__isnull=True)
        .values("document")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    found = DocumentVersion.objects.filter(pk__in=newest).exclude(document__versions__papers__dossier=dossier)
    for word in words.split():
        found = found.filter(Q(document__title__icontains=word) | Q(document__number__icontains=word))
    return list(found.select_related("document").order_by("-pk")[:MOST_FOUND])


def _row(paper: DossierPaper, first_pages: dict[DossierPaper, int | None], up: str, down: str) -> Row:
    readers = sorted(row.reader.full_name for row in paper.readers.all())
    return Row(paper, first_pages[paper], up, down, readers)


def _neighbours(numbers: list[int], lengths: list[int], at: int, place: int) -> tuple[str, str]:
    """The places before and behind; at the edge of a section, in the next one."""
    if place > 1:
        up = f"{numbers[at]}:{place - 1}"
    else:
        up = f"{numbers[at - 1]}:{lengths[at - 1] + 1}" if at > 0 else f"{numbers[at]}:1"
    if place < lengths[at]:
        down = f"{numbers[at]}:{place + 1}"
    else:
        down = f"{numbers[at + 1]}:1" if at + 1 < len(numbers) else f"{numbers[at]}:{place}"
    return up, down
