"""Bringing what was decided into the archive, and out of it as evidence."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive import rules
from archive.models import EvidenceBundle, Filing
from archive.queries import list_put_before, read_case
from audit import trail
from audit.models import AuditEvent
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import UNDER_WAY, WorkState, finish
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

    papers = list_put_before(read_case(resolution))
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


@transaction.atomic
def order_evidence(resolution: Resolution, *, by: Any) -> EvidenceBundle:
    """Somebody who keeps the decision wants everything that proves it as one file, as her office may read it.

    While one is being made for the same office, that is the one.
    """
    resolution = lock(resolution)
    rules.EVIDENCE.check("order_evidence", by, resolution)

    role = rules.office_of_evidence(by, resolution)
    bundle = resolution.evidence.filter(role=role, work_state__in=UNDER_WAY).first()
    if bundle is None:
        bundle = EvidenceBundle.objects.create(resolution=resolution, role=role, ordered_by_name=str(by))

    trail.record("archive.order_evidence", by=by, on=bundle, role=role)
    enqueue("archive.tasks.make_evidence", bundle.pk)
    return bundle


@transaction.atomic
def seal_evidence(
    bundle: EvidenceBundle, *, by: Any, manifest_sha256: str, contents: dict[str, Any]
) -> AuditEvent:
    """The worker has gathered everything: what is inside goes into the log, which proves it from then on."""
    bundle = lock(bundle)
    rules.EVIDENCE.check("seal_evidence", by, bundle)

    bundle.manifest_sha256, bundle.contents = manifest_sha256, contents
    bundle.save(update_fields=["manifest_sha256", "contents"])

    return trail.record("archive.seal_evidence", by=by, on=bundle, manifest=manifest_sha256)


@transaction.atomic
def record_evidence(
    bundle: EvidenceBundle, *, by: Any, sha256: str, size: int, is_sealed: bool, is_logged: bool
) -> EvidenceBundle:
    """The worker has put the file into the storage; it can be taken."""
    bundle = lock(bundle)
    rules.EVIDENCE.check("record_evidence", by, bundle)

    bundle.sha256, bundle.size = sha256, size
    bundle.is_sealed, bundle.is_logged = is_sealed, is_logged
    bundle.save(update_fields=["sha256", "size", "is_sealed", "is_logged"])
    finish(bundle)

    trail.record("archive.record_evidence", by=by, on=bundle, sha256=sha256, size=size)
    return bundle


@transaction.atomic
def open_evidence(bundle: EvidenceBundle, *, by: Any) -> EvidenceBundle:
    """Somebody takes the file out of the house."""
    rules.EVIDENCE.check("open_evidence", by, bundle)

    trail.record("archive.open_evidence", by=by, on=bundle, sha256=bundle.sha256)
    return bundle
