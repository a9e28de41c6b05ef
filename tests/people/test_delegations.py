"""The register of stand-ins: who enters it, within which days, and who stands in on a given day."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from people import actions, rules
from people.models import Delegation
from people.rules import DelegationScope, Role
from tests import factories
from tests.conftest import CAST

pytestmark = pytest.mark.django_db

ORDER = {"order_number": "15/QĐ-TTg", "order_issuer": "Thủ tướng Chính phủ"}


def office(person):
    return person.appointments.get()


def grant(cast, replaced=None, delegate=None, *, by=None, first=0, last=9, **fields):
    """From `first` to `last` days from today: the minister of Finance is replaced by the one of Health."""
    today = clock.today()
    fields = {"scope": DelegationScope.SIGNING, "order_date": today, **ORDER, **fields}
    return actions.grant_delegation(
        replaced or office(cast.minister),
        by=by or cast.administrator,
        delegate=delegate or office(cast.other_minister),
        valid_from=today + timedelta(first),
        valid_until=today + timedelta(last),
        **fields,
    )


def stands_in(cast, day=0, scope=DelegationScope.SIGNING):
    """Who acts for the minister of Finance that many days from today."""
    on = clock.today() + timedelta(day)
    found = Delegation.objects.standing_in_for(office(cast.minister), on, scope)
    return [delegation.delegate.user for delegation in found]


@pytest.mark.parametrize("who", CAST)
def test_who_enters_and_ends_a_stand_in(cast, who):
    expected = {
        "administrator": {"grant_delegation", "end_delegation"},
        "chair": {"grant_delegation", "end_delegation"},
        "minister": {"end_delegation"},  # the person replaced, who is back
    }
    delegation = grant(cast)

    found = {
        name
        for name, rule in rules.DELEGATION.rules.items()
        if rule.who(type(cast.chair).objects.get(pk=getattr(cast, who).pk), delegation)
    }
    assert found == expected.get(who, set())


@pytest.mark.parametrize("who", CAST)
def test_colleagues_know_who_stands_in(cast, who):
    grant(cast)
    person = getattr(cast, who)
    inside = not who.startswith("outside") and who != "nobody"

    assert Delegation.objects.visible_to(person).exists() == inside


def test_nobody_makes_herself_a_stand_in(cast):
    with pytest.raises(PermissionDenied):
        grant(cast, delegate=office(cast.administrator))
    with pytest.raises(PermissionDenied):
        grant(cast, delegate=office(cast.chair), by=cast.chair)


def test_an_entry_leaves_one_trace_and_its_end_another(cast):
    delegation = grant(cast)
    actions.end_delegation(delegation, by=cast.chair, reason="Bộ trưởng đã về nước.")

    traces = AuditEvent.objects.filter(target_type="people.delegation").order_by("pk")
    assert [trace.action for trace in traces] == ["people.grant_delegation", "people.end_delegation"]
    assert "15/QĐ-TTg" in traces[0].details["order"]
    assert traces[1].details["reason"] == "Bộ trưởng đã về nước."
    assert {trace.case_id for trace in traces} == {cast.minister.pk}


def test_it_holds_from_its_first_to_its_last_day(cast):
    grant(cast, first=2, last=4)

    assert [bool(stands_in(cast, day)) for day in (1, 2, 4, 5)] == [False, True, True, False]
    assert stands_in(cast, 3) == [cast.other_minister]
    assert stands_in(cast, 3, DelegationScope.ANSWERING) == []


def test_an_early_end_takes_effect_at_once_and_leaves_the_days_before(cast):
    yesterday = clock.now() - timedelta(days=1)
    with clock.at(yesterday):
        delegation = grant(cast)
    actions.end_delegation(delegation, by=cast.minister, reason="Đã về.")

    assert [bool(stands_in(cast, day)) for day in (-1, 0, 1)] == [True, False, False]
    delegation.refresh_from_db()
    assert delegation.state == "ended"
    with pytest.raises(Conflict):
        actions.end_delegation(delegation, by=cast.administrator, reason="Hai lần.")


def test_the_reason_of_an_early_end_is_kept_by_the_database(cast):
    delegation = grant(cast)
    delegation.ended_at = clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        delegation.save()


@pytest.mark.parametrize("replaced_leaves", [True, False])
def test_it_lapses_when_one_of_the_two_leaves_office(cast, replaced_leaves):
    grant(cast)
    leaving = cast.minister if replaced_leaves else cast.other_minister
    actions.end_appointment(office(leaving), by=cast.administrator, last_day=clock.today())

    assert stands_in(cast, 0) == [cast.other_minister]
    assert stands_in(cast, 1) == []


def test_a_closed_account_stands_in_for_nobody(cast):
    grant(cast)
    actions.deactivate_user(cast.other_minister, by=cast.administrator)

    assert stands_in(cast) == []
    with pytest.raises(Conflict):
        grant(cast, office(cast.third_minister))


def test_not_for_oneself_and_not_from_another_body(cast):
    second = factories.appoint(cast.minister, Role.VICE_CHAIR, cast.body)
    first = cast.minister.appointments.get(role=Role.MEMBER)
    with pytest.raises(Conflict, match="thay chính mình"):
        grant(cast, first, second)
    with pytest.raises(Conflict, match="cùng"):
        grant(cast, first, office(cast.outside_member))


def test_only_members_are_stood_in_for_with_their_slips(cast):
    grant(cast, scope=DelegationScope.ANSWERING)
    grant(cast, office(cast.secretary), office(cast.archivist))

    with pytest.raises(Conflict, match="phiếu"):
        grant(cast, office(cast.secretary), office(cast.archivist), scope=DelegationScope.ANSWERING)


def test_only_within_the_terms_of_both(cast):
    actions.end_appointment(
        office(cast.minister), by=cast.administrator, last_day=clock.today() + timedelta(5)
    )
    newcomer = factories.make_user("Cao Thị Mới")
    later = factories.appoint(newcomer, Role.MEMBER, cast.body, valid_from=clock.today() + timedelta(2))

    with pytest.raises(Conflict, match="Nguyễn Hữu Đức"):
        grant(cast, last=6)
    with pytest.raises(Conflict, match="Cao Thị Mới"):
        grant(cast, delegate=later, first=1, last=5)
    grant(cast, delegate=later, first=2, last=5)


@pytest.mark.parametrize(
    ("first", "last", "dated"),
    [(3, 2, 0), (-3, -1, -5), (1, 3, 1), (0, 3, 1), (-2, 3, 0)],
    ids=["ends before it begins", "is over", "order to come", "order after its start", "backdated start"],
)
def test_the_days_of_an_order_make_sense(cast, first, last, dated):
    with pytest.raises(Conflict):
        grant(cast, first=first, last=last, order_date=clock.today() + timedelta(dated))


def test_one_stand_in_an_office_and_a_scope_at_a_time(cast):
    grant(cast, first=2, last=4)

    for first, last in ((0, 2), (3, 3), (4, 9), (0, 9)):
        with pytest.raises(Conflict, match="Trần Ngọc Ánh"):
            grant(cast, delegate=office(cast.third_minister), first=first, last=last)
    grant(cast, delegate=office(cast.third_minister), first=0, last=1)
    grant(cast, delegate=office(cast.third_minister), first=5, last=9)
    grant(cast, delegate=office(cast.third_minister), first=2, last=4, scope=DelegationScope.ANSWERING)


def test_after_an_early_end_another_may_stand_in_the_same_day(cast):
    actions.end_delegation(grant(cast), by=cast.administrator, reason="Đổi người.")
    grant(cast, delegate=office(cast.third_minister))

    assert stands_in(cast) == [cast.third_minister]


def test_a_stand_in_passes_nothing_on(cast):
    grant(cast, first=2, last=4)

    with pytest.raises(Conflict, match="không được"):  # she hands on what she holds for another
        grant(cast, office(cast.other_minister), office(cast.third_minister), first=4, last=8)
    with pytest.raises(Conflict, match="không được"):  # he is away himself
        grant(cast, office(cast.third_minister), office(cast.minister), first=0, last=2)
    grant(cast, office(cast.other_minister), office(cast.third_minister), first=5, last=8)


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans()), max_size=6))
def test_whatever_is_entered_there_is_at_most_one_stand_in_a_day_and_no_chain(cast, tries):
    with transaction.atomic():
        for first, length, swapped in tries:
            people = (cast.other_minister, cast.third_minister) if swapped else (cast.minister, cast.chair)
            with transaction.atomic():
                try:
                    grant(cast, office(people[0]), office(cast.minister if swapped else people[1]),
                          first=first, last=first + length)  # fmt: skip
                except Conflict:
                    continue
        for day in range(18):
            held = list(Delegation.objects.in_force(clock.today() + timedelta(day)))
            replaced = [delegation.appointment.user_id for delegation in held]
            assert len(replaced) == len(set(replaced))
            assert not set(replaced) & {delegation.delegate.user_id for delegation in held}
        transaction.set_rollback(True)


# Pages


def send(cast, client, **changes):
    today = clock.today()
    sent = {
        "appointment": office(cast.minister).pk,
        "delegate": office(cast.other_minister).pk,
        "scope": "signing",
        "valid_from": f"{today:%Y-%m-%d}",
        "valid_until": f"{today + timedelta(9):%Y-%m-%d}",
        "order_date": f"{today:%Y-%m-%d}",
        **ORDER,
        **changes,
    }
    return client.post(f"/people/bodies/{cast.body.pk}/stand-ins/grant/", sent)


def test_the_administrator_enters_a_stand_in_and_colleagues_read_it(cast, sign_in):
    client = sign_in(cast.administrator)
    assert client.get(f"/people/bodies/{cast.body.pk}/stand-ins/grant/").status_code == 200
    answer = send(cast, client)
    assert answer.status_code == 302 and Delegation.objects.count() == 1

    reader = sign_in(cast.secretary)
    page = reader.get("/people/stand-ins/").content.decode()
    assert "Trần Ngọc Ánh" in page and "15/QĐ-TTg" in page
    assert "/end/" not in page and "/grant/" not in page
    for person in (cast.minister, cast.other_minister):
        assert "15/QĐ-TTg" in reader.get(person.get_absolute_url()).content.decode()


def test_what_the_rules_refuse_is_said_in_the_form_and_nothing_typed_is_lost(cast, sign_in):
    client = sign_in(cast.administrator)
    send(cast, client)
    answer = send(cast, client, order_number="16/QĐ-TTg")

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Trần Ngọc Ánh" in page and "16/QĐ-TTg" in page
    assert Delegation.objects.count() == 1


def test_an_administrator_is_not_offered_herself(cast, sign_in):
    answer = send(cast, sign_in(cast.administrator), delegate=office(cast.administrator).pk)

    assert answer.status_code == 422 and not Delegation.objects.exists()


@pytest.mark.parametrize("who", CAST)
def test_the_pages_of_stand_ins_are_open_to_those_who_may(cast, sign_in, who):
    delegation = grant(cast)
    client = sign_in(getattr(cast, who))
    inside = not who.startswith("outside") and who != "nobody"
    enters = who in ("administrator", "chair")

    grant_page = f"/people/bodies/{cast.body.pk}/stand-ins/grant/"
    end_page = f"/people/stand-ins/{delegation.pk}/end/"
    assert client.get("/people/stand-ins/").status_code == 200
    assert client.get(grant_page).status_code == (200 if enters else 403 if inside else 404)
    ends = enters or who == "minister"
    assert client.get(end_page).status_code == (200 if ends else 403 if inside else 404)
    assert client.get(f"/api/stand-ins/{delegation.pk}/").status_code == (200 if inside else 404)


def test_an_end_wants_its_reason(cast, sign_in):
    delegation = grant(cast)
    client = sign_in(cast.minister)

    assert client.post(f"/people/stand-ins/{delegation.pk}/end/", {"reason": "  "}).status_code == 422
    assert client.post(f"/people/stand-ins/{delegation.pk}/end/", {"reason": "Đã về."}).status_code == 302
    assert stands_in(cast) == []
    assert "Đã về." in client.get("/people/stand-ins/?show=past").content.decode()


def test_the_register_asks_as_much_for_1_as_for_21(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.administrator)

    def count(number):
        for _ in range(number):
            person = factories.make_officer("Người được thay", Role.MEMBER, cast.body)
            grant(cast, office(person), office(cast.other_minister))

    count(1)
    client.get("/people/stand-ins/")
    with django_assert_num_queries(7) as few:
        client.get("/people/stand-ins/")
    count(20)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/people/stand-ins/")


def test_other_systems_read_the_register(cast, sign_in):
    grant(cast)
    row = sign_in(cast.secretary).get("/api/stand-ins/").json()["results"][0]

    assert row["replaced"] == "Nguyễn Hữu Đức" and row["stand_in"] == "Trần Ngọc Ánh"
    assert (row["scope"], row["state"], row["order_number"]) == ("signing", "current", "15/QĐ-TTg")
