"""What is done with the trail itself: copies are taken of it, and that leaves a trace."""

from typing import Any

from django.db import transaction

from audit import log, rules, trail
from audit.models import AuditEvent, AuditEventQuerySet


@transaction.atomic
def export_trail(events: AuditEventQuerySet, *, by: Any, sought: dict[str, str]) -> list[AuditEvent]:
    """An auditor takes a copy of the entries she has found. Her bodies read of it."""
    rules.TRAIL.check("export_trail", by, events)

    taken = list(events.order_by("pk"))
    for body_id in sorted(by.audited_body_ids()):
        trail.record("audit.export_trail", by=by, on=by, body_id=body_id, entries=len(taken), sought=sought)
    return taken


@transaction.atomic
def export_proofs(events: AuditEventQuerySet, *, by: Any, target: str) -> dict[str, Any]:
    """An auditor takes entries with the proofs that they are in the log. Her bodies read of it."""
    rules.TRAIL.check("export_proofs", by, events)

    receipt = log.receipt(list(events.order_by("pk")))
    number = len(receipt["entries"])
    for body_id in sorted(by.audited_body_ids()):
        trail.record("audit.export_proofs", by=by, on=by, body_id=body_id, entries=number, target=target)
    return receipt
