"""An issue as one PDF: cover, contents, the papers with pages numbered through, originals as attachments.

Nothing is held in memory that can stay on the disk: pages and attachments are taken over from open files and
copied when the result is written. What cannot be read gets a sheet that says so; it stops no binder.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from documents.binder_sheets import Cover, Listed, make_front, make_notice, make_watermark
from documents.stamping import Stamp, clean_annotations, number_page, overlay

logger = logging.getLogger(__name__)

LINK = "paper:"  # what the contents point to, until it is known on which page that is
CHUNK = 1024 * 1024
BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError, TypeError, KeyError, OSError)


@dataclass(frozen=True)
class Paper:
    """One paper, with the files that it is read by and was handed in as. Sound and film have no view."""

    listed: Listed
    view: Path | None
    original: Path


@dataclass
class Bound:
    """What a paper came to in the binder."""

    paper: Paper
    first_index: int  # of the page it begins on, counted from 0
    pages: int
    is_readable: bool


@dataclass
class _Book:
    pdf: Pdf
    open_files: ExitStack
    bound: list[Bound] = field(default_factory=list)


def bind(cover: Cover, papers: Sequence[Paper], target: Path, *, working_folder: Path) -> int:
    """Writes the binder; gives the number of its pages."""
    with ExitStack() as open_files, Pdf.new() as pdf:
        book = _Book(pdf, open_files)
        front = open_files.enter_context(Pdf.open(BytesIO(make_front(cover, [p.listed for p in papers]))))
        _append(pdf, front)
        front_pages = len(pdf.pages)
        for paper in papers:
            book.bound.append(_take_over(book, paper))
        _point_contents(pdf, front_pages, book.bound)
        _number_pages(pdf, front_pages, book.bound)
        _write_outline(pdf, front_pages, book.bound)
        _attach_originals(book, working_folder)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = cover.title
        pdf.Root.PageMode = Name.UseOutlines
        pdf.Root.Lang = pikepdf.String("vi")
        _save(pdf, target)
        return len(pdf.pages)


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
        return Bound(paper, first, 0, is_readable=False)
    try:
        if paper.view is None:
            raise pikepdf.PdfError("no PDF of it")
        source = book.open_files.enter_context(Pdf.open(paper.view, access_mode=pikepdf.AccessMode.stream))
        for page in source.pages:
            clean_annotations(page)
        _append(book.pdf, source)
        if len(book.pdf.pages) == first:
            raise pikepdf.PdfError("no pages")
    except BROKEN as error:
        logger.warning("Paper %s of a binder cannot be read: %s", paper.listed.place, type(error).__name__)
        while len(book.pdf.pages) > first:
            del book.pdf.pages[-1]
        notice = book.open_files.enter_context(Pdf.open(BytesIO(make_notice(paper.listed))))
        _append(book.pdf, notice)
        return Bound(paper, first, len(book.pdf.pages) - first, is_readable=False)
    return Bound(paper, first, len(book.pdf.pages) - first, is_readable=True)


def _append(pdf: Pdf, source: Pdf) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # fields of forms are not wanted here
        pdf.pages.extend(source.pages)


def _point_contents(pdf: Pdf, front_pages: int, bound: Iterable[Bound]) -> None:
    """The links of the contents lead to the pages."""
    begins = {one.paper.listed.place: one.first_index for one in bound if one.pages}
    for page in pdf.pages[:front_pages]:
        for annotation in list(page.obj.get(Name.Annots, Array())):
            address = str(annotation.get(Name.A, Dictionary()).get(Name.URI, ""))
            index = begins.get(int(address.removeprefix(LINK))) if address.startswith(LINK) else None
            if index is not None:
                del annotation[Name.A]
                annotation.Dest = Array([pdf.pages[index].obj, Name.Fit])


def _number_pages(pdf: Pdf, front_pages: int, bound: Iterable[Bound]) -> None:
    """The number of each page in the whole dossier: at its foot, and as its label in the viewer."""
    labels: list[object] = [0, Dictionary(S=Name("/r"))]
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for one in bound:
        if not one.pages:
            continue
        first = one.paper.listed.first_page
        style = {"S": Name.D, "St": first} if first else {}
        labels += [one.first_index, Dictionary(**style)]
        if not first:
            continue
        for n in range(min(one.pages, one.paper.listed.pages)):
            number_page(pdf, pdf.pages[one.first_index + n], first + n, font)
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))


def _write_outline(pdf: Pdf, front_pages: int, bound: Sequence[Bound]) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Bìa", 0))
        if front_pages > 1:
            outline.root.append(OutlineItem("Mục lục", 1))
        for section, some in groupby(
            (one for one in bound if one.pages), key=lambda one: one.paper.listed.section
        ):
            papers = [OutlineItem(one.paper.listed.heading, one.first_index) for one in some]
            if not section:
                outline.root.extend(papers)
                continue
            title = OutlineItem(section, papers[0].destination)
            title.children.extend(papers)
            outline.root.append(title)


def _attach_originals(book: _Book, working_folder: Path) -> None:
    """The files as they were handed in, each with its SHA-256, in the order of the dossier."""
    if not book.bound:
        return
    carrier = working_folder / "carrier.pdf"
    numbers = _write_carrier(carrier, [one.paper.original for one in book.bound])
    source = book.open_files.enter_context(Pdf.open(carrier, access_mode=pikepdf.AccessMode.stream))
    names = pikepdf.NameTree.new(book.pdf)
    for one, number in zip(book.bound, numbers, strict=True):
        listed = one.paper.listed
        file = book.pdf.copy_foreign(source.get_object(number, 0))
        names[listed.attachment_name] = book.pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=pikepdf.String(listed.attachment_name),
                UF=pikepdf.String(listed.attachment_name),
                Desc=pikepdf.String(f"SHA-256 {listed.sha256}"),
                EF=Dictionary(F=file, UF=file),
                AFRelationship=Name.Source,
            )
        )
    book.pdf.Root.Names = Dictionary(EmbeddedFiles=names.obj)


def _write_carrier(target: Path, files: Sequence[Path]) -> list[int]:
    """A PDF of nothing but these files as streams. One can be taken over without being read into memory."""
    numbers, offsets = [], []
    with target.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        for number, path in enumerate(files, start=3):
            numbers.append(number)
            offsets.append(out.tell())
            size = path.stat().st_size
            head = f"<< /Type /EmbeddedFile /Length {size} /Params << /Size {size} >> >>"
            out.write(f"{number} 0 obj\n{head}\nstream\n".encode())
            with path.open("rb") as file:
                for chunk in _chunks(file):
                    out.write(chunk)
            out.write(b"\nendstream\nendobj\n")
        catalog = out.tell()
        out.write(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
        pages = out.tell()
        out.write(b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n")
        table = out.tell()
        rows = "".join(f"{at:010} 00000 n \n" for at in (catalog, pages, *offsets))
        out.write(f"xref\n0 {len(files) + 3}\n0000000000 65535 f \n{rows}".encode())
        out.write(f"trailer\n<< /Size {len(files) + 3} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())
    return numbers


def _chunks(file: Iterable[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):  # type: ignore[attr-defined]
        yield chunk


def _save(pdf: Pdf, target: Path) -> None:
    """Streams go through as they are: nothing is packed anew, which would cost time and change nothing."""
    pdf.save(
        target,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
