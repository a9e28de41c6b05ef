"""Settling remarks: the lead agency explains, the office settles, the member says what she thinks of it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from notifications import outbox
from opinions import rules
from opinions.models import Remark
from opinions.rules import MemberStance, RemarkVerdict
from opinions.wording import tidy


@transaction.atomic
def explain_remark(remark: Remark, *, by: Any, verdict: str, explanation: str) -> Remark:
    """The lead agency says what becomes of a remark, and why; better once more until the office settles."""
    remark = _take(remark)
    rules.REMARK.check("explain_remark", by, remark)
    if verdict == RemarkVerdict.OPEN or verdict not in RemarkVerdict.values:
        raise Conflict(_("Say what becomes of the remark."))
    if not tidy(explanation):
        raise Conflict(_("Explain it: the member reads why."))

    before = _describe(remark)
    remark.verdict, remark.explanation = verdict, tidy(explanation)
    remark.explained_at, remark.explained_by_name = clock.now(), str(by)
    rules.REMARK.advance("explain_remark", remark)
    remark.save()

    trail.record(
        "opinions.explain_remark",
        by=by,
        on=remark,
        member=str(remark.slip),
        before=before,
        after=_describe(remark),
    )
    return remark


@transaction.atomic
def settle_remark(remark: Remark, *, by: Any, note: str = "") -> Remark:
    """The office finds the explanation in order: the remark is settled, and the member is told how."""
    remark = _take(remark)
    rules.REMARK.check("settle_remark", by, remark)

    remark.settlement = tidy(note)
    remark.settled_at, remark.settled_by_name = clock.now(), str(by)
    rules.REMARK.advance("settle_remark", remark)
    remark.save()

    trail.record(
        "opinions.settle_remark",
        by=by,
        on=remark,
        member=str(remark.slip),
        verdict=remark.verdict,
        note=remark.settlement,
    )
    outbox.tell(
        [remark.slip.member],
        "opinions/remark_settled",
        url=remark.get_absolute_url(),
        subject=remark.request.subject,
        lead_agency=remark.request.lead_agency.name,
    )
    return remark


@transaction.atomic
def answer_settlement(remark: Remark, *, by: Any, stance: str, words: str = "") -> Remark:
    """The member is satisfied, or maintains the remark; she may think again until the matter is decided.

    It changes no count: it stands beside the remark for those who decide.
    """
    remark = _take(remark)
    rules.REMARK.check("answer_settlement", by, remark)
    if stance == MemberStance.OPEN or stance not in MemberStance.values:
        raise Conflict(_("Say whether you are satisfied."))

    before = {"stance": str(remark.stance), "words": remark.stance_words}
    remark.stance, remark.stance_words, remark.stance_at = stance, tidy(words), clock.now()
    remark.save()

    trail.record(
        "opinions.answer_settlement",
        by=by,
        on=remark,
        before=before,
        after={"stance": stance, "words": remark.stance_words},
    )
    return remark


def _take(remark: Remark) -> Remark:
    """The remark locked, under a matter that nobody decides meanwhile."""
    opinion_request = lock(remark.request)
    remark = lock(remark)
    remark.request = remark.slip.request = opinion_request
    return remark


def _describe(remark: Remark) -> dict[str, str]:
    return {"verdict": str(remark.verdict), "explanation": remark.explanation}
