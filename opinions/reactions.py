"""What follows here from news below."""

from core.actors import WORKER
from opinions import actions
from opinions.models import AnswerSheet
from signatures.events import StatementCompleted, StatementSigned, StatementVoided
from signatures.models import Signature


def count_signed_answer(event: StatementCompleted) -> None:
    """In the transaction that keeps the signature: an answer that comes too late is not signed either."""
    if sheet := _find_sheet(event.signature_id):
        actions.count_signed_answer(sheet, by=Signature.objects.get(pk=event.signature_id).by)


def confirm_signature(event: StatementSigned) -> None:
    if sheet := _find_sheet(event.signature_id):
        actions.confirm_signature(sheet, by=WORKER)


def break_signature(event: StatementVoided) -> None:
    if sheet := _find_sheet(event.signature_id):
        actions.break_signature(sheet, by=WORKER, because=event.because)


def _find_sheet(signature_id: int) -> AnswerSheet | None:
    """The answer that a statement is about; other statements are others' matter."""
    sheets = AnswerSheet.objects.select_related("slip__request__kind", "slip__member")
    return sheets.filter(statement__signatures=signature_id).first()
