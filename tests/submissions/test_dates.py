"""The days of a dossier: working days back from the day it is dealt with, and on from the handing in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.calendar import add_working_days, count_working_days, go_back_working_days, is_working_day
from decisions.models import DayOff
from submissions import actions
from tests.submissions import steps

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(0, 30)
HOLIDAYS = st.sets(st.integers(-60, 60), max_size=20)


@given(DAYS, COUNTS, HOLIDAYS)
def test_the_last_day_is_a_working_day_with_so_many_before_the_end(end, count, offsets):
    days_off = {end + timedelta(days=n) for n in offsets}
    last = go_back_working_days(end, count, days_off)
    between = [last + timedelta(days=n) for n in range((end - last).days)]
    assert sum(is_working_day(day, days_off) for day in between) == count
    assert count == 0 or is_working_day(last, days_off)
    assert (last == end) == (count == 0)


@given(DAYS, COUNTS, HOLIDAYS)
def test_going_back_undoes_going_on_between_working_days(end, count, offsets):
    days_off = {end + timedelta(days=n) for n in offsets}
    if is_working_day(end, days_off):
        last = go_back_working_days(end, count, days_off)
        assert add_working_days(last, count, days_off) == end
        assert count_working_days(last, end, days_off) == count


@given(DAYS, st.integers(0, 29), HOLIDAYS)
def test_more_days_ahead_are_never_later_and_a_holiday_never_helps(end, count, offsets):
    days_off = {end + timedelta(days=n) for n in offsets}
    assert go_back_working_days(end, count + 1, days_off) < go_back_working_days(end, count, days_off)
    assert go_back_working_days(end, count, days_off) <= go_back_working_days(end, count, set())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted_on", "days_off", "due_on"),
    [
        (date(2026, 11, 27), [], date(2026, 11, 24)),  # Friday: Thursday, Wednesday, Tuesday
        (date(2026, 12, 1), [], date(2026, 11, 26)),  # over a week-end
        (date(2026, 11, 27), [date(2026, 11, 25)], date(2026, 11, 23)),  # over a day off
        (date(2026, 11, 29), [], date(2026, 11, 25)),  # for a Sunday: Friday, Thursday, Wednesday
        (None, [], None),
    ],
)
def test_when_a_dossier_is_due(cast, wanted_on, days_off, due_on):
    for day in days_off:
        DayOff.objects.create(body=cast.body, day=day, name="Nghỉ")
    with steps.on(date(2026, 11, 16)):
        assert steps.prepare(cast, wanted_on=wanted_on).due_on == due_on


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("handed_in_on", "late"),
    [(date(2026, 11, 24), False), (date(2026, 11, 25), True), (date(2026, 11, 28), True)],
)
def test_who_hands_in_after_the_day_is_late(cast, handed_in_on, late):
    with steps.on(steps.MONDAY):
        submission = steps.complete(cast, wanted_on=steps.FRIDAY)
    with steps.on(handed_in_on, hour=23):
        assert actions.hand_in_submission(submission, by=cast.submitter).is_late is late


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("check_days", "submit_days", "check_by", "submit_by"),
    [
        (2, 5, date(2026, 12, 1), date(2026, 12, 4)),  # legislation (Điều 15(3))
        (1, 3, date(2026, 11, 30), date(2026, 12, 2)),  # other matters
    ],
)
def test_the_days_of_the_office_run_from_the_handing_in(cast, check_days, submit_days, check_by, submit_by):
    kind = steps.make_kind(cast, check_days=check_days, submit_days=submit_days)
    with steps.on(steps.FRIDAY, hour=17):
        submission = steps.hand_in(cast, kind=kind)
        assert submission.check_by == check_by
        assert actions.accept_submission(submission, by=cast.secretary).submit_by == submit_by
