"""A dossier as one person has it: the papers in their order with page numbers, and how far they are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import Q

from documents.manifest import number_pages
from documents.models import (
    DocumentVersion,
    Dossier,
    DossierIssue,
    IssuedPaper,
    ReadingPlace,
)
from documents.rules import WITHOUT_PAGES


class ReadMark(StrEnum):
    UNREAD = "unread"
    CHANGED = "changed"  # an earlier version was opened, this one was not
    BEGUN = "begun"
    READ = "read"


@dataclass(frozen=True)
class ListedPaper:
    version: DocumentVersion
    place: int
    section: str
    first_page: int | None  # through the whole dossier; none for sound and film
    pages: int
    mark: ReadMark
    furthest_page: int = 0

    @property
    def last_page(self) -> int | None:
        return self.first_page + self.pages - 1 if self.first_page else None

    @property
    def is_new(self) -> bool:
        return self.mark in (ReadMark.UNREAD, ReadMark.CHANGED)


@dataclass(frozen=True)
class ReadingList:
    """The papers that this person may read. The pages are counted with those that she may not."""

    dossier: Dossier
    issue: DossierIssue | None  # none: the copy that is worked on
    papers: tuple[ListedPaper, ...]

    def __iter__(self) -> Iterator[ListedPaper]:
        return iter(self.papers)

    @property
    def sections(self) -> list[tuple[str, list[ListedPaper]]]:
        return [(title, list(papers)) for title, papers in groupby(self.papers, lambda paper: paper.section)]

    @property
    def last_page(self) -> int:
        return max((paper.last_page or 0 for paper in self.papers), default=0)

    @property
    def unread(self) -> int:
        return sum(paper.is_new for paper in self.papers)

    def find(self, version: DocumentVersion) -> ListedPaper | None:
        return next((paper for paper in self.papers if paper.version == version), None)

    def newer_than(self, version: DocumentVersion) -> ListedPaper | None:
        """What has taken the place of a version that is no longer in the dossier."""
        return next(
            (
                paper
                for paper in self.papers
                if paper.version.document_id == version.document_id and paper.version.number > version.number
            ),
            None,
        )

    def before(self, paper: ListedPaper) -> ListedPaper | None:
        at = self.papers.index(paper)
        return self.papers[at - 1] if at else None

    def after(self, paper: ListedPaper) -> ListedPaper | None:
        return next(iter(self.papers[self.papers.index(paper) + 1 :]), None)

    def next_unread(self, paper: ListedPaper | None = None) -> ListedPaper | None:
        """The next one that was not opened, first below this paper, then from the top."""
        at = self.papers.index(paper) + 1 if paper else 0
        return next((other for other in self.papers[at:] + self.papers[:at] if other.is_new), None)

    def at_page(self, page: int) -> ListedPaper | None:
        return next((paper for paper in self.papers if paper.first_page and page in _span(paper)), None)


def find_reading_list(user: Any, dossier: Dossier, *, in_work: bool = False) -> ReadingList:
    """What lies before the members; before the first sealing, and where asked for, the copy in work."""
    issue = None if in_work else dossier.current_issue
    lines = list(_issued_lines(user, issue) if issue else _working_lines(user, dossier))
    places, seen = _read_places(user, [line[0] for line in lines])
    papers = (
        ListedPaper(version, place, section, first_page, pages, *_mark(version, pages, places, seen))
        for version, place, section, first_page, pages in lines
    )
    return ReadingList(dossier, issue, tuple(papers))


def find_dossier_of(user: Any, version: DocumentVersion, dossier: str = "") -> Dossier | None:
    """The dossier asked for, or the newest one through which the person has this version."""
    dossiers = Dossier.objects.visible_to(user).filter(
        Q(papers__version__document=version.document_id)
        | Q(issues__papers__version__document=version.document_id)
    )
    if dossier.isdecimal() and len(dossier) < 19:
        asked = dossiers.filter(pk=dossier).first()
        if asked:
            return asked
    return dossiers.order_by("-pk").first()


Line = tuple[DocumentVersion, int, str, int | None, int]


def _issued_lines(user: Any, issue: DossierIssue) -> Iterator[Line]:
    papers = IssuedPaper.objects.visible_to(user).filter(issue=issue).order_by("place")
    for paper in papers.select_related("version__document__body"):
        yield paper.version, paper.place, paper.section_title, paper.first_page, paper.pages


def _working_lines(user: Any, dossier: Dossier) -> Iterator[Line]:
    papers = dossier.papers.select_related("version__document__body", "section").order_by("place", "pk")
    visible = set(dossier.papers.visible_to(user).values_list("pk", flat=True))
    first_pages = number_pages(paper.version.pages for paper in papers)
    for place, (paper, first_page) in enumerate(zip(papers, first_pages, strict=True), start=1):
        if paper.pk in visible and not paper.version.refused_because:
            section = paper.section.title if paper.section else ""
            yield paper.version, place, section, first_page, paper.version.pages or 0


def _read_places(
    user: Any, versions: Iterable[DocumentVersion]
) -> tuple[dict[int, ReadingPlace], dict[int, int]]:
    """By version where she was, and by document the newest version that she has opened."""
    documents = {version.document_id for version in versions}
    places = ReadingPlace.objects.filter(user=user, version__document__in=documents).select_related("version")
    seen: dict[int, int] = {}
    for place in places:
        document = place.version.document_id
        seen[document] = max(seen.get(document, 0), place.version.number)
    return {place.version_id: place for place in places}, seen


def _mark(
    version: DocumentVersion, pages: int, places: dict[int, ReadingPlace], seen: dict[int, int]
) -> tuple[ReadMark, int]:
    place = places.get(version.pk)
    if place is None or not (pages or version.format in WITHOUT_PAGES):  # opened, and nothing to read yet
        is_changed = 0 < seen.get(version.document_id, 0) < version.number
        return (ReadMark.CHANGED if is_changed else ReadMark.UNREAD), 0
    return (ReadMark.READ if place.furthest_page >= pages else ReadMark.BEGUN), place.furthest_page


def _span(paper: ListedPaper) -> range:
    return range(paper.first_page or 0, (paper.first_page or 0) + paper.pages)
