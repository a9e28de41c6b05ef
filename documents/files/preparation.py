"""Makes what a version is read by: a PDF of it, with words under the pages that are pictures.

Reading the words of a long scan takes minutes. Each page is kept as soon as it is read, so that a worker that
dies takes one page with it, and a very long scan is read in several turns.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from core.work import WorkState
from documents import storage
from documents.files import recognition
from documents.files.conversion import CannotConvert, readable_pdf
from documents.files.inspection import Limits, UnreadableFile, extract_text
from documents.files.programs import working_folder
from documents.models import DerivedCopy, RecognisedPage
from documents.rules import OFFICE_FORMATS

A_TURN = 300  # seconds of reading pages, then others in the queue have theirs
LARGE_BYTES = 8 * 1024 * 1024  # from here on a PDF is packed anew (documents/files/page_layers.py says why)


class MoreToRead(Exception):
    """This turn is over, and pages are left."""


class Superseded(Exception):
    """The version was erased, or another worker has taken over."""


@dataclass(frozen=True)
class MadeView:
    """`path` is None where the original itself is what is read."""

    path: Path | None
    pages: list[str]
    recognised: list[int]
    made_with: str
    lacking: str = ""  # a code: the view is there, but its words could not be read


def limits() -> Limits:
    return Limits(file_bytes=settings.UPLOAD_LIMIT_MB * 1024 * 1024)


def is_large(pdf: Path) -> bool:
    return pdf.stat().st_size > LARGE_BYTES


@contextmanager
def prepared_view(copy: DerivedCopy) -> Iterator[MadeView]:
    """For the time of the block. Raises `CannotConvert`, `MoreToRead` or `Superseded`."""
    version = copy.version
    with (
        storage.on_disk(version) as original,
        readable_pdf(original, version.format) as (pdf, made_with),
        working_folder() as folder,
    ):
        pages = _read_text(pdf)
        lacking = _recognise(copy, pdf, pages)
        read = list(copy.recognised.all())
        for page in read:
            pages[page.number - 1] = page.text or pages[page.number - 1]
        layers = {page.number: bytes(page.layer) for page in read if page.layer}
        target = None if pdf == original else pdf
        if layers or is_large(pdf):
            target = folder / "view.pdf"
            recognition.lay_words(pdf, layers, target)
            reader = recognition.name_recogniser() if layers else "pikepdf"
            made_with = ", ".join(filter(None, [made_with, reader]))
        yield MadeView(target, pages, [page.number for page in read if page.text], made_with[:100], lacking)


def _read_text(pdf: Path) -> list[str]:
    """What LibreOffice has written is looked into like any other file: it may have been taken over."""
    try:
        return list(extract_text(pdf, limits()))
    except UnreadableFile as unreadable:
        raise CannotConvert(unreadable.reason, unreadable.detail) from None


def _recognise(copy: DerivedCopy, pdf: Path, pages: Sequence[str]) -> str:
    """Page after page; gives the code of what stood in the way."""
    of_office = copy.version.format in OFFICE_FORMATS
    try:
        numbers = recognition.find_pictured_pages(pdf, pages, only_pictures=of_office)
        done = set(copy.recognised.values_list("number", flat=True))
        _tell_progress(copy, len(done), len(numbers))
        ends = time.monotonic() + A_TURN
        for page in recognition.read_pictured_pages(pdf, [n for n in numbers if n not in done]):
            _keep_page(copy, page)
            done.add(page.number)
            _tell_progress(copy, len(done), len(numbers))
            if time.monotonic() > ends and len(done) < len(numbers):
                raise MoreToRead
    except CannotConvert as failure:
        return failure.code
    return ""


def _tell_progress(copy: DerivedCopy, done: int, of: int) -> None:
    DerivedCopy.objects.filter(pk=copy.pk).update(pages_done=done, pages=of)


@transaction.atomic
def _keep_page(copy: DerivedCopy, page: recognition.ReadPage) -> None:
    running = DerivedCopy.objects.select_for_update().filter(pk=copy.pk, work_state=WorkState.RUNNING)
    if not running.exists():
        raise Superseded
    RecognisedPage.objects.update_or_create(
        copy=copy, number=page.number, defaults={"text": page.text, "layer": page.layer}
    )
