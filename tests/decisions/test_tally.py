"""The count: examples from Nghị định 191/2026/NĐ-CP, and properties of any votes under any rules."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.tally import (
    Abstention,
    Basis,
    Branch,
    MajorityRule,
    Position,
    Silence,
    Tally,
    Tie,
    Vote,
    count_votes,
    join_branches,
)

GOVERNMENT = MajorityRule()

positions = st.sampled_from([*Position, None])
half_or_more = st.tuples(st.integers(1, 3), st.integers(2, 4)).filter(lambda share: share[0] < share[1])


@st.composite
def rules(draw):
    numerator, denominator = draw(st.one_of(st.just((1, 2)), half_or_more))
    return MajorityRule(
        basis=draw(st.sampled_from(Basis)),
        numerator=numerator,
        denominator=denominator,
        tie=draw(st.sampled_from(Tie)),
        silence=draw(st.sampled_from(Silence)),
        abstention=draw(st.sampled_from(Abstention)),
    )


@st.composite
def bodies(draw, least=0):
    """The votes of a body; at most one of its members is the chair."""
    given_positions = draw(st.lists(positions, min_size=least, max_size=30))
    chair = draw(st.integers(-1, max(len(given_positions) - 1, -1)))
    return [Vote(position, is_chair=place == chair) for place, position in enumerate(given_positions)]


vacancies = st.integers(0, 4)


NO_CHAIR = object()


def votes(agree=0, disagree=0, other=0, abstain=0, silent=0, chair=NO_CHAIR):
    """So many votes; the chair is the first who voted `chair`."""
    spread = (
        [Position.AGREE] * agree
        + [Position.DISAGREE] * disagree
        + [Position.OTHER] * other
        + [Position.ABSTAIN] * abstain
        + [None] * silent
    )
    first = spread.index(chair) if chair in spread else -1
    return [Vote(position, is_chair=place == first) for place, position in enumerate(spread)]


# The law, by example: 25 members of the Government


@pytest.mark.parametrize(
    ("cast", "adopted", "branch"),
    [
        (votes(agree=25), True, Branch.AGREED),
        (votes(agree=13, silent=12), True, Branch.AGREED),
        (votes(silent=25), True, Branch.AGREED),  # Điều 15(5)(c): silence agrees with the lead agency
        (votes(agree=13, disagree=12), True, Branch.AGREED_WITH_OPINIONS),
        (votes(agree=24, other=1), True, Branch.AGREED_WITH_OPINIONS),
        (votes(agree=12, disagree=13), False, Branch.NO_MAJORITY),
        (votes(agree=12, disagree=12, other=1), False, Branch.NO_MAJORITY),
        (votes(other=25), False, Branch.NO_MAJORITY),
        ([], False, Branch.NO_MAJORITY),
    ],
)
def test_a_majority_is_more_than_half_of_all_members(cast, adopted, branch):
    tally = count_votes(cast, GOVERNMENT)
    assert (tally.is_adopted, tally.branch) == (adopted, branch)


def test_thirteen_of_twenty_five_are_needed_and_twelve_of_twenty_four_are_not_enough():
    assert count_votes(votes(agree=25), GOVERNMENT).needed == 13
    assert count_votes(votes(agree=24), GOVERNMENT).needed == 13


@pytest.mark.parametrize(("chair", "adopted"), [(Position.AGREE, True), (Position.DISAGREE, False)])
def test_a_tie_follows_the_chair(chair, adopted):
    tally = count_votes(votes(agree=12, disagree=12, chair=chair), GOVERNMENT)
    assert tally.is_tie
    assert tally.chair_decided
    assert tally.is_adopted is adopted


def test_a_silent_chair_breaks_a_tie_as_silence_counts():
    cast = votes(agree=11, disagree=12, silent=1, chair=None)
    assert count_votes(cast, GOVERNMENT).is_adopted
    assert not count_votes(cast, MajorityRule(silence=Silence.NOTHING)).is_adopted


def test_a_tie_without_a_chair_or_where_ties_fail_is_no_majority():
    assert not count_votes(votes(agree=2, disagree=2), GOVERNMENT).is_adopted
    fails = MajorityRule(tie=Tie.FAILS)
    tally = count_votes(votes(agree=2, disagree=2, chair=Position.AGREE), fails)
    assert tally.is_tie
    assert not tally.chair_decided
    assert not tally.is_adopted


def test_the_chair_cannot_make_a_minority_of_all_members_a_majority():
    tally = count_votes(votes(agree=10, disagree=10, abstain=5, chair=Position.AGREE), GOVERNMENT)
    assert not tally.is_tie
    assert not tally.is_adopted


def test_vacant_seats_make_the_majority_harder_only_where_seats_are_counted():
    cast = votes(agree=13, disagree=12)
    assert count_votes(cast, GOVERNMENT, vacant=2).is_adopted
    assert not count_votes(cast, MajorityRule(basis=Basis.SEATS), vacant=2).is_adopted


def test_silence_that_is_nothing_helps_no_side():
    cast = votes(agree=3, disagree=2, silent=20)
    assert not count_votes(cast, MajorityRule(silence=Silence.NOTHING)).is_adopted
    assert count_votes(cast, MajorityRule(silence=Silence.NOTHING, basis=Basis.ANSWERS)).is_adopted


def test_an_abstention_may_leave_the_total():
    cast = votes(agree=12, disagree=11, abstain=2)
    assert not count_votes(cast, GOVERNMENT).is_adopted
    assert count_votes(cast, MajorityRule(abstention=Abstention.LEAVES)).is_adopted


def test_several_questions_have_the_result_that_asks_for_the_most_care():
    assert join_branches([Branch.AGREED, Branch.AGREED_WITH_OPINIONS]) is Branch.AGREED_WITH_OPINIONS
    assert join_branches([Branch.AGREED, Branch.NO_MAJORITY, Branch.AGREED]) is Branch.NO_MAJORITY
    assert join_branches([Branch.AGREED, Branch.AGREED]) is Branch.AGREED


# Any votes, any rules


def count_slowly(cast, rule, vacant):
    """The same count as one would do it by hand, member by member: adopted, tie."""
    favour = against = 0
    total = Fraction(0)
    for vote in cast:
        is_silent = vote.position is None
        if is_silent and rule.silence is Silence.AGREES:
            favour += 1
        if vote.position is Position.AGREE:
            favour += 1
        if vote.position is Position.DISAGREE:
            against += 1
        counts = True
        if vote.position is Position.ABSTAIN and rule.abstention is Abstention.LEAVES:
            counts = False
        if is_silent and rule.silence is Silence.NOTHING and rule.basis is Basis.ANSWERS:
            counts = False
        total += counts
    if rule.basis is Basis.SEATS:
        total += vacant
    if total and Fraction(favour) / total > Fraction(rule.numerator, rule.denominator):
        return True, False
    is_half = Fraction(rule.numerator, rule.denominator) == Fraction(1, 2)
    if not total or not is_half or favour != against or favour + against != total:
        return False, False
    if rule.tie is Tie.FAILS:
        return False, True
    for vote in cast:
        if vote.is_chair:
            return vote.position is Position.AGREE or (
                vote.position is None and rule.silence is Silence.AGREES
            ), True
    return False, True


@given(bodies(), rules(), vacancies)
def test_the_count_is_that_of_the_slow_hand(cast, rule, vacant):
    tally = count_votes(cast, rule, vacant=vacant)
    assert (tally.is_adopted, tally.is_tie) == count_slowly(cast, rule, vacant)


@given(bodies(), rules(), vacancies, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(cast, rule, vacant, random):
    shuffled = random.sample(cast, len(cast))
    assert count_votes(shuffled, rule, vacant=vacant) == count_votes(cast, rule, vacant=vacant)


@given(bodies(), rules(), vacancies)
def test_everyone_is_counted_once(cast, rule, vacant):
    tally = count_votes(cast, rule, vacant=vacant)
    assert tally.agree + tally.disagree + tally.other + tally.abstain + tally.silent == len(cast)
    assert tally.in_favour <= len(cast)


@given(bodies(), rules(), vacancies)
def test_who_reaches_the_number_needed_has_the_majority_and_nobody_else(cast, rule, vacant):
    tally = count_votes(cast, rule, vacant=vacant)
    by_number = tally.in_favour >= tally.needed
    assert by_number == (tally.is_adopted and not tally.chair_decided)


@given(bodies(least=1), rules(), vacancies, st.data())
def test_one_more_agreement_never_loses_the_majority(cast, rule, vacant, data):
    place = data.draw(st.integers(0, len(cast) - 1))
    won_over = [*cast[:place], Vote(Position.AGREE, cast[place].is_chair), *cast[place + 1 :]]
    if count_votes(cast, rule, vacant=vacant).is_adopted:
        assert count_votes(won_over, rule, vacant=vacant).is_adopted


@given(bodies(), rules(), vacancies)
def test_agreeing_silence_decides_as_spoken_agreement(cast, rule, vacant):
    if rule.silence is not Silence.AGREES:
        return
    spoken = [Vote(vote.position or Position.AGREE, vote.is_chair) for vote in cast]
    assert (
        count_votes(spoken, rule, vacant=vacant).is_adopted
        == count_votes(cast, rule, vacant=vacant).is_adopted
    )


@given(bodies(), rules(), vacancies)
def test_vacant_seats_matter_only_where_seats_are_counted(cast, rule, vacant):
    tally = count_votes(cast, rule, vacant=vacant)
    if rule.basis is Basis.SEATS:
        assert tally.basis == count_votes(cast, rule).basis + vacant
    else:
        assert tally == count_votes(cast, rule)


@given(bodies(), rules(), vacancies)
def test_the_branch_says_what_the_figures_say(cast, rule, vacant):
    tally: Tally = count_votes(cast, rule, vacant=vacant)
    differs = any(vote.position in (Position.DISAGREE, Position.OTHER) for vote in cast)
    expected = {(True, True): "c", (True, False): "b"}.get((tally.is_adopted, differs), "a")
    assert tally.branch == expected


@given(st.lists(st.sampled_from(Branch), min_size=1), st.randoms(use_true_random=False))
def test_the_joint_result_does_not_depend_on_the_order_of_questions(branches, random):
    assert join_branches(random.sample(branches, len(branches))) == join_branches(branches)
