"""What the pages of the reading room have in common."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict

from documents.models import Distribution, DocumentVersion
from documents.rules import MADE_HERE
from people.models import Appointment, Body, User
from reading import rules
from reading.models import Folder, FolderPaper

ROWS_A_PAGE = 30


@dataclass
class Sheet:
    """Some rows of a long list, the newest first, and the addresses of its neighbours."""

    rows: list[Any]
    newer: str = ""
    older: str = ""


def turn(rows: "QuerySet[Any, Any]", asked: QueryDict) -> Sheet:
    """By key, so that what comes in meanwhile moves nothing."""
    before, after = _number(asked, "before"), _number(asked, "after")
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: ROWS_A_PAGE + 1])
        more_newer, more_older = len(found) > ROWS_A_PAGE, True
        found = found[:ROWS_A_PAGE][::-1]
    else:
        found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: ROWS_A_PAGE + 1])
        more_newer, more_older = bool(before), len(found) > ROWS_A_PAGE
        found = found[:ROWS_A_PAGE]
    if not found:
        return Sheet([])
    return Sheet(
        found,
        f"?after={found[0].pk}" if more_newer else "",
        f"?before={found[-1].pk}" if more_older else "",
    )


def _number(asked: QueryDict, name: str) -> int:
    typed = asked.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


def find_own_papers(user: Any) -> "QuerySet[DocumentVersion, DocumentVersion]":
    """Those she keeps for herself, and to how many she has given each."""
    versions = DocumentVersion.objects.visible_to(user).kept().filter(document__owner=user)
    versions = versions.exclude(document__kind__in=MADE_HERE)
    given = Count("distributions", filter=Q(distributions__reader__isnull=False), distinct=True)
    return versions.select_related("document").prefetch_related("copies").annotate(given_to=given)


def find_given_papers(user: Any) -> "QuerySet[Distribution, Distribution]":
    given = Distribution.objects.filter(reader=user, version__refused_because="")
    return given.select_related("version__document")


def find_folders(user: Any, body: Body | None = None) -> "QuerySet[Folder, Folder]":
    """One's own, or the common library of a body; each with the number of papers that she may read."""
    folders = Folder.objects.visible_to(user).filter(Q(body=body) if body else Q(owner=user))
    return folders.annotate(count=Count("papers", filter=_readable(user), distinct=True))


def find_folder_papers(user: Any, folder: Folder) -> "QuerySet[FolderPaper, FolderPaper]":
    """A paper that she may not read, or no more, is not shown to lie there."""
    papers = FolderPaper.objects.filter(folder=folder)
    return papers.filter(version__in=_visible(user)).select_related("version__document")


def _readable(user: Any) -> Q:
    return Q(papers__version__in=_visible(user))


def _visible(user: Any) -> Any:
    return DocumentVersion.objects.visible_to(user).kept().values("pk")


def find_library_bodies(user: Any) -> list[Body]:
    bodies = {a.body_id: a.body for a in user.current_appointments if a.role in rules.LIBRARY_ROLES}
    return [bodies[pk] for pk in sorted(bodies)]


def find_kept_bodies(user: Any) -> list[Body]:
    """Whose common library she keeps."""
    return [body for body in find_library_bodies(user) if rules.keeps_folder(user, Folder(body=body))]


def find_colleagues(user: Any, words: str = "") -> "QuerySet[User, User]":
    """To whom a private paper may be given: those who hold an office with her today, with these offices."""
    current = Appointment.objects.current().filter(body__in=user.body_ids()).order_by("pk")
    return (
        User.objects.filter(pk__in=current.values("user"), is_active=True)
        .exclude(pk=user.pk)
        .matching(words)
        .prefetch_related(Prefetch("appointments", current))
        .order_by("sort_key", "pk")
    )
