"""What changed in a dossier since a person read it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import DocumentVersion, DossierIssue, IssuedPaper, ReadingPlace


class Kind(models.TextChoices):
    NEW = "new", _("New paper")
    REPLACED = "replaced", _("Replaced by a new version")
    MOVED = "moved", _("Stands at another place")
    REMOVED = "removed", _("Taken out")


@dataclass(frozen=True)
class Change:
    kind: Kind
    paper: IssuedPaper  # as it stands now; what was taken out as it stood then
    before: IssuedPaper | None = None
    older: DocumentVersion | None = None  # of a replaced paper: the version that she opened last
    read_to: int = 0  # the page that she reached in it; none where she never opened it
    is_unread: bool = False

    @property
    def tone(self) -> str:
        return "navy" if self.kind in (Kind.NEW, Kind.REPLACED) else "grey"


@dataclass(frozen=True)
class Changes:
    """Nothing, where she has opened no paper of an earlier issue."""

    since: DossierIssue | None = None
    rows: tuple[Change, ...] = ()

    def of(self, version_id: int) -> Change | None:
        return next((row for row in self.rows if row.paper.version_id == version_id), None)


def find_changes(
    user: Any,
    issue: DossierIssue,
    papers: Sequence[IssuedPaper] | None = None,
    places: Sequence[ReadingPlace] | None = None,
) -> Changes:
    """Between the issue that she last read in and this one, in what she was given of both.

    `papers` and `places` spare two queries where the caller has them.
    """
    places = list_places(user, issue) if places is None else places
    since = _find_last_read(issue, places)
    if since is None:
        return Changes()
    if papers is None:
        papers = list_given(user, issue)
    earlier = {paper.version.document_id: paper for paper in list_given(user, since)}
    stayed = _stay_in_order([earlier[d].place for d in _documents(papers) if d in earlier])
    opened = {place.version_id for place in places}
    rows = []
    for paper in papers:
        before, is_unread = earlier.pop(paper.version.document_id, None), paper.version_id not in opened
        if before is None:
            rows.append(Change(Kind.NEW, paper, is_unread=is_unread))
        elif before.version_id != paper.version_id:
            place = _last_opened(places, paper.version)
            older, read_to = (place.version, place.furthest_page) if place else (before.version, 0)
            rows.append(Change(Kind.REPLACED, paper, before, older, read_to, is_unread))
        elif before.place not in stayed or before.section_title != paper.section_title:
            rows.append(Change(Kind.MOVED, paper, before))
    rows += [Change(Kind.REMOVED, paper, paper) for paper in earlier.values()]
    return Changes(since, tuple(rows))


def find_change(user: Any, version: DocumentVersion) -> Change | None:
    """What a reader of this version should know: that it is new, or which older one it replaces."""
    given = IssuedPaper.objects.visible_to(user).filter(version=version)
    paper = given.select_related("issue__dossier").order_by("-issue__sealed_at", "-pk").first()
    if paper is None:
        return None
    return find_changes(user, paper.issue).of(version.pk)


def list_given(user: Any, issue: DossierIssue) -> list[IssuedPaper]:
    """This person's copy of an issue, paper by paper."""
    papers = IssuedPaper.objects.visible_to(user).filter(issue=issue)
    return list(papers.select_related("version__document").order_by("place"))


def list_places(user: Any, issue: DossierIssue) -> list[ReadingPlace]:
    """How far this person has read the papers of all issues of the dossier."""
    issued = IssuedPaper.objects.filter(issue__dossier=issue.dossier_id)
    places = ReadingPlace.objects.filter(user=user, version__in=issued.values("version"))
    return list(places.select_related("version").order_by("at", "pk"))


def _find_last_read(issue: DossierIssue, places: Sequence[ReadingPlace]) -> DossierIssue | None:
    """The earlier issue that lay before her when she last opened a paper that was new to her."""
    openings = [place.first_opened_at for place in places if place.first_opened_at < issue.sealed_at]
    if not openings:
        return None
    earlier = DossierIssue.objects.filter(dossier=issue.dossier_id, number__lt=issue.number)
    read_in = earlier.filter(sealed_at__lte=max(openings)).order_by("-number").first()
    return read_in or earlier.order_by("number").first()  # opened before the sending: the first one


def _last_opened(places: Sequence[ReadingPlace], version: DocumentVersion) -> ReadingPlace | None:
    older = [
        place
        for place in places
        if place.version.document_id == version.document_id and place.version.number < version.number
    ]
    return max(older, key=lambda place: place.version.number, default=None)


def _documents(papers: Sequence[IssuedPaper]) -> list[int]:
    return [paper.version.document_id for paper in papers]


def _stay_in_order(places: Sequence[int]) -> set[int]:
    """Of the old places in their new order, as many as still follow one another: the others have moved."""
    ends: list[int] = []  # the smallest last place of a row of each length
    lengths = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        lengths.append(at)
    stayed, wanted = set(), len(ends) - 1
    for place, length in zip(reversed(places), reversed(lengths), strict=True):
        if length == wanted:
            stayed.add(place)
            wanted -= 1
    return stayed
