"""Who reads a notice."""

from typing import Any

from django.db.models import Q

from core.workflow import Rule, Rulebook


def is_recipient(user: Any, obj: Any) -> bool:
    return obj.recipient_id == user.pk


NOTIFICATION = Rulebook(initial=None, rules={"mark_notification_read": Rule(is_recipient)})


def sees_notification(user: Any) -> Q:
    """A notice is for its recipient alone."""
    return Q(recipient=user)
