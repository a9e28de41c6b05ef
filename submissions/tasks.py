"""The clock's part: who forgets a day is reminded of it, once."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from celery import shared_task

from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from submissions import actions
from submissions.models import Submission

logger = logging.getLogger(__name__)

LOOKING_AHEAD = timedelta(days=14)  # more than any row of days off; the rule itself counts working days


@shared_task
def remind_of_days() -> None:
    """Every hour: dossiers due on the next working day, and those that the Office should have checked."""
    submissions = Submission.objects.select_related("dossier__body", "kind")
    until = clock.today() + LOOKING_AHEAD
    _do(actions.remind_of_submission, submissions.due_soon(until).order_by("due_on", "pk"))
    _do(actions.remind_of_check, submissions.check_overdue().order_by("check_by", "pk"))


def _do(remind: Callable[..., Any], submissions: Iterable[Submission]) -> None:
    """Each in a transaction of its own: one that fails holds up no other."""
    for submission in submissions:
        try:
            remind(submission, by=CLOCK)
        except Conflict:  # not near enough yet, or another clock was quicker
            logger.debug("Nothing to remind of submission %s.", submission.pk)
        except Exception:
            logger.exception(
                "Nobody could be reminded of submission %s; the next round tries again.", submission.pk
            )
