"""Answers that a member signs with her own key: made ready, signed, counted, verified."""

import hashlib
import secrets
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.actors import WORKER
from core.locks import lock
from core.workflow import Conflict
from documents.actions import order_rendering
from documents.models import Document, DocumentVersion
from documents.rules import DocumentKind
from notifications import outbox
from opinions import rules, statements
from opinions.actions._attachments import file_attachment
from opinions.actions._sheets import (
    Answers,
    count_sheet,
    end_answer,
    end_sheet,
    keep_unsent,
    read_form,
    spell_answers,
    spell_content,
    take,
    write_sheet,
)
from opinions.models import AnswerSheet, OpinionSlip
from opinions.rules import SheetStanding, SignatureState
from opinions.wording import in_figures, name_slip
from people.models import User
from people.rules import Role
from signatures import actions as signatures
from signatures.models import Signature, SigningCertificate, Statement

RENDER = "opinions.tasks.render_slip"


@transaction.atomic
def prepare_answer(slip: OpinionSlip, *, by: Any, answers: Answers) -> AnswerSheet:
    """A member's answer is laid out as a slip for her to sign. It counts for nothing before she has signed.

    The same answer asked for twice, by a second click, is one slip.
    """
    slip = take(slip)
    rules.SLIP.check("prepare_answer", by, slip)
    read_form(slip.request)
    answers = {
        question: {**answer, "reason": statements.make_signable(answer.get("reason", ""))}
        for question, answer in answers.items()
    }
    if reason := rules.answers_are_complete(slip.request, answers):
        raise Conflict(reason)

    given, attachment = spell_content(slip.request, answers), slip.find_attachment(by)
    waiting = slip.find_sheet_to_sign(by)
    if waiting is not None and waiting.says(given, attachment) and waiting.is_on_its_way:
        return waiting
    paper = Document.objects.create(
        body=slip.request.body, kind=DocumentKind.SLIP, title=name_slip(slip.request), owner=by
    )
    sheet = write_sheet(
        slip,
        given,
        by=by,
        standing=SheetStanding.TO_SIGN,
        attachment=attachment,
        nonce=secrets.token_hex(16),
        paper=paper,
    )
    sheet = _read(sheet, slip)
    statements.write_statement(sheet, sha256="0" * 64, size=2**53 - 1)  # said now if it will not fit

    trail.record("opinions.prepare_answer", by=by, on=slip)
    order_rendering(paper, by=WORKER, task=RENDER, target=sheet)
    return sheet


@transaction.atomic
def write_statement(sheet: AnswerSheet, *, by: Any, version: DocumentVersion) -> AnswerSheet:
    """The worker has made the slip: now it can be said what the key is to sign."""
    slip = take(sheet.slip)
    sheet = _read(lock(sheet), slip)
    rules.SHEET.check("write_statement", by, sheet)

    content = statements.write_statement(sheet, sha256=version.sha256, size=version.size)
    sheet.statement = Statement.objects.create(
        kind=statements.KIND,
        target_id=slip.pk,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    sheet.save(update_fields=["statement"])

    trail.record("opinions.write_statement", by=by, on=slip, sha256=sheet.statement.sha256)
    return sheet


@transaction.atomic
def sign_answer(sheet: AnswerSheet, *, by: Any, certificate: SigningCertificate) -> Signature:
    """The member begins to sign; her key gets what it is to sign."""
    slip = take(sheet.slip)
    sheet = _read(lock(sheet), slip)
    rules.SHEET.check("sign_answer", by, sheet)
    assert sheet.statement is not None  # the rule: the slip is made

    signature = signatures.prepare_statement(sheet.statement, by=by, certificate=certificate)

    trail.record("opinions.sign_answer", by=by, on=slip, sha256=sheet.statement.sha256)
    return signature


@transaction.atomic
def count_signed_answer(sheet: AnswerSheet, *, by: Any) -> OpinionSlip:
    """Her key has signed: from this moment it is her answer. What comes too late is not signed at all, for
    the signature is kept in this very transaction."""
    slip = take(sheet.slip)
    sheet = slip.signed_sheet = _read(lock(sheet), slip)
    rules.SLIP.check("count_signed_answer", by, slip)

    before = slip.current_answers
    file_attachment(slip, sheet, by=by)
    end_sheet(slip, SheetStanding.REPLACED)
    sheet.standing, sheet.signature_state = SheetStanding.COUNTS, SignatureState.CHECKING
    sheet.signed_at = slip.taken_at or clock.now()
    sheet.save(update_fields=["standing", "signature_state", "signed_at"])
    count_sheet(slip, sheet)
    rules.SLIP.advance("count_signed_answer", slip)
    slip.save()

    trail.record(
        "opinions.count_signed_answer",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        before=spell_answers(slip.request, before),
        after=spell_answers(slip.request, sheet.content),
        receipt=slip.receipt,
        statement=sheet.statement.sha256,
    )
    return slip


@transaction.atomic
def confirm_signature(sheet: AnswerSheet, *, by: Any) -> AnswerSheet:
    """The signature has its timestamp, and our own verifier finds it good."""
    sheet = _read(lock(sheet), sheet.slip)
    rules.SHEET.check("confirm_signature", by, sheet)

    sheet.signature_state = SignatureState.HOLDS
    sheet.save(update_fields=["signature_state"])

    trail.record("opinions.confirm_signature", by=by, on=sheet.slip, statement=sheet.statement.sha256)
    return sheet


@transaction.atomic
def break_signature(sheet: AnswerSheet, *, by: Any, because: str) -> AnswerSheet:
    """The signature over an answer does not hold: the certificate was revoked, say.

    While the request is open the member is told. Where a signature is required her answer counts no more;
    elsewhere it counts as one that is not signed. After the close the answer stays as it was counted, the
    office is told, and everyone who reads the answer reads this too.
    """
    slip = take(sheet.slip)
    sheet = _read(lock(sheet), slip)
    rules.SHEET.check("break_signature", by, sheet)

    sheet.signature_state = SignatureState.BROKEN
    sheet.save(update_fields=["signature_state"])

    statement = sheet.statement.sha256  # never the receipt: whoever reads it can try which answer it is
    trail.record("opinions.break_signature", by=by, on=slip, because=because, statement=statement)
    if sheet.standing != SheetStanding.COUNTS:
        return sheet
    is_open = rules.request_takes_answers(slip) is None
    outcome = "unsigned" if is_open else "late"
    if is_open and rules.needs_no_signature(slip):
        outcome = "void"
        void_signed_answer(slip, by=by, because=because)
    told = {"url": slip.get_absolute_url(), "subject": slip.request.subject, "because": because}
    outbox.tell(
        [sheet.given_by],
        "opinions/signature_broken",
        outcome=outcome,
        deadline=in_figures(slip.request.deadline),
        **told,
    )
    if not is_open:
        office = User.objects.holding([Role.SECRETARY], slip.request.body_id)
        outbox.tell(office, "opinions/signature_broken_late", member=str(slip.member), **told)
    return sheet


@transaction.atomic
def void_signed_answer(slip: OpinionSlip, *, by: Any, because: str) -> OpinionSlip:
    """Here an answer counts only with a signature, and this one has none that holds. Her words are kept, for
    her to sign once more."""
    slip = take(slip)
    rules.SLIP.check("void_signed_answer", by, slip)

    sheet = slip.current_sheet
    assert sheet is not None and sheet.statement is not None  # it was signed
    end_answer(slip, SheetStanding.VOIDED, because=because)
    keep_unsent(slip, sheet.given_by, content=sheet.content, attachment=sheet.attachment)
    rules.SLIP.advance("void_signed_answer", slip)
    slip.save()

    trail.record(
        "opinions.void_signed_answer", by=by, on=slip, because=because, statement=sheet.statement.sha256
    )
    return slip


def _read(sheet: AnswerSheet, slip: OpinionSlip) -> AnswerSheet:
    """With all that it says, under the slip as it stands now."""
    found = AnswerSheet.objects.select_related("statement", "given_by", "attachment").with_answers()
    sheet = found.get(pk=sheet.pk)
    sheet.slip = slip
    return sheet
