"""Having signatures checked, and keeping what was found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from audit import trail
from core import clock
from core.actors import WORKER
from core.locks import lock
from core.news import publish
from core.queue import enqueue
from core.work import finish
from documents.models import DocumentVersion
from notifications import outbox
from notifications.models import Notification
from people.models import User
from people.rules import Role
from signatures import rules
from signatures.actions._rechecks import enqueue_rechecks
from signatures.events import VerdictChanged
from signatures.models import PreservedCopy, Verification
from signatures.rules import DEPENDING_ON_TRUST, Cause, Verdict
from verifier.pdf.report import Report

TASK = "signatures.tasks.verify_version"
CHANGED = "signatures/verdict_changed"


@transaction.atomic
def order_verification(version: DocumentVersion, *, by: Any, cause: str = "") -> Verification:
    """The signatures of a paper are to be checked: when it comes in, or once more when somebody asks."""
    version = lock(version)
    verification = Verification(
        version=version, cause=cause or (Cause.ADDED if by == WORKER else Cause.ASKED)
    )
    rules.VERIFICATION.check("order_verification", by, verification)

    verification.save()

    trail.record("signatures.order_verification", by=by, on=verification)
    enqueue(TASK, verification.pk)
    return verification


@transaction.atomic
def order_rechecks(*, by: Any, before: Any, at_most: int) -> list[Verification]:
    """The clock has looked at again what was last looked at before a time: the oldest first, never more at
    once than the workers can do beside new papers."""
    rules.VERIFICATION.check("order_rechecks", by, None)

    stale = Verification.objects.decided().filter(checked_at__lt=before, verdict__in=DEPENDING_ON_TRUST)
    oldest = stale.not_owed().order_by("checked_at", "pk").values_list("version", flat=True)[:at_most]
    ordered = Verification.objects.bulk_create(
        Verification(version_id=version, cause=Cause.SCHEDULE) for version in oldest
    )
    if not ordered:
        return []

    trail.record("signatures.order_rechecks", by=by, on=ordered[0], papers=len(ordered))
    enqueue_rechecks(verification.pk for verification in ordered)
    return ordered


@transaction.atomic
def record_verification(
    verification: Verification,
    *,
    by: Any,
    report: Report,
    trust_store: str,
    preserved_copy: PreservedCopy | None = None,
    content: DocumentVersion | None = None,
    same_as: Verification | None = None,
    known: Sequence[dict[str, Any]] = (),
    holds_until: datetime | None = None,
) -> Verification:
    """The worker has looked: the verdict, all that was found, and the trust under which it was reached.

    `same_as`: a quick look found the evidence of that observation unchanged, which then stands for both. When
    people were told another word before, those who keep the records hear of it.
    """
    verification = lock(verification)
    rules.VERIFICATION.check("record_verification", by, verification)

    earlier = verification.version.verifications.done().filter(pk__lt=verification.pk).order_by("-pk")
    before = earlier.values_list("verdict", flat=True).first() or ""
    verification.verdict, verification.verdict_before = Verdict(report.verdict), before
    verification.report = {} if same_as is not None else report.to_json()
    verification.same_as = same_as
    verification.known, verification.holds_until = list(known), holds_until
    verification.sha256 = report.file_sha256
    verification.preserved_copy, verification.content = preserved_copy, content
    verification.policy = report.policy
    verification.trust_store = trust_store
    verification.checked_at = clock.now()
    verification.save()
    finish(verification)

    trail.record(
        "signatures.record_verification",
        by=by,
        on=verification,
        verdict=verification.verdict,
        before=before if verification.has_changed else "",
        sha256=report.file_sha256,
        signatures=len(report.signatures),
        trust_store=trust_store,
    )
    if verification.has_changed:
        _tell_keepers(verification)
        publish(VerdictChanged(verification.pk))
    return verification


def _tell_keepers(verification: Verification) -> None:
    """One notice for each archivist until she reads it: a change of the trust can turn hundreds of verdicts,
    and the list that it leads to names them all."""
    if verification.version.is_own_paper:
        return
    archivists = User.objects.holding([Role.ARCHIVIST], verification.body_id)
    told = Notification.objects.unread().filter(kind=CHANGED).values("recipient")
    outbox.tell(
        archivists.exclude(pk__in=told),
        CHANGED,
        url=reverse("signatures:list_changes"),
        before=verification.verdict_before,
        after=str(verification.verdict),
    )
