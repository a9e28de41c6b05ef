"""What was asked in each issue of a request, and what each member answered to it, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from opinions import rules
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip, Question, RequestIssue
from opinions.rules import SheetStanding


@dataclass(frozen=True)
class Told:
    """What one member had answered when an issue ended, or answers now."""

    issue: RequestIssue
    sheet: AnswerSheet | None

    @property
    def counts(self) -> bool:
        return self.sheet is not None and self.sheet.standing == SheetStanding.COUNTS


@dataclass(frozen=True)
class SideBySide:
    slip: OpinionSlip
    told: list[Told]


def show_issues(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """Everything that this person may read of it: until the count only what is one's own."""
    issues = list(opinion_request.issues.select_related("dossier_issue"))
    if not issues:
        raise Http404
    slips = OpinionSlip.objects.visible_to(user).filter(request=opinion_request)
    readable = []
    for slip in slips.select_related("member", "stand_in"):
        slip.request = opinion_request
        if rules.reads_answers(user, slip):
            readable.append(slip)
    ever = Question.ever.filter(request=opinion_request)
    questions = list(ever.order_by("place").prefetch_related("options__parent"))
    return {
        "opinion_request": opinion_request,
        "issues": [(issue, list_asked(questions, issue)) for issue in issues],
        "rows": [] if opinion_request.is_secret else put_side_by_side(issues, readable),
    }


def show_earlier(opinion_request: OpinionRequest, slip: OpinionSlip) -> SideBySide | None:
    """For the page of the member whose answer was voided."""
    if opinion_request.issue == 1 or opinion_request.is_secret:
        return None
    row = put_side_by_side(list(opinion_request.issues.all()), [slip])[0]
    return row if any(told.sheet for told in row.told[:-1]) else None


def put_side_by_side(issues: list[RequestIssue], slips: Iterable[OpinionSlip]) -> list[SideBySide]:
    """In three queries, however many members were asked."""
    slips = list(slips)
    last: dict[tuple[int, int], AnswerSheet] = {}
    sheets = AnswerSheet.objects.filter(slip__in=slips, standing__in=rules.READ_BY_ALL).with_answers()
    for sheet in sheets.order_by("number"):
        last[sheet.slip_id, sheet.issue] = sheet
    return [
        SideBySide(slip, [Told(issue, last.get((slip.pk, issue.number))) for issue in issues])
        for slip in slips
    ]


def list_asked(questions: Iterable[Question], issue: RequestIssue) -> list[Question]:
    """The questions of that issue: each knows the issue that first asked otherwise."""
    dropped = (question.dropped_in for question in questions if question.dropped_in is not None)
    later = {number for number in dropped if number > issue.number}
    until = min(later, default=None)
    return [question for question in questions if question.dropped_in == until]
