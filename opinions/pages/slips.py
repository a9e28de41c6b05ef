"""The slip: of the member, and of those who prepare it."""

from typing import Any

from documents.models import DossierIssue
from opinions import rules
from opinions.forms.slips import AnswerForm
from opinions.models import OpinionSlip


def show_answer(
    user: Any,
    slip: OpinionSlip,
    form: Any = None,
    *,
    use_draft: bool = False,
    change: bool = False,
    is_review: bool = False,
) -> dict[str, Any]:
    """The member's own slip: the form, the second step, or the receipt."""
    allowed = rules.SLIP.allowed(user, slip)
    if form is None and "answer_slip" in allowed and (change or not slip.is_answered):
        form = AnswerForm(
            slip=slip, answers=slip.draft if use_draft else slip.own_draft or slip.current_answers
        )
    return {
        "slip": slip,
        "slip_allowed": allowed,
        "answer_form": form,
        "is_review": is_review,
        "given_answers": slip.answers,
        "changed_issue": _find_issue_after(slip) if slip.is_answered else None,
        "unsent": [] if "answer_slip" in allowed else _read_unsent(slip),
        "uses_draft": use_draft,
        "silence_agrees": slip.request.silence_agrees,
    }


def _find_issue_after(slip: OpinionSlip) -> DossierIssue | None:
    """The newest issue of the dossier, where it came after the answer."""
    return slip.request.dossier.issues.filter(sealed_at__gt=slip.answered_at).order_by("-number").first()


def prepare(user: Any, slip: OpinionSlip, form: Any = None) -> dict[str, Any]:
    """The slip of a member whom this person assists."""
    allowed = rules.SLIP.allowed(user, slip)
    if form is None and "draft_answer" in allowed:
        form = AnswerForm(slip=slip, complete=False, answers_oneself=False, answers=slip.draft)
    return {"slip": slip, "allowed": allowed, "form": form}


def _read_unsent(slip: OpinionSlip) -> list[str]:
    """Words that the deadline overtook: they count for nothing, and are not lost."""
    return [answer["reason"] for answer in slip.own_draft.values() if answer["reason"]]
