"""Who brings a resolution into the archive, and what a search may show to whom."""

from typing import Any

from django.db.models import Q

from core.actors import is_worker
from core.workflow import Rule, Rulebook

FILING = Rulebook(
    initial=None,
    rules={
        "index_resolution": Rule(is_worker),
    },
)


def sees_entry(user: Any) -> Q:
    """What the paper itself may be read by: those on its distribution list, and the office that keeps it."""
    return Q(readers__overlap=user.reader_keys())
