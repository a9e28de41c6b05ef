"""Who reads the trail."""

from typing import Any

from django.db.models import Q


def sees_event(user: Any) -> Q:
    """An auditor reads all that happened in the bodies entrusted to her; nobody else reads the trail."""
    return Q(body_id__in=user.audited_body_ids())
