"""What the pages of a dossier are made of: reads that join several models."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from documents.binders.issue_files import list_bound_for, make_key
from documents.changes import Change, Changes, find_changes
from documents.models import DocumentVersion, Dossier, DossierIssue, IssuedPaper
from documents.queries import ListedPaper, ReadingList, ReadMark, find_reading_list
from documents.rules import BinderKind


@dataclass
class Row:
    """A paper as this person has it, with what has become of it since she read it."""

    paper: ListedPaper
    change: Change | None = None

    @property
    def version(self) -> DocumentVersion:
        return self.paper.version

    @property
    def version_id(self) -> int:
        return self.paper.version.pk


@dataclass(frozen=True)
class Part:
    """A section; papers without one stand in a part without a title."""

    title: str
    rows: list[Row]


def describe_copy(user: Any, dossier: Dossier) -> dict[str, Any]:
    """A person's copy of the dossier, by sections; a fixed number of queries, however many papers."""
    listed = find_reading_list(user, dossier)
    changes = find_changes(user, listed.issue) if listed.issue else Changes()
    rows = [Row(paper, changes.of(paper.version.pk)) for paper in listed]
    return {
        "issue": listed.issue,
        "listed": listed,
        "rows": rows,
        "parts": [
            Part(title, list(some)) for title, some in groupby(rows, key=lambda row: row.paper.section)
        ],
        "changes": changes,
        "go_on": _find_where_to_go_on(listed),
        "next_unread": listed.next_unread(),
        "pages_given": sum(paper.pages for paper in listed),
    }


def list_older(user: Any, issue: DossierIssue) -> list[IssuedPaper]:
    """What this person was given of an issue that no longer counts."""
    papers = IssuedPaper.objects.visible_to(user).filter(issue=issue)
    return list(papers.select_related("version__document").order_by("place"))


def describe_binders(user: Any, issue: DossierIssue) -> dict[str, Any]:
    """The files made of this person's copy of the issue, and her personal copies."""
    key = make_key(issue, list_bound_for(user, issue))
    built = {binder.kind: binder for binder in issue.binders.filter(content_key=key)}
    copies = list(issue.binder_copies.filter(reader=user).order_by("-number"))
    return {
        "issue": issue,
        "files": [(kind, built.get(kind.value)) for kind in BinderKind],
        "copies": copies,
        "is_building": any(work.is_waiting for work in [*built.values(), *copies]),
    }


def _find_where_to_go_on(listed: ReadingList) -> ListedPaper | None:
    """The first paper that was begun and not finished, else the first unread one, else the first of all."""
    begun = (paper for paper in listed if paper.mark == ReadMark.BEGUN)
    return next(begun, listed.next_unread() or next(iter(listed), None))
