"""The count once more, from the answers and the rules alone.

On purpose it shares nothing with the program whose count it checks; tests compare the two over all cases.
"""

from collections.abc import Iterable, Sequence
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
        return cls(**chosen, **numbers)


def recount(votes: Sequence[tuple[str | None, bool]], rules: Rules) -> dict[str, Any]:
    """Each vote is a position, None for silence, and whether it is the chair's."""
    given = [position for position, _is_chair in votes]
    if any(position not in (*POSITIONS, None) for position in given):
        raise ValueError("a position that is not known")
    counted = {name: given.count(name) for name in POSITIONS}
    silent = given.count(None)
    favour = counted["agree"] + (silent if rules.silence == "agrees" else 0)

    vacant = max(rules.seats - len(votes), 0) if rules.seats else 0
    basis = len(votes)
    if rules.basis == "seats":
        basis += vacant
    if rules.basis == "answers" and rules.silence == "nothing":
        basis -= silent
    if rules.abstention == "leaves":
        basis -= counted["abstain"]

    majority = favour * rules.denominator > basis * rules.numerator
    # Exactly half against exactly half, and nobody beside: only that is a tie.
    halves = 2 * favour == 2 * counted["disagree"] == basis and rules.denominator == 2 * rules.numerator
    tie = halves and not majority and basis > 0
    by_chair = tie and rules.tie == "chair"
    chair = next((position for position, is_chair in votes if is_chair), "nobody")
    chair_agrees = chair == "agree" or (chair is None and rules.silence == "agrees")
    adopted = majority or (by_chair and chair_agrees)
    differ = counted["disagree"] or counted["other"]
    return {
        **counted,
        "silent": silent,
        "silent_agree": rules.silence == "agrees",
        "basis": basis,
        "needed": basis * rules.numerator // rules.denominator + 1,
        "is_tie": tie,
        "chair_decided": by_chair,
        "is_adopted": adopted,
        "in_favour": favour,
        "branch": ("c" if differ else "b") if adopted else "a",
        "members": len(votes),
        "vacant": vacant,
    }


def join(branches: Iterable[str]) -> str:
    """Of several questions the outcome that asks for the most care."""
    return min(branches, key="acb".index)
