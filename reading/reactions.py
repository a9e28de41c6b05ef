"""What the reading room does on news from below."""

from django.db.models import Q

from core.work import WorkState
from documents.events import VersionErased
from reading.models import Comparison


def forget_comparisons(event: VersionErased) -> None:
    """A paper was erased: what comparisons tell of its text goes with it."""
    its = Q(older=event.version_id) | Q(newer=event.version_id)
    Comparison.objects.filter(its).update(result={}, work_state=WorkState.FAILED, work_error="file_missing")
