"""Sending, correcting, closing and deciding: Nghị định 191/2026/NĐ-CP, Điều 7, 15(5) and 15(6)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_clock
from core.workflow import Rule, Rulebook, any_of
from decisions.tally import Branch
from documents.rules import DossierStatus, has_a_paper, papers_are_read
from opinions.rules.states import RequestStatus
from people.rules import is_secretary, presides

# Guards


def asks_a_question(opinion_request: Any) -> str | None:
    if not opinion_request.questions.exists():
        return gettext("Ask at least one question.")
    return None


def dossier_has_a_paper(opinion_request: Any) -> str | None:
    return has_a_paper(opinion_request.dossier)


def dossier_is_read(opinion_request: Any) -> str | None:
    return papers_are_read(opinion_request.dossier)


def deadline_is_within_the_rule(opinion_request: Any) -> str | None:
    """Not less than 2 and not more than 5 working days (Điều 15(5)(b)); elsewhere by rule set."""
    rule_set = opinion_request.rule_set_in_force
    if rule_set is None:
        return gettext("No confirmed rule set is in force for this body. Ask the administrator.")
    earliest, latest = rule_set.span_of_answer_days(clock.today())
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
    if opinion_request.branch == Branch.AGREED:
        return gettext("All members agree: a resolution can be drafted.")
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
    (_("Questions for the members"), asks_a_question),
    (_("Papers of the dossier, each checked"), dossier_is_ready),
    (_("Deadline as the rules allow it"), deadline_is_within_the_rule),
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
            guards=(asks_a_question, dossier_is_ready, deadline_is_within_the_rule),
        ),
        "return_request": Rule(presides, when={RequestStatus.SUBMITTED}, then=RequestStatus.DRAFT),
        "approve_request": Rule(
            presides,
            when={RequestStatus.SUBMITTED},
            then=RequestStatus.OPEN,
            guards=(dossier_is_ready, deadline_is_within_the_rule),
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
        "close_request": Rule(
            is_clock, when={RequestStatus.OPEN}, then=RequestStatus.CLOSED, guards=(deadline_has_passed,)
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
            guards=(majority_is_reached,),
        ),
    },
)
