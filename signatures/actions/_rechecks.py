"""Which papers are looked at once more when the trust or the revocation data changes."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from core.queue import enqueue
from signatures.models import Verification
from signatures.rules import Cause, Verdict

RECHECK = "signatures.tasks.recheck_versions"
FORESEE = "signatures.tasks.foresee_verdicts"
A_LOAD = 40  # papers a task: a round trip through the queue costs more than a quick look

# What a different trust can turn, of all that makes a signature invalid.
_TURNABLE = ("expired", "not_yet_valid", "revoked", "revoked_issuer")


def find_affected(*, with_valid: bool, serials: Collection[int] = ()) -> Any:
    """The newest findings that may rest on the trust: all undecided; those invalid for a reason of trust; the
    valid where trust is lost, or where a certificate of theirs is revoked only now."""
    turnable = Q(pk=None)
    for reason in _TURNABLE:
        turnable |= _has_signature(reason=reason)
    affected = Q(verdict=Verdict.UNDECIDED) | Q(verdict=Verdict.INVALID) & turnable
    if with_valid:
        affected |= Q(verdict=Verdict.VALID)
    for serial in serials:
        affected |= Q(verdict=Verdict.VALID) & _has_signature(serial=f"{serial:x}")
    return Verification.objects.decided().filter(affected)


def check_anew(*, with_valid: bool, serials: Collection[int] = ()) -> None:
    """One row for each paper that no worker owes a check already."""
    stale = find_affected(with_valid=with_valid, serials=serials).not_owed()
    ordered = Verification.objects.bulk_create(
        Verification(version_id=version, cause=Cause.TRUST)
        for version in stale.values_list("version", flat=True)
    )
    enqueue_rechecks(verification.pk for verification in ordered)


def enqueue_rechecks(pks: Iterable[int]) -> None:
    """Beside the checks of new papers, never before them: they have a queue of their own."""
    _enqueue_loads(RECHECK, list(pks))


def enqueue_foreseeing(pks: Iterable[int]) -> None:
    _enqueue_loads(FORESEE, list(pks))


def _enqueue_loads(task: str, pks: list[int]) -> None:
    for start in range(0, len(pks), A_LOAD):
        enqueue(task, *pks[start : start + A_LOAD])


def _has_signature(**values: str) -> Q:
    return Q(report__signatures__contains=[values]) | Q(same_as__report__signatures__contains=[values])
