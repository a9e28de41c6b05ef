"""The worker's part of preserving: wait for what is lacking, add it, have the result verified."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.db.models import Q

from core import clock
from core.actors import WORKER
from core.work import UNDER_WAY, fail, start_over
from documents import storage
from signatures.actions import order_preservation, record_preservation
from signatures.models import PreservedCopy, Verification
from signatures.places import measure_timestamp
from signatures.rules import Verdict
from signatures.timestamping import TimestampUnavailable
from signatures.trust import build_trust_store
from signatures.verifier import verify_in_sandbox

NOT_YET = ("no_revocation_data", "no_timestamp")
A_WHILE = timedelta(minutes=15)  # between two looks at what is still lacking
A_SWEEP = 200


def preserve(copy: PreservedCopy) -> None:
    """What is lacking is waited for: a copy without it would not hold."""
    # pyHanko is heavy, and few tasks need it.
    from signatures.preserving import find_lack, is_long_term, preserve_file, starts_with

    version, trust = copy.version, build_trust_store()
    if version.refused_because:
        fail(copy, version.refused_because)
        return
    earlier = version.preserved_copies.newest().first()
    with storage.on_disk(earlier or version) as source, tempfile.NamedTemporaryFile(suffix=".pdf") as target:
        if lack := find_lack(verify_in_sandbox(source, trust=trust, at=clock.now())):
            settle_lack(copy, lack)
            return
        try:
            made = preserve_file(source, target, trust, size=measure_timestamp())
        except TimestampUnavailable:
            settle_lack(copy, "no_timestamp")
            return
        target.flush()
        file = Path(target.name)
        report = verify_in_sandbox(file, trust=trust, at=clock.now())
        if not is_long_term(report) or not starts_with(file, size=version.size, sha256=version.sha256):
            settle_lack(copy, find_lack(report) or "not_long_term")
            return
        record_preservation(
            copy, by=WORKER, file=file, timestamp_at=made.timestamp_at, renew_at=made.renew_at
        )


def settle_lack(copy: PreservedCopy, lack: str) -> None:
    """ "Not yet" is tried again; anything else is a failure that people see."""
    if lack not in NOT_YET:
        fail(copy, lack)
        return
    start_over(copy)
    copy.work_error = lack
    copy.save(update_fields=["work_error"])


def order_what_is_due() -> None:
    """Valid papers that are not preserved yet, and copies whose newest timestamp is about to lapse. What has
    failed is tried again the next day: perhaps the trust or the authorities have changed."""
    kept = PreservedCopy.objects.exclude(sha256="")
    tried = PreservedCopy.objects.filter(
        Q(work_state__in=UNDER_WAY) | Q(queued_at__gt=clock.now() - timedelta(days=1), sha256="")
    )
    fresh = Verification.objects.decided().filter(verdict=Verdict.VALID)
    fresh = fresh.exclude(version__in=kept.values("version")).exclude(version__in=tried.values("version"))
    for verification in fresh.select_related("version").order_by("pk")[:A_SWEEP]:
        order_preservation(verification.version, by=WORKER)
    newest = PreservedCopy.objects.filter(pk__in=PreservedCopy.objects.newest().values("pk"))
    lapsing = newest.filter(renew_at__lte=clock.now()).exclude(version__in=tried.values("version"))
    for copy in lapsing.select_related("version").order_by("renew_at")[:A_SWEEP]:
        order_preservation(copy.version, by=WORKER)
