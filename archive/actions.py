"""Bringing what was decided into the archive."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive import rules
from archive.models import Filing
from archive.queries import read_case
from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import WorkState
from decisions.models import Resolution
from documents.actions import distribute_version
from people.rules import Role


@transaction.atomic
def file_resolution(resolution: Resolution, *, by: Any) -> Filing:
    """An issued resolution and the papers of its case come into the archive of the body.

    The archivists are given every paper; what each person finds there is what was distributed to her.
    """
    resolution = lock(resolution)
    rules.FILING.check("file_resolution", by, resolution)

    papers = read_case(resolution).versions
    because = _("Archive of resolution %(number)s") % {"number": resolution.full_number}
    for version in papers:
        distribute_version(version, by=by, roles=[(Role.ARCHIVIST, resolution.body)], because=because)
    filing, _made = Filing.objects.update_or_create(
        resolution=resolution,
        defaults={"work_state": WorkState.QUEUED, "work_attempts": 0, "queued_at": clock.now()},
    )

    trail.record("archive.file_resolution", by=by, on=resolution, papers=[paper.sha256 for paper in papers])
    enqueue("archive.tasks.index_resolution", filing.pk)
    return filing
