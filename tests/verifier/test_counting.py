"""Two programs count: the house's and the verifier's own. They agree over every small body and rule."""

from dataclasses import asdict
from itertools import combinations_with_replacement, product

import pytest

from decisions.tally import (
    Abstention,
    Basis,
    Branch,
    Choice,
    MajorityRule,
    Position,
    Silence,
    Tie,
    Vote,
    count_choices,
    count_votes,
    join_branches,
)
from verifier.bundle.container import Unreadable
from verifier.bundle.counting import Rules, join, recount, recount_options

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


def test_both_count_alike_where_nobody_may_object():
    for silence, tie in product(Silence, Tie):
        rule = MajorityRule(silence=silence, tie=tie, unopposed=True)
        rules = rules_of(silence=silence.value, tie=tie.value, unopposed=True)
        for members in range(5):
            for chosen in combinations_with_replacement(POSITIONS, members):
                votes = [Vote(position, place == 0) for place, position in enumerate(chosen)]
                house = count_votes(votes, rule)
                ours = recount([(v.position and v.position.value, v.is_chair) for v in votes], rules)
                figures = {name: ours[name] for name in asdict(house)}
                assert figures == asdict(house) and ours["branch"] == house.branch.value


@pytest.mark.parametrize("basis", Basis)
def test_both_count_options_alike(basis):
    """Options 1, 2 and 3, of which a member chooses one or two; the first, or none, is proposed."""
    ways = [None, *(frozenset(one) for one in ((1,), (2,), (3,), (1, 2), (2, 3)))]
    for silence, share, seats in product(Silence, [(1, 2), (2, 3)], [0, 6]):
        rule = MajorityRule(basis, *share, silence=silence)
        rules = rules_of(
            basis=basis.value, numerator=share[0], denominator=share[1], silence=silence.value, seats=seats
        )
        for members, proposed in product(range(5), [frozenset(), frozenset({1}), frozenset({1, 2})]):
            for given in combinations_with_replacement(ways, members):
                vacant = max((seats or members) - members, 0)
                house = count_choices(
                    [Choice(one) for one in given], [1, 2, 3], rule, proposed=proposed, vacant=vacant
                )
                silent = given.count(None)
                chosen = {option: sum(option in (one or ()) for one in given) for option in (1, 2, 3)}
                ours = recount_options(chosen, silent, members, proposed, rules)
                theirs = {**asdict(house), "branch": house.branch.value, "members": members}
                theirs |= {"vacant": vacant, "adopted": list(house.adopted)}
                theirs["chosen"] = {str(option): number for option, number in house.chosen.items()}
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
        {"unopposed": 1},
    ],
)
def test_unknown_rules_are_not_counted_under(change):
    with pytest.raises((ValueError, Unreadable)):
        rules_of(**change)


def test_unknown_positions_are_not_counted():
    with pytest.raises(ValueError):
        recount([("perhaps", False)], rules_of())
