"""Writing down what a member answers."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from core import clock
from core.locks import share
from opinions.models import Answer, AnswerSheet, OpinionRequest, OpinionSlip, UnsentAnswer
from opinions.rules import QuestionForm, SheetStanding, SheetWay, SigningRule, own_answer_differs
from opinions.wording import tidy

Answers = Mapping[int, Mapping[str, Any]]  # question id -> {"position": …, "options": […], "reason": …}


def take(slip: OpinionSlip) -> OpinionSlip:
    """The slip locked, under a request that cannot close meanwhile. Members never wait for each other."""
    (slip,) = take_all(slip.request, [slip])
    return slip


def take_all(opinion_request: OpinionRequest, slips: Iterable[OpinionSlip]) -> list[OpinionSlip]:
    """The same for many slips of one request, in three questions to the database whatever their number."""
    opinion_request = share(opinion_request)
    wanted = OpinionSlip.objects.filter(request=opinion_request, pk__in=[slip.pk for slip in slips])
    locked = list(wanted.select_related("member").select_for_update(of=("self",)).order_by("pk"))
    now = clock.now()
    for slip in locked:
        slip.request, slip.taken_at = opinion_request, now
    return locked


def read_form(opinion_request: OpinionRequest) -> None:
    """What is asked and what is offered, read once for all that is done with an answer."""
    prefetch_related_objects([opinion_request], "questions__options", "kind__answer_classes")


def keep_words(answers: Answers) -> dict[str, dict[str, Any]]:
    """Half an answer, as it is kept until it is sent."""
    kept: dict[str, dict[str, Any]] = {}
    for question, answer in sorted(answers.items()):
        said = {"position": answer.get("position", "")}
        if "options" in answer:
            said = {"options": sorted(answer["options"])}
        kept[str(question)] = {**said, "reason": tidy(answer.get("reason", ""))}
    return kept


def keep_unsent(slip: OpinionSlip, writer: Any, **kept: Any) -> bool:
    """Kept beside what the writer has kept already, or beside the answer that counts. Says whether she has
    begun only now."""
    sheet = slip.current_sheet
    begun = {"content": slip.current_answers, "attachment": sheet.attachment if sheet else None}
    kept["kept_at"] = clock.now()
    _, is_first = UnsentAnswer.objects.update_or_create(
        slip=slip, writer=writer, defaults=kept, create_defaults=begun | kept
    )
    return is_first


def spell_content(opinion_request: OpinionRequest, answers: Answers) -> dict[str, dict[str, Any]]:
    """A whole answer, each question in its form: what is stored, signed and compared."""
    content: dict[str, dict[str, Any]] = {}
    for question in opinion_request.questions.all():
        answer = answers[question.pk]
        said = {"position": answer.get("position", "")}
        if question.form == QuestionForm.OPTIONS:
            said = {"options": sorted(answer.get("options", ()))}
        content[str(question.pk)] = {**said, "reason": tidy(answer.get("reason", ""))}
    return content


def spell_answers(opinion_request: OpinionRequest, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For readers of the trail: by the question's text, in the order asked."""
    spelt = []
    for question in opinion_request.questions.all():
        if (said := content.get(str(question.pk))) is None:
            continue
        if "options" in said:
            options = {option.pk: str(option) for option in question.options.all()}
            said = {**said, "options": [options[pk] for pk in said["options"]]}
        spelt.append({"question": question.text, **said})
    return spelt


def write_sheet(
    slip: OpinionSlip,
    content: Mapping[str, Mapping[str, Any]],
    *,
    by: Any,
    standing: str = SheetStanding.COUNTS,
    **facts: Any,
) -> AnswerSheet:
    """A new sheet with what it says, and with the paper that its writer has attached. One that counts at once
    replaces the one before.

    It is given at the moment at which the slip was taken: before the rules looked at the deadline.
    """
    now = slip.taken_at or clock.now()
    drop_unsigned(slip)
    facts.setdefault("attachment", slip.find_attachment(by) if "entered_by" not in facts else None)
    if standing == SheetStanding.COUNTS:
        end_sheet(slip, SheetStanding.REPLACED)
    sheet = AnswerSheet.objects.create(
        slip=slip,
        number=slip.sheets.count() + 1,
        issue=slip.request.issue,
        standing=standing,
        given_at=now,
        given_by=by,
        **{"receipt": make_receipt(slip, content, now), **facts},
    )
    classes = slip.request.classes
    answers = Answer.objects.bulk_create(
        Answer(
            sheet=sheet,
            question_id=int(question),
            taken=classes.get(said.get("position", "")),
            reason=said["reason"],
        )
        for question, said in content.items()
    )
    for answer, said in zip(answers, content.values(), strict=True):
        if chosen := said.get("options"):
            answer.options.add(*chosen)
    return sheet


def count_sheet(slip: OpinionSlip, sheet: AnswerSheet) -> None:
    """The slip takes over when and by whom it was answered. The caller advances and saves it."""
    slip.__dict__.pop("counting", None)
    slip.answered_by = sheet.given_by
    slip.answered_at, slip.receipt = sheet.signed_at or sheet.given_at, sheet.receipt
    if sheet.way == SheetWay.ONLINE:
        slip.unsent.filter(writer=sheet.given_by_id).delete()
    drop_dissent(slip)


def drop_unsigned(slip: OpinionSlip) -> None:
    """What was made ready to be signed gives way: she signs her newest words, or none."""
    if slip.request.kind.signing != SigningRule.NONE:
        waiting = slip.sheets.filter(standing=SheetStanding.TO_SIGN)
        waiting.update(standing=SheetStanding.DROPPED, ended_at=clock.now())


def end_sheet(slip: OpinionSlip, standing: str, *, because: str = "") -> AnswerSheet | None:
    """The sheet that counted counts no more, and is kept."""
    sheet = slip.sheets.filter(standing=SheetStanding.COUNTS).first()
    if sheet is not None:
        sheet.standing, sheet.ended_at, sheet.ended_because = standing, clock.now(), because
        sheet.save(update_fields=["standing", "ended_at", "ended_because"])
        slip.__dict__.pop("counting", None)
    return sheet


def end_answer(slip: OpinionSlip, standing: str, *, because: str = "") -> str:
    """Nothing is answered any more. Gives the receipt of what was."""
    end_sheet(slip, standing, because=because)
    receipt, slip.receipt = slip.receipt, ""
    slip.answered_by = slip.answered_at = None
    drop_dissent(slip)
    return receipt


def drop_dissent(slip: OpinionSlip) -> None:
    """What was reserved goes with the answer that differed. The trail keeps the words; the caller saves."""
    if slip.dissent and own_answer_differs(slip):
        slip.dissent, slip.dissent_at = "", None


def drop_all_unsigned(opinion_request: OpinionRequest, *, because: str = "") -> None:
    """What was made ready to sign before the questions were asked anew, or the collection closed, is never
    sent."""
    waiting = AnswerSheet.objects.filter(slip__request=opinion_request, standing=SheetStanding.TO_SIGN)
    waiting.update(standing=SheetStanding.DROPPED, ended_at=clock.now(), ended_because=because)


def make_receipt(slip: OpinionSlip, content: Mapping[str, Any], at: datetime) -> str:
    """Ten letters that stand for this answer at this second: who has the words can make them again."""
    words = json.dumps([slip.pk, content, at.isoformat()], ensure_ascii=False, sort_keys=True)
    code = base64.b32encode(hashlib.sha256(words.encode()).digest())[:10].decode()
    return f"{code[:5]}-{code[5:]}"
