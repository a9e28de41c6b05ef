"""Everything on the page of one request, for one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from documents.models import DossierPaper
from documents.pages import describe_copy
from opinions import rules
from opinions.forms.corrections import CorrectionForm
from opinions.forms.requests import RequestForm
from opinions.models import OpinionRequest, OpinionSlip
from opinions.pages.ballots import show_ballot
from opinions.pages.drafts import check_draft, show_answer_span
from opinions.pages.issues import show_earlier
from opinions.pages.progress import show_progress
from opinions.pages.results import show_result
from opinions.pages.slips import list_enterable, prepare, show_answer
from opinions.rules import SlipStatus
from opinions.wording import in_figures
from people.models import Appointment


def describe(
    user: Any,
    opinion_request: OpinionRequest,
    *,
    request_form: Any = None,
    answer_form: Any = None,
    reissue_form: Any = None,
    draft_forms: Mapping[int, Any] | None = None,
    use_draft: str = "",
    change: str = "",
    is_review: bool = False,
) -> dict[str, Any]:
    """Everything on the page of a request. What a person may not do is not there at all. `use_draft` and
    `change` name the slip that is meant: a member may stand in for others besides."""
    allowed = rules.REQUEST.allowed(user, opinion_request)
    slips = _own_slips(user, opinion_request)
    context: dict[str, Any] = {
        "opinion_request": opinion_request,
        "allowed": allowed,
        "questions": list(opinion_request.questions.all()),
        "rule_set": opinion_request.rule_set_in_force,
        "silence_agrees": opinion_request.silence_agrees,
        "follows": rules.follows_request(user, opinion_request),
        "watches": _is_near_the_end(opinion_request),
        "ballot_box": getattr(opinion_request, "ballot_box", None) if opinion_request.is_secret else None,
        "history": tell_history(opinion_request),
        "preparations": [
            prepare(user, slip, (draft_forms or {}).get(slip.pk))
            for slip in slips
            if rules.assists_the_member(user, slip) and not opinion_request.is_secret
        ],
    }
    context |= show_dossier(user, opinion_request)
    if rules.corrects(user, opinion_request):
        context |= show_correction(opinion_request, reissue_form)
    context["answer_cards"] = [
        show_answer(
            user,
            slip,
            answer_form if answer_form is not None and answer_form.slip.pk == slip.pk else None,
            use_draft=use_draft == str(slip.pk),
            change=change == str(slip.pk),
            is_review=is_review,
        )
        | show_ballot(user, slip)
        | {"earlier": show_earlier(opinion_request, slip)}
        for slip in sorted(slips, key=lambda slip: slip.member_id != user.pk)
        if rules.answers_slip(user, slip)
    ]
    context["asks_below"] = any(card.get("answer_form") for card in context["answer_cards"])
    context["may_enter"] = bool(list_enterable(user, opinion_request))
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


def tell_closing(opinion_request: OpinionRequest) -> list[Step]:
    """An open collection is counted as it closes; a ballot box once its counters have opened it."""
    if not opinion_request.is_secret:
        return [Step(_("Closed and counted by the clock"), "", opinion_request.closed_at)]
    box = getattr(opinion_request, "ballot_box", None)
    return [
        Step(_("Ballot box closed by the clock"), "", opinion_request.closed_at),
        Step(_("Ballot box opened by its counters and counted"), "", box.counted_at if box else None),
    ]


def tell_history(opinion_request: OpinionRequest) -> list[Step]:
    """The steps so far, the newest first, from the facts of the request itself."""
    steps = [
        Step(_("Drafted"), str(opinion_request.drafted_by), opinion_request.drafted_at),
        Step(_("Submitted for approval"), opinion_request.edited_by_name, opinion_request.submitted_at),
        Step(_("Sent to the members"), str(opinion_request.approved_by), opinion_request.opened_at),
        Step(_("Withdrawn"), "", opinion_request.withdrawn_at, opinion_request.withdrawal_reason),
        *tell_closing(opinion_request),
        Step(_("Passed to the lead agency"), "", opinion_request.referred_at, opinion_request.referral_note),
        Step(_("Reported by the lead agency"), opinion_request.reported_by_name, opinion_request.reported_at),
        Step(_("Referred to a session"), "", opinion_request.session_at, opinion_request.session_reason),
    ]
    for issue in opinion_request.issues.filter(number__gt=1):
        what = _("Members asked anew: issue %(number)s") % {"number": issue.number}
        steps.append(Step(what, issue.issued_by_name, issue.issued_at, issue.reason))
    for sealed in opinion_request.dossier.issues.filter(number__gt=1):
        what = _("Dossier put before the members anew: issue %(number)s") % {"number": sealed.number}
        steps.append(Step(what, sealed.sealed_by_name, sealed.sealed_at, sealed.reason))
    for change in opinion_request.deadline_changes.all():
        what = _("Deadline moved from %(before)s to %(after)s") % {
            "before": in_figures(change.before),
            "after": in_figures(change.after),
        }
        note = " · ".join(filter(None, [change.reason, change.order]))
        steps.append(Step(what, change.changed_by_name, change.changed_at, note))
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
    return {
        "reissue_form": form or CorrectionForm.describe(opinion_request),
        "reissue_hindrance": rules.dossier_is_ready(opinion_request),
        "answered_count": opinion_request.slips.filter(status=SlipStatus.ANSWERED).count(),
    }


def _own_slips(user: Any, opinion_request: OpinionRequest) -> list[OpinionSlip]:
    """My own slip and those that I prepare."""
    mine = [user.pk, *user.assisted_user_ids(opinion_request.body_id)]
    offices = [office.pk for office in user.current_appointments]
    slips = (
        opinion_request.slips.filter(Q(member__in=mine) | Q(stand_in__in=offices))
        .select_related("member", "stand_in__user")
        .with_answers()
    )
    found = list(slips)
    for slip in found:
        slip.request = opinion_request
    return found


def _is_near_the_end(opinion_request: OpinionRequest) -> bool:
    """Within the last hour the page asks by itself whether the request has been closed."""
    return opinion_request.is_open and (opinion_request.deadline - clock.now()).total_seconds() < 3600


def _find_hindrance(opinion_request: OpinionRequest) -> str | None:
    return rules.dossier_is_ready(opinion_request) or rules.deadline_is_within_the_rule(opinion_request)
