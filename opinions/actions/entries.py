"""What surrounds an answer: its attachment, one that came on paper or by telephone, and reserved dissent."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actors import WORKER
from core.workflow import Conflict
from documents.actions import order_rendering
from documents.uploads import ReceivedPaper
from notifications import outbox
from opinions import rules
from opinions.actions._attachments import keep_attachment, keep_scan
from opinions.actions._sheets import (
    Answers,
    count_sheet,
    keep_unsent,
    spell_answers,
    spell_content,
    take,
    write_sheet,
)
from opinions.models import OpinionSlip
from opinions.rules import SheetWay
from opinions.wording import in_figures, tidy


@transaction.atomic
def attach_paper(slip: OpinionSlip, *, by: Any, upload: "ReceivedPaper | Any") -> OpinionSlip:
    """Whoever answers puts a paper to the answer. It is her private paper, and goes with what she sends."""
    slip = take(slip)
    rules.SLIP.check("attach_paper", by, slip)

    keep_unsent(slip, by, attachment=keep_attachment(slip, upload, by=by))

    trail.record("opinions.attach_paper", by=by, on=slip)
    return slip


@transaction.atomic
def detach_paper(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """The next answer goes without the paper. What was sent with an earlier one stays with that."""
    slip = take(slip)
    rules.SLIP.check("detach_paper", by, slip)

    keep_unsent(slip, by, attachment=None)

    trail.record("opinions.detach_paper", by=by, on=slip)
    return slip


@transaction.atomic
def enter_answer(
    slip: OpinionSlip,
    *,
    by: Any,
    answers: Answers,
    way: str,
    reason: str,
    scan: "ReceivedPaper | Any | None" = None,
) -> OpinionSlip:
    """An officer enters what a member has answered on paper or by telephone, and says why.

    It counts as her answer. She is told at once, and may replace it by her own until the deadline.
    """
    slip = take(slip)
    rules.SLIP.check("enter_answer", by, slip)
    if fault := _find_fault(slip, answers, way, reason, scan):
        raise Conflict(fault)

    given, before = spell_content(slip.request, answers), slip.current_answers
    sheet = write_sheet(
        slip,
        given,
        by=slip.member,
        way=way,
        entered_by=by,
        entry_reason=tidy(reason),
        scan=keep_scan(slip, scan, by=by) if scan is not None else None,
    )
    count_sheet(slip, sheet)
    rules.SLIP.advance("enter_answer", slip)
    slip.save()

    trail.record(
        "opinions.enter_answer",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        way=way,
        reason=sheet.entry_reason,
        scan=sheet.scan.sha256 if sheet.scan else "",
        before=spell_answers(slip.request, before),
        after=spell_answers(slip.request, given),
        receipt=slip.receipt,
    )
    outbox.tell(
        [slip.member],
        "opinions/answer_entered",
        url=slip.get_absolute_url(),
        subject=slip.request.subject,
        deadline=in_figures(slip.request.deadline),
        person=str(by),
        is_on_paper=way == SheetWay.PAPER,
    )
    return slip


def _find_fault(slip: OpinionSlip, answers: Answers, way: str, reason: str, scan: Any) -> str | None:
    if fault := rules.way_is_taken(slip, way):
        return fault
    if not tidy(reason):
        return _("Say why the answer is entered for the member.")
    if way == SheetWay.PAPER and scan is None:
        return _("Add the scan of the paper.")
    return rules.answers_are_complete(slip.request, answers)


@transaction.atomic
def reserve_dissent(slip: OpinionSlip, *, by: Any, words: str) -> OpinionSlip:
    """A member who did not agree has her opinion reserved, whatever is decided (bảo lưu ý kiến).

    It stands in the result and in the synthesis. After the count the synthesis is made anew with it.
    """
    slip = take(slip)
    rules.SLIP.check("reserve_dissent", by, slip)
    if not tidy(words):
        raise Conflict(_("Write the opinion that you reserve."))

    before, slip.dissent = slip.dissent, tidy(words)
    if before == slip.dissent:
        return slip
    slip.dissent_at = clock.now()
    slip.save(update_fields=["dissent", "dissent_at"])

    trail.record(
        "opinions.reserve_dissent",
        by=by,
        on=slip,
        sealed_until=slip.request.deadline,
        before=before,
        after=slip.dissent,
    )
    if slip.request.synthesis is not None:
        order_rendering(
            slip.request.synthesis, by=WORKER, task="opinions.tasks.render_synthesis", target=slip.request
        )
    return slip
