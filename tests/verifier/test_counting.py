"""Two programs count: the house's and the verifier's own. They agree over every small body and rule."""

from dataclasses import asdict
from itertools import combinations_with_replacement, product

import pytest

from decisions.tally import (
    Abstention,
    Basis,
    Branch,
    MajorityRule,
    Position,
    Silence,
    Tie,
    Vote,
    count_votes,
    join_branches,
)
from verifier.bundle.container import Unreadable
from verifier.bundle.counting import Rules, join, recount

POSITIONS = [*Position, None]


def rules_of(**changes):
    plain = dict(
        basis="members",
        numerator=1,
        denominator=2,
        tie="chair",
        silence="agrees",
        abstention="stays",
        seats=0,
    )
    return Rules.read({**plain, **changes})


@pytest.mark.parametrize("basis", Basis)
def test_both_count_alike(basis):
    for tie, silence, abstention in product(Tie, Silence, Abstention):
        for share, seats in product([(1, 2), (2, 3)], [0, 6]):
            rule = MajorityRule(basis, *share, tie, silence, abstention)
            rules = rules_of(
                basis=basis.value,
                numerator=share[0],
                denominator=share[1],
                tie=tie.value,
                silence=silence.value,
                abstention=abstention.value,
                seats=seats,
            )
            for members in range(5):
                for chosen in combinations_with_replacement(POSITIONS, members):
                    for chair in {0, members - 1}:
                        votes = [Vote(position, place == chair) for place, position in enumerate(chosen)]
                        vacant = max((seats or members) - members, 0)
                        house = count_votes(votes, rule, vacant=vacant)
                        ours = recount([(v.position and v.position.value, v.is_chair) for v in votes], rules)
                        theirs = {
                            **asdict(house),
                            "in_favour": house.in_favour,
                            "branch": house.branch.value,
                            "members": members,
                            "vacant": vacant,
                        }
                        assert ours == theirs


def test_both_join_alike():
    for branches in product(Branch, repeat=3):
        assert join([branch.value for branch in branches]) == join_branches(branches).value


@pytest.mark.parametrize(
    "change",
    [
        {"basis": "all"},
        {"tie": None},
        {"numerator": 0},
        {"numerator": 2},
        {"denominator": True},
        {"seats": -1},
        {"seats": "6"},
    ],
)
def test_unknown_rules_are_not_counted_under(change):
    with pytest.raises((ValueError, Unreadable)):
        rules_of(**change)


def test_unknown_positions_are_not_counted():
    with pytest.raises(ValueError):
        recount([("perhaps", False)], rules_of())
