"""The time of the office."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock

NEW_YEARS_EVE = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)  # half past one in the morning in Hà Nội


def test_without_a_wish_it_is_now():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_within_a_wish_it_is_then_and_afterwards_now_again():
    with clock.at(NEW_YEARS_EVE):
        assert clock.now() == NEW_YEARS_EVE
        with clock.at(NEW_YEARS_EVE + timedelta(hours=1)):
            assert clock.now() == NEW_YEARS_EVE + timedelta(hours=1)
        assert clock.now() == NEW_YEARS_EVE
    assert clock.now() != NEW_YEARS_EVE


def test_the_clock_runs_again_after_a_failure():
    with pytest.raises(RuntimeError), clock.at(NEW_YEARS_EVE):
        raise RuntimeError
    assert clock.now() != NEW_YEARS_EVE


def test_the_day_is_that_of_the_office():
    with clock.at(NEW_YEARS_EVE):
        assert clock.today() == date(2027, 1, 1)


def test_the_wish_of_one_thread_is_not_that_of_another():
    with clock.at(NEW_YEARS_EVE), ThreadPoolExecutor(1) as other:
        assert other.submit(clock.now).result() != NEW_YEARS_EVE
