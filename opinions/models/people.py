"""Those around the members."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from people.models import Appointment, User
from people.rules import Role


def find_assistants(body_id: int, members: Iterable[Any]) -> models.QuerySet:
    """Those who assist one of the members today."""
    offices = Appointment.objects.current().filter(
        body=body_id,
        role=Role.ASSISTANT,
        assists__in=Appointment.objects.current(),
        assists__user__in=[member.pk for member in members],
    )
    return User.objects.filter(pk__in=offices.values("user"), is_active=True)


def find_stand_ins(opinion_request: Any) -> set[User]:
    """Those who may answer for one of the members, where the form lets them, while the register has them."""
    if not opinion_request.kind.stand_ins_answer:
        return set()
    slips = opinion_request.slips.filter(stand_in__isnull=False).select_related("stand_in__user")
    return {slip.stand_in.user for slip in slips if slip.stand_in.is_in_force}
