"""The outcome of a request from its stored facts alone: the answers that count, and the rules it was sent
under. The clock stores it; `recompute_outcomes` works it out again."""

from collections import Counter
from collections.abc import Sequence
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
    count_votes,
    join_branches,
)
from opinions.models import OpinionRequest, OpinionSlip, Question
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
    counted = [
        (question, *_count_question(opinion_request, question, slips, vacant))
        for question in opinion_request.questions.prefetch_related("options")
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


def _find_answer(slip: OpinionSlip, question: Question) -> Any:
    return next((answer for answer in slip.answers if answer.question_id == question.pk), None)


def spell_positions(tally: Tally) -> dict[str, Any]:
    """As plain values, to be stored and shown."""
    return {**asdict(tally), "in_favour": tally.in_favour, "branch": tally.branch.value}


def spell_options(tally: OptionsTally) -> dict[str, Any]:
    """As plain values: options by their number as text, as JSON keeps them."""
    chosen = {str(option): number for option, number in tally.chosen.items()}
    return {**asdict(tally), "chosen": chosen, "adopted": list(tally.adopted), "branch": tally.branch.value}
