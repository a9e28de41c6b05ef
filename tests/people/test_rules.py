"""Who may do what with accounts and appointments: written by hand, not read from the table."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core import clock
from core.workflow import Conflict
from people import actions, rules
from people.models import Appointment, User
from people.rules import Role
from tests import factories
from tests.conftest import CAST

pytestmark = pytest.mark.django_db

OPEN = {"register_user", "correct_user", "invite_user", "deactivate_user"}
CLOSED = {"register_user", "correct_user", "activate_user"}


@pytest.mark.parametrize("who", CAST)
def test_an_open_account(cast, who):
    expected = {"administrator": OPEN, "minister": {"set_preferences"}}.get(who, set())

    assert set(rules.USER.allowed(getattr(cast, who), cast.minister)) == expected


@pytest.mark.parametrize("who", CAST)
def test_a_closed_account(cast, who):
    cast.minister.is_active = False
    expected = {"administrator": CLOSED, "minister": {"set_preferences"}}.get(who, set())

    assert set(rules.USER.allowed(getattr(cast, who), cast.minister)) == expected


def test_nobody_closes_her_own_account(cast):
    assert set(rules.USER.allowed(cast.administrator, cast.administrator)) == {
        "register_user",
        "correct_user",
        "invite_user",
        "set_preferences",
    }


def test_the_accounts_of_another_body_are_closed_to_an_administrator(cast):
    assert rules.USER.allowed(cast.administrator, cast.outside_member) == []


def test_a_person_of_two_bodies_is_beyond_one_administrator(cast):
    factories.appoint(cast.minister, Role.MEMBER, cast.province)

    assert not rules.USER.allows("deactivate_user", cast.administrator, cast.minister)


def test_a_new_colleague_without_office_belongs_to_the_administrator_who_registered_her(cast):
    newcomer = factories.make_user("Cao Thị Mới", registered_in=cast.body)

    assert set(rules.USER.allowed(cast.administrator, newcomer)) == OPEN
    assert User.objects.visible_to(cast.administrator).filter(pk=newcomer.pk).exists()
    assert not User.objects.visible_to(cast.secretary).filter(pk=newcomer.pk).exists()


@pytest.mark.parametrize("who", CAST)
def test_only_the_administrator_enters_and_ends_appointments(cast, who):
    appointment = cast.minister.appointments.get()
    expected = {"appoint_officer", "end_appointment"} if who == "administrator" else set()

    assert set(rules.APPOINTMENT.allowed(getattr(cast, who), appointment)) == expected


@pytest.mark.parametrize("who", CAST)
def test_colleagues_know_each_other(cast, who):
    person = getattr(cast, who)
    outside = who.startswith("outside")
    seen = set(User.objects.visible_to(person))

    assert person in seen
    assert (cast.minister in seen) == (not outside and who != "nobody")
    assert (cast.outside_member in seen) == outside
    offices = Appointment.objects.visible_to(person)
    assert offices.filter(body=cast.body).exists() == (not outside and who != "nobody")


def test_a_former_colleague_sees_nothing_any_more_and_is_still_known(cast):
    actions.end_appointment(
        cast.archivist.appointments.get(), by=cast.administrator, last_day=clock.today() - timedelta(days=1)
    )

    assert set(User.objects.visible_to(factories.User.objects.get(pk=cast.archivist.pk))) == {cast.archivist}
    assert cast.archivist in User.objects.visible_to(cast.secretary)


def test_who_may_act_may_also_see(cast):
    for name in CAST:
        person = getattr(cast, name)
        for other in User.objects.all():
            if rules.USER.allowed(person, other):
                assert User.objects.visible_to(person).filter(pk=other.pk).exists()


# Guards


def appoint(cast, user, role, **fields):
    fields = {"title": "Chức danh", "organisation": cast.office, "valid_from": clock.today(), **fields}
    return actions.appoint_officer(user, by=cast.administrator, body=cast.body, role=role, **fields)


def test_a_body_has_one_chair_at_a_time(cast):
    with pytest.raises(Conflict, match="Phạm Quang Minh"):
        appoint(cast, cast.vice_chair, Role.CHAIR)


def test_the_next_chair_begins_after_the_last_has_gone(cast):
    actions.end_appointment(cast.chair.appointments.get(), by=cast.administrator, last_day=clock.today())

    with pytest.raises(Conflict):
        appoint(cast, cast.vice_chair, Role.CHAIR)
    tomorrow = clock.today() + timedelta(days=1)
    assert appoint(cast, cast.vice_chair, Role.CHAIR, valid_from=tomorrow).valid_from == tomorrow


def test_a_term_as_chair_that_ended_before_another_began_is_possible(cast):
    past = Appointment(
        user=cast.vice_chair,
        body=cast.body,
        role=Role.CHAIR,
        valid_from=factories.LONG_AGO - timedelta(days=300),
        valid_until=factories.LONG_AGO - timedelta(days=1),
    )

    assert rules.chair_is_vacant(past) is None


def test_an_assistant_assists_a_member(cast):
    for assists in (None, cast.secretary.appointments.get()):
        with pytest.raises(Conflict, match="thư ký"):
            appoint(cast, cast.nobody, Role.ASSISTANT, assists=assists)


def test_a_closed_account_gets_no_office(cast):
    actions.deactivate_user(cast.archivist, by=cast.administrator)

    with pytest.raises(Conflict):
        appoint(cast, cast.archivist, Role.SECRETARY)


def test_the_last_administrator_stays(cast):
    office = cast.administrator.appointments.get()
    with pytest.raises(Conflict):
        actions.end_appointment(office, by=cast.administrator, last_day=clock.today())

    appoint(cast, cast.secretary, Role.ADMINISTRATOR)
    actions.end_appointment(office, by=cast.administrator, last_day=clock.today())


def test_an_appointment_does_not_end_twice_nor_before_it_begins(cast):
    office = cast.archivist.appointments.get()
    with pytest.raises(Conflict):
        actions.end_appointment(
            office, by=cast.administrator, last_day=factories.LONG_AGO - timedelta(days=1)
        )
    actions.end_appointment(office, by=cast.administrator, last_day=clock.today())
    with pytest.raises(Conflict):
        actions.end_appointment(office, by=cast.administrator, last_day=clock.today())


def test_the_administrator_of_another_body_appoints_nobody_here(cast):
    stranger = factories.make_officer("Hồ Văn Lạ", Role.ADMINISTRATOR, cast.province)

    with pytest.raises(PermissionDenied):
        actions.appoint_officer(
            cast.minister,
            by=stranger,
            body=cast.body,
            role=Role.MEMBER,
            organisation=cast.office,
            title="Bộ trưởng",
            valid_from=clock.today(),
        )
