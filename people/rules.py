"""Offices, and what they are asked for everywhere."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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


VOTING = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)
PRESIDING = (Role.CHAIR, Role.VICE_CHAIR)


def is_secretary(user: Any, obj: Any) -> bool:
    """A specialist of the office that serves the body."""
    return user.holds(Role.SECRETARY, obj.body_id)


def presides(user: Any, obj: Any) -> bool:
    """The chair or a vice chair of the body."""
    return any(user.holds(role, obj.body_id) for role in PRESIDING)


def is_administrator(user: Any, obj: Any) -> bool:
    return user.holds(Role.ADMINISTRATOR, obj.body_id)


APPOINTMENT = Rulebook(
    initial=None,
    rules={
        "appoint_officer": Rule(is_administrator),
        "end_appointment": Rule(is_administrator),
    },
)

USER = Rulebook(
    initial=None,
    rules={
        "register_user": Rule(is_administrator),
    },
)


def sees_appointment(user: Any) -> Q:
    """Everyone knows who holds which office in the bodies they work for."""
    return Q(body__in=user.body_ids())


def sees_user(user: Any) -> Q:
    """Colleagues: those who hold or held an office in a body of mine."""
    return Q(appointments__body__in=user.body_ids()) | Q(pk=user.pk)
