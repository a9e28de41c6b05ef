"""Who reads the trail, and takes a copy of it out of the house."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.workflow import Rule, Rulebook

EXPORT_LIMIT = 20_000


def reads_trail(user: Any, events: Any) -> bool:
    """An auditor of any body; the entries are those of her bodies alone."""
    return bool(user.audited_body_ids())


def export_is_not_too_long(events: Any) -> str | None:
    if events.count() > EXPORT_LIMIT:
        return _("These are more than %(limit)s entries. Narrow the search, for example by time.") % {
            "limit": EXPORT_LIMIT
        }
    return None


TRAIL = Rulebook(
    initial=None,
    rules={
        "export_trail": Rule(reads_trail, guards=(export_is_not_too_long,)),
        "export_proofs": Rule(reads_trail, guards=(export_is_not_too_long,)),
    },
)


def sees_event(user: Any) -> Q:
    """An auditor reads all that happened in the bodies entrusted to her, and what concerns the whole system,
    such as trusted certificates; nobody else reads the trail."""
    bodies = user.audited_body_ids()
    return Q(body_id__in=bodies) | Q(body_id__isnull=True) if bodies else Q(pk__in=[])
