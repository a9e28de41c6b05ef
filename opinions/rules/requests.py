"""Sending, correcting, closing and deciding: Nghị định 191/2026/NĐ-CP, Điều 7, 15(5) and 15(6)."""

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_clock
from core.workflow import Rule, Rulebook, any_of
from decisions.tally import Branch
from documents.rules import DossierStatus, has_a_paper, papers_are_read
from opinions.rules.ballots import ballot_is_open, ballot_is_secret, box_is_opened, counting_is_prepared
from opinions.rules.deadlines import (
    deadline_can_be_kept,
    follower_is_to_be_told,
    members_are_to_be_reminded,
    result_is_awaited,
    silent_are_to_be_told,
)
from opinions.rules.drafts import details_are_right, kind_is_in_use, questions_can_be_answered
from opinions.rules.states import AFTER_CLOSING, RemarkStatus, RequestStatus
from opinions.rules.who import works_for_lead_agency
from people.rules import is_secretary, presides

# Guards


def dossier_has_a_paper(opinion_request: Any) -> str | None:
    return has_a_paper(opinion_request.dossier)


def dossier_is_read(opinion_request: Any) -> str | None:
    return papers_are_read(opinion_request.dossier)


def deadline_is_within_the_rule(opinion_request: Any) -> str | None:
    """Not less than 2 and not more than 5 working days (Điều 15(5)(b)); elsewhere by rule set. Those who
    preside may order otherwise: their order and its reason are recorded."""
    rule_set = opinion_request.rule_set_in_force
    if rule_set is None:
        return gettext("No confirmed rule set is in force for this body. Ask the administrator.")
    earliest, latest = rule_set.span_of_answer_days(clock.today())
    if opinion_request.has_exception:
        return deadline_can_be_kept(opinion_request.deadline)
    if not earliest <= opinion_request.deadline_day <= latest:
        return gettext(
            "The deadline must lie between %(earliest)s and %(latest)s: %(least)s to %(most)s working days "
            "from today (%(rule)s)."
        ) % {
            "earliest": f"{earliest:%d/%m/%Y}",
            "latest": f"{latest:%d/%m/%Y}",
            "least": rule_set.answer_days_min,
            "most": rule_set.answer_days_max,
            "rule": rule_set.name,
        }
    return None


def deadline_has_passed(opinion_request: Any) -> str | None:
    if opinion_request.deadline > clock.now():
        return gettext("The deadline has not come yet.")
    return None


def deadline_is_ahead(opinion_request: Any) -> str | None:
    """What the members have decided by the deadline is counted; nobody calls it back."""
    if opinion_request.deadline <= clock.now():
        return gettext("The deadline has passed: the answers are being counted.")
    return None


def majority_is_reached(opinion_request: Any) -> str | None:
    if opinion_request.branch == Branch.NO_MAJORITY:
        return gettext("There is no majority: pass the opinions to the lead agency.")
    return None


def opinions_differ(opinion_request: Any) -> str | None:
    if opinion_request.branch == Branch.AGREED and not opinion_request.remarks.exists():
        return gettext("All members agree: a resolution can be drafted.")
    return None


def nobody_calls_for_a_session(opinion_request: Any) -> str | None:
    """Where the form lets a member call for a session, one call ends the procedure in writing."""
    if calls := opinion_request.session_calls:
        return ngettext(
            "%(count)s member calls for a session: put the matter on the agenda of one.",
            "%(count)s members call for a session: put the matter on the agenda of one.",
            calls,
        ) % {"count": calls}
    return None


def remarks_are_explained(opinion_request: Any) -> str | None:
    if left := opinion_request.remarks.filter(status=RemarkStatus.RAISED).count():
        return ngettext(
            "Explain every remark first: %(count)s is left.",
            "Explain every remark first: %(count)s are left.",
            left,
        ) % {"count": left}
    return None


def agency_has_reported(opinion_request: Any) -> str | None:
    """It says plainly whether to collect again (Điều 15(6)(c)); then it is decided."""
    if opinion_request.reported_at is None:
        return gettext("The lead agency has not reported yet.")
    return None


def dossier_is_ready(opinion_request: Any) -> str | None:
    return dossier_has_a_paper(opinion_request) or dossier_is_read(opinion_request)


def dossier_is_sealed(opinion_request: Any) -> str | None:
    if opinion_request.dossier.status != DossierStatus.SEALED:
        return gettext("The dossier is being corrected already.")
    return None


def dossier_is_in_correction(opinion_request: Any) -> str | None:
    if opinion_request.dossier.status != DossierStatus.REOPENED:
        return gettext("The dossier is not being corrected.")
    return None


CHECKLIST = (  # what a specialist sees before submitting: the guards of it, in words
    (_("Kind of request, and those named in it"), details_are_right),
    (_("Questions for the members"), questions_can_be_answered),
    (_("Papers of the dossier, each checked"), dossier_is_ready),
    (_("Deadline as the rules allow it"), deadline_is_within_the_rule),
    (_("Secret ballot: counters and their keys"), counting_is_prepared),
)


REQUEST = Rulebook(
    initial=RequestStatus.DRAFT,
    rules={
        "draft_request": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "edit_request": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "keep_changes": Rule(is_secretary, when={RequestStatus.DRAFT}),
        "submit_request": Rule(
            is_secretary,
            when={RequestStatus.DRAFT},
            then=RequestStatus.SUBMITTED,
            guards=(
                details_are_right,
                questions_can_be_answered,
                dossier_is_ready,
                deadline_is_within_the_rule,
                counting_is_prepared,
            ),
        ),
        "return_request": Rule(presides, when={RequestStatus.SUBMITTED}, then=RequestStatus.DRAFT),
        "approve_request": Rule(
            presides,
            when={RequestStatus.SUBMITTED},
            then=RequestStatus.OPEN,
            guards=(kind_is_in_use, dossier_is_ready, deadline_is_within_the_rule, counting_is_prepared),
        ),
        # Whoever approved the sending approved this matter, not each slip of the pen: the Office corrects.
        "correct_dossier": Rule(
            is_secretary, when={RequestStatus.OPEN}, guards=(deadline_is_ahead, dossier_is_sealed)
        ),
        "reissue_dossier": Rule(
            is_secretary,
            when={RequestStatus.OPEN},
            guards=(deadline_is_ahead, dossier_is_in_correction, dossier_is_ready),
        ),
        "withdraw_request": Rule(
            presides, when={RequestStatus.OPEN}, then=RequestStatus.WITHDRAWN, guards=(deadline_is_ahead,)
        ),
        "move_deadline": Rule(presides, when={RequestStatus.OPEN}, guards=(deadline_is_ahead,)),
        "remind_members": Rule(
            is_clock, when={RequestStatus.OPEN}, guards=(deadline_is_ahead, members_are_to_be_reminded)
        ),
        "escalate_request": Rule(
            is_clock, when={RequestStatus.OPEN}, guards=(deadline_is_ahead, follower_is_to_be_told)
        ),
        "close_request": Rule(
            is_clock,
            when={RequestStatus.OPEN},
            then=RequestStatus.CLOSED,
            guards=(deadline_has_passed, ballot_is_open),
        ),
        # A secret ballot ends in two steps: the clock closes the box, and its counters open it together.
        "name_counters": Rule(is_secretary, when={RequestStatus.DRAFT}, guards=(ballot_is_secret,)),
        "close_box": Rule(
            is_clock,
            when={RequestStatus.OPEN},
            then=RequestStatus.COUNTING,
            guards=(deadline_has_passed, ballot_is_secret),
        ),
        "count_box": Rule(
            is_clock, when={RequestStatus.COUNTING}, then=RequestStatus.CLOSED, guards=(box_is_opened,)
        ),
        "abandon_box": Rule(presides, when={RequestStatus.COUNTING}, then=RequestStatus.WITHDRAWN),
        "tell_silent": Rule(
            is_clock, when={RequestStatus.COUNTING, *AFTER_CLOSING}, guards=(silent_are_to_be_told,)
        ),
        "remind_of_result": Rule(
            is_clock, when={RequestStatus.CLOSED, RequestStatus.REFERRED}, guards=(result_is_awaited,)
        ),
        "refer_request": Rule(
            any_of(is_secretary, presides),
            when={RequestStatus.CLOSED},
            then=RequestStatus.REFERRED,
            guards=(opinions_differ,),
        ),
        "draft_decision": Rule(
            is_secretary,
            when={RequestStatus.CLOSED, RequestStatus.REFERRED},
            then=RequestStatus.DECIDED,
            guards=(majority_is_reached, nobody_calls_for_a_session),
        ),
        "report_on_opinions": Rule(
            works_for_lead_agency, when={RequestStatus.REFERRED}, guards=(remarks_are_explained,)
        ),
        "record_office_opinion": Rule(is_secretary, when={RequestStatus.REFERRED, RequestStatus.SESSION}),
        "collect_again": Rule(
            is_secretary,
            when={RequestStatus.REFERRED},
            then=RequestStatus.REPEATED,
            guards=(agency_has_reported,),
        ),
        "refer_to_session": Rule(
            any_of(is_secretary, presides),
            when={RequestStatus.CLOSED, RequestStatus.REFERRED},
            then=RequestStatus.SESSION,
        ),
    },
)
