"""A member's slip: prepared by the assistant, answered by the member, counted as silence by the clock."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from notifications import outbox
from opinions import rules
from opinions.actions._attachments import file_attachment
from opinions.actions._sheets import (
    Answers,
    count_sheet,
    end_answer,
    keep_unsent,
    keep_words,
    read_form,
    spell_answers,
    spell_content,
    take,
    take_all,
    write_sheet,
)
from opinions.models import OpinionSlip, find_assistants
from opinions.rules import SheetStanding
from opinions.wording import in_figures, tidy
from people.models import Appointment


@transaction.atomic
def draft_answer(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """An assistant prepares the answer of the member. It counts for nothing until the member sends it.

    The words are between the two of them: the trail tells that there is a draft.
    """
    slip = take(slip)
    rules.SLIP.check("draft_answer", by, slip)

    slip.draft = keep_words(answers)
    slip.drafted_by_name, slip.drafted_at = str(by), clock.now()
    rules.SLIP.advance("draft_answer", slip)
    slip.save()

    trail.record("opinions.draft_answer", by=by, on=slip)
    return slip


@transaction.atomic
def submit_answer(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """An assistant puts the draft before the member."""
    slip = take(slip)
    rules.SLIP.check("submit_answer", by, slip)

    slip.return_reason = ""
    rules.SLIP.advance("submit_answer", slip)
    slip.save()

    trail.record("opinions.submit_answer", by=by, on=slip)
    outbox.tell(
        [slip.member],
        "opinions/answer_submitted",
        url=slip.get_absolute_url(),
        subject=slip.request.subject,
        deadline=in_figures(slip.request.deadline),
        person=str(by),
    )
    return slip


@transaction.atomic
def return_answer(slip: OpinionSlip, *, by: Any, reason: str) -> OpinionSlip:
    """The member gives the draft back to the assistant."""
    slip = take(slip)
    rules.SLIP.check("return_answer", by, slip)

    slip.return_reason = tidy(reason)
    rules.SLIP.advance("return_answer", slip)
    slip.save()

    trail.record("opinions.return_answer", by=by, on=slip)
    outbox.tell(
        find_assistants(slip.body_id, [slip.member]),
        "opinions/answer_returned",
        url=slip.get_absolute_url(),
        subject=slip.request.subject,
        deadline=in_figures(slip.request.deadline),
        person=str(by),
    )
    return slip


@transaction.atomic
def keep_draft(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """What a member, or her stand-in, has written and not sent is kept for her eyes alone; it is no answer.

    The trail has the first keeping and not each pause of the pen, and never the words.
    """
    slip = take(slip)
    rules.SLIP.check("keep_draft", by, slip)

    is_first = keep_unsent(slip, by, content=keep_words(answers))

    if is_first:
        trail.record("opinions.keep_draft", by=by, on=slip)
    return slip


@transaction.atomic
def answer_slip(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """A member gives an opinion on each question and gets a receipt.

    Until the deadline a new answer replaces the old one; all are kept. The same answer sent again, by a
    second click or a lost connection, is the same answer with the same receipt.
    """
    slip = take(slip)
    rules.SLIP.check("answer_slip", by, slip)
    read_form(slip.request)
    if reason := rules.answers_are_complete(slip.request, answers):
        raise Conflict(reason)

    given, before = spell_content(slip.request, answers), slip.current_answers
    attachment = slip.find_attachment(by)
    attached = slip.current_sheet.attachment if slip.current_sheet else None
    if given == before and attachment == attached and _is_own(slip, by):
        return slip
    sheet = write_sheet(slip, given, by=by)
    file_attachment(slip, sheet, by=by)
    count_sheet(slip, sheet)
    rules.SLIP.advance("answer_slip", slip)
    slip.save()

    trail.record(
        "opinions.answer_slip",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        before=spell_answers(slip.request, before),
        after=spell_answers(slip.request, given),
        attachment=sheet.attachment.sha256 if sheet.attachment else "",
        receipt=slip.receipt,
    )
    return slip


@transaction.atomic
def withdraw_answer(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """A member takes her answer back before the deadline. It is kept and counts no more; if nothing follows,
    she is silent."""
    slip = take(slip)
    rules.SLIP.check("withdraw_answer", by, slip)

    receipt = end_answer(slip, SheetStanding.WITHDRAWN)
    rules.SLIP.advance("withdraw_answer", slip)
    slip.save()

    trail.record(
        "opinions.withdraw_answer",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        receipt=receipt,
    )
    return slip


@transaction.atomic
def void_answer(slip: OpinionSlip, *, by: Any, reason: str) -> OpinionSlip:
    """A new issue asks anew: what was answered to the earlier one is kept and counts no more."""
    slip = lock(slip)
    rules.SLIP.check("void_answer", by, slip)

    receipt = end_answer(slip, SheetStanding.VOIDED, because=reason)
    rules.SLIP.advance("void_answer", slip)
    slip.save()

    trail.record(
        "opinions.void_answer",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        reason=reason,
        receipt=receipt,
    )
    return slip


def _is_own(slip: OpinionSlip, by: Any) -> bool:
    """Who says the same as was entered for her, or as her stand-in, makes it her own answer."""
    sheet = slip.current_sheet
    return sheet is not None and not sheet.is_entered and sheet.given_by_id == by.pk


@transaction.atomic
def count_silence(slips: Sequence[OpinionSlip], *, by: Any) -> list[OpinionSlip]:
    """These members of one request have not answered by the deadline. What that means is for the rule set to
    say."""
    slips = _take_with_offices(slips)
    for slip in slips:
        rules.SLIP.check("count_silence", by, slip)

    for slip in slips:
        rules.SLIP.advance("count_silence", slip)
    _store_status(slips)

    for slip in slips:
        trail.record("opinions.count_silence", by=by, on=slip, counts_as=str(slip.request.silence))
    return slips


@transaction.atomic
def release_slip(slips: Sequence[OpinionSlip], *, by: Any) -> list[OpinionSlip]:
    """Who was asked holds no office here any more and has not answered: she is not one of all members."""
    slips = _take_with_offices(slips)
    for slip in slips:
        rules.SLIP.check("release_slip", by, slip)

    for slip in slips:
        rules.SLIP.advance("release_slip", slip)
    _store_status(slips)

    for slip in slips:
        trail.record("opinions.release_slip", by=by, on=slip)
    return slips


def _take_with_offices(slips: Sequence[OpinionSlip]) -> list[OpinionSlip]:
    """All of one request, and who of them holds office still, in one question for all."""
    if not slips:
        return []
    taken = take_all(slips[0].request, slips)
    offices = Appointment.objects.current().voting().filter(body=taken[0].body_id)
    in_office = set(offices.values_list("user", flat=True))
    for slip in taken:
        slip.is_in_office = slip.member_id in in_office
    return taken


def _store_status(slips: list[OpinionSlip]) -> None:
    """They have come to the same state: one statement for all."""
    for state in {slip.status for slip in slips}:
        OpinionSlip.objects.filter(pk__in=[slip.pk for slip in slips]).update(status=state)
