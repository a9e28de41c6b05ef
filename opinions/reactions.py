"""What the written procedure does on news from below."""

from core.actors import WORKER
from decisions.events import ResolutionIssued
from documents.actions import distribute_version
from opinions.models import OpinionRequest
from people.rules import Role


def hand_case_to_archive(event: ResolutionIssued) -> None:
    """With the resolution the archivist is given its whole case: the dossier and the synthesis."""
    opinion_request = OpinionRequest.objects.filter(resolution=event.resolution_id).first()
    if opinion_request is None:
        return
    papers = [paper.version for paper in opinion_request.dossier.papers.select_related("version__document")]
    syntheses = opinion_request.synthesis.versions.order_by("-number")[:1]
    for version in [*papers, *syntheses]:
        distribute_version(
            version,
            by=WORKER,
            roles=[(Role.ARCHIVIST, opinion_request.body), (Role.AUDITOR, opinion_request.body)],
            because=opinion_request.resolution.full_number,
        )
