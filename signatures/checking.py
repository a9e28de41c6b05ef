"""What the worker does with a check that is owed: alone in a child process, or together with others."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q

from core import clock
from core.actors import WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail, put_back
from documents import storage
from documents.models import DocumentVersion
from signatures.actions import record_foreseen, record_verification
from signatures.actions._rechecks import RECHECK, enqueue_foreseeing, enqueue_rechecks
from signatures.actions.verification import TASK
from signatures.bulk import Look, is_unchanged, verify_together
from signatures.detached import is_detached, look_at_detached, name_beside
from signatures.models import ForeseenVerdict, PreservedCopy, Verification
from signatures.rules import Cause, ProposalStatus
from signatures.trust import (
    build_trust_store,
    find_next_change,
    foresee_trust_store,
    keep_snapshot,
    name_trust_of_today,
)
from signatures.verifier import verify_in_sandbox
from verifier.again import KnownSignature
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

LONG = timedelta(minutes=30)
ALONE = "looked_at_alone"  # together with others it could not be settled
CHILD_FAILED = ("took_too_long", "crashed")


def check_version(pk: int) -> None:
    """The full check of one paper, in a child process of its own."""
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
        beside = name_beside(version)
        try:
            report, content = look_with_content(version, copy, trust)
        except FileNotFoundError:
            fail(verification, "file_missing")
            return
        if has_child_failed(report) and _may_try_again(verification):
            put_back(verification, str(report.error))
            return
        if name_trust_of_today() != trust.fingerprint:
            put_back(verification, "trust_changed")  # meanwhile the administrators have spoken
            return
        if name_beside(version) != beside:
            put_back(verification, "papers_changed")  # the paper that is sought may be among them
            return
        keep_snapshot(trust)
        record_verification(
            verification,
            by=WORKER,
            report=report,
            trust_store=trust.fingerprint,
            preserved_copy=copy,
            content=content,
        )


def check_versions_again(pks: Sequence[int]) -> None:
    """Papers that were looked at before. Where the same is found as the last time, it is done; any other is
    checked by itself, as if it were new."""
    if len(pks) == 1:
        check_version(pks[0])
        return
    trust, now = build_trust_store(), clock.now()
    claimed = [row for row in (claim(Verification.objects.all(), pk) for pk in pks) if row is not None]
    again = [Again(row, before) for row in claimed if (before := _find_earlier(row)) is not None]
    _look_quickly(again, trust, now)
    slow = [one for one in again if one.look is None]
    looks = look_together([(one.row.version, one.copy) for one in slow], trust)
    for one, look_at in zip(slow, looks, strict=True):
        one.look = look_at
    is_current = name_trust_of_today() == trust.fingerprint
    keep_snapshot(trust)
    change = find_next_change(now)
    settled = {one.row.pk: one for one in again if is_current and one.is_as_before}
    for row in claimed:
        if row.pk not in settled:
            put_back(row, ALONE)
            enqueue(RECHECK, row.pk)
            continue
        with attempt(row):
            one = settled[row.pk]
            one.record(trust.fingerprint, min(filter(None, (change, one.until)), default=None))


@dataclass
class Again:
    """One paper looked at again: the row that is owed, and the last look that found something."""

    row: Verification
    before: Verification
    look: Look | None = None

    def __post_init__(self) -> None:
        self.copy = find_preserved(self.row.version)

    @property
    def sha256(self) -> str:
        return self.copy.sha256 if self.copy is not None else self.row.version.sha256

    @property
    def is_as_before(self) -> bool:
        return self.look is not None and self.look.report == self.before.evidence

    @property
    def until(self) -> datetime | None:
        return self.look.until if self.look is not None else None

    def record(self, trust_store: str, holds_until: datetime | None) -> None:
        assert self.look is not None
        record_verification(
            self.row,
            by=WORKER,
            report=self.look.report,
            trust_store=trust_store,
            preserved_copy=self.copy,
            same_as=self.before.same_as or self.before,
            known=[known.to_json() for known in self.look.known],
            holds_until=holds_until if self.look.known else None,
        )


def _look_quickly(again: list[Again], trust: TrustStore, now: datetime) -> None:
    """Where the bytes, the trust and the rules are those of a full check that found all valid, and time has
    ended nothing since: a checksum, and the signatures over it."""
    from verifier.pdf.algorithms import POLICY  # Heavy, and not for the web process.

    for one in again:
        before, report = one.before, one.before.evidence
        rests_on = (before.trust_store, before.policy, before.sha256)
        if report is None or before.holds_until is None or now >= before.holds_until:
            continue
        if rests_on != (trust.fingerprint, POLICY, one.sha256):
            continue
        known = tuple(KnownSignature.from_json(item) for item in before.known)
        with ExitStack() as files:
            path = _find_path(files, one.copy or one.row.version)
            if path is not None and is_unchanged(path, known):
                one.look = Look(report)  # what it can go by is told by a full look alone


def _find_earlier(row: Verification) -> Verification | None:
    """The last look that found something; None where there was none, or the paper may not be looked at."""
    if row.version.refused_because:
        return None
    earlier = row.version.verifications.with_evidence().filter(pk__lt=row.pk)
    return earlier.order_by("-pk").first()


def foresee(pks: Sequence[int]) -> None:
    """What would be found on these papers if a proposal were confirmed. Nothing of it is a finding."""
    rows = [row for row in (claim(ForeseenVerdict.objects.all(), pk) for pk in pks) if row is not None]
    for row in (row for row in rows if row.proposal.status != ProposalStatus.OPEN):
        fail(row, "proposal_decided")
    rows = [row for row in rows if row.is_waiting]
    if not rows:
        return
    trust = foresee_trust_store(rows[0].proposal)
    together = [(row.version, find_preserved(row.version)) for row in rows]
    found = {}
    for row, (_, copy), seen in zip(rows, together, look_together(together, trust), strict=True):
        with attempt(row):
            found[row.pk] = seen.report.verdict if seen else look_ahead(row, copy, trust)
    record_foreseen(rows[0].proposal, by=WORKER, verdicts=found)


def look_ahead(row: ForeseenVerdict, copy: PreservedCopy | None, trust: TrustStore) -> str:
    try:
        return look(row.version, copy, trust).verdict
    except FileNotFoundError:
        return row.verdict_now  # what is lost stays as it was last found


def look_together(
    papers: Sequence[tuple[DocumentVersion, PreservedCopy | None]], trust: TrustStore
) -> list[Look | None]:
    """In one child process; None for a file that is lost, for a signature apart from its paper, and for all
    when the child does not survive one."""
    with ExitStack() as files:
        paths = [
            None if is_detached(version) else _find_path(files, copy or version) for version, copy in papers
        ]
        there = [path for path in paths if path is not None]
        looks = dict(zip(there, verify_together(there, trust=trust, at=clock.now()), strict=True))
        return [looks.get(path) if path else None for path in paths]


def _find_path(files: ExitStack, stored: Any) -> Path | None:
    try:
        path = files.enter_context(storage.on_disk(stored))
    except FileNotFoundError:
        return None
    return path if path.exists() else None


def look(version: DocumentVersion, copy: PreservedCopy | None, trust: TrustStore) -> Report:
    return look_with_content(version, copy, trust)[0]


def look_with_content(
    version: DocumentVersion, copy: PreservedCopy | None, trust: TrustStore
) -> tuple[Report, DocumentVersion | None]:
    """At the preserved copy where there is one: it is the version with the evidence for decades added. At a
    signature apart together with the paper that it is about, which is told too."""
    if is_detached(version):
        return look_at_detached(version, trust)
    with storage.on_disk(copy or version) as path:
        return verify_in_sandbox(path, trust=trust, at=clock.now()), None


def find_preserved(version: DocumentVersion) -> PreservedCopy | None:
    return version.preserved_copies.exclude(sha256="").order_by("-pk").first()


def has_child_failed(report: Report) -> bool:
    return report.error is not None and report.error.startswith(CHILD_FAILED)


def _may_try_again(verification: Verification) -> bool:
    """A machine under load is no fault of the file; a second time it is."""
    return verification.work_attempts < 2 or verification.work_error == ALONE


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
