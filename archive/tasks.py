"""The worker makes what can be found."""

from celery import shared_task

from archive import indexing
from archive.models import Filing
from core.queue import enqueue
from core.work import attempt, claim, finish, put_back

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
