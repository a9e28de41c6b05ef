"""The slip: of the member, and of those who prepare it."""

from typing import Any

from documents.models import DossierIssue
from opinions import rules
from opinions.forms.slips import AnswerForm
from opinions.models import OpinionRequest, OpinionSlip
from people.rules import is_secretary


def show_answer(
    user: Any,
    slip: OpinionSlip,
    form: Any = None,
    *,
    use_draft: bool = False,
    change: bool = False,
    is_review: bool = False,
) -> dict[str, Any]:
    """The slip before the member, or before her stand-in: the form, the second step, or the receipt."""
    allowed = rules.SLIP.allowed(user, slip)
    acts_for = slip.member_id != user.pk
    unsent = slip.find_unsent(user)
    if form is None and "keep_draft" in allowed and (change or not slip.is_answered):
        kept = unsent.content if unsent else slip.current_answers
        form = AnswerForm(
            slip=slip,
            answers=slip.draft if use_draft else kept,
            answers_oneself=not acts_for,
            takes_paper="attach_paper" in allowed,
        )
    return {
        "slip": slip,
        "card_id": name_card(user, slip),
        "acts_for": acts_for,
        "slip_allowed": allowed,
        "answer_form": form,
        "is_review": is_review,
        "to_sign": slip.find_sheet_to_sign(user) if "prepare_answer" in allowed else None,
        "attachment": slip.find_attachment(user) if form else None,
        "sheet": slip.current_sheet,
        "given_answers": slip.answers,
        "ended_sheets": slip.ended_sheets,
        "changed_issue": _find_issue_after(slip) if slip.is_answered else None,
        "unsent": [] if "keep_draft" in allowed else _read_words(unsent),
        "uses_draft": use_draft,
        "silence_agrees": slip.request.silence_agrees,
    }


def list_enterable(user: Any, opinion_request: OpinionRequest) -> list[OpinionSlip]:
    """Those for which this officer may enter what came on paper or by telephone."""
    if not is_secretary(user, opinion_request) or not opinion_request.is_open:
        return []
    slips = list(opinion_request.slips.select_related("member").with_facts())
    for slip in slips:
        slip.request = opinion_request
    return [slip for slip in slips if rules.SLIP.allows("enter_answer", user, slip)]


def name_card(user: Any, slip: OpinionSlip) -> str:
    """Of the part of the page: one's own slip, or that of a member for whom one stands in."""
    return "answer" if slip.member_id == user.pk else f"answer-{slip.pk}"


def _find_issue_after(slip: OpinionSlip) -> DossierIssue | None:
    """The newest issue of the dossier, where it came after the answer."""
    return slip.request.dossier.issues.filter(sealed_at__gt=slip.answered_at).order_by("-number").first()


def prepare(user: Any, slip: OpinionSlip, form: Any = None) -> dict[str, Any]:
    """The slip of a member whom this person assists."""
    allowed = rules.SLIP.allowed(user, slip)
    if form is None and "draft_answer" in allowed:
        form = AnswerForm(slip=slip, complete=False, answers_oneself=False, answers=slip.draft)
    return {"slip": slip, "allowed": allowed, "form": form}


def _read_words(unsent: Any) -> list[str]:
    """Words that the deadline overtook: they count for nothing, and are not lost."""
    return [answer["reason"] for answer in unsent.content.values() if answer.get("reason")] if unsent else []
