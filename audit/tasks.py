"""The log follows the trail: numbered, signed, copied out of the house."""

import logging

from celery import shared_task

from audit import checkpoints
from audit.log import newest_checkpoint
from audit.models import Attestation
from audit.sequencer import extend_log

logger = logging.getLogger(__name__)


@shared_task
def keep_log() -> None:
    """Each minute."""
    _keep_log(is_decision=False)


@shared_task
def keep_log_now() -> None:
    """After a decision was issued."""
    _keep_log(is_decision=True)


def _keep_log(*, is_decision: bool) -> None:
    extend_log()
    checkpoints.make_checkpoint(is_decision=is_decision)
    newest = newest_checkpoint()
    if newest and not newest.attestations.filter(kind=Attestation.Kind.FOLDER).exists():
        try:
            checkpoints.copy_outside(newest)
        except OSError as error:  # a mount that is away: the next minute tries again
            logger.warning("The checkpoint was not copied outside: %s", error)
