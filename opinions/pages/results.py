"""What came of it: the figures of each question, who said what, and what became of
the remarks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from decisions.models import Resolution
from decisions.tally import Branch
from opinions import rules
from opinions.models import Answer, OpinionRequest, OpinionSlip, Question, Remark
from opinions.rules import DecidedBy, QuestionForm, RemarkStatus, RequestStatus

END_OF_OFFICE_HOURS = time(17)


@dataclass(frozen=True)
class Line:
    """One bar: an answer or an option, and how many gave it."""

    label: str
    count: int
    is_part: bool = False
    is_proposed: bool = False
    is_adopted: bool = False


@dataclass(frozen=True)
class QuestionResult:
    question: Question
    result: dict[str, Any]
    lines: list[Line]
    answers: list[Answer]  # those with words, in protocol order
    is_unopposed: bool = False  # passed where nobody objects

    @property
    def has_options(self) -> bool:
        return self.question.form == QuestionForm.OPTIONS


@dataclass(frozen=True)
class MemberRow:
    """What one member answered to each question."""

    slip: OpinionSlip
    answers: list[Answer | None]


@dataclass(frozen=True)
class RemarkRow:
    remark: Remark
    allowed: list[str]


def show_result(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """The figures against all members, the reasons, who was silent: as far as this person may read them."""
    slips = OpinionSlip.objects.visible_to(user).filter(request=opinion_request)
    remarks = Remark.objects.visible_to(user).filter(request=opinion_request)
    return {
        **show_outcome(user, opinion_request, slips, remarks),
        "repeats": OpinionRequest.objects.visible_to(user).filter(previous=opinion_request).first(),
    }


def show_outcome(user: Any, opinion_request: OpinionRequest, slips: Any, remarks: Any) -> dict[str, Any]:
    """The same number of queries for five members and for five hundred."""
    slips = list(slips.select_related("member").order_by("place", "pk").with_answers())
    given: dict[tuple[int, int], Answer] = {}
    for slip in slips:
        for answer in slip.answers:
            answer.slip = slip
            given[slip.pk, answer.question_id] = answer
    questions = list(opinion_request.questions.prefetch_related("options"))
    rows = list(_list_remarks(user, opinion_request, remarks))
    return {
        "slips": slips,
        "results": list(draw_figures(opinion_request, questions, slips, given)),
        "member_rows": [
            MemberRow(slip, [given.get((slip.pk, question.pk)) for question in questions])
            for slip in slips
            if slip.is_answered and not opinion_request.is_secret
        ],
        "remark_rows": rows,
        "follows_up": bool(opinion_request.referred_at or opinion_request.session_at),
        "report_hindrance": _find_report_hindrance(user, opinion_request),
        "unsettled_count": sum(row.remark.status != RemarkStatus.SETTLED for row in rows),
        "maintained_count": sum(row.remark.is_maintained for row in rows),
        "resolution": Resolution.objects.visible_to(user).filter(opinion_request=opinion_request).first(),
        "silent": [slip for slip in slips if slip.is_silent],
        "dissents": [slip for slip in slips if slip.dissent],
        "is_agreed": opinion_request.branch == Branch.AGREED,
        "has_majority": opinion_request.branch != Branch.NO_MAJORITY,
        "has_opinions": opinion_request.branch == Branch.AGREED_WITH_OPINIONS,
        "session_calls": opinion_request.session_calls,
        **_find_what_is_due(opinion_request),
    }


def draw_figures(
    opinion_request: OpinionRequest,
    questions: Iterable[Question],
    slips: Iterable[OpinionSlip] = (),
    given: Mapping[tuple[int, int], Answer] | None = None,
) -> Iterator[QuestionResult]:
    """The stored figures of each question; with slips also the words of their answers."""
    for question in questions:
        answers = [(given or {}).get((slip.pk, question.pk)) for slip in slips]
        yield QuestionResult(
            question,
            question.result or {},
            list(_draw(opinion_request, question, question.result or {})),
            [answer for answer in answers if answer and answer.reason],
            opinion_request.kind.decided_by == DecidedBy.NO_OBJECTION,
        )


def _draw(opinion_request: OpinionRequest, question: Question, result: Mapping[str, Any]) -> Iterator[Line]:
    if question.form == QuestionForm.OPTIONS:
        chosen, adopted = result.get("chosen", {}), result.get("adopted", ())
        divided = {option.parent_id for option in question.options.all()}
        for option in question.options.all():
            if option.pk in divided:
                continue
            yield Line(
                str(option),
                chosen.get(str(option.pk), 0),
                is_part=option.parent_id is not None,
                is_proposed=option.is_proposed,
                is_adopted=option.pk in adopted,
            )
        return
    counted = result.get("classes")
    for code, offered in opinion_request.classes.items():
        yield Line(
            str(offered), result.get(offered.counts_as, 0) if counted is None else counted.get(code, 0)
        )


def _list_remarks(user: Any, opinion_request: OpinionRequest, remarks: Any) -> Iterator[RemarkRow]:
    """The table, each row with what this person may do about it."""
    for remark in remarks.in_words().order_by("number"):
        remark.request = remark.slip.request = opinion_request
        yield RemarkRow(remark, rules.REMARK.allowed(user, remark))


def _find_what_is_due(opinion_request: OpinionRequest) -> dict[str, datetime | None]:
    """The clocks that still run: the Office's, then the lead agency's."""
    is_closed = opinion_request.status == RequestStatus.CLOSED
    waits = opinion_request.status == RequestStatus.REFERRED and opinion_request.reported_at is None
    return {
        "process_until": _end_of(opinion_request.process_by) if is_closed else None,
        "report_until": _end_of(opinion_request.report_by) if is_closed or waits else None,
    }


def _find_report_hindrance(user: Any, opinion_request: OpinionRequest) -> str | None:
    """What the lead agency has to do before it reports."""
    if opinion_request.status != RequestStatus.REFERRED:
        return None
    is_theirs = rules.works_for_lead_agency(user, opinion_request)
    return rules.remarks_are_explained(opinion_request) if is_theirs else None


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, END_OF_OFFICE_HOURS)) if day else None
