"""Accounts and appointments: done, refused, and one trace of each."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from audit.models import AuditEvent
from core import clock
from core.work import WorkState
from core.workflow import Conflict
from people import actions, tasks
from people.models import Appointment, Invitation, User
from people.rules import Role
from tests import factories

pytestmark = pytest.mark.django_db


def register(cast, by=None, **fields):
    fields = {"full_name": "Cao Thị Mới", "username": "cao.moi", "email": "cao.moi@example.vn", **fields}
    return actions.register_user(cast.body, by=by or cast.administrator, **fields)


def traces(action):
    return AuditEvent.objects.filter(action=action)


def test_a_new_colleague_is_registered_and_invited(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        person = register(cast)

    assert not person.has_usable_password()
    assert person.registered_in == cast.body
    trace = traces("people.register_user").get()
    assert (trace.actor_id, trace.target_id, trace.body_id) == (
        cast.administrator.pk,
        person.pk,
        cast.body.pk,
    )
    (letter,) = mail.outbox
    assert letter.to == ["cao.moi@example.vn"]
    assert "cao.moi" in letter.body and "/accounts/password/reset/key/" in letter.body
    assert Invitation.objects.get().work_state == WorkState.DONE


def test_the_link_of_the_invitation_sets_the_password_once(cast, django_capture_on_commit_callbacks, client):
    with django_capture_on_commit_callbacks(execute=True):
        person = register(cast)
    link = next(word for word in mail.outbox[0].body.split() if "/key/" in word)

    page = client.get(link, follow=True)
    new = {"password1": "sen nở mùa hạ", "password2": "sen nở mùa hạ"}
    done = client.post(page.request["PATH_INFO"], new, follow=True)

    assert "Đã đặt mật khẩu mới" in done.content.decode()
    person.refresh_from_db()
    assert person.check_password("sen nở mùa hạ")
    assert traces("people.reset_password").count() == 1
    assert "không còn dùng được" in Client().get(link, follow=True).content.decode()


def test_an_invitation_that_the_mail_server_refuses_is_tried_again(cast, monkeypatch):
    person = register(cast)
    invitation = person.invitations.get()

    def refuse(user):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks, "_send", refuse)
    tasks.invite(invitation.pk)
    invitation.refresh_from_db()

    assert invitation.work_state == WorkState.QUEUED
    assert invitation.work_error == "ConnectionRefusedError"


def test_what_was_lost_is_handed_in_again(cast, django_capture_on_commit_callbacks):
    register(cast)
    later = clock.now() + timedelta(minutes=3)
    with clock.at(later), django_capture_on_commit_callbacks(execute=True):
        tasks.hand_in_invitations()

    assert Invitation.objects.get().work_state == WorkState.DONE
    tasks.invite(Invitation.objects.get().pk)  # a second time changes nothing
    assert len(mail.outbox) == 1


def test_old_sessions_are_forgotten_with_their_devices(cast, client):
    for person in (cast.minister, cast.chair):
        Client().post("/accounts/login/", {"login": person.username, "password": factories.PASSWORD})
    device = UserSession.objects.get(user=cast.minister)
    Session.objects.filter(session_key=device.session_key).update(expire_date=clock.now())

    tasks.forget_sessions()

    assert UserSession.objects.get().user == cast.chair
    assert Session.objects.count() == 1


def test_a_closed_account_is_not_invited(cast):
    person = register(cast)
    actions.deactivate_user(person, by=cast.administrator)

    tasks.invite(person.invitations.get().pk)

    assert person.invitations.get().work_state == WorkState.FAILED
    assert mail.outbox == []
    with pytest.raises(Conflict):
        actions.invite_user(person, by=cast.administrator)


def test_a_new_invitation_is_sent_on_request(cast):
    person = register(cast)

    actions.invite_user(person, by=cast.administrator)

    assert person.invitations.count() == 2
    assert traces("people.invite_user").count() == 1


def test_only_an_administrator_registers(cast):
    with pytest.raises(PermissionDenied):
        register(cast, by=cast.secretary)

    assert not User.objects.filter(username="cao.moi").exists()


def test_a_name_and_an_address_are_corrected(cast):
    EmailAddress.objects.create(user=cast.minister, email=cast.minister.email)

    actions.correct_user(
        cast.minister, by=cast.administrator, full_name="Nguyễn Hữu Đạt", email="dat@example.vn", phone="080"
    )

    cast.minister.refresh_from_db()
    assert (cast.minister.full_name, cast.minister.phone) == ("Nguyễn Hữu Đạt", "080")
    assert User.objects.matching("dat").get() == cast.minister
    assert not EmailAddress.objects.exists()
    details = traces("people.correct_user").get().details
    assert details["before"]["full_name"] == "Nguyễn Hữu Đức"
    assert details["after"]["email"] == "dat@example.vn"


def test_a_correction_that_keeps_the_address_keeps_its_record(cast):
    EmailAddress.objects.create(user=cast.minister, email=cast.minister.email)

    actions.correct_user(
        cast.minister, by=cast.administrator, full_name="Nguyễn Hữu Đạt", email=cast.minister.email
    )

    assert EmailAddress.objects.exists()


def test_closing_an_account_ends_its_sessions_at_once(cast, client):
    client.post("/accounts/login/", {"login": cast.minister.username, "password": factories.PASSWORD})
    assert UserSession.objects.filter(user=cast.minister).count() == 1

    actions.deactivate_user(cast.minister, by=cast.administrator)

    assert not UserSession.objects.filter(user=cast.minister).exists()
    assert client.get("/accounts/").status_code == 302
    assert traces("people.deactivate_user").count() == 1
    answer = client.post(
        "/accounts/login/", {"login": cast.minister.username, "password": factories.PASSWORD}
    )
    assert answer.url == "/accounts/inactive/"
    with pytest.raises(Conflict):
        actions.deactivate_user(cast.minister, by=cast.administrator)


def test_an_account_is_opened_again(cast):
    with pytest.raises(Conflict):
        actions.activate_user(cast.minister, by=cast.administrator)
    actions.deactivate_user(cast.minister, by=cast.administrator)

    assert actions.activate_user(cast.minister, by=cast.administrator).is_active
    assert traces("people.activate_user").count() == 1


def test_one_chooses_ones_own_language_and_text_size(cast):
    actions.set_preferences(cast.minister, by=cast.minister, language="en")
    actions.set_preferences(cast.minister, by=cast.minister, text_size="xl")

    cast.minister.refresh_from_db()
    assert (cast.minister.language, cast.minister.text_size) == ("en", "xl")
    assert traces("people.set_preferences").count() == 2
    with pytest.raises(PermissionDenied):
        actions.set_preferences(cast.minister, by=cast.administrator, language="vi")


def test_an_appointment_is_entered(cast):
    appointment = actions.appoint_officer(
        cast.nobody,
        by=cast.administrator,
        body=cast.body,
        role=Role.ASSISTANT,
        organisation=cast.finance,
        title="Trợ lý Bộ trưởng",
        valid_from=clock.today(),
        assists=cast.minister.appointments.get(),
    )

    fresh = User.objects.get(pk=cast.nobody.pk)
    assert fresh.holds(Role.ASSISTANT, cast.body.pk)
    assert fresh.assisted_user_ids() == {cast.minister.pk}
    trace = traces("people.appoint_officer").get()
    assert (trace.target_id, trace.case_type, trace.case_id) == (
        appointment.pk,
        "people.user",
        cast.nobody.pk,
    )


def test_only_assistants_assist(cast):
    appointment = actions.appoint_officer(
        cast.nobody,
        by=cast.administrator,
        body=cast.body,
        role=Role.SECRETARY,
        organisation=cast.office,
        title="Chuyên viên",
        valid_from=clock.today(),
        assists=cast.minister.appointments.get(),
    )

    assert appointment.assists is None


def test_with_a_member_leave_those_who_assist_her(cast):
    yesterday = clock.today() - timedelta(days=1)

    actions.end_appointment(cast.minister.appointments.get(), by=cast.administrator, last_day=yesterday)

    assert not User.objects.get(pk=cast.minister.pk).holds(Role.MEMBER)
    assert User.objects.get(pk=cast.assistant.pk).assisted_user_ids() == set()
    assert cast.assistant.appointments.get().valid_until == yesterday
    assert traces("people.end_appointment").count() == 2


def test_an_assistant_whose_end_was_set_already_does_not_outlast_the_member(cast):
    today = clock.today()
    actions.end_appointment(
        cast.assistant.appointments.get(), by=cast.administrator, last_day=today + timedelta(days=30)
    )
    actions.end_appointment(cast.minister.appointments.get(), by=cast.administrator, last_day=today)
    assert cast.assistant.appointments.get().valid_until == today


def test_an_assistant_who_began_later_ends_on_her_first_day_at_the_earliest(cast):
    office = cast.assistant.appointments.get()
    Appointment.objects.filter(pk=office.pk).update(valid_from=clock.today())

    actions.end_appointment(
        cast.minister.appointments.get(), by=cast.administrator, last_day=clock.today() - timedelta(days=5)
    )

    office.refresh_from_db()
    assert office.valid_until == clock.today()


@pytest.mark.django_db(transaction=True)
def test_two_chairs_are_not_appointed_at_once(cast):
    actions.end_appointment(
        cast.chair.appointments.get(), by=cast.administrator, last_day=clock.today() - timedelta(days=1)
    )
    results = []
    start = threading.Barrier(2)

    def appoint(user):
        start.wait()
        try:
            actions.appoint_officer(
                user,
                by=cast.administrator,
                body=cast.body,
                role=Role.CHAIR,
                organisation=cast.office,
                title="Thủ tướng",
                valid_from=clock.today(),
            )
            results.append("appointed")
        except Conflict:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=[user]) for user in (cast.vice_chair, cast.minister)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["appointed", "refused"]
