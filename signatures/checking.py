"""What the worker does with a check that is owed: fully in a sandbox, quickly where nothing has changed."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q

from core import clock
from core.actors import WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail, put_back
from documents import storage
from documents.models import DocumentVersion
from signatures.actions import record_foreseen, record_verification
from signatures.actions.rechecks import enqueue_foreseeing, enqueue_rechecks
from signatures.actions.verification import TASK
from signatures.models import ForeseenVerdict, PreservedCopy, Verification
from signatures.rules import Cause, ProposalStatus
from signatures.trust import build_trust_store, foresee_trust_store, keep_snapshot, name_trust_of_today
from signatures.verifier import verify_in_sandbox
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

LONG = timedelta(minutes=30)
CHILD_FAILED = ("took_too_long", "crashed")


def check_version(pk: int) -> None:
    """The full check of one paper."""
    verification = claim(Verification.objects.all(), pk)
    if verification is None:
        return
    with attempt(verification):
        version = verification.version
        if version.refused_because:
            fail(verification, version.refused_because)
            return
        trust = build_trust_store()
        copy = find_preserved(version)
        try:
            report = look(version, copy, trust)
        except FileNotFoundError:
            fail(verification, "file_missing")
            return
        if has_child_failed(report) and _may_try_again(verification):
            put_back(verification, str(report.error))
            return
        if name_trust_of_today() != trust.fingerprint:
            put_back(verification, "trust_changed")  # meanwhile the administrators have spoken
            return
        keep_snapshot(trust)
        record_verification(
            verification, by=WORKER, report=report, trust_store=trust.fingerprint, preserved_copy=copy
        )


def check_versions_again(pks: Sequence[int]) -> None:
    """Each of these papers was looked at before. What a quick look cannot settle is checked fully, each as a
    task of its own, so that a worker that dies over one file holds up no other."""
    for pk in pks:
        check_version(pk)


def foresee(pks: Sequence[int]) -> None:
    """What would be found on these papers if a proposal were confirmed. Nothing of it is a finding."""
    rows = [row for row in (claim(ForeseenVerdict.objects.all(), pk) for pk in pks) if row is not None]
    found = {}
    for row in rows:
        if row.proposal.status != ProposalStatus.OPEN:
            fail(row, "proposal_decided")
            continue
        with attempt(row):
            found[row.pk] = look_ahead(row)
    if found:
        record_foreseen(rows[0].proposal, by=WORKER, verdicts=found)


def look_ahead(row: ForeseenVerdict) -> str:
    try:
        report = look(row.version, find_preserved(row.version), foresee_trust_store(row.proposal))
    except FileNotFoundError:
        return row.verdict_now  # what is lost stays as it was last found
    return report.verdict


def look(version: DocumentVersion, copy: PreservedCopy | None, trust: TrustStore) -> Report:
    """At the preserved copy where there is one: it is the version with the evidence for decades added."""
    with storage.on_disk(copy or version) as path:
        return verify_in_sandbox(path, trust=trust, at=clock.now())


def find_preserved(version: DocumentVersion) -> PreservedCopy | None:
    return version.preserved_copies.exclude(sha256="").order_by("-pk").first()


def has_child_failed(report: Report) -> bool:
    return report.error is not None and report.error.startswith(CHILD_FAILED)


def _may_try_again(verification: Verification) -> bool:
    """A machine under load is no fault of the file; a second time it is."""
    return verification.work_attempts < 2


def hand_in(at_most: int) -> None:
    """What no worker has taken up. Looking again may wait long behind others of its kind; a new paper not."""
    again = Q(cause__in=[Cause.TRUST, Cause.SCHEDULE])
    new = Verification.objects.exclude(again).stalled().order_by("pk")
    for pk in new.values_list("pk", flat=True)[:at_most]:
        enqueue(TASK, pk)
    late = Verification.objects.filter(again).stalled(LONG).order_by("pk")
    enqueue_rechecks(late.values_list("pk", flat=True)[:at_most])
    ahead = ForeseenVerdict.objects.filter(proposal__status=ProposalStatus.OPEN).stalled(LONG)
    enqueue_foreseeing(ahead.order_by("pk").values_list("pk", flat=True)[:at_most])
