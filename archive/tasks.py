"""The worker makes what can be found, and the evidence of decisions."""

from pathlib import Path
from tempfile import TemporaryDirectory

from celery import shared_task
from django.db import transaction

from archive import indexing
from archive.actions import record_evidence
from archive.evidence import making
from archive.models import EvidenceBundle, Filing
from core.actors import WORKER
from core.queue import enqueue
from core.work import attempt, claim, fail, finish, put_back
from documents import storage

A_SWEEP = 500


@shared_task
def index_resolution(filing_id: int) -> None:
    """A text that is still being read is no failure: the sweep comes back for it."""
    filing = claim(Filing.objects.select_related("resolution"), filing_id)
    if filing is None:
        return
    with attempt(filing):
        if indexing.index_resolution(filing.resolution):
            finish(filing)
        else:
            put_back(filing, "text_is_being_read")


@shared_task
def hand_in_filings() -> None:
    """What the broker lost, and what waited for a text."""
    for pk in Filing.objects.stalled().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("archive.tasks.index_resolution", pk)


@shared_task(soft_time_limit=25 * 60, time_limit=27 * 60)
def make_evidence(bundle_id: int) -> None:
    """The list of files comes into the trail before the file is finished, which holds the proof of that."""
    bundle = claim(EvidenceBundle.objects.select_related("resolution__body"), bundle_id)
    if bundle is None:
        return
    with attempt(bundle, whole=False), TemporaryDirectory() as folder:
        target = Path(folder, "bundle.zip")
        try:
            made = making.make(bundle, target)
        except FileNotFoundError:
            fail(bundle, "file_missing")
            return
        except making.OtherBytes:
            fail(bundle, "file_changed")
            return
        with transaction.atomic():
            sha256, size = storage.keep_file(target)
            record_evidence(
                bundle,
                by=WORKER,
                sha256=sha256,
                size=size,
                is_sealed=made.is_sealed,
                is_logged=made.is_logged,
            )


@shared_task
def hand_in_evidence() -> None:
    for pk in EvidenceBundle.objects.stalled().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("archive.tasks.make_evidence", pk)
