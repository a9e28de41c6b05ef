"""Who has answered so far, and what came of it."""

from dataclasses import dataclass
from typing import Any

from decisions.models import Resolution
from decisions.tally import Branch
from opinions import rules
from opinions.models import Answer, OpinionRequest, OpinionSlip, Question
from opinions.rules import SlipStatus


def show_progress(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """Who has answered so far; the positions stay closed until the deadline."""
    slips = opinion_request.slips.select_related("member").order_by("place", "pk")
    rows = list(slips.visible_to(user)) if rules.follows_request(user, opinion_request) else []
    counts = list(slips.values_list("status", flat=True))
    return {
        "opinion_request": opinion_request,
        "progress": rows if len(rows) == len(counts) else [],
        "answered_count": counts.count(SlipStatus.ANSWERED),
        "asked_count": len(counts),
    }


@dataclass(frozen=True)
class QuestionResult:
    question: Question
    result: dict[str, Any]
    answers: list[Answer]  # those with words, in protocol order


def show_result(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """The figures against all members, the reasons, and who was silent."""
    slips = list(
        OpinionSlip.objects.visible_to(user)
        .filter(request=opinion_request)
        .select_related("member")
        .with_answers()
    )
    given: dict[int, list[Answer]] = {}
    for slip in slips:
        for answer in slip.answers:
            answer.slip = slip
            given.setdefault(answer.question_id, []).append(answer)
    return {
        "slips": slips,
        "results": [
            QuestionResult(question, question.result, [a for a in given.get(question.pk, []) if a.reason])
            for question in opinion_request.questions.all()
        ],
        "resolution": Resolution.objects.visible_to(user).filter(opinion_request=opinion_request).first(),
        "silent": [slip for slip in slips if slip.is_silent],
        "is_agreed": opinion_request.branch == Branch.AGREED,
        "has_majority": opinion_request.branch != Branch.NO_MAJORITY,
        "has_opinions": opinion_request.branch == Branch.AGREED_WITH_OPINIONS,
    }
