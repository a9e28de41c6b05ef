"""Who brings a resolution into the archive, and what a search may show to whom."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from decisions.rules import ResolutionStatus


def is_issued(resolution: Any) -> str | None:
    if resolution.status != ResolutionStatus.ISSUED:
        return gettext("Only an issued resolution comes into the archive.")
    return None


FILING = Rulebook(
    initial=None,
    rules={
        "file_resolution": Rule(is_worker, guards=(is_issued,)),
    },
)


def sees_entry(user: Any) -> Q:
    """What the paper itself may be read by: those on its distribution list, and the office that keeps it."""
    return Q(readers__overlap=user.reader_keys())
