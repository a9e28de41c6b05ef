"""The desk of the specialist who drafts a request."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core import clock
from opinions import rules
from opinions.models import OpinionRequest, RequestBeginning
from people.models import Body
from people.rules import Role
from submissions.models import Submission
from submissions.rules import SUBMISSION

END_OF_OFFICE_HOURS = time(17)


def find_bodies(user: Any) -> set[int]:
    """The bodies in which this person drafts requests."""
    return user.body_ids(Role.SECRETARY)


def find_submission(user: Any, dossier: str | None) -> Submission | None:
    """The lead agency's dossier that a request is drafted from; without one the Office makes its own."""
    if not dossier:
        return None
    submissions = Submission.objects.visible_to(user).select_related(
        "dossier__body", "dossier__prepared_by", "kind"
    )
    submission = get_object_or_404(submissions, dossier=dossier if dossier.isdecimal() else 0)
    SUBMISSION.check("take_up_submission", user, submission)
    return submission


def begin_request(user: Any, submission: Submission | None = None) -> OpinionRequest:
    """A request of the body that this person works for, with the longest time the rules allow: blank, or with
    the matter of the dossier that was handed in."""
    own = find_bodies(user) or user.body_ids()
    body = Body.objects.filter(pk__in=own).order_by("pk").first()
    if body is None:
        raise PermissionDenied("draft_request: no office in any body.")
    opinion_request = OpinionRequest(body=body, follower=user if user.holds(Role.SECRETARY) else None)
    if submission is not None:
        opinion_request.body, opinion_request.lead_agency = submission.dossier.body, submission.agency
        opinion_request.subject = submission.dossier.title
    rule_set = opinion_request.rule_set_in_force
    if rule_set is not None:
        _, latest = rule_set.span_of_answer_days(clock.today())
        opinion_request.deadline = timezone.make_aware(datetime.combine(latest, END_OF_OFFICE_HOURS))
    return opinion_request


def find_beginning(user: Any, opinion_request: OpinionRequest, submission: Submission | None) -> Any:
    """What this person has typed into this form before, on whatever device; else a fresh one."""
    dossier = submission.dossier if submission is not None else None
    kept = RequestBeginning.objects.filter(person=user, dossier=dossier).first()
    return kept or RequestBeginning(person=user, body=opinion_request.body, dossier=dossier)


def check_draft(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """The list of what is done and what is missing."""
    checks = [
        (label, guard(opinion_request))
        for label, guard in rules.CHECKLIST
        if opinion_request.is_secret or guard is not rules.counting_is_prepared
    ]
    return {
        "opinion_request": opinion_request,
        "checks": checks,
        "is_waiting": opinion_request.dossier.papers.waiting().exists(),
        "allowed": rules.REQUEST.allowed(user, opinion_request),
    }


def show_answer_span(opinion_request: OpinionRequest) -> dict[str, Any]:
    """The days between which the deadline must lie, for the hint at its field."""
    rule_set = opinion_request.rule_set_in_force
    if rule_set is None:
        return {}
    earliest, latest = rule_set.span_of_answer_days(clock.today())
    return {"earliest": earliest, "latest": latest, "rule_set": rule_set}
