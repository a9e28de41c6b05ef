"""What goes into the files that are made of an issue, and what they are called."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from documents.binders.packing import safe_name
from documents.manifest import canonical
from documents.models import DossierIssue, IssuedPaper


def list_bound(issue: DossierIssue, places: Iterable[int] | None = None) -> list[IssuedPaper]:
    papers = issue.papers.select_related("version__document").prefetch_related("version__copies")
    return list((papers if places is None else papers.filter(place__in=places)).order_by("place"))


def list_bound_for(user: Any, issue: DossierIssue) -> list[IssuedPaper]:
    """The papers that this person may read."""
    given = issue.papers.visible_to(user).values_list("place", flat=True)
    return list_bound(issue, list(given))


def make_key(issue: DossierIssue, papers: Sequence[IssuedPaper]) -> str:
    """Names what is inside: the same for all who may read the same, another once a paper can be read anew."""
    inside = [[paper.place, paper.version.view_sha256] for paper in papers]
    return hashlib.sha256(canonical([issue.sha256, inside]).encode()).hexdigest()


def name_file(issue: DossierIssue, ending: str, copy: int | None = None) -> str:
    name = f"Hồ sơ {safe_name(issue.dossier.title)} - phát hành lần {issue.number}"
    return f"{name}{f' - bản số {copy}' if copy else ''}.{ending}"
