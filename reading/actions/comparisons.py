"""Comparing two papers: asked for by a reader, worked out by a worker, once for everybody."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import WorkState, finish
from documents.models import DocumentVersion
from people.models import User
from reading import rules
from reading.models import Comparison
from reading.results import FORM


@transaction.atomic
def compare_versions(older: DocumentVersion, newer: DocumentVersion, *, by: User) -> Comparison:
    """A reader of both papers asks what changed from one to the other.

    Once worked out it is there for all who may read both; one that failed is tried again.
    """
    asked = Comparison(older=older, newer=newer)
    rules.COMPARISON.check("compare_versions", by, asked)

    comparison, is_new = Comparison.objects.get_or_create(older=older, newer=newer)
    comparison = lock(comparison)
    outdated = comparison.work_state == WorkState.DONE and comparison.result.get("form") != FORM
    if not (is_new or outdated or comparison.work_state == WorkState.FAILED):
        return comparison
    comparison.work_state, comparison.work_attempts, comparison.work_error = WorkState.QUEUED, 0, ""
    comparison.queued_at = clock.now()
    comparison.save(update_fields=["work_state", "work_attempts", "work_error", "queued_at"])

    trail.record("reading.compare_versions", by=by, on=comparison)
    enqueue("reading.tasks.compare_texts", comparison.pk)
    return comparison


@transaction.atomic
def record_comparison(comparison: Comparison, *, by: Any, result: dict[str, Any]) -> Comparison:
    """The worker has found what changed."""
    comparison = lock(comparison)
    rules.COMPARISON.check("record_comparison", by, comparison)

    comparison.result = result
    comparison.save(update_fields=["result"])
    finish(comparison)

    trail.record("reading.record_comparison", by=by, on=comparison, changes=len(result["changes"]))
    return comparison
