"""The papers of a case, put together from the register, the dossier and the written procedure."""

from decisions.models import Resolution
from documents.models import Document, DocumentVersion
from opinions.models import OpinionRequest


def list_papers(resolution: Resolution) -> list[DocumentVersion]:
    """The resolution itself, the synthesis of opinions, and the dossier as it was put before the members."""
    opinion_request = OpinionRequest.objects.filter(resolution=resolution).select_related("synthesis").first()
    synthesis = opinion_request.synthesis if opinion_request else None
    newest = [_newest_version(document) for document in (resolution.document, synthesis) if document]
    dossier = DocumentVersion.objects.filter(papers__dossier=resolution.dossier_id).order_by("papers__place")
    papers = [*filter(None, newest), *dossier.select_related("document__body")]
    return list({paper.pk: paper for paper in papers}.values())


def _newest_version(document: Document) -> DocumentVersion | None:
    versions = DocumentVersion.objects.kept().filter(document=document)
    return versions.select_related("document__body").order_by("-number").first()
