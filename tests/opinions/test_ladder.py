"""The ladder of reminders, as arithmetic: whatever the times are, nobody is told at night, late or twice."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinions import ladder
from opinions.ladder import QuietHours, RungKind

NIGHT = QuietHours(time(21), time(7))
NEVER = QuietHours(time(0), time(0))
SENT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hours(rungs):
    return [(rung.hours, rung.at) for rung in rungs]


def test_what_falls_into_the_night_waits_for_the_morning():
    rungs = ladder.plan_reminders(SENT, at(27, 10), [48, 24, 4], NIGHT)
    assert hours(rungs) == [(48, at(25, 10)), (24, at(26, 10)), (4, at(27, 7))]


def test_what_cannot_wait_comes_before_the_night():
    rungs = ladder.plan_reminders(SENT, at(27, 6), [24, 4], NIGHT)
    assert hours(rungs) == [(24, at(26, 7)), (4, at(26, 20, 30))]
    rungs = ladder.plan_reminders(SENT, at(27, 5, 45), [9, 4], NIGHT)
    assert hours(rungs) == [(4, at(26, 20, 30))], "the one of nine hours would come after it"


def test_nothing_comes_before_the_members_know_of_the_request():
    assert ladder.plan_reminders(SENT, SENT + timedelta(hours=24), [48, 24], NEVER) == []


def test_without_quiet_hours_each_comes_to_the_minute():
    rungs = ladder.plan_reminders(SENT, at(27, 3), [48, 24, 4, 4, 0], NEVER)
    assert hours(rungs) == [(48, at(25, 3)), (24, at(26, 3)), (4, at(26, 23))]


def test_the_follower_is_told_half_way_where_little_time_was_given():
    usual = ladder.plan_escalation(SENT, at(27, 17), 8, NIGHT)
    assert (usual.hours, usual.at) == (8, at(27, 9))
    assert ladder.plan_escalation(SENT, at(23, 13), 8, NIGHT).at == at(23, 11)
    assert ladder.plan_escalation(SENT, at(27, 17), 0, NIGHT) is None


def test_the_silent_of_a_night_are_told_in_the_morning():
    assert ladder.plan_missed(at(27, 17), NIGHT).at == at(27, 17)
    assert ladder.plan_missed(at(27, 23, 59), NIGHT).at == at(28, 7)


def test_whoever_was_kept_silent_by_a_fault_is_told_once():
    rungs = ladder.plan_reminders(SENT, at(27, 17), [48, 24, 4], NIGHT)
    assert ladder.find_due(rungs, at(25, 16, 59)) is None
    assert ladder.find_due(rungs, at(25, 17)).hours == 48
    assert ladder.find_due(rungs, at(27, 14)).hours == 4


minutes = st.integers(0, 24 * 60 - 1)
clocks = st.builds(lambda minute: time(minute // 60, minute % 60), minutes)
quiets = st.builds(QuietHours, clocks, clocks)
moments = st.builds(lambda minute: SENT + timedelta(minutes=minute), st.integers(0, 14 * 24 * 60))


@given(begins=moments, deadline=moments, wanted=st.lists(st.integers(0, 240), max_size=8), quiet=quiets)
def test_no_reminder_is_late_or_at_night_or_out_of_order(begins, deadline, wanted, quiet):
    rungs = ladder.plan_reminders(begins, deadline, wanted, quiet)
    assert all(begins < rung.at < deadline for rung in rungs)
    assert not any(quiet.cover(rung.at) for rung in rungs)
    assert all(one.at < after.at and one.hours > after.hours for one, after in pairwise(rungs))
    assert {rung.hours for rung in rungs} <= set(wanted) - {0}
    exact = {number: deadline - timedelta(hours=number) for number in wanted if number > 0}
    left_out = set(exact) - {rung.hours for rung in rungs}
    for number in left_out:  # none is left out but for a reason
        near = [rung for rung in rungs if rung.hours < number]
        assert ladder.place(exact[number], deadline, quiet) <= begins or (
            near and ladder.place(exact[number], deadline, quiet) >= near[0].at
        )


@given(begins=moments, deadline=moments, before=st.integers(1, 240), quiet=quiets)
def test_the_follower_is_told_in_time_or_not_at_all(begins, deadline, before, quiet):
    rung = ladder.plan_escalation(begins, deadline, before, quiet)
    if rung is not None:
        assert begins < rung.at < deadline
        assert not quiet.cover(rung.at)
    elif quiet.start == quiet.end:
        assert deadline <= begins + timedelta(minutes=1)


@given(moment=moments, quiet=quiets)
def test_quiet_hours_end_and_begin(moment, quiet):
    assert not quiet.cover(quiet.wait(moment))
    assert not quiet.cover(quiet.come_before(moment))
    assert timedelta(0) <= quiet.wait(moment) - moment < timedelta(days=1)
    assert quiet.come_before(moment) <= moment


@pytest.mark.parametrize("kind", RungKind)
def test_what_is_due_on_a_day_is_told_in_its_morning(kind):
    rung = ladder.plan_day(kind, SENT.date(), NIGHT, UTC)
    assert (rung.kind, rung.at) == (kind, at(23, 8))
