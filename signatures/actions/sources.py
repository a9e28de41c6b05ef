"""Addresses of authorities that may be asked, and how the asking went."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import finish, start_over
from core.workflow import Conflict
from signatures import rules
from signatures.models import RevocationSource

FETCH = "signatures.tasks.fetch_source"
SOON = timedelta(minutes=15)  # after a failure; doubled with each further one, up to the usual time


@transaction.atomic
def add_source(source: RevocationSource, *, by: Any) -> RevocationSource:
    """An administrator allows one address to be asked. What it gives counts by its signature, not by where it
    came from."""
    rules.SOURCE.check("add_source", by, source)

    if RevocationSource.objects.used().filter(kind=source.kind, url=source.url).exists():
        raise Conflict(_("This address is asked already."))
    source.added_by_name = str(by)
    source.save()

    trail.record("signatures.add_source", by=by, on=source, kind=source.kind)
    enqueue(FETCH, source.pk)
    return source


@transaction.atomic
def end_source(source: RevocationSource, *, by: Any) -> RevocationSource:
    """The address is asked no more. What it gave stays."""
    source = lock(source)
    rules.SOURCE.check("end_source", by, source)

    source.ended_at, source.ended_by_name = clock.now(), str(by)
    source.save(update_fields=["ended_at", "ended_by_name"])

    trail.record("signatures.end_source", by=by, on=source)
    return source


@transaction.atomic
def ask_source(source: RevocationSource, *, by: Any) -> RevocationSource:
    """It is time to ask again; or an administrator does not want to wait."""
    source = lock(source)
    rules.SOURCE.check("ask_source", by, source)

    if not source.is_waiting:
        start_over(source)

    trail.record("signatures.ask_source", by=by, on=source)
    enqueue(FETCH, source.pk)
    return source


@transaction.atomic
def record_fetch(source: RevocationSource, *, by: Any, failure: str = "", found: int = 0) -> RevocationSource:
    """The worker has asked: what was new is kept already; a failure is shown until an asking succeeds."""
    source = lock(source)
    rules.SOURCE.check("record_fetch", by, source)

    now, usual = clock.now(), timedelta(minutes=source.every_minutes)
    if failure:
        source.failed_at, source.failure = now, failure
        source.failures += 1
        source.next_at = now + min(usual, SOON * 2 ** min(source.failures - 1, 10))
    else:
        source.succeeded_at, source.failure, source.failures = now, "", 0
        source.next_at = now + usual
    source.save()
    finish(source, failure)

    trail.record("signatures.record_fetch", by=by, on=source, found=found, because=failure)
    return source
