"""An issue as one PDF: cover, contents, the papers with pages numbered through, originals as attachments.

Little is held in memory: pages are laid down on the disk part by part, attachments go from file to file. What
cannot be read gets a sheet that says so; it stops no binder.
"""

import logging
import warnings
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from documents.binders.attaching import Attachment, attach_files
from documents.binders.sheets import Cover, Listed, make_front, make_notice, make_watermark
from documents.binders.stamping import Stamp, clean_annotations, number_page, overlay

logger = logging.getLogger(__name__)

LINK = "paper:"  # what the contents point to, until it is known on which page that is
HELD_AT_MOST = 32 * 1024 * 1024
BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError, TypeError, KeyError, OSError)


@dataclass(frozen=True)
class Paper:
    """One paper, with the files that it is read by and was handed in as. Sound and film have no view."""

    listed: Listed
    view: Path | None
    original: Path


@dataclass(frozen=True)
class Bound:
    """What a paper came to in the binder."""

    listed: Listed
    first_index: int  # of the page it begins on, counted from 0
    pages: int


class _Book:
    """The PDF that grows. What is taken over lies in memory until it is laid down on the disk."""

    def __init__(self, folder: Path) -> None:
        self.pdf, self.folder = Pdf.new(), folder
        self.held = self.part = 0

    def append(self, source: Pdf, size: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # fields of forms are not wanted here
            self.pdf.pages.extend(source.pages)
        self.held += size

    def lay_down(self) -> None:
        """pikepdf copies streams of other files at once, and reads those of its own when it writes them."""
        if self.held < HELD_AT_MOST:
            return
        earlier, self.part, self.held = self._path, self.part + 1, 0
        _save(self.pdf, self._path)
        self.pdf.close()
        self.pdf = Pdf.open(self._path, access_mode=pikepdf.AccessMode.stream)
        earlier.unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        return self.folder / f"part-{self.part}.pdf"


def bind(cover: Cover, papers: Sequence[Paper], target: Path, *, working_folder: Path) -> int:
    """Writes the binder; gives the number of its pages."""
    book = _Book(working_folder)
    _append_sheets(book, make_front(cover, [paper.listed for paper in papers]))
    front_pages = len(book.pdf.pages)
    bound = [_take_over(book, paper) for paper in papers]
    with book.pdf as pdf:
        _point_contents(pdf, front_pages, bound)
        _number_pages(pdf, bound)
        _write_outline(pdf, front_pages, bound)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = cover.title
        pdf.Root.PageMode = Name.UseOutlines
        pdf.Root.Lang = pikepdf.String("vi")
        pages = len(pdf.pages)
        _save(pdf, target)
    attach_files(
        target,
        [
            Attachment(paper.listed.attachment_name, f"SHA-256 {paper.listed.sha256}", paper.original)
            for paper in papers
        ],
    )
    return pages


def mark_copy(binder: Path, target: Path, *, mark: str) -> None:
    """The same for one reader: her mark on every page. The originals, which bear none, stay behind."""
    with Pdf.open(binder) as pdf, ExitStack() as open_files:
        if Name.Names in pdf.Root:
            del pdf.Root.Names
        stamps = {}
        for is_wide in (False, True):
            source = open_files.enter_context(Pdf.open(BytesIO(make_watermark(mark, is_wide=is_wide))))
            stamps[is_wide] = Stamp.take_over(pdf, source)
        for page in pdf.pages:
            overlay(pdf, page, stamps)
        _save(pdf, target)


def _take_over(book: _Book, paper: Paper) -> Bound:
    """The pages of a paper, or one sheet in their place."""
    first = len(book.pdf.pages)
    if paper.view is None and not paper.listed.pages:
        return Bound(paper.listed, first, 0)
    try:
        _append_paper(book, paper.view)
    except BROKEN as error:
        logger.warning("Paper %s of a binder cannot be read: %s", paper.listed.place, type(error).__name__)
        while len(book.pdf.pages) > first:
            del book.pdf.pages[-1]
        _append_sheets(book, make_notice(paper.listed))
    pages = len(book.pdf.pages) - first
    book.lay_down()
    return Bound(paper.listed, first, pages)


def _append_paper(book: _Book, view: Path | None) -> None:
    if view is None:
        raise pikepdf.PdfError("no PDF of it")
    with Pdf.open(view, access_mode=pikepdf.AccessMode.stream) as source:
        if not len(source.pages):
            raise pikepdf.PdfError("no pages")
        for page in source.pages:
            clean_annotations(page)
        book.append(source, view.stat().st_size)


def _append_sheets(book: _Book, sheets: bytes) -> None:
    with Pdf.open(BytesIO(sheets)) as source:
        book.append(source, len(sheets))


def _point_contents(pdf: Pdf, front_pages: int, bound: Iterable[Bound]) -> None:
    """The links of the contents lead to the pages."""
    begins = {one.listed.place: one.first_index for one in bound if one.pages}
    for page in pdf.pages[:front_pages]:
        for annotation in list(page.obj.get(Name.Annots, Array())):
            address = str(annotation.get(Name.A, Dictionary()).get(Name.URI, ""))
            index = begins.get(int(address.removeprefix(LINK))) if address.startswith(LINK) else None
            if index is not None:
                del annotation[Name.A]
                annotation.Dest = Array([pdf.pages[index].obj, Name.Fit])


def _number_pages(pdf: Pdf, bound: Iterable[Bound]) -> None:
    """The number of each page in the whole dossier: at its foot, and as its label in the viewer."""
    labels: list[Any] = [0, Dictionary(S=Name("/r"))]
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for one in bound:
        if not one.pages:
            continue
        first = one.listed.first_page
        labels += [one.first_index, Dictionary(S=Name.D, St=first) if first else Dictionary()]
        if not first:
            continue
        for n in range(min(one.pages, one.listed.pages)):
            number_page(pdf, pdf.pages[one.first_index + n], first + n, font)
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))


def _write_outline(pdf: Pdf, front_pages: int, bound: Sequence[Bound]) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Bìa", 0))
        if front_pages > 1:
            outline.root.append(OutlineItem("Mục lục", 1))
        for section, some in groupby((one for one in bound if one.pages), key=lambda one: one.listed.section):
            papers = [OutlineItem(one.listed.heading, one.first_index) for one in some]
            if not section:
                outline.root.extend(papers)
                continue
            title = OutlineItem(section, papers[0].destination)
            title.children.extend(papers)
            outline.root.append(title)


def _save(pdf: Pdf, target: Path) -> None:
    """Streams go through as they are: nothing is packed anew, which would cost time and change nothing."""
    pdf.save(
        target,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,  # so that files can be attached behind the end
        deterministic_id=True,
    )
