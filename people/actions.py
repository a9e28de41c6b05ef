"""Accounts and appointments: who may come in, and in which office."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from people import rules
from people.models import Appointment, Body, Delegation, Invitation, Organisation, User


@transaction.atomic
def register_user(body: Body, *, by: Any, full_name: str, username: str, email: str, phone: str = "") -> User:
    """The administrator opens an account for a colleague, who chooses her password by a link in a mail."""
    user = User(registered_in=body, full_name=full_name, username=username, email=email, phone=phone)
    rules.USER.check("register_user", by, user)

    user.set_unusable_password()
    user.save()
    trail.record("people.register_user", by=by, on=user, username=username)
    _invite(user)
    return user


@transaction.atomic
def correct_user(user: User, *, by: Any, full_name: str, email: str, phone: str = "") -> User:
    """The administrator puts right a name, an address, a telephone number."""
    user = lock(user)
    rules.USER.check("correct_user", by, user)

    before = {"full_name": user.full_name, "email": user.email, "phone": user.phone}
    after = {"full_name": full_name, "email": email, "phone": phone}
    user.full_name, user.email, user.phone = full_name, email, phone
    user.save(update_fields=["full_name", "sort_key", "folded_name", "email", "phone"])
    if email != before["email"]:  # links already sent to the old address end with it
        EmailAddress.objects.filter(user=user).delete()
    trail.record("people.correct_user", by=by, on=user, before=before, after=after)
    return user


@transaction.atomic
def invite_user(user: User, *, by: Any) -> Invitation:
    """The mail did not arrive, or its link has run out: send a new one."""
    user = lock(user)
    rules.USER.check("invite_user", by, user)

    trail.record("people.invite_user", by=by, on=user)
    return _invite(user)


@transaction.atomic
def deactivate_user(user: User, *, by: Any) -> User:
    """A colleague has left: the account is closed and all her sessions end at once.

    Nothing of what she did is touched; her appointments are ended separately, with their own days.
    """
    user = lock(user)
    rules.USER.check("deactivate_user", by, user)

    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    trail.record("people.deactivate_user", by=by, on=user)
    return user


@transaction.atomic
def activate_user(user: User, *, by: Any) -> User:
    """The account was closed by mistake, or the colleague is back."""
    user = lock(user)
    rules.USER.check("activate_user", by, user)

    user.is_active = True
    user.save(update_fields=["is_active"])
    trail.record("people.activate_user", by=by, on=user)
    return user


@transaction.atomic
def set_preferences(
    user: User, *, by: Any, language: str | None = None, text_size: str | None = None
) -> User:
    """One's own language and size of text, on every device."""
    user = lock(user)
    rules.USER.check("set_preferences", by, user)

    user.language, user.text_size = language or user.language, text_size or user.text_size
    user.save(update_fields=["language", "text_size"])
    trail.record("people.set_preferences", by=by, on=user, language=user.language, text_size=user.text_size)
    return user


@transaction.atomic
def appoint_officer(
    user: User,
    *,
    by: Any,
    body: Body,
    role: str,
    organisation: Organisation,
    title: str,
    valid_from: date,
    protocol_order: int = 0,
    assists: Appointment | None = None,
) -> Appointment:
    """The administrator enters an appointment, as the decision on it says."""
    body, user = lock(body), lock(user)  # two chairs cannot be appointed at once
    appointment = Appointment(
        user=user,
        body=body,
        role=role,
        organisation=organisation,
        title=title,
        valid_from=valid_from,
        protocol_order=protocol_order,
        assists=assists if role == rules.Role.ASSISTANT else None,
    )
    rules.APPOINTMENT.check("appoint_officer", by, appointment)

    appointment.save()
    trail.record(
        "people.appoint_officer",
        by=by,
        on=appointment,
        role=role,
        organisation=str(organisation),
        valid_from=f"{valid_from:%d/%m/%Y}",
        assists=str(appointment.assists or ""),
    )
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: Any, last_day: date) -> Appointment:
    """The office ends with that day. Those who assist a member leave with her: they act by her office."""
    lock(appointment.body)  # two administrators cannot both be the last to go
    appointment = lock(appointment)
    appointment.last_day = last_day
    rules.APPOINTMENT.check("end_appointment", by, appointment)

    longer = Q(valid_until__isnull=True) | Q(valid_until__gt=last_day)
    ending = [appointment, *appointment.assistants.select_for_update().filter(longer)]
    for office in ending:
        office.valid_until = max(last_day, office.valid_from)
        office.save(update_fields=["valid_until"])
        trail.record("people.end_appointment", by=by, on=office, last_day=f"{office.valid_until:%d/%m/%Y}")
    return appointment


@transaction.atomic
def grant_delegation(
    appointment: Appointment,
    *,
    by: Any,
    delegate: Appointment,
    scope: str,
    valid_from: date,
    valid_until: date,
    order_number: str,
    order_date: date,
    order_issuer: str,
) -> Delegation:
    """A written order says who stands in for a colleague who is away; the administrator enters it.

    One stand-in an office, a time and a scope; and a stand-in passes nothing on.
    """
    lock(appointment.body)  # two orders for the same days cannot be entered at once
    appointment, delegate = lock(appointment), lock(delegate)
    delegation = Delegation(
        appointment=appointment,
        delegate=delegate,
        scope=scope,
        valid_from=valid_from,
        valid_until=valid_until,
        order_number=order_number,
        order_date=order_date,
        order_issuer=order_issuer,
        granted_by_name=str(by),
    )
    rules.DELEGATION.check("grant_delegation", by, delegation)

    delegation.save()
    trail.record(
        "people.grant_delegation",
        by=by,
        on=delegation,
        scope=scope,
        valid_from=f"{valid_from:%d/%m/%Y}",
        valid_until=f"{valid_until:%d/%m/%Y}",
        order=f"{order_number}, {order_date:%d/%m/%Y}, {order_issuer}",
    )
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Any, reason: str) -> Delegation:
    """The colleague is back early, or the order is withdrawn: from now on nobody stands in for her.

    What the stand-in has done stays done.
    """
    delegation = lock(delegation)
    rules.DELEGATION.check("end_delegation", by, delegation)

    delegation.ended_at, delegation.ended_because = clock.now(), reason
    delegation.ended_by_name = str(by)
    delegation.save(update_fields=["ended_at", "ended_because", "ended_by_name"])
    trail.record("people.end_delegation", by=by, on=delegation, reason=reason)
    return delegation


def _invite(user: User) -> Invitation:
    invitation = Invitation.objects.create(user=user)
    enqueue("people.tasks.invite", invitation.pk)
    return invitation
