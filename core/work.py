"""Work that a worker owes somebody: stored before it is queued, so nothing is lost with the broker."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock

logger = logging.getLogger(__name__)


class WorkState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("In work")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


UNDER_WAY = (WorkState.QUEUED, WorkState.RUNNING)


class WorkQuerySet(models.QuerySet[Any]):
    def with_problem(self) -> Self:
        """Given up, or done without all that could be done."""
        return self.exclude(work_state__in=UNDER_WAY).exclude(work_error="")

    def stalled(self, after: timedelta = timedelta(minutes=2)) -> Self:
        """Asked for and never begun, or begun by a worker that died."""
        before = clock.now() - after
        return self.filter(
            Q(work_state=WorkState.QUEUED, queued_at__lt=before)
            | Q(work_state=WorkState.RUNNING, started_at__lt=clock.now() - self.model.longest_run)
        )


class WorkItem(models.Model):
    """`work_error` is a machine code; the sentence for people stands in a template."""

    longest_run = timedelta(minutes=5)  # a run that has taken longer has lost its worker
    attempts_allowed = 3

    work_state = models.CharField(max_length=8, choices=WorkState, default=WorkState.QUEUED)
    work_attempts = models.PositiveSmallIntegerField(default=0)
    work_error = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        return self.work_state in UNDER_WAY


def claim(queryset: models.QuerySet[Any], pk: int) -> Any | None:
    """Begin the work, or None where it is done, in another's hands or has been tried too often."""
    model = queryset.model
    lost = Q(work_state=WorkState.RUNNING, started_at__lt=clock.now() - model.longest_run)
    with transaction.atomic():
        item = (
            queryset.select_for_update(of=("self",), skip_locked=True)
            .filter(Q(work_state=WorkState.QUEUED) | lost, pk=pk)
            .first()
        )
        if item is None:
            return None
        if item.work_attempts >= model.attempts_allowed:
            fail(item, item.work_error or "worker_lost")
            return None
        model._base_manager.filter(pk=pk).update(
            work_state=WorkState.RUNNING, work_attempts=F("work_attempts") + 1, started_at=clock.now()
        )
    item.refresh_from_db()
    return item


@contextmanager
def attempt(item: WorkItem, *, whole: bool = True) -> Iterator[None]:
    """Do the claimed work in one transaction: all of it, or put back to be tried again.

    Long work that is not `whole` keeps what it has committed on its way.
    """
    try:
        with transaction.atomic() if whole else nullcontext():
            yield
    except Exception as error:
        logger.exception("%s %s failed", type(item).__name__, item.pk)
        put_back(item, type(error).__name__)


def finish(item: WorkItem, lacking: str = "") -> None:
    """Done; `lacking` is the code of what could have been better."""
    _settle(item, WorkState.DONE, lacking)


def fail(item: WorkItem, error: str) -> None:
    """Give up, visibly."""
    _settle(item, WorkState.FAILED, error)


def start_over(item: WorkItem) -> None:
    """Somebody asks for it once more."""
    item.work_state, item.work_attempts, item.queued_at = WorkState.QUEUED, 0, clock.now()
    item.save(update_fields=["work_state", "work_attempts", "queued_at"])


def put_back(item: WorkItem, error: str) -> None:
    """Try again: at once in the queue's order, at the latest with the next sweep."""
    if item.work_attempts >= item.attempts_allowed:
        fail(item, error)
        return
    item.work_state, item.work_error, item.queued_at = WorkState.QUEUED, error[:200], clock.now()
    item.save(update_fields=["work_state", "work_error", "queued_at"])


def _settle(item: WorkItem, state: WorkState, error: str) -> None:
    item.work_state, item.work_error, item.finished_at = state, error[:200], clock.now()
    item.save(update_fields=["work_state", "work_error", "finished_at"])
