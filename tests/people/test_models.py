"""Offices by the day, and the keys that stand for them."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from core import clock
from people import rules
from people.models import Appointment, Invitation, User, office_key
from people.rules import Role
from tests import factories
from tests.conftest import CAST

pytestmark = pytest.mark.django_db


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_an_office_counts_from_its_first_to_its_last_day(cast):
    Appointment.objects.filter(user=cast.minister).update(
        valid_from=clock.today(), valid_until=clock.today() + factories.days(2)
    )
    for day, holds in ((-1, False), (0, True), (2, True), (3, False)):
        with clock.at(clock.now() + factories.days(day)):
            assert fresh(cast.minister).holds(Role.MEMBER, cast.body.pk) == holds
            assert Appointment.objects.get(user=cast.minister).is_in_force == holds
            assert (cast.minister in User.objects.holding([Role.MEMBER], cast.body)) == holds


@pytest.mark.parametrize("who", CAST)
def test_offices_and_their_predicates(cast, who):
    person, matter = getattr(cast, who), SimpleNamespace(body_id=cast.body.pk)

    assert rules.is_secretary(person, matter) == (who == "secretary")
    assert rules.presides(person, matter) == (who in ("chair", "vice_chair"))
    assert rules.is_administrator(person, matter) == (who == "administrator")


@pytest.mark.parametrize("who", CAST)
def test_what_belongs_to_no_body_is_nobodys(cast, who):
    person, matter = getattr(cast, who), SimpleNamespace(body_id=None)

    assert not any(
        may(person, matter) for may in (rules.is_secretary, rules.presides, rules.is_administrator)
    )


def test_a_closed_account_is_told_nothing(cast):
    cast.minister.is_active = False
    cast.minister.save()

    assert cast.minister not in User.objects.holding([Role.MEMBER], cast.body)


def test_the_members_stand_in_protocol_order(cast):
    titles = [member.title for member in cast.body.appointments.voting()]

    assert titles[:2] == ["Thủ tướng Chính phủ", "Phó Thủ tướng Chính phủ"]
    assert len(titles) == 5


def test_every_office_of_every_body_has_a_key_of_its_own():
    keys = [office_key(role, body) for role in Role for body in range(1, 200)]

    assert len(set(keys)) == len(keys)
    assert max(keys) < 0


def test_a_reader_has_her_own_key_and_one_for_each_office(cast):
    factories.appoint(cast.minister, Role.AUDITOR, cast.province)

    assert set(fresh(cast.minister).reader_keys()) == {
        cast.minister.pk,
        office_key(Role.MEMBER, cast.body.pk),
        office_key(Role.AUDITOR, cast.province.pk),
    }
    assert fresh(cast.minister).audited_body_ids() == {cast.province.pk}


def test_things_are_called_by_their_names(cast):
    assert str(cast.body) == "Chính phủ"
    assert str(cast.finance) == "Bộ Tài chính"
    assert cast.minister.get_full_name() == str(cast.minister) == "Nguyễn Hữu Đức"
    assert str(cast.minister.appointments.get()) == "Bộ trưởng Bộ Tài chính Nguyễn Hữu Đức"
    assert str(Invitation(user=cast.minister)) == "Nguyễn Hữu Đức"


def test_a_technical_administrator_holds_no_office(db):
    operator = User.objects.create_superuser(
        "ky.thuat", "ky.thuat@example.vn", "x", full_name="Kỹ thuật viên"
    )

    assert operator.is_staff and operator.is_superuser
    assert operator.body_ids() == set() and operator.body_id is None


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.MEMBER, "valid_until": factories.LONG_AGO - factories.days(1)},
        {"role": Role.CHAIR},
        {"role": Role.SECRETARY, "assists": True},
    ],
    ids=["ends before it begins", "a second chair", "a secretary who assists"],
)
def test_the_database_itself_refuses(cast, fields):
    if fields.get("assists"):
        fields = {**fields, "assists": cast.minister.appointments.get()}

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.appoint(cast.nobody, fields.pop("role"), cast.body, **fields)
