"""A case as the archive keeps it, from register, dossier and written procedure; and the register itself."""

from dataclasses import dataclass, field
from typing import Any

from archive.search import NO_FILTERS, PAGE, Cursor, Filters, behind
from decisions.models import Resolution
from documents.models import Document, DocumentVersion, Dossier
from opinions.models import OpinionRequest
from opinions.pages.results import QuestionResult, draw_figures
from signatures.detached import show_content
from signatures.models import Verification


@dataclass
class Paper:
    version: DocumentVersion
    verification: Verification | None = None
    is_readable: bool = False
    is_restricted: bool = False  # for named readers: of the others none learns its title


@dataclass
class Case:
    """All papers of a resolution. What a person may open of them is marked by `show_case`."""

    resolution: Resolution
    text: Paper | None
    synthesis: Paper | None
    dossier: list[Paper]
    request: OpinionRequest | None
    figures: list[QuestionResult] = field(default_factory=list)

    @property
    def papers(self) -> list[Paper]:
        papers = [self.text, self.synthesis, *self.dossier]
        return list({paper.version.pk: paper for paper in papers if paper}.values())

    @property
    def versions(self) -> list[DocumentVersion]:
        return [paper.version for paper in self.papers]


def read_case(resolution: Resolution) -> Case:
    """The resolution itself, the synthesis of opinions, and the dossier as it was put before the members."""
    opinion_request = OpinionRequest.objects.filter(resolution=resolution).select_related("synthesis").first()
    return Case(
        resolution=resolution,
        text=_newest_version(resolution.document),
        synthesis=_newest_version(opinion_request.synthesis if opinion_request else None),
        dossier=_list_dossier(resolution.dossier),
        request=opinion_request,
    )


def list_put_before(case: Case) -> list[DocumentVersion]:
    """The papers of the case, and those that lay before the members until a correction took them away."""
    versions = {version.pk: version for version in case.versions}
    if case.resolution.dossier:
        issued = DocumentVersion.objects.kept().filter(issued__issue__dossier=case.resolution.dossier)
        versions |= {version.pk: version for version in issued.select_related("document__body").distinct()}
    return list(versions.values())


def _list_dossier(dossier: Dossier | None) -> list[Paper]:
    if dossier is None:
        return []
    papers = dossier.current_issue.papers if dossier.current_issue else dossier.papers
    kept = papers.filter(version__refused_because="").select_related("version__document__body")
    return [
        Paper(paper.version, is_restricted=getattr(paper, "is_restricted", False))
        for paper in kept.order_by("place", "pk")
    ]


def show_case(resolution: Resolution, user: Any) -> Case:
    """The same with the figures, the verdicts on the signatures, and what this person may open."""
    case = read_case(resolution)
    pks = [version.pk for version in case.versions]
    readable = set(DocumentVersion.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
    newest = Verification.objects.newest().filter(version__in=readable)
    verifications = {verification.version_id: verification for verification in newest}
    show_content(verifications.values(), user)
    for paper in case.papers:
        paper.is_readable = paper.version.pk in readable
        paper.verification = verifications.get(paper.version.pk)
    case.dossier = [paper for paper in case.dossier if paper.is_readable or not paper.is_restricted]
    if case.request:
        questions = case.request.questions.order_by("place").prefetch_related("options__parent")
        case.figures = list(draw_figures(case.request, questions))
    return case


def _newest_version(document: Document | None) -> Paper | None:
    versions = DocumentVersion.objects.kept().filter(document=document).select_related("document__body")
    newest = versions.order_by("-number").first() if document else None
    return Paper(newest) if newest else None


def list_register(
    user: Any, filters: Filters = NO_FILTERS, after: Cursor | None = None
) -> tuple[list[Resolution], Cursor | None]:
    """The issued resolutions, newest first."""
    resolutions = Resolution.objects.issued().visible_to(user).select_related("body")
    if filters.year:
        resolutions = resolutions.filter(issued_on__year=filters.year)
    if filters.body:
        resolutions = resolutions.filter(body=filters.body)
    if after:
        resolutions = resolutions.filter(behind(after))
    found = list(resolutions.order_by("-issued_on", "-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    last = found[PAGE - 1]
    return found[:PAGE], Cursor(tier=0, issued_on=last.issued_on, pk=last.pk)
