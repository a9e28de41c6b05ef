"""What each page of the way to the Office is made of: reads that join several models."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from documents.models import Dossier, DossierPaper
from documents.rules import DOSSIER
from people.models import Body, Organisation
from people.rules import Role
from submissions import rules
from submissions.models import MatterKind, Submission
from submissions.rules import LATE, SubmissionStatus

PAGE_SIZE = 20


# The list


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    newer: str
    older: str


def turn(rows: Any, query: Any) -> Page:
    """Twenty a page by key, so that the hundredth page costs what the first does."""
    before, after = _number(query.get("before")), _number(query.get("after"))
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE_SIZE + 1])
        has_newer, has_older = len(found) > PAGE_SIZE, True
        found = found[:PAGE_SIZE][::-1]
    else:
        found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE_SIZE + 1])
        has_newer, has_older = bool(before), len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE]
    return Page(
        found,
        newer=_address(query, after=found[0].pk) if found and has_newer else "",
        older=_address(query, before=found[-1].pk) if found and has_older else "",
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(query: Any, **changes: Any) -> str:
    """This list with something changed; it begins at its first page."""
    query = query.copy()
    for name in ("before", "after", *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value})
    return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int
    is_chosen: bool


def list_tabs(submissions: Any, query: Any, chosen: str) -> list[Tab]:
    """How many there are in each state, counted in one question."""
    states = {"": Q(), **{state: Q(status=state) for state in SubmissionStatus.values}, LATE: Q(is_late=True)}
    counts = submissions.aggregate(
        **{f"in_{state}": Count("pk", filter=condition) for state, condition in states.items() if state},
        in_=Count("pk"),
    )
    labels = {"": _("All"), **{state.value: state.label for state in SubmissionStatus}, LATE: _("late")}
    return [
        Tab(
            str(labels[state])[0].upper() + str(labels[state])[1:],
            _address(query, state=state),
            counts[f"in_{state}"],
            state == chosen,
        )
        for state in states
    ]


def find_agencies(user: Any) -> Any:
    """Those that have handed something in, as far as this person sees it."""
    seen = Submission.objects.visible_to(user).values("dossier__prepared_by")
    return Organisation.objects.filter(pk__in=seen)


def may_prepare(user: Any) -> bool:
    return user.holds(Role.SUBMITTER) or user.holds(Role.SECRETARY)


# One submission


@dataclass(frozen=True)
class Step:
    what: str
    who: str
    at: datetime
    note: str = ""


def tell_history(submission: Submission) -> list[Step]:
    """The last of each step, the newest first; the trail has the whole story."""
    handed_in = _("Handed in after its day") if submission.is_late else _("Handed in")
    steps = [
        Step(_("Begun"), str(submission.created_by), submission.created_at),
        Step(handed_in, submission.handed_in_by_name, submission.handed_in_at),
        Step(_("Returned"), submission.returned_by_name, submission.returned_at, submission.return_reason),
        Step(
            _("Removal proposed"),
            submission.removal_proposed_by_name,
            submission.removal_proposed_at,
            submission.removal_reason,
        ),
        Step(_("Accepted"), submission.accepted_by_name, submission.accepted_at),
        Step(_("Taken up into a written procedure"), "", submission.taken_up_at),
    ]
    return sorted((step for step in steps if step.at), key=lambda step: step.at, reverse=True)


def describe(user: Any, submission: Submission) -> dict[str, Any]:
    """Everything on the page of a submission. What a person may not do is not there at all.

    What was handed in is read here as it was handed in; the Office works on it on the dossier's own page.
    """
    may_edit = DOSSIER.allows("add_paper", user, submission.dossier)
    return {
        **show_checklist(user, submission),
        "papers": list_papers(user, submission),
        "works_here": may_edit and submission.is_with_the_agency,
        "may_edit_papers": may_edit and submission.taken_up_at is None,
        "history": tell_history(submission),
        "sees_papers": Dossier.objects.visible_to(user).filter(pk=submission.dossier_id).exists(),
        "is_office": user.holds(Role.SECRETARY, submission.body_id),
    }


def list_papers(user: Any, submission: Submission) -> list[DossierPaper]:
    papers = DossierPaper.objects.visible_to(user).filter(dossier=submission.dossier_id)
    return list(papers.select_related("version__document").order_by("place", "pk"))


def show_checklist(user: Any, submission: Submission) -> dict[str, Any]:
    """What is done and what is missing, and what this person may do about it."""
    checks = rules.check_submission(submission)
    return {
        "submission": submission,
        "checks": checks,
        "missing_count": sum(bool(check.missing) for check in checks),
        "is_waiting": submission.dossier.papers.waiting().exists(),
        "allowed": rules.SUBMISSION.allowed(user, submission),
    }


# Kinds of matters


def group_kinds(user: Any) -> list[dict[str, Any]]:
    """The kinds of my bodies: those in force, those to come, those that have ended."""
    kinds = list(MatterKind.objects.visible_to(user).order_by("name", "-valid_from"))
    bodies = Body.objects.visible_to(user).order_by("pk")
    groups = []
    for body in bodies:
        own = [kind for kind in kinds if kind.body_id == body.pk]
        groups.append(
            {
                "body": body,
                "kinds": [kind for kind in own if not kind.has_ended],
                "ended": [kind for kind in own if kind.has_ended],
                "may_add": rules.MATTER_KIND.allows("add_matter_kind", user, MatterKind(body=body)),
            }
        )
    return groups
