"""One answer on its way from the member's key to the count."""

from typing import Any

from django.utils.translation import gettext

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from opinions.rules.signing import answer_is_as_prepared, may_be_signed
from opinions.rules.slips import request_takes_answers
from opinions.rules.states import SignatureState
from opinions.rules.who import answers_slip


def slip_takes_answers(sheet: Any) -> str | None:
    return may_be_signed(sheet.slip) or request_takes_answers(sheet.slip)


def paper_is_made(sheet: Any) -> str | None:
    if sheet.statement_id is None:
        return gettext("The slip is still being made. Wait a moment.")
    return None


def paper_is_owed(sheet: Any) -> str | None:
    if sheet.statement_id is not None:
        return gettext("The slip is made already.")
    return None


def is_being_verified(sheet: Any) -> str | None:
    if sheet.signature_state != SignatureState.CHECKING:
        return gettext("The signature over this answer is settled.")
    return None


def wrote_sheet(user: Any, sheet: Any) -> bool:
    """Who wrote the answer signs it: a stand-in never what the member wrote."""
    return sheet.given_by_id == user.pk and answers_slip(user, sheet.slip)


SHEET = Rulebook(
    initial=None,
    rules={
        "write_statement": Rule(is_worker, guards=(paper_is_owed,)),
        "sign_answer": Rule(wrote_sheet, guards=(slip_takes_answers, answer_is_as_prepared, paper_is_made)),
        "confirm_signature": Rule(is_worker, guards=(is_being_verified,)),
        "break_signature": Rule(is_worker, guards=(is_being_verified,)),
    },
)
