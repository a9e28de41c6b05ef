"""Signed papers that are to be proved in forty years."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from audit import trail
from core.actors import WORKER
from core.locks import lock
from core.queue import enqueue
from core.work import finish
from documents import storage
from documents.models import DocumentVersion
from signatures import rules
from signatures.actions.verification import order_verification
from signatures.models import PreservedCopy, Verification
from signatures.rules import Cause

TASK = "signatures.tasks.preserve_version"


@transaction.atomic
def order_preservation(version: DocumentVersion, *, by: Any) -> PreservedCopy:
    """A signed paper is to be kept for decades; or its newest timestamp is to be followed by another."""
    version = lock(version)
    copy = PreservedCopy(version=version)
    rules.PRESERVATION.check("order_preservation", by, copy)

    copy.save()

    trail.record("signatures.order_preservation", by=by, on=copy, sha256=version.sha256)
    enqueue(TASK, copy.pk)
    return copy


@transaction.atomic
def record_preservation(
    copy: PreservedCopy, *, by: Any, file: Path, timestamp_at: datetime, renew_at: datetime
) -> PreservedCopy:
    """The worker has added evidence and archive timestamp. The version stays as it is; this is beside it."""
    version = lock(copy.version)
    copy = lock(copy)
    rules.PRESERVATION.check("record_preservation", by, copy)

    copy.sha256, copy.size = storage.keep_file(file)
    copy.timestamp_at, copy.renew_at = timestamp_at, renew_at
    copy.save()
    finish(copy)

    trail.record(
        "signatures.record_preservation",
        by=by,
        on=copy,
        sha256=copy.sha256,
        timestamp=timestamp_at.isoformat(),
        renew_at=renew_at.isoformat(),
    )
    if not Verification.objects.waiting().filter(version=version).exists():
        order_verification(version, by=WORKER, cause=Cause.PRESERVED)
    return copy
