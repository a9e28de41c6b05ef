"""Counting answers under a body's rules. Pure: no Django, no database, no clock.

Government: Nghị định 191/2026/NĐ-CP, Điều 3(3) and Điều 15(5)(c), 15(6).
"""

from collections import Counter
from collections.abc import Iterable
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
    counts = Counter(vote.position for vote in votes)
    silent_agree = rule.silence is Silence.AGREES
    in_favour = counts[Position.AGREE] + (counts[None] if silent_agree else 0)
    basis = _count_basis(votes, counts, rule, vacant)
    adopted = in_favour * rule.denominator > basis * rule.numerator
    tie = bool(basis) and not adopted and _is_tie(in_favour, counts[Position.DISAGREE], basis, rule)
    chair_decides = tie and rule.tie is Tie.CHAIR
    return Tally(
        agree=counts[Position.AGREE],
        disagree=counts[Position.DISAGREE],
        other=counts[Position.OTHER],
        abstain=counts[Position.ABSTAIN],
        silent=counts[None],
        silent_agree=silent_agree,
        basis=basis,
        needed=basis * rule.numerator // rule.denominator + 1,
        is_tie=tie,
        chair_decided=chair_decides,
        is_adopted=adopted or (chair_decides and _chair_is_in_favour(votes, silent_agree)),
    )


def join_branches(branches: Iterable[Branch]) -> Branch:
    """One result for a request of several questions: the one that asks for the most care."""
    return min(branches, key=[Branch.NO_MAJORITY, Branch.AGREED_WITH_OPINIONS, Branch.AGREED].index)


def _count_basis(votes: list[Vote], counts: Counter[Position | None], rule: MajorityRule, vacant: int) -> int:
    basis = len(votes)
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


def _chair_is_in_favour(votes: list[Vote], silent_agree: bool) -> bool:
    chair = next((vote for vote in votes if vote.is_chair), None)
    if chair is None:
        return False
    return chair.position is Position.AGREE or (chair.position is None and silent_agree)
