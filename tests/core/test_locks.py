"""Locks, with real threads and transactions."""

import threading
import time

import pytest
from django.db import connection, transaction

from core.locks import hold, lock, share
from people.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Other:
    """Someone else with a transaction of her own, who does one thing and keeps it until told to go."""

    def __init__(self, deed):
        self.has, self.may_go = threading.Event(), threading.Event()
        self.result = None
        self.thread = threading.Thread(target=self._run, args=[deed])
        self.thread.start()

    def _run(self, deed):
        try:
            with transaction.atomic():
                self.result = deed()
                self.has.set()
                self.may_go.wait(10)
        finally:
            connection.close()

    def waits(self):
        return not self.has.wait(0.3)

    def go(self):
        self.may_go.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture
def row():
    return factories.make_organisation()


@pytest.mark.parametrize(
    ("mine", "theirs", "waits"),
    [(lock, lock, True), (share, share, False), (share, hold, True), (hold, share, True), (hold, hold, True)],
)
def test_who_waits_for_whom(row, mine, theirs, waits):
    with transaction.atomic():
        mine(row)
        other = Other(lambda: theirs(row))
        assert other.waits() == waits
    assert other.has.wait(10)
    other.go()


@pytest.mark.parametrize("take", [lock, share, hold])
def test_the_row_comes_as_it_stands_now(row, take):
    Organisation.objects.filter(pk=row.pk).update(name="Bộ Y tế")

    with transaction.atomic():
        assert take(row).name == "Bộ Y tế"


def test_locks_of_different_rows_do_not_meet(row):
    another = factories.make_organisation("Bộ Y tế")
    with transaction.atomic():
        hold(row)
        other = Other(lambda: hold(another))
        assert not other.waits()
    other.go()


def test_rows_of_different_tables_with_the_same_number_do_not_meet(cast):
    body = cast.body
    organisation = Organisation.objects.create(pk=body.pk + 100_000, name="Cùng số", code="CS")
    factories.Body.objects.filter(pk=body.pk)
    with transaction.atomic():
        share(organisation)
        other = Other(lambda: hold(body))
        assert not other.waits()
    other.go()


def test_twenty_five_members_share_at_once(row):
    others = [Other(lambda: share(row)) for _ in range(25)]
    begin = time.monotonic()
    assert all(other.has.wait(10) for other in others)
    assert time.monotonic() - begin < 5
    for other in others:
        other.go()
