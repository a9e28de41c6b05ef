"""Counting answers under a body's rules. Pure: no Django, no database, no clock.

Government: Nghị định 191/2026/NĐ-CP, Điều 3(3) and Điều 15(5)(c), 15(6).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    OTHER = "other"
    ABSTAIN = "abstain"


class Basis(StrEnum):
    """What the majority is a share of."""

    MEMBERS = "members"  # all members in office, whether they answer or not
    SEATS = "seats"  # all seats of the body, the vacant ones too
    ANSWERS = "answers"  # the answers given


class Silence(StrEnum):
    AGREES = "agrees"  # with the lead agency's proposal
    NOTHING = "nothing"  # is counted for no side


class Abstention(StrEnum):
    STAYS = "stays"  # in the basis: it helps no side and makes the majority harder
    LEAVES = "leaves"  # the basis, as if the member had not been asked


class Tie(StrEnum):
    CHAIR = "chair"  # the side on which the chair voted
    FAILS = "fails"


class Branch(StrEnum):
    """The three results of Điều 15(6): what follows is another for each."""

    NO_MAJORITY = "a"
    AGREED = "b"
    AGREED_WITH_OPINIONS = "c"


@dataclass(frozen=True)
class MajorityRule:
    """More than `numerator`/`denominator` of the basis must agree."""

    basis: Basis = Basis.MEMBERS
    numerator: int = 1
    denominator: int = 2
    tie: Tie = Tie.CHAIR
    silence: Silence = Silence.AGREES
    abstention: Abstention = Abstention.STAYS
    unopposed: bool = False  # instead: nobody may disagree, whatever the number of those who agree


@dataclass(frozen=True)
class Vote:
    """What one member answered; None is silence."""

    position: Position | None
    is_chair: bool = False


@dataclass(frozen=True)
class Tally:
    agree: int  # answered so; the silent are apart
    disagree: int
    other: int
    abstain: int
    silent: int
    silent_agree: bool
    basis: int  # how many the majority is a share of
    needed: int  # the least number of agreeing members that is a majority
    is_tie: bool
    chair_decided: bool
    is_adopted: bool

    @property
    def in_favour(self) -> int:
        return self.agree + (self.silent if self.silent_agree else 0)

    @property
    def has_other_opinions(self) -> bool:
        return bool(self.disagree or self.other)

    @property
    def branch(self) -> Branch:
        if not self.is_adopted:
            return Branch.NO_MAJORITY
        return Branch.AGREED_WITH_OPINIONS if self.has_other_opinions else Branch.AGREED


def count_votes(votes: Iterable[Vote], rule: MajorityRule, *, vacant: int = 0) -> Tally:
    """The result of one question. `vacant` is the number of seats without a member."""
    votes = list(votes)
    chair = next((vote for vote in votes if vote.is_chair), None)
    sides = Counter(vote.position for vote in votes)
    chair_agrees = _agrees(chair.position, rule) if chair else None
    return count_figures(sides, rule, vacant=vacant, chair_agrees=chair_agrees)


def count_figures(
    counts: Mapping[Position | None, int],
    rule: MajorityRule,
    *,
    vacant: int = 0,
    chair_agrees: bool | None = None,
) -> Tally:
    """The result from figures alone, None being the silent. In a secret ballot nobody knows the chair's side
    (`chair_agrees` is None), and a tie is no majority."""
    counts = Counter(counts)
    silent_agree = rule.silence is Silence.AGREES
    in_favour = counts[Position.AGREE] + (counts[None] if silent_agree else 0)
    basis = _count_basis(counts, rule, vacant)
    adopted = in_favour * rule.denominator > basis * rule.numerator
    tie = bool(basis) and not adopted and _is_tie(in_favour, counts[Position.DISAGREE], basis, rule)
    chair_decides = tie and rule.tie is Tie.CHAIR and chair_agrees is not None
    needed = basis * rule.numerator // rule.denominator + 1
    if rule.unopposed:
        adopted, tie, chair_decides, needed = bool(basis) and not counts[Position.DISAGREE], False, False, 0
    return Tally(
        agree=counts[Position.AGREE],
        disagree=counts[Position.DISAGREE],
        other=counts[Position.OTHER],
        abstain=counts[Position.ABSTAIN],
        silent=counts[None],
        silent_agree=silent_agree,
        basis=basis,
        needed=needed,
        is_tie=tie,
        chair_decided=chair_decides,
        is_adopted=adopted or (chair_decides and bool(chair_agrees)),
    )


@dataclass(frozen=True)
class Choice:
    """The options that one member chose; None is silence."""

    options: frozenset[int] | None


@dataclass(frozen=True)
class OptionsTally:
    """How often each option was chosen, the silent apart. An option is adopted by the same majority."""

    chosen: dict[int, int]
    silent: int
    silent_agree: bool
    basis: int
    needed: int
    adopted: tuple[int, ...]
    branch: Branch


def count_choices(
    choices: Iterable[Choice],
    offered: Iterable[int],
    rule: MajorityRule,
    *,
    proposed: frozenset[int] = frozenset(),
    vacant: int = 0,
) -> OptionsTally:
    """The result of a question with options. Silence that agrees is for the options that the lead agency
    proposes. Branch b: a majority for what is proposed, and nobody chose anything else."""
    choices = list(choices)
    chosen = Counter(option for choice in choices for option in choice.options or ())
    silent = sum(choice.options is None for choice in choices)
    return count_option_figures(
        {option: chosen[option] for option in offered}, silent, len(choices), rule, proposed, vacant
    )


def count_option_figures(
    chosen: Mapping[int, int],
    silent: int,
    members: int,
    rule: MajorityRule,
    proposed: frozenset[int] = frozenset(),
    vacant: int = 0,
) -> OptionsTally:
    """The result from figures alone."""
    silent_agree = rule.silence is Silence.AGREES
    sides = Counter({Position.OTHER: members - silent, None: silent})
    basis = _count_basis(sides, rule, vacant)
    needed = basis * rule.numerator // rule.denominator + 1
    for_it = {
        option: number + (silent if silent_agree and option in proposed else 0)
        for option, number in chosen.items()
    }
    adopted = tuple(option for option, number in for_it.items() if number >= needed)
    strayed = any(number for option, number in chosen.items() if option not in proposed)
    branch = Branch.NO_MAJORITY
    if adopted and proposed <= set(adopted):
        branch = Branch.AGREED_WITH_OPINIONS if strayed and proposed else Branch.AGREED
    elif adopted:
        branch = Branch.AGREED_WITH_OPINIONS
    return OptionsTally(dict(chosen), silent, silent_agree, basis, needed, adopted, branch)


def join_branches(branches: Iterable[Branch]) -> Branch:
    """One result for a request of several questions: the one that asks for the most care."""
    return min(branches, key=[Branch.NO_MAJORITY, Branch.AGREED_WITH_OPINIONS, Branch.AGREED].index)


def _count_basis(counts: Counter[Position | None], rule: MajorityRule, vacant: int) -> int:
    basis = counts.total()
    if rule.basis is Basis.SEATS:
        basis += vacant
    elif rule.basis is Basis.ANSWERS and rule.silence is Silence.NOTHING:
        basis -= counts[None]
    if rule.abstention is Abstention.LEAVES:
        basis -= counts[Position.ABSTAIN]
    return basis


def _is_tie(in_favour: int, against: int, basis: int, rule: MajorityRule) -> bool:
    """Equal votes that together are the whole basis: exactly half for, half against.

    Equal numbers below that (others have another opinion or abstain) are no majority and no tie:
    the chair's vote cannot make a minority of all members a majority.
    """
    return in_favour == against and in_favour + against == basis and 2 * rule.numerator == rule.denominator


def _agrees(position: Position | None, rule: MajorityRule) -> bool:
    return position is Position.AGREE or (position is None and rule.silence is Silence.AGREES)
