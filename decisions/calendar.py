"""Working days. Pure: the days off are given by the caller."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def is_working_day(day: date, days_off: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in days_off


def add_working_days(start: date, count: int, days_off: Collection[date]) -> date:
    """The `count`-th working day after `start`, not counting it (Bộ luật Dân sự 2015, Điều 147)."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, days_off)
    return day


def go_back_working_days(end: date, count: int, days_off: Collection[date]) -> date:
    """The `count`-th working day before `end`, not counting it: the last day for what must lie ahead."""
    day = end
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day, days_off)
    return day


def count_working_days(start: date, end: date, days_off: Collection[date]) -> int:
    """The working days after `start` up to and including `end`; 0 where `end` is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, days_off) for day in days)
