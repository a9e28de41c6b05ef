"""Correcting the dossier while the members are being asked."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import trail
from core.locks import hold, lock
from core.workflow import Conflict
from documents import actions as documents
from documents import seals
from notifications import outbox
from opinions import rules
from opinions.actions._boxes import seal_box
from opinions.actions._issues import give_issue, record_issue
from opinions.actions._questions import Asked, ask_anew, asks_otherwise, describe_questions
from opinions.actions._sheets import drop_all_unsigned
from opinions.actions.slips import void_answer
from opinions.models import OpinionRequest, OpinionSlip, Question, find_assistants, find_stand_ins
from opinions.rules import SlipStatus
from opinions.rules.drafts import questions_can_be_answered
from opinions.wording import in_figures, tidy
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

    reason = tidy(reason) or opinion_request.dossier.correction_reason
    if voids_answers and seals.is_unchanged(opinion_request.dossier):
        if questions is None or not asks_otherwise(opinion_request, questions):
            raise Conflict(_("Nothing has changed, neither a paper nor a question."))
        opinion_request.dossier = documents.drop_correction(opinion_request.dossier, by=by)
    else:
        opinion_request.dossier = documents.seal_dossier(opinion_request.dossier, by=by, reason=reason)
    issue = opinion_request.dossier.current_issue
    voided = _ask_again(opinion_request, questions, by=by, reason=reason) if voids_answers else []
    box = seal_box(opinion_request)
    members = list(User.objects.filter(slips__request=opinion_request))
    assistants = list(find_assistants(opinion_request.body_id, members))
    give_issue(opinion_request, by=by, to=[*members, *assistants])

    trail.record(
        "opinions.reissue_dossier",
        by=by,
        on=opinion_request,
        issue=issue.number,
        reason=reason,
        voided=[str(slip) for slip in voided],
        questions=describe_questions(opinion_request) if voids_answers else [],
        **box,
    )
    presiding = User.objects.holding(PRESIDING, opinion_request.body_id)
    if voids_answers:
        outbox.tell(
            {*members, *assistants, *presiding, *find_stand_ins(opinion_request)},
            "opinions/answers_asked_anew",
            url=opinion_request.get_absolute_url(),
            subject=opinion_request.subject,
            issue=opinion_request.issue,
            deadline=in_figures(opinion_request.deadline),
        )
    else:
        outbox.tell(
            {*members, *assistants, *presiding},
            "documents/dossier_changed",
            url=opinion_request.dossier.get_absolute_url(),
            subject=opinion_request.subject,
            issue=issue.number,
        )
    return opinion_request


@transaction.atomic
def void_draft(slip: OpinionSlip, *, by: Any, places: Mapping[str, str]) -> OpinionSlip:
    """A new issue asks other questions: what was prepared is no answer to them. The words are carried over
    to the questions in the same places, so that nobody writes them twice; no position is."""
    slip = lock(slip)
    rules.SLIP.check("void_draft", by, slip)

    slip.draft = _carry(slip.draft, places)
    rules.SLIP.advance("void_draft", slip)
    slip.save(update_fields=["draft", "status"])
    for unsent in slip.unsent.all():
        unsent.content = _carry(unsent.content, places)
        unsent.save(update_fields=["content"])

    trail.record("opinions.void_draft", by=by, on=slip)
    return slip


def _ask_again(
    opinion_request: OpinionRequest, questions: Asked | None, *, by: Any, reason: str
) -> list[OpinionSlip]:
    """The request in a new issue. Says whose answers count no more."""
    opinion_request.issue += 1
    opinion_request.save(update_fields=["issue"])
    record_issue(opinion_request, by=by, reason=reason)
    before = list(opinion_request.questions.all())
    if questions is not None:
        ask_anew(opinion_request, questions)
        if reason_against := questions_can_be_answered(opinion_request):
            raise Conflict(reason_against)
    answered = opinion_request.slips.filter(status=SlipStatus.ANSWERED).select_related("member")
    voided = [void_answer(slip, by=by, reason=reason) for slip in answered]
    drop_all_unsigned(opinion_request, because=reason)
    _carry_drafts(opinion_request, before, by=by)
    return voided


def _carry_drafts(opinion_request: OpinionRequest, before: list[Question], *, by: Any) -> None:
    """Drafts to questions that are asked no more."""
    now = list(opinion_request.questions.all())
    if now == before:
        return
    places = {str(old.pk): str(new.pk) for old, new in zip(before, now, strict=False)}
    begun = ~Q(draft={}) | Q(unsent__isnull=False)
    for slip in opinion_request.slips.unanswered().filter(begun).distinct():
        if rules.SLIP.allows("void_draft", by, slip):
            void_draft(slip, by=by, places=places)


def _carry(draft: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    return {
        places[question]: {"position": "", "reason": said["reason"]}
        for question, said in draft.items()
        if question in places and said.get("reason")
    }
