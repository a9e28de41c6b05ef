"""The count once more, from the answers and the rules alone.

On purpose it shares nothing with the program whose count it checks; tests compare the two over all cases.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.bundle.reading import expect

POSITIONS = ("agree", "disagree", "other", "abstain")


@dataclass(frozen=True)
class Rules:
    """How the body counts. `seats` is 0 where the law names no number."""

    basis: str
    numerator: int
    denominator: int
    tie: str
    silence: str
    abstention: str
    seats: int
    unopposed: bool = False  # nobody may disagree, whatever the number of those who agree

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Rules":
        words = {
            "basis": ("members", "seats", "answers"),
            "tie": ("chair", "fails"),
            "silence": ("agrees", "nothing"),
            "abstention": ("stays", "leaves"),
        }
        chosen = {name: expect(plain.get(name), str) for name in words}
        if any(chosen[name] not in allowed for name, allowed in words.items()):
            raise ValueError("a rule that is not known")
        numbers = {name: expect(plain.get(name), int) for name in ("numerator", "denominator", "seats")}
        if not 0 < numbers["numerator"] < numbers["denominator"] or numbers["seats"] < 0:
            raise ValueError("no share")
        unopposed = expect(plain.get("unopposed", False), bool)
        return cls(**chosen, **numbers, unopposed=unopposed)

    def find_basis(self, members: int, silent: int, abstained: int) -> tuple[int, int]:
        """What the majority is a share of, and how many seats have no member."""
        vacant = max(self.seats - members, 0) if self.seats else 0
        basis = members
        if self.basis == "seats":
            basis += vacant
        if self.basis == "answers" and self.silence == "nothing":
            basis -= silent
        if self.abstention == "leaves":
            basis -= abstained
        return basis, vacant

    def find_needed(self, basis: int) -> int:
        """More than the share."""
        return basis * self.numerator // self.denominator + 1


def recount(votes: Sequence[tuple[str | None, bool]], rules: Rules) -> dict[str, Any]:
    """Each vote is a position, None for silence, and whether it is the chair's."""
    given = [position for position, _is_chair in votes]
    if any(position not in (*POSITIONS, None) for position in given):
        raise ValueError("a position that is not known")
    chair = next((position for position, is_chair in votes if is_chair), "nobody")
    return recount_figures({name: given.count(name) for name in POSITIONS}, given.count(None), rules, chair)


def recount_figures(
    counted: Mapping[str, int], silent: int, rules: Rules, chair: str | None = "nobody"
) -> dict[str, Any]:
    """The figures of positions; in a secret ballot nobody knows the chair's."""
    members = sum(counted.values()) + silent
    favour = counted["agree"] + (silent if rules.silence == "agrees" else 0)

    basis, vacant = rules.find_basis(members, silent, counted["abstain"])
    majority = favour * rules.denominator > basis * rules.numerator
    # Exactly half against exactly half, and nobody beside: only that is a tie.
    halves = 2 * favour == 2 * counted["disagree"] == basis and rules.denominator == 2 * rules.numerator
    tie = halves and not majority and basis > 0
    by_chair = tie and rules.tie == "chair"
    by_chair = by_chair and chair != "nobody"
    chair_agrees = chair == "agree" or (chair is None and rules.silence == "agrees")
    adopted = majority or (by_chair and chair_agrees)
    needed = rules.find_needed(basis)
    if rules.unopposed:
        adopted, tie, by_chair, needed = basis > 0 and counted["disagree"] == 0, False, False, 0
    differ = counted["disagree"] or counted["other"]
    return {
        **counted,
        "silent": silent,
        "silent_agree": rules.silence == "agrees",
        "basis": basis,
        "needed": needed,
        "is_tie": tie,
        "chair_decided": by_chair,
        "is_adopted": adopted,
        "in_favour": favour,
        "branch": ("c" if differ else "b") if adopted else "a",
        "members": members,
        "vacant": vacant,
    }


def recount_options(
    chosen: Mapping[int, int], silent: int, members: int, proposed: frozenset[int], rules: Rules
) -> dict[str, Any]:
    """How often each option was chosen; silence that agrees is for those proposed."""
    basis, vacant = rules.find_basis(members, silent, 0)
    needed = rules.find_needed(basis)
    agreeing = silent if rules.silence == "agrees" else 0
    adopted = [
        option
        for option, number in chosen.items()
        if number + (agreeing if option in proposed else 0) >= needed
    ]
    branch = "a"
    if adopted:
        strays = any(number for option, number in chosen.items() if option not in proposed)
        whole = all(option in adopted for option in proposed)
        branch = "b" if whole and not (strays and proposed) else "c"
    return {
        "chosen": {str(option): number for option, number in chosen.items()},
        "silent": silent,
        "silent_agree": rules.silence == "agrees",
        "basis": basis,
        "needed": needed,
        "adopted": adopted,
        "branch": branch,
        "members": members,
        "vacant": vacant,
    }


def join(branches: Iterable[str]) -> str:
    """Of several questions the outcome that asks for the most care."""
    return min(branches, key="acb".index)
