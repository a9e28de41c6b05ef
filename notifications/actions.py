"""What a person does with a notice."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from notifications import rules
from notifications.models import Notification


@transaction.atomic
def mark_notification_read(notification: Notification, *, by: Any) -> Notification:
    """The recipient has opened the notice."""
    notification = lock(notification)
    rules.NOTIFICATION.check("mark_notification_read", by, notification)

    if notification.read_at is None:
        notification.read_at = clock.now()
        notification.save(update_fields=["read_at"])
        trail.record("notifications.mark_notification_read", by=by, on=notification)
    return notification
