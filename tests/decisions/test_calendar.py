"""Working days: examples with real holidays, and properties for any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.calendar import add_working_days, count_working_days, is_working_day

TET_2027 = {date(2027, 2, day) for day in (4, 5, 8, 9, 10)}  # the days off around 6 February 2027

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
holidays = st.sets(days, max_size=40)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),  # Monday
        (date(2026, 11, 26), 2, date(2026, 11, 30)),  # Thursday: the weekend is skipped
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # Saturday
        (date(2026, 11, 29), 5, date(2026, 12, 4)),  # Sunday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_the_day_itself_is_not_counted_and_weekends_are_skipped(start, count, end):
    assert add_working_days(start, count, ()) == end


def test_the_new_year_holidays_are_skipped():
    assert add_working_days(date(2027, 2, 3), 2, TET_2027) == date(2027, 2, 12)


def test_a_day_moved_to_a_weekend_stays_free():
    assert not is_working_day(date(2026, 11, 28), ())
    assert not is_working_day(date(2027, 2, 8), TET_2027)
    assert is_working_day(date(2027, 2, 8), ())


def test_no_working_days_lie_before_the_start():
    assert count_working_days(date(2026, 11, 25), date(2026, 11, 23), ()) == 0


def count_slowly(start, end, days_off):
    counted, day = 0, start
    while day < end:
        day += timedelta(days=1)
        if day.isoweekday() not in (6, 7) and day not in days_off:
            counted += 1
    return counted


@given(days, st.integers(1, 30), holidays)
def test_the_nth_working_day_is_a_working_day_with_n_working_days_up_to_it(start, count, days_off):
    end = add_working_days(start, count, days_off)
    assert is_working_day(end, days_off)
    assert count_slowly(start, end, days_off) == count


@given(days, st.integers(0, 60), holidays)
def test_counting_is_that_of_the_slow_hand(start, span, days_off):
    end = start + timedelta(days=span)
    assert count_working_days(start, end, days_off) == count_slowly(start, end, days_off)


@given(days, st.integers(0, 15), st.integers(0, 15), holidays)
def test_days_can_be_added_in_two_steps(start, first, second, days_off):
    half_way = add_working_days(start, first, days_off)
    assert add_working_days(half_way, second, days_off) == add_working_days(start, first + second, days_off)


@given(days, st.integers(0, 15), holidays, days)
def test_one_more_holiday_never_brings_a_deadline_forward(start, count, days_off, holiday):
    assert add_working_days(start, count, days_off | {holiday}) >= add_working_days(start, count, days_off)
