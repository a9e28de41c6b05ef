"""What each page of the written procedure is made of: reads that join several models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock
from decisions.models import Resolution, RuleSet
from decisions.tally import Branch
from documents.models import DossierIssue, DossierPaper
from documents.pages import describe_copy
from opinions import rules
from opinions.forms import AnswerForm, ReasonForm, RequestForm
from opinions.models import Answer, OpinionRequest, OpinionSlip, Question
from opinions.rules import SlipStatus
from people.models import Appointment, Body
from people.rules import Role
from submissions.models import Submission
from submissions.pages import Page
from submissions.pages import turn as turn_rows
from submissions.rules import SUBMISSION

END_OF_OFFICE_HOURS = time(17)


# The list


def turn(requests: Any, query: Any) -> Page:
    """Twenty a page by key, each with its progress."""
    return turn_rows(requests.select_related("lead_agency", "body").with_progress(), query)


# The specialist


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
    opinion_request = OpinionRequest(body=body)
    if submission is not None:
        opinion_request.body, opinion_request.lead_agency = submission.dossier.body, submission.agency
        opinion_request.subject = submission.dossier.title
    rule_set = opinion_request.rule_set_in_force
    if rule_set is not None:
        _, latest = rule_set.span_of_answer_days(clock.today())
        opinion_request.deadline = timezone.make_aware(datetime.combine(latest, END_OF_OFFICE_HOURS))
    return opinion_request


def check_draft(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """The list of what is done and what is missing."""
    checks = [(label, guard(opinion_request)) for label, guard in rules.CHECKLIST]
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


# The request


def describe(
    user: Any,
    opinion_request: OpinionRequest,
    *,
    request_form: Any = None,
    answer_form: Any = None,
    reissue_form: Any = None,
    draft_forms: Mapping[int, Any] | None = None,
    use_draft: bool = False,
    change: bool = False,
    is_review: bool = False,
) -> dict[str, Any]:
    """Everything on the page of a request. What a person may not do is not there at all."""
    allowed = rules.REQUEST.allowed(user, opinion_request)
    slips = _own_slips(user, opinion_request)
    context: dict[str, Any] = {
        "opinion_request": opinion_request,
        "allowed": allowed,
        "questions": list(opinion_request.questions.all()),
        "rule_set": opinion_request.rule_set_in_force,
        "silence_agrees": _silence_agrees(opinion_request),
        "follows": rules.follows_request(user, opinion_request),
        "watches": _is_near_the_end(opinion_request),
        "history": tell_history(opinion_request),
        "preparations": [
            prepare(user, slip, (draft_forms or {}).get(slip.pk))
            for slip in slips
            if slip.member_id != user.pk
        ],
    }
    context |= show_dossier(user, opinion_request)
    if rules.corrects(user, opinion_request):
        context |= show_correction(opinion_request, reissue_form)
    for slip in slips:
        if slip.member_id == user.pk:
            context |= show_answer(
                user, slip, answer_form, use_draft=use_draft, change=change, is_review=is_review
            )
    if "edit_request" in allowed:
        context |= check_draft(user, opinion_request) | show_answer_span(opinion_request)
        context["request_form"] = request_form or RequestForm.describe(opinion_request)
    if "approve_request" in allowed or "return_request" in allowed:
        context["asked_count"] = (
            Appointment.objects.current().voting().filter(body=opinion_request.body_id).count()
        )
        context["hindrance"] = _find_hindrance(opinion_request)
    if opinion_request.is_open and context["follows"]:
        context |= show_progress(user, opinion_request)
    if opinion_request.is_counted:
        context |= show_result(user, opinion_request)
    return context


@dataclass(frozen=True)
class Step:
    what: str
    who: str
    at: datetime
    note: str = ""


def tell_history(opinion_request: OpinionRequest) -> list[Step]:
    """The steps so far, the newest first, from the facts of the request itself."""
    steps = [
        Step(_("Drafted"), str(opinion_request.drafted_by), opinion_request.drafted_at),
        Step(_("Submitted for approval"), opinion_request.edited_by_name, opinion_request.submitted_at),
        Step(_("Sent to the members"), str(opinion_request.approved_by), opinion_request.opened_at),
        Step(_("Withdrawn"), "", opinion_request.withdrawn_at, opinion_request.withdrawal_reason),
        Step(_("Closed and counted by the clock"), "", opinion_request.closed_at),
        Step(_("Passed to the lead agency"), "", opinion_request.referred_at, opinion_request.referral_note),
    ]
    for issue in opinion_request.dossier.issues.filter(number__gt=1):
        what = _("Dossier put before the members anew: issue %(number)s") % {"number": issue.number}
        steps.append(Step(what, issue.sealed_by_name, issue.sealed_at, issue.reason))
    if opinion_request.resolution is not None:
        steps.append(Step(_("Resolution drafted"), "", opinion_request.resolution.drafted_at))
    return sorted((step for step in steps if step.at), key=lambda step: step.at, reverse=True)


def show_dossier(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """What lies before the members: the newest issue. Before the first, the papers that are worked on."""
    dossier = opinion_request.dossier
    context = {"dossier": dossier, **describe_copy(user, dossier)}
    if context["issue"] is not None:
        return context
    papers = DossierPaper.objects.visible_to(user).filter(dossier=dossier)
    return context | {"papers": list(papers.select_related("version__document").order_by("place", "pk"))}


def show_correction(opinion_request: OpinionRequest, form: Any) -> dict[str, Any]:
    """What the Office has on its desk while it corrects the dossier before the members."""
    reason = opinion_request.dossier.correction_reason
    return {
        "reissue_form": form or ReasonForm(initial={"reason": reason}),
        "reissue_hindrance": rules.dossier_is_ready(opinion_request),
    }


def _own_slips(user: Any, opinion_request: OpinionRequest) -> list[OpinionSlip]:
    """My own slip and those that I prepare."""
    mine = [user.pk, *user.assisted_user_ids(opinion_request.body_id)]
    slips = opinion_request.slips.filter(member__in=mine).select_related("member").prefetch_related("answers")
    found = list(slips)
    for slip in found:
        slip.request = opinion_request
    return found


def _silence_agrees(opinion_request: OpinionRequest) -> bool:
    rule_set = opinion_request.rule_set_in_force
    return rule_set is not None and rule_set.silence == RuleSet.SilenceRule.AGREES


def _is_near_the_end(opinion_request: OpinionRequest) -> bool:
    """Within the last hour the page asks by itself whether the request has been closed."""
    return opinion_request.is_open and (opinion_request.deadline - clock.now()).total_seconds() < 3600


def _find_hindrance(opinion_request: OpinionRequest) -> str | None:
    return rules.dossier_is_ready(opinion_request) or rules.deadline_is_within_the_rule(opinion_request)


# The slip


def show_answer(
    user: Any,
    slip: OpinionSlip,
    form: Any = None,
    *,
    use_draft: bool = False,
    change: bool = False,
    is_review: bool = False,
) -> dict[str, Any]:
    """The member's own slip: the form, the second step, or the receipt."""
    allowed = rules.SLIP.allowed(user, slip)
    if form is None and "answer_slip" in allowed and (change or not slip.is_answered):
        form = AnswerForm(
            slip=slip, answers=slip.draft if use_draft else slip.own_draft or slip.current_answers
        )
    return {
        "slip": slip,
        "slip_allowed": allowed,
        "answer_form": form,
        "is_review": is_review,
        "given_answers": list(slip.answers.select_related("question")) if slip.is_answered else [],
        "changed_issue": _find_issue_after(slip) if slip.is_answered else None,
        "unsent": [] if "answer_slip" in allowed else _read_unsent(slip),
        "uses_draft": use_draft,
        "silence_agrees": _silence_agrees(slip.request),
    }


def _find_issue_after(slip: OpinionSlip) -> DossierIssue | None:
    """The newest issue of the dossier, where it came after the answer."""
    return slip.request.dossier.issues.filter(sealed_at__gt=slip.answered_at).order_by("-number").first()


def prepare(user: Any, slip: OpinionSlip, form: Any = None) -> dict[str, Any]:
    """The slip of a member whom this person assists."""
    allowed = rules.SLIP.allowed(user, slip)
    if form is None and "draft_answer" in allowed:
        form = AnswerForm(slip=slip, complete=False, answers_oneself=False, answers=slip.draft)
    return {"slip": slip, "allowed": allowed, "form": form}


def _read_unsent(slip: OpinionSlip) -> list[str]:
    """Words that the deadline overtook: they count for nothing, and are not lost."""
    return [answer["reason"] for answer in slip.own_draft.values() if answer["reason"]]


# Collecting and result


def show_progress(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """Who has answered so far; the positions stay closed until the deadline."""
    slips = opinion_request.slips.select_related("member").order_by("place", "pk")
    rows = list(slips.visible_to(user)) if rules.follows_request(user, opinion_request) else []
    counts = list(slips.values_list("status", flat=True))
    return {
        "opinion_request": opinion_request,
        "progress": rows if len(rows) == len(counts) else [],
        "answered_count": counts.count(SlipStatus.ANSWERED),
        "asked_count": len(counts),
    }


@dataclass(frozen=True)
class QuestionResult:
    question: Question
    result: dict[str, Any]
    answers: list[Answer]  # those with words, in protocol order


def show_result(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """The figures against all members, the reasons, and who was silent."""
    slips = list(
        OpinionSlip.objects.visible_to(user)
        .filter(request=opinion_request)
        .select_related("member")
        .prefetch_related("answers")
    )
    given: dict[int, list[Answer]] = {}
    for slip in slips:
        for answer in slip.answers.all():
            answer.slip = slip
            given.setdefault(answer.question_id, []).append(answer)
    return {
        "slips": slips,
        "results": [
            QuestionResult(question, question.result, [a for a in given.get(question.pk, []) if a.reason])
            for question in opinion_request.questions.all()
        ],
        "resolution": Resolution.objects.visible_to(user).filter(opinion_request=opinion_request).first(),
        "silent": [slip for slip in slips if slip.is_silent],
        "is_agreed": opinion_request.branch == Branch.AGREED,
        "has_majority": opinion_request.branch != Branch.NO_MAJORITY,
        "has_opinions": opinion_request.branch == Branch.AGREED_WITH_OPINIONS,
    }
