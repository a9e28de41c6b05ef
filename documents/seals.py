"""What is put under a seal, and whether it is still what was sealed: rows and bytes against manifests."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from documents.manifest import Line, digest, number_pages
from documents.models import Distribution, DocumentVersion, Dossier, DossierIssue, DossierPaper, IssuedPaper

CHUNK = 1024 * 1024
OF_ROWS = ("place", "section", "version", "file_name", "sha256", "size", "first_page", "pages", "restricted")


def list_papers(dossier: Dossier) -> list[DossierPaper]:
    """The working copy in its order."""
    papers = dossier.papers.select_related("version__document", "section").prefetch_related("readers")
    return list(papers.order_by("place", "pk"))


def write_lines(papers: Iterable[DossierPaper]) -> list[Line]:
    """As they will stand in the next issue."""
    papers = list(papers)
    first_pages = number_pages(paper.version.pages for paper in papers)
    return [
        _line(
            paper.version,
            place=place,
            section=paper.section.title if paper.section else "",
            first_page=first_page,
            pages=paper.version.pages or 0,
            restricted=bool(paper.readers.all()),
        )
        for place, (paper, first_page) in enumerate(zip(papers, first_pages, strict=True), 1)
    ]


def is_unchanged(dossier: Dossier) -> bool:
    """The working copy is what was sealed last."""
    issue = dossier.current_issue
    return issue is not None and is_as_sealed(issue, list_papers(dossier))


def is_as_sealed(issue: DossierIssue, papers: Iterable[DossierPaper]) -> bool:
    """The same papers under the same names at the same places, and nobody new among the named readers."""
    papers = list(papers)
    sealed = [Line(**line) for line in json.loads(issue.manifest)["papers"]]
    if sealed != write_lines(papers):
        return False
    named = {(paper.version_id, row.reader_id) for paper in papers for row in paper.readers.all()}
    given = Distribution.objects.filter(version__in=[version for version, _reader in named])
    return named <= set(given.values_list("version_id", "reader_id"))


def find_differences(dossier: Dossier) -> Iterator[str]:
    """Everything in which the sealed issues of a dossier are not what they were: nothing, one hopes."""
    previous = ""
    issues = dossier.issues.prefetch_related("papers__version__document").order_by("number")
    for expected, issue in enumerate(issues, 1):
        if issue.number != expected:
            yield _("Issue %(number)s is missing.") % {"number": expected}
        for difference in _check_issue(issue, previous):
            yield f"{_('Issue %(number)s') % {'number': issue.number}}: {difference}"
        previous = issue.sha256


def _check_issue(issue: DossierIssue, previous: str) -> Iterator[str]:
    if digest(issue.manifest) != issue.sha256:
        yield _("the manifest has another SHA-256 than the seal.")
    manifest = json.loads(issue.manifest)
    facts = {
        "dossier": issue.dossier_id,
        "issue": issue.number,
        "sealed_by": issue.sealed_by_name,
        "reason": issue.reason,
        "previous": previous,
    }
    for name, value in facts.items():
        if manifest.get(name) != value:
            yield _("“%(name)s” is not what the manifest says.") % {"name": name}
    lines = {line["place"]: line for line in manifest["papers"]}
    papers = {paper.place: paper for paper in issue.papers.all()}
    for place in sorted(lines.keys() | papers.keys()):
        for difference in _check_paper(lines.get(place), papers.get(place)):
            yield f"{_('Paper %(place)s') % {'place': place}}: {difference}"


def _check_paper(line: dict[str, Any] | None, paper: IssuedPaper | None) -> Iterator[str]:
    if line is None or paper is None:
        yield _("it is in the manifest or in the list of papers, not in both.")
        return
    now = _line(
        paper.version,
        place=paper.place,
        section=paper.section_title,
        first_page=paper.first_page,
        pages=paper.pages,
        restricted=paper.is_restricted,
    )
    for name in OF_ROWS:  # title, kind and number may be corrected later: the manifest keeps what they were
        if line.get(name) != getattr(now, name):
            yield _("“%(name)s” is not what the manifest says.") % {"name": name}
    if fault := _check_bytes(paper.version, line):
        yield fault


def _check_bytes(version: DocumentVersion, line: dict[str, Any]) -> str:
    if version.refused_because:
        return _("it was refused after the sealing, and its file erased.")
    hashed, size = hashlib.sha256(), 0
    try:
        with version.open_file() as file:
            while chunk := file.read(CHUNK):
                hashed.update(chunk)
                size += len(chunk)
    except OSError:
        return _("its file is missing.")
    if (hashed.hexdigest(), size) != (line["sha256"], line["size"]):
        return _("its file is not the one that was sealed.")
    return ""


def _line(version: DocumentVersion, **facts: Any) -> Line:
    document = version.document
    return Line(
        title=document.title,
        kind=document.kind,
        number=document.number,
        version=version.number,
        file_name=version.file_name,
        sha256=version.sha256,
        size=version.size,
        **facts,
    )
