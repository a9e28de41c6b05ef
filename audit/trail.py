"""The one door to the trail."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext

from audit.models import AuditEvent, KeptSeal


def record(
    action: str,
    *,
    by: Any,
    on: models.Model,
    body_id: int | None = None,
    sealed_until: datetime | None = None,
    **details: Any,
) -> AuditEvent:
    """Write down a deed in the transaction of the deed: none without the other.

    `on.trail_case` names the case that the entry is filed under (itself where it has none),
    `on.body_id` the deciding body, unless `body_id` says another. Details: text, numbers, lists; what
    nobody may know before a time is written down at once, `sealed_until` then. Of what
    `is_private` it is told that something was done to it, and neither its name nor details.
    """
    case = getattr(on, "trail_case", None) or on
    if is_private(on) or is_private(case):
        details = {}
    return AuditEvent.objects.create(
        action=action,
        actor_id=by.pk,
        actor_name=str(by)[:200],
        body_id=body_id or getattr(on, "body_id", None),
        target_type=on._meta.label_lower,
        target_id=on.pk,
        target_name=name(on, case)[:500],
        case_type=case._meta.label_lower,
        case_id=case.pk,
        details=details,
        sealed_until=sealed_until,
    )


def keep_sealed(case: models.Model, *, until: datetime) -> None:
    """What was sealed in this case until an earlier time is read by nobody before the later one."""
    KeptSeal.objects.create(case_type=case._meta.label_lower, case_id=case.pk, until=until)


def name(thing: models.Model, case: models.Model | None = None) -> str:
    """As the trail may call it."""
    return gettext("Private paper") if is_private(thing) or is_private(case) else str(thing)


def is_private(thing: models.Model | None) -> bool:
    return bool(getattr(thing, "is_private", False))
