"""The page on which a member signs her answer, and what is told of a signature afterwards."""

from typing import Any

from core.work import WorkState
from core.workflow import Conflict
from opinions import rules
from opinions.models import AnswerSheet, OpinionSlip
from opinions.pages.slips import name_card
from people.models import User
from signatures.models import Signature, SigningCertificate
from signatures.rules import KeyWay


def describe_signing(user: User, slip: OpinionSlip, sheet: AnswerSheet) -> dict[str, Any]:
    """The slip as a paper, the words that the key signs, and the keys that can."""
    rendering = sheet.rendering
    return {
        "slip": slip,
        "back": f"{slip.get_absolute_url()}?change={slip.pk}#{name_card(user, slip)}",
        "opinion_request": slip.request,
        "sheet": sheet,
        "version": sheet.version,
        "words": bytes(sheet.statement.content).decode() if sheet.statement else "",
        "has_failed": rendering is None or rendering.work_state == WorkState.FAILED,
        "why_not": find_obstacle(user, sheet) if sheet.statement else "",
        "certificates": list(list_certificates(user)),
    }


def list_certificates(user: User) -> Any:
    """What this person can sign with, wherever her key lives."""
    return SigningCertificate.objects.usable().of(user.pk).exclude(way=KeyWay.SERVER)


def find_obstacle(user: User, sheet: AnswerSheet) -> str:
    """Why this person cannot sign just now."""
    try:
        rules.SHEET.check("sign_answer", user, sheet)
    except Conflict as refused:
        return str(refused)
    return ""


def find_signature(user: User, pk: int) -> Signature | None:
    """One that this person has begun over an answer."""
    begun = Signature.objects.visible_to(user).select_related("certificate", "statement")
    return begun.filter(pk=pk, statement__answer_sheet__isnull=False).first()
