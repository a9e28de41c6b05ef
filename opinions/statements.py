"""What a member signs of her answer, word for word: the request, what lay before her, the questions, her
answers, and the slip that she saw as a paper.

The bytes are canonical (verifier/statements/content.py). Whoever has them, the slip and the signature needs
nothing of this system to judge them.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.workflow import Conflict
from opinions.models import Answer, AnswerSheet, Question
from opinions.rules import QuestionForm
from verifier.statements.content import TURNING, BadStatement, Content, encode

KIND = "opinions.answer"


def make_signable(text: str) -> str:
    """As the statement has it: lines ended in one way, without marks that nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (letter not in TURNING and unicodedata.category(letter) not in ("Cc", "Cs"))
    )


def write_statement(sheet: AnswerSheet, *, sha256: str, size: int) -> bytes:
    """The bytes to sign. `sha256` and `size` are of the slip as a paper."""
    slip = sheet.slip
    opinion_request, issue = slip.request, slip.request.dossier.current_issue
    assert issue is not None  # a request that was sent has one
    answers = list(sheet.answers.all())
    body: dict[str, Any] = {
        "request": {
            "number": opinion_request.pk,
            "subject": opinion_request.subject,
            "body": opinion_request.body.name,
            "form": opinion_request.kind.name,
            "issue": sheet.issue,
        },
        "dossier": {"number": opinion_request.dossier_id, "issue": issue.number, "sha256": issue.sha256},
        "member": {"name": slip.member.full_name, "title": slip.member_title},
        "questions": [_spell_question(answer.question, opinion_request.classes) for answer in answers],
        "answers": spell_answers(answers),
        "slip": {"sheet": sheet.number, "receipt": sheet.receipt, "sha256": sha256, "size": size},
    }
    if sheet.given_by_id != slip.member_id:
        body["stand_in"] = sheet.given_by.full_name
    if sheet.attachment is not None:
        body["attachment"] = {
            "name": sheet.attachment.file_name,
            "sha256": sheet.attachment.sha256,
            "size": sheet.attachment.size,
        }
    try:
        return encode(Content(KIND, slip.pk, sheet.given_at, _clean(body), sheet.nonce))
    except BadStatement as problem:
        raise Conflict(
            _("Your answer is too long to be signed. Put the longer part into a paper of its own.")
        ) from problem


def spell_answers(answers: list[Answer]) -> list[dict[str, Any]]:
    """By the places of the questions, in the order asked: the same in the statement and in the evidence."""
    return [{"question": answer.question.place, **_spell_answer(answer)} for answer in answers]


def _spell_answer(answer: Answer) -> dict[str, Any]:
    content = answer.content
    return {**content, "reason": make_signable(content["reason"])}


def _spell_question(question: Question, classes: Mapping[str, Any]) -> dict[str, Any]:
    """With all that could be answered, so that what was chosen is read in words."""
    spelt: dict[str, Any] = {"place": question.place, "text": question.text}
    if question.form == QuestionForm.OPTIONS:
        spelt["options"] = [{"number": option.pk, "text": str(option)} for option in question.offered]
        spelt["at_most"] = question.max_choices
    else:
        spelt["positions"] = [{"code": code, "text": offered.label} for code, offered in classes.items()]
    return spelt


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return make_signable(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return value
