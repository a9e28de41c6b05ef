"""A disk without room: told as what it is, with nothing half kept."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from core.workflow import Conflict

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class DiskFull(Conflict):
    """Not the sender's fault, and nothing that trying again at once would mend."""

    http_status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "The system has no room left to store this file. Nothing of it was kept. Tell the "
                "administrator, and send the file again later."
            )
        )


@contextmanager
def watch_disk() -> Iterator[None]:
    """What is written inside may find the disk full."""
    try:
        yield
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise DiskFull from problem
        raise
