"""Offices, and what they are asked for everywhere."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.workflow import Rule, Rulebook


class Role(models.TextChoices):
    """An office in or around a deciding body. The word of the office itself is the appointment's title."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice chair")
    MEMBER = "member", _("Member")
    ASSISTANT = "assistant", _("Assistant of a member")
    SECRETARY = "secretary", _("Secretary of the office")
    ARCHIVIST = "archivist", _("Archivist")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    SUBMITTER = "submitter", _("Officer of a lead agency")


class DelegationScope(models.TextChoices):
    """What a stand-in does for another. One entry a scope: an order for both is entered twice."""

    SIGNING = "signing", _("signing papers")
    ANSWERING = "answering", _("answering slips")


VOTING = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)
PRESIDING = (Role.CHAIR, Role.VICE_CHAIR)


def holds_office(user: Any, obj: Any, role: str) -> bool:
    """In the body that the object belongs to; what belongs to none is nobody's."""
    return obj.body_id is not None and user.holds(role, obj.body_id)


def is_secretary(user: Any, obj: Any) -> bool:
    """A specialist of the office that serves the body."""
    return holds_office(user, obj, Role.SECRETARY)


def presides(user: Any, obj: Any) -> bool:
    """The chair or a vice chair of the body."""
    return any(holds_office(user, obj, role) for role in PRESIDING)


def is_administrator(user: Any, obj: Any) -> bool:
    return holds_office(user, obj, Role.ADMINISTRATOR)


def is_self(user: Any, person: Any) -> bool:
    return user.pk == person.pk


def administers_person(user: Any, person: Any) -> bool:
    """The administrator of every body in which the person holds office; else of the one that registered."""
    mine = user.body_ids(Role.ADMINISTRATOR)
    held = person.body_ids()
    return held <= mine if held else person.body_id in mine


def administers_another(user: Any, person: Any) -> bool:
    """Nobody closes her own account: someone must be able to open it again."""
    return administers_person(user, person) and not is_self(user, person)


# Guards


def account_is_open(person: Any) -> str | None:
    return None if person.is_active else gettext("This account is closed.")


def account_is_closed(person: Any) -> str | None:
    return gettext("This account is open already.") if person.is_active else None


def appointee_has_an_account(appointment: Any) -> str | None:
    return account_is_open(appointment.user)


def chair_is_vacant(appointment: Any) -> str | None:
    """A body has one chair at a time."""
    if appointment.role != Role.CHAIR:
        return None
    chairs = appointment.body.appointments.filter(role=Role.CHAIR)
    if appointment.valid_until is not None:
        chairs = chairs.filter(valid_from__lte=appointment.valid_until)
    held = chairs.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=appointment.valid_from)).first()
    if held is None:
        return None
    return gettext("The office of chair is held by %(person)s in that time. End that appointment first.") % {
        "person": held.user
    }


def assistant_has_a_member(appointment: Any) -> str | None:
    if appointment.role == Role.ASSISTANT and (
        appointment.assists is None or appointment.assists.role not in VOTING
    ):
        return gettext("Say which member the assistant works for.")
    return None


def appointment_is_in_force(appointment: Any) -> str | None:
    return gettext("This appointment has ended already.") if appointment.valid_until is not None else None


def last_day_is_possible(appointment: Any) -> str | None:
    if appointment.last_day is not None and appointment.last_day < appointment.valid_from:
        return gettext("The last day lies before the first: %(day)s.") % {
            "day": f"{appointment.valid_from:%d/%m/%Y}"
        }
    return None


def body_keeps_an_administrator(appointment: Any) -> str | None:
    if appointment.role != Role.ADMINISTRATOR:
        return None
    others = appointment.body.appointments.current().filter(role=Role.ADMINISTRATOR, valid_until__isnull=True)
    if others.exclude(pk=appointment.pk).filter(user__is_active=True).exists():
        return None
    return gettext("The body would be left without an administrator. Appoint another one first.")


APPOINTMENT = Rulebook(
    initial=None,
    rules={
        "appoint_officer": Rule(
            is_administrator, guards=(appointee_has_an_account, chair_is_vacant, assistant_has_a_member)
        ),
        "end_appointment": Rule(
            is_administrator,
            guards=(appointment_is_in_force, last_day_is_possible, body_keeps_an_administrator),
        ),
    },
)

# Stand-ins (Nghị định 30/2020/NĐ-CP, art. 13: in writing, for a limited time and matter, never passed on)


ENTERING_STAND_INS = (Role.ADMINISTRATOR, Role.CHAIR)


def enters_stand_ins(user: Any, delegation: Any) -> bool:
    """The administrator or the chair of the body; nobody gives herself the power to act for another."""
    return user.pk != delegation.delegate.user_id and any(
        holds_office(user, delegation, role) for role in ENTERING_STAND_INS
    )


def ends_stand_ins(user: Any, delegation: Any) -> bool:
    """Whoever may enter one; and the person replaced, who is back."""
    return user.pk == delegation.appointment.user_id or any(
        holds_office(user, delegation, role) for role in ENTERING_STAND_INS
    )


def is_another_of_the_body(delegation: Any) -> str | None:
    if delegation.appointment.user_id == delegation.delegate.user_id:
        return gettext("Nobody stands in for herself.")
    if delegation.appointment.body_id != delegation.delegate.body_id:
        return gettext("A stand-in holds an office in the same body.")
    if delegation.scope == DelegationScope.ANSWERING and delegation.appointment.role not in VOTING:
        return gettext("Only members of the body answer slips, so only they are stood in for.")
    return account_is_open(delegation.delegate.user)


def lies_within_both_terms(delegation: Any) -> str | None:
    """The order begins before it ends, is not over yet, and reaches beyond neither appointment."""
    if delegation.valid_until < delegation.valid_from:
        return gettext("The last day lies before the first: %(day)s.") % {"day": _day(delegation.valid_from)}
    if delegation.valid_until < clock.today():
        return gettext("The last day has passed already: %(day)s.") % {"day": _day(delegation.valid_until)}
    for office in (delegation.appointment, delegation.delegate):
        if delegation.valid_from < office.valid_from:
            return gettext("%(person)s takes up the office only on %(day)s.") % {
                "person": office,
                "day": _day(office.valid_from),
            }
        if office.valid_until is not None and delegation.valid_until > office.valid_until:
            return gettext("%(person)s holds the office only until %(day)s.") % {
                "person": office,
                "day": _day(office.valid_until),
            }
    return None


def order_comes_first(delegation: Any) -> str | None:
    if delegation.order_date > min(delegation.valid_from, clock.today()):
        return gettext("The order is dated %(day)s: nobody stands in before it is given.") % {
            "day": _day(delegation.order_date)
        }
    return None


def is_the_only_one(delegation: Any) -> str | None:
    """One stand-in an office at a time."""
    other = delegation.overlapping.filter(appointment=delegation.appointment_id).first()
    if other is None:
        return None
    return gettext("%(person)s stands in from %(start)s until %(end)s already.") % _span(other)


def is_not_passed_on(delegation: Any) -> str | None:
    """Who is away herself stands in for nobody, and who stands in hands nothing further."""
    away = delegation.overlapping.filter(appointment__user=delegation.delegate.user_id).first()
    if away is not None:
        return gettext(
            "%(replaced)s is away too and replaced by %(person)s from %(start)s until %(end)s:"
            " a stand-in cannot pass on."
        ) % _span(away)
    busy = delegation.overlapping.filter(delegate__user=delegation.appointment.user_id).first()
    if busy is not None:
        return gettext(
            "%(person)s stands in for %(replaced)s from %(start)s until %(end)s and cannot pass that on."
            " End that entry first."
        ) % _span(busy)
    return None


def has_not_ended(delegation: Any) -> str | None:
    if delegation.ended_at is None and delegation.valid_until >= clock.today():
        return None
    return gettext("This has ended already.")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _span(delegation: Any) -> dict[str, str]:
    return {
        "person": str(delegation.delegate),
        "replaced": str(delegation.appointment),
        "start": _day(delegation.valid_from),
        "end": _day(delegation.valid_until),
    }


DELEGATION = Rulebook(
    initial=None,
    rules={
        "grant_delegation": Rule(
            enters_stand_ins,
            guards=(
                is_another_of_the_body,
                lies_within_both_terms,
                order_comes_first,
                is_the_only_one,
                is_not_passed_on,
            ),
        ),
        "end_delegation": Rule(ends_stand_ins, guards=(has_not_ended,)),
    },
)

USER = Rulebook(
    initial=None,
    rules={
        "register_user": Rule(is_administrator),
        "correct_user": Rule(administers_person),
        "invite_user": Rule(administers_person, guards=(account_is_open,)),
        "deactivate_user": Rule(administers_another, guards=(account_is_open,)),
        "activate_user": Rule(administers_person, guards=(account_is_closed,)),
        "set_preferences": Rule(is_self),
    },
)


def sees_body(user: Any) -> Q:
    """The bodies in which one holds an office."""
    return Q(pk__in=user.body_ids())


def sees_appointment(user: Any) -> Q:
    """Everyone knows who holds which office in the bodies they work for."""
    return Q(body__in=user.body_ids())


def sees_delegation(user: Any) -> Q:
    """Everyone knows who stands in for whom in the bodies they work for."""
    return Q(appointment__body__in=user.body_ids())


def sees_user(user: Any) -> Q:
    """Colleagues: those who hold or held an office in a body of mine; to administrators, the registered."""
    registered = Q(registered_in__in=user.body_ids(Role.ADMINISTRATOR))
    return Q(appointments__body__in=user.body_ids()) | registered | Q(pk=user.pk)
