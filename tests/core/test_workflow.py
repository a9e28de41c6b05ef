"""The engine that all rulebooks share."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from core.actors import CLOCK, WORKER, is_clock, is_worker
from core.workflow import Conflict, Rule, Rulebook, any_of


def is_ann(user, obj):
    return user == "Ann"


def is_bob(user, obj):
    return user == "Bob"


def door_is_oiled(obj):
    return None if obj.oiled else "The door creaks."


BOOK = Rulebook(
    initial="shut",
    rules={
        "open": Rule(is_ann, when={"shut"}, then="open", guards=(door_is_oiled,)),
        "shut": Rule(any_of(is_ann, is_bob), when={"open"}, then="shut"),
        "look": Rule(lambda user, obj: True),
    },
)


def door(status="shut", oiled=True):
    return SimpleNamespace(status=status, oiled=oiled, get_status_display=lambda: f"<{status}>")


@pytest.mark.parametrize(
    ("who", "status", "oiled", "allowed"),
    [
        ("Ann", "shut", True, ["open", "look"]),
        ("Ann", "shut", False, ["look"]),
        ("Ann", "open", True, ["shut", "look"]),
        ("Bob", "shut", True, ["look"]),
        ("Bob", "open", True, ["shut", "look"]),
        ("Eve", "open", True, ["look"]),
    ],
)
def test_who_may_do_what_when(who, status, oiled, allowed):
    assert BOOK.allowed(who, door(status, oiled)) == allowed


def test_the_wrong_person_is_refused_before_anything_is_told():
    with pytest.raises(PermissionDenied):
        BOOK.check("open", "Eve", door("open", oiled=False))


def test_the_wrong_moment_is_told_in_words():
    with pytest.raises(Conflict, match="<open>"):
        BOOK.check("open", "Ann", door("open"))
    with pytest.raises(Conflict, match="creaks"):
        BOOK.check("open", "Ann", door(oiled=False))


def test_only_an_action_with_an_end_changes_the_state():
    thing = door()
    BOOK.advance("look", thing)
    assert thing.status == "shut"
    BOOK.advance("open", thing)
    assert thing.status == "open"


def test_an_action_without_a_rule_does_not_exist():
    with pytest.raises(KeyError):
        BOOK.check("burn", "Ann", door())


def test_clock_and_workers_hold_no_office():
    for actor in (CLOCK, WORKER):
        assert not actor.holds("chair", 1) and not actor.is_authenticated and actor.pk is None
    assert (str(CLOCK), str(WORKER)) == ("clock", "worker")
    assert is_clock(CLOCK, None) and not is_clock(WORKER, None)
    assert is_worker(WORKER, None) and not is_worker(CLOCK, None)
