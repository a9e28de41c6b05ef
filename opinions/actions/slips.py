"""A member's slip: prepared by the assistant, answered by the member, counted as silence by the clock."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock, share
from core.workflow import Conflict
from notifications import outbox
from opinions import rules
from opinions.models import Answer, OpinionSlip, Question, find_assistants
from opinions.wording import in_figures, tidy

Answers = Mapping[int, Mapping[str, str]]  # question id -> {"position": …, "reason": …}


@transaction.atomic
def draft_answer(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """An assistant prepares the answer of the member. It counts for nothing until the member sends it.

    The words are between the two of them: the trail tells that there is a draft.
    """
    slip = _take(slip)
    rules.SLIP.check("draft_answer", by, slip)

    slip.draft = _keep(answers)
    slip.drafted_by_name, slip.drafted_at = str(by), clock.now()
    rules.SLIP.advance("draft_answer", slip)
    slip.save()

    trail.record("opinions.draft_answer", by=by, on=slip)
    return slip


@transaction.atomic
def submit_answer(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """An assistant puts the draft before the member."""
    slip = _take(slip)
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
    slip = _take(slip)
    rules.SLIP.check("return_answer", by, slip)

    slip.return_reason = tidy(reason)
    rules.SLIP.advance("return_answer", slip)
    slip.save()

    trail.record("opinions.return_answer", by=by, on=slip)
    outbox.tell(
        find_assistants(slip.body_id, [by]),
        "opinions/answer_returned",
        url=slip.get_absolute_url(),
        subject=slip.request.subject,
        deadline=in_figures(slip.request.deadline),
        person=str(by),
    )
    return slip


@transaction.atomic
def keep_draft(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """What a member has written and not sent is kept, for her eyes alone; it is no answer.

    The trail has the first keeping and not each pause of the pen, and never the words.
    """
    slip = _take(slip)
    rules.SLIP.check("keep_draft", by, slip)

    is_first = not slip.own_draft
    slip.own_draft, slip.own_draft_at = _keep(answers), clock.now()
    slip.save(update_fields=["own_draft", "own_draft_at"])

    if is_first:
        trail.record("opinions.keep_draft", by=by, on=slip)
    return slip


@transaction.atomic
def answer_slip(slip: OpinionSlip, *, by: Any, answers: Answers) -> OpinionSlip:
    """A member gives an opinion on each question and gets a receipt.

    Until the deadline a new answer replaces the old one; the trail keeps both, sealed until then. The same
    answer sent again, by a second click or a lost connection, is the same answer with the same receipt.
    """
    slip = _take(slip)
    rules.SLIP.check("answer_slip", by, slip)
    questions = list(slip.request.questions.all())
    if reason := rules.answers_are_complete(questions, answers):
        raise Conflict(reason)

    given, before = _keep(answers), slip.current_answers if slip.is_answered else {}
    if given == before:
        return slip
    Answer.objects.bulk_create(
        [Answer(slip=slip, question=question, **given[str(question.pk)]) for question in questions],
        update_conflicts=True,
        unique_fields=["slip", "question"],
        update_fields=["position", "reason"],
    )
    slip.member = slip.answered_by = by
    slip.answered_at = clock.now()
    slip.receipt = _make_receipt(slip, given, slip.answered_at)
    slip.own_draft, slip.own_draft_at = {}, None
    rules.SLIP.advance("answer_slip", slip)
    slip.save()

    trail.record(
        "opinions.answer_slip",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        before=_spell(questions, before),
        after=_spell(questions, given),
        receipt=slip.receipt,
    )
    return slip


@transaction.atomic
def count_silence(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """A member has not answered by the deadline. What that means is for the rule set to say."""
    slip = _take(slip)
    rules.SLIP.check("count_silence", by, slip)

    rules.SLIP.advance("count_silence", slip)
    slip.save(update_fields=["status"])

    trail.record("opinions.count_silence", by=by, on=slip, counts_as=slip.request.rule_set.silence)
    return slip


def _take(slip: OpinionSlip) -> OpinionSlip:
    """The slip locked, under a request that cannot close meanwhile. Members never wait for each other."""
    opinion_request = share(slip.request)
    slip = lock(slip)
    slip.request = opinion_request
    return slip


def _keep(answers: Answers) -> dict[str, dict[str, str]]:
    return {
        str(question): {"position": answer.get("position", ""), "reason": tidy(answer.get("reason", ""))}
        for question, answer in sorted(answers.items())
    }


def _spell(questions: list[Question], answers: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """For readers of the trail: by the question's text, in the order asked."""
    return [
        {"question": question.text, **answers[str(question.pk)]}
        for question in questions
        if str(question.pk) in answers
    ]


def _make_receipt(slip: OpinionSlip, answers: dict[str, dict[str, str]], at: datetime) -> str:
    """Ten letters that stand for this answer at this second: who has the words can make them again."""
    words = json.dumps([slip.pk, answers, at.isoformat()], ensure_ascii=False, sort_keys=True)
    code = base64.b32encode(hashlib.sha256(words.encode()).digest())[:10].decode()
    return f"{code[:5]}-{code[5:]}"
