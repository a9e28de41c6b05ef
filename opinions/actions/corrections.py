"""Correcting the dossier while the members are being asked."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import hold
from documents import actions as documents
from notifications import outbox
from opinions import rules
from opinions.actions._issues import give_issue, record_issue
from opinions.actions._questions import Asked, ask_anew, describe_questions
from opinions.actions.slips import void_answer
from opinions.models import OpinionRequest, OpinionSlip, find_assistants
from opinions.rules import SlipStatus
from people.models import User
from people.rules import PRESIDING


@transaction.atomic
def correct_dossier(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """A secretary takes the dossier up again: a paper is wrong, or one is missing.

    The members go on reading what lies before them, until the corrected dossier is put before them.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("correct_dossier", by, opinion_request)

    opinion_request.dossier = documents.reopen_dossier(opinion_request.dossier, by=by, reason=reason)

    trail.record("opinions.correct_dossier", by=by, on=opinion_request, reason=reason)
    return opinion_request


@transaction.atomic
def reissue_dossier(
    opinion_request: OpinionRequest,
    *,
    by: Any,
    reason: str = "",
    voids_answers: bool = False,
    questions: Asked | None = None,
) -> OpinionRequest:
    """The corrected dossier is sealed as a new issue, given to the same readers, and everyone is told once.

    After a slip of the pen answers stay: who has answered sees that the dossier changed afterwards, and may
    answer anew until the deadline. A correction of substance is a new issue of the request: it voids the
    answers given so far, keeps them beside the new ones, and may ask other questions.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("reissue_dossier", by, opinion_request)

    opinion_request.dossier = documents.seal_dossier(opinion_request.dossier, by=by, reason=reason)
    issue = opinion_request.dossier.current_issue
    voided = _ask_again(opinion_request, questions, by=by, reason=issue.reason) if voids_answers else []
    members = list(User.objects.filter(slips__request=opinion_request))
    assistants = list(find_assistants(opinion_request.body_id, members))
    give_issue(opinion_request, by=by, to=[*members, *assistants])

    trail.record(
        "opinions.reissue_dossier",
        by=by,
        on=opinion_request,
        issue=issue.number,
        reason=issue.reason,
        voided=[str(slip) for slip in voided],
        questions=describe_questions(opinion_request) if voids_answers else [],
    )
    presiding = User.objects.holding(PRESIDING, opinion_request.body_id)
    outbox.tell(
        {*members, *assistants, *presiding},
        "documents/dossier_changed",
        url=opinion_request.dossier.get_absolute_url(),
        subject=opinion_request.subject,
        issue=issue.number,
    )
    return opinion_request


def _ask_again(
    opinion_request: OpinionRequest, questions: Asked | None, *, by: Any, reason: str
) -> list[OpinionSlip]:
    """The request in a new issue. Says whose answers count no more."""
    opinion_request.issue += 1
    opinion_request.save(update_fields=["issue"])
    record_issue(opinion_request, by=by, reason=reason)
    if questions is not None:
        ask_anew(opinion_request, questions)
    answered = opinion_request.slips.filter(status=SlipStatus.ANSWERED).select_related("member")
    return [void_answer(slip, by=by, reason=reason) for slip in answered]
