"""The outcome of a request from its stored facts alone: the answers that count, and the rules it was sent
under. The clock stores it; `recompute_outcomes` works it out again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from decisions.tally import (
    Branch,
    Choice,
    OptionsTally,
    Position,
    Tally,
    Vote,
    count_choices,
    count_figures,
    count_option_figures,
    count_votes,
    join_branches,
)
from opinions import rules
from opinions.ballots import check_box, count_ballots
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip, Question
from opinions.rules import QuestionForm, SlipStatus


@dataclass(frozen=True)
class Counted:
    """What is stored: the figures of each question, and the one result of all."""

    results: Sequence[tuple[Question, dict[str, Any]]]
    branch: str


def count_answers(opinion_request: OpinionRequest) -> Counted:
    """Against all members who were asked and were in office to the end (Điều 3(3))."""
    slips = list(opinion_request.slips.exclude(status=SlipStatus.RELEASED).with_answers())
    vacant = opinion_request.rule_set.count_vacant(len(slips))
    questions = opinion_request.questions.prefetch_related("options")
    if opinion_request.is_secret:
        figures, voters = count_ballots(opinion_request)
        more = {"members": len(slips), "vacant": vacant}
        counted = [
            (question, *_count_figures(opinion_request, question, figures[question.pk], voters, more))
            for question in questions
        ]
    else:
        counted = [
            (question, *_count_question(opinion_request, question, slips, vacant)) for question in questions
        ]
    return Counted(
        [(question, result) for question, result, _ in counted],
        join_branches(branch for *_, branch in counted).value,
    )


def _count_question(
    opinion_request: OpinionRequest, question: Question, slips: list[OpinionSlip], vacant: int
) -> tuple[dict[str, Any], Branch]:
    rule = opinion_request.majority_rule
    given = [_find_answer(slip, question) for slip in slips]
    more = {"members": len(slips), "vacant": vacant}
    if question.form == QuestionForm.OPTIONS:
        offered = list(question.offered)
        choices = [
            Choice(frozenset(option.pk for option in answer.options.all()) if answer else None)
            for answer in given
        ]
        proposed = frozenset(option.pk for option in offered if option.is_proposed)
        tally = count_choices(
            choices, [option.pk for option in offered], rule, proposed=proposed, vacant=vacant
        )
        return {**spell_options(tally), **more}, tally.branch
    votes = [
        Vote(Position(answer.taken.counts_as) if answer else None, is_chair=slip.is_chair)
        for slip, answer in zip(slips, given, strict=True)
    ]
    classes = Counter(answer.position for answer in given if answer)
    sides = count_votes(votes, rule, vacant=vacant)
    return {**spell_positions(sides), "classes": dict(classes), **more}, sides.branch


def _count_figures(
    opinion_request: OpinionRequest,
    question: Question,
    figures: Mapping[str, int],
    voters: int,
    more: Mapping[str, int],
) -> tuple[dict[str, Any], Branch]:
    """Of a secret ballot: nobody knows who chose what, the chair's side neither."""
    rule, members, vacant = opinion_request.majority_rule, more["members"], more["vacant"]
    silent = members - voters
    if question.form == QuestionForm.OPTIONS:
        chosen = {option.pk: figures[str(option.pk)] for option in question.offered}
        proposed = frozenset(option.pk for option in question.offered if option.is_proposed)
        tally = count_option_figures(chosen, silent, members, rule, proposed, vacant)
        return {**spell_options(tally), **more}, tally.branch
    sides: Counter[Position | None] = Counter({None: silent})
    for code, number in figures.items():
        sides[Position(opinion_request.classes[code].counts_as)] += number
    classes = {code: number for code, number in figures.items() if number}
    result = count_figures(sides, rule, vacant=vacant)
    return {**spell_positions(result), "classes": classes, **more}, result.branch


def _find_answer(slip: OpinionSlip, question: Question) -> Any:
    return next((answer for answer in slip.answers if answer.question_id == question.pk), None)


def spell_positions(tally: Tally) -> dict[str, Any]:
    """As plain values, to be stored and shown."""
    return {**asdict(tally), "in_favour": tally.in_favour, "branch": tally.branch.value}


def spell_options(tally: OptionsTally) -> dict[str, Any]:
    """As plain values: options by their number as text, as JSON keeps them."""
    chosen = {str(option): number for option, number in tally.chosen.items()}
    return {**asdict(tally), "chosen": chosen, "adopted": list(tally.adopted), "branch": tally.branch.value}


# Working it out again

ADDED_LATER = frozenset({"classes"})  # figures that results stored by earlier versions do not have


def find_differences(opinion_request: OpinionRequest) -> Iterator[str]:
    """What does not hold of a request that was sent: an answer that must not count, one that is missing, and,
    once it is counted, whatever was stored and does not follow."""
    slips = list(
        opinion_request.slips.select_related("member", "stand_in").order_by("place", "pk").with_answers()
    )
    for slip in slips:
        slip.request = opinion_request
        yield from (f"{slip}: {fault}" for fault in _find_faults(slip))
    if not opinion_request.is_counted:
        return
    if opinion_request.is_secret and (problems := check_box(opinion_request)):
        yield from (f"ballot box: {problem}" for problem in problems)
        return
    counted = count_answers(opinion_request)
    for question, result in counted.results:
        for difference in compare_results(question.result or {}, result):
            yield f"question {question.place}: {difference}"
    if opinion_request.branch != counted.branch:
        yield f"outcome: stored {opinion_request.branch!r}, from the answers {counted.branch!r}"


def compare_results(stored: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Figure by figure, by name."""
    for name in sorted({*stored, *found}):
        if name not in stored and name in ADDED_LATER:
            continue
        if stored.get(name) != found.get(name):
            yield f"{name}: stored {stored.get(name)!r}, from the answers {found.get(name)!r}"


def _find_faults(slip: OpinionSlip) -> Iterator[str]:
    """Of one slip by itself."""
    sheet = slip.current_sheet
    if slip.is_answered and sheet is None:
        yield "is marked as answered, and no answer counts"
    if slip.request.is_counted and slip.status in rules.UNANSWERED:
        yield "is neither an answer nor silence, though the answers are counted"
    if sheet is None:
        return
    if not slip.is_answered:
        yield f"an answer counts, and the slip is marked as {slip.status}"
    yield from _find_faults_of_answer(slip, sheet)


def _find_faults_of_answer(slip: OpinionSlip, sheet: AnswerSheet) -> Iterator[str]:
    opinion_request = slip.request
    if sheet.issue != opinion_request.issue:
        yield f"the answer that counts is to issue {sheet.issue}, asked is issue {opinion_request.issue}"
    given_at = sheet.signed_at or sheet.given_at
    if given_at >= opinion_request.deadline:
        yield f"the answer was given at {given_at.isoformat()}, not before the deadline"
    if not _may_have_answered(slip, sheet):
        yield f"the answer was given by {sheet.given_by}, who may not answer for this member"
    if not (sheet.is_entered or sheet.signed_at) and rules.needs_no_signature(slip):
        yield "the answer was not signed, and here it has to be"
    answered = {answer.question_id for answer in slip.answers}
    asked = {question.pk for question in opinion_request.questions.all()}
    if answered != asked and not opinion_request.is_secret:
        yield f"the answer is to questions {sorted(answered)}, asked are {sorted(asked)}"


def _may_have_answered(slip: OpinionSlip, sheet: AnswerSheet) -> bool:
    """The member; the stand-in of the day of sending only where the kind of request lets one answer."""
    if sheet.given_by_id == slip.member_id:
        return True
    may_stand_in = slip.request.kind.stand_ins_answer and slip.stand_in is not None
    return may_stand_in and slip.stand_in.user_id == sheet.given_by_id
