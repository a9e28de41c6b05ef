"""Work that a worker owes somebody: begun once, never lost, given up visibly."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock, work
from core.work import WorkState
from people.models import Invitation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(db):
    return Invitation.objects.create(user=factories.make_user())


def claim(item):
    return work.claim(Invitation.objects.all(), item.pk)


def later(**span):
    return clock.at(clock.now() + timedelta(**span))


def test_work_is_begun_once(item):
    assert item.is_waiting
    begun = claim(item)

    assert (begun.work_state, begun.work_attempts) == (WorkState.RUNNING, 1)
    assert begun.started_at is not None
    assert claim(item) is None


def test_work_that_is_done_is_not_begun_again(item):
    work.finish(claim(item))

    item.refresh_from_db()
    assert (item.work_state, item.work_error, item.is_waiting) == (WorkState.DONE, "", False)
    assert item.finished_at is not None
    with later(days=1):
        assert claim(item) is None
        assert not Invitation.objects.stalled().exists()


def test_work_that_does_not_exist_is_not_begun():
    assert work.claim(Invitation.objects.all(), 0) is None


def test_a_lost_worker_is_replaced(item):
    claim(item)
    with later(minutes=4):
        assert claim(item) is None and not Invitation.objects.stalled().exists()
    with later(minutes=6):
        assert Invitation.objects.stalled().get() == item
        assert claim(item).work_attempts == 2


def test_work_that_was_never_begun_stalls(item):
    with later(minutes=1):
        assert not Invitation.objects.stalled().exists()
    with later(minutes=3):
        assert Invitation.objects.stalled().get() == item
        assert not Invitation.objects.stalled(timedelta(minutes=5)).exists()


def test_work_is_put_back_until_it_is_given_up(item, monkeypatch):
    monkeypatch.setattr(Invitation, "attempts_allowed", 2)
    begun = claim(item)
    work.put_back(begun, "Timeout" * 50)
    assert (begun.work_state, len(begun.work_error)) == (WorkState.QUEUED, 200)

    work.put_back(claim(item), "Timeout")
    item.refresh_from_db()
    assert (item.work_state, item.work_error, item.is_waiting) == (WorkState.FAILED, "Timeout", False)


def test_workers_that_keep_dying_are_not_sent_for_ever(item, monkeypatch):
    monkeypatch.setattr(Invitation, "attempts_allowed", 2)
    claim(item)
    with later(minutes=6):
        claim(item)
    with later(minutes=12):
        assert claim(item) is None

    item.refresh_from_db()
    assert (item.work_state, item.work_error) == (WorkState.FAILED, "worker_lost")


def test_an_attempt_is_whole_or_not_at_all(item, caplog):
    begun = claim(item)
    with work.attempt(begun):
        factories.make_organisation("Cơ quan dở dang")
        raise ZeroDivisionError

    assert not factories.Organisation.objects.filter(name="Cơ quan dở dang").exists()
    item.refresh_from_db()
    assert (item.work_state, item.work_error) == (WorkState.QUEUED, "ZeroDivisionError")
    assert "Invitation" in caplog.text

    with work.attempt(claim(item)):
        factories.make_organisation("Cơ quan trọn vẹn")
    assert factories.Organisation.objects.filter(name="Cơ quan trọn vẹn").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_begin_the_same_work():
    item = Invitation.objects.create(user=factories.make_user())
    start, begun = threading.Barrier(8), []

    def try_to_begin():
        start.wait()
        begun.append(claim(item))
        connection.close()

    threads = [threading.Thread(target=try_to_begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(one is not None for one in begun) == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_in_other_hands_is_passed_over_at_once():
    item = Invitation.objects.create(user=factories.make_user())
    held, done = threading.Event(), threading.Event()

    def keep():
        with transaction.atomic():
            Invitation.objects.select_for_update().get(pk=item.pk)
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=keep)
    thread.start()
    held.wait(10)
    assert claim(item) is None
    done.set()
    thread.join()
