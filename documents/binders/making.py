"""The files that are made of an issue, written on the disk by the worker."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.utils import timezone

from documents import storage
from documents.binders.binding import Paper, bind, mark_copy
from documents.binders.issue_files import list_bound
from documents.binders.packing import Packed, pack, safe_name
from documents.binders.sheets import Cover, Listed
from documents.manifest import excerpt
from documents.models import Binder, BinderCopy, DossierIssue, IssuedPaper
from documents.rules import BinderKind

ASKED_AT = "%H:%M %d/%m/%Y"


def build(binder: Binder, target: Path, working_folder: Path) -> int:
    """Writes the file of a binder; gives the number of its pages."""
    papers = list_bound(binder.issue, binder.places)
    with ExitStack() as files:
        if binder.kind == BinderKind.ZIP:
            _pack(binder.issue, papers, target, files)
            return 0
        bound = [
            Paper(listed, _on_disk(paper.version.view, files), _on_disk(paper.version, files))
            for paper, listed in zip(papers, _list_names(papers), strict=True)
        ]
        return bind(_write_cover(binder.issue, papers), bound, target, working_folder=working_folder)


def build_copy(copy: BinderCopy, target: Path) -> None:
    """The binder with the reader's name, the time and the number of the copy on every page."""
    with ExitStack() as files:
        binder = _on_disk(copy.binder, files)
        assert binder is not None  # it has been built
        at = timezone.localtime(copy.asked_at).strftime(ASKED_AT)
        mark_copy(binder, target, mark=f"{copy.reader.full_name} – Bản số {copy.number} – {at}")


def _on_disk(stored: Any | None, files: ExitStack) -> Any:
    return files.enter_context(storage.on_disk(stored)) if stored is not None else None


def _write_cover(issue: DossierIssue, papers: Sequence[IssuedPaper]) -> Cover:
    dossier, everything = issue.dossier, list(issue.papers.all())
    return Cover(
        title=dossier.title,
        body=dossier.body.name,
        office=dossier.body.office.name,
        issue=issue.number,
        sealed_at=issue.sealed_at,
        sealed_by=issue.sealed_by_name,
        reason=issue.reason,
        sha256=issue.sha256,
        papers=len(papers),
        papers_in_all=len(everything),
        pages=sum(paper.pages for paper in papers),
        pages_in_all=sum(paper.pages for paper in everything),
    )


def _list_names(papers: Sequence[IssuedPaper]) -> list[Listed]:
    return [
        Listed(
            place=paper.place,
            section=paper.section_title,
            title=str(paper.version.document),
            number=paper.version.document.number,
            version=paper.version.number,
            first_page=paper.first_page,
            pages=paper.pages,
            sha256=paper.version.sha256,
            attachment_name=_name_paper(paper),
        )
        for paper in papers
    ]


def _name_paper(paper: IssuedPaper) -> str:
    """By its place and title; what it was called when it was handed in stands in the manifest."""
    return f"{paper.place:02} {safe_name(str(paper.version.document))}.{paper.version.format}"


def _pack(issue: DossierIssue, papers: Sequence[IssuedPaper], target: Path, files: ExitStack) -> None:
    sections = list(dict.fromkeys(paper.section_title for paper in papers if paper.section_title))
    packed = []
    for paper in papers:
        folder = ""
        if paper.section_title:
            number = sections.index(paper.section_title) + 1
            folder = f"{number:02} {safe_name(paper.section_title)}/"
        path = _on_disk(paper.version, files)
        packed.append(Packed(f"{folder}{_name_paper(paper)}", paper.version.sha256, path))
    manifest, name = issue.manifest, "manifest.json"
    if len(papers) < issue.papers.count():
        manifest, name = excerpt(issue.manifest, [paper.place for paper in papers]), "manifest-excerpt.json"
    pack(packed, target, manifest=manifest, manifest_name=name, at=issue.sealed_at)
