"""Work for later, by name: a task may import actions, an action never imports tasks."""

import logging

from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: str, *ids: int) -> None:
    """Hand `task` the ids once the transaction is committed.

    A broker that is down refuses nobody: the row that the work is about is already
    stored, and the sweep that runs each minute hands it in again.
    """
    transaction.on_commit(lambda: _send(task, ids))


def _send(task: str, ids: tuple[int, ...]) -> None:
    try:
        import_string(task).delay(*ids)
    except OperationalError:
        logger.warning("The broker does not answer; %s%s waits for the sweep.", task, ids)
