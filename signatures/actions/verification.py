"""Having signatures checked, and keeping what was found."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import finish
from documents.models import DocumentVersion
from signatures import rules
from signatures.models import Verification
from signatures.rules import Verdict
from verifier.pdf.report import Report

TASK = "signatures.tasks.verify_version"


@transaction.atomic
def order_verification(version: DocumentVersion, *, by: Any) -> Verification:
    """The signatures of a paper are to be checked: when it comes in, or once more when somebody asks."""
    version = lock(version)
    verification = Verification(version=version)
    rules.VERIFICATION.check("order_verification", by, verification)

    verification.save()

    trail.record("signatures.order_verification", by=by, on=verification)
    enqueue(TASK, verification.pk)
    return verification


@transaction.atomic
def record_verification(
    verification: Verification, *, by: Any, report: Report, trust_store: str
) -> Verification:
    """The worker has looked: the verdict, all that was found, and the trust under which it was reached."""
    verification = lock(verification)
    rules.VERIFICATION.check("record_verification", by, verification)

    verification.verdict = Verdict(report.verdict)
    verification.report = report.to_json()
    verification.trust_store = trust_store
    verification.checked_at = clock.now()
    verification.save()
    finish(verification)

    trail.record(
        "signatures.record_verification",
        by=by,
        on=verification,
        verdict=verification.verdict,
        sha256=report.file_sha256,
        signatures=len(report.signatures),
        trust_store=trust_store,
    )
    return verification
