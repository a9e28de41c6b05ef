"""The worker checks signatures, in a child process with limits."""

from celery import shared_task

from core import clock
from core.actors import WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail, put_back
from documents import storage
from signatures.actions import record_verification
from signatures.models import Verification
from signatures.trust import build_trust_store
from signatures.verifier import verify_in_sandbox

A_SWEEP = 500
CHILD_FAILED = ("took_too_long", "crashed")


@shared_task
def verify_version(verification_id: int) -> None:
    verification = claim(Verification.objects.all(), verification_id)
    if verification is None:
        return
    with attempt(verification):
        version = verification.version
        if version.refused_because:
            fail(verification, version.refused_because)
            return
        trust = build_trust_store()
        try:
            with storage.on_disk(version) as path:
                report = verify_in_sandbox(path, trust=trust, at=clock.now())
        except FileNotFoundError:
            fail(verification, "file_missing")
            return
        if report.error and report.error.startswith(CHILD_FAILED) and _may_try_again(verification):
            put_back(verification, report.error)
            return
        if build_trust_store().fingerprint != trust.fingerprint:
            put_back(verification, "trust_changed")  # meanwhile an administrator has spoken
            return
        record_verification(verification, by=WORKER, report=report, trust_store=trust.fingerprint)


def _may_try_again(verification: Verification) -> bool:
    """A machine under load is no fault of the file; a second time it is."""
    return verification.work_attempts < 2


@shared_task
def hand_in_verifications() -> None:
    stalled = Verification.objects.stalled().order_by("pk")
    for pk in stalled.values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("signatures.tasks.verify_version", pk)
