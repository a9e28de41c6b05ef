"""Reads the words off pages that are pictures: Tesseract, confined, a page at a time, for Vietnamese.

What comes out is text for searching and a layer of unseen words for a copy; the original is not touched.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from documents.files.conversion import CannotConvert, run_reading
from documents.files.programs import (
    Bounds,
    ProgramFailure,
    ask_version,
    find_program,
    run_program,
    working_folder,
)
from documents.files.text import clean_text

LANGUAGE = "vie"
FEW_CHARACTERS = 20  # a page with fewer is read, unless it is empty
SOME_CHARACTERS = 150  # a page with fewer is read when a picture covers it: a running head was printed over
PAGES_AT_ONCE = 8  # drawn by one child
ONE_PAGE = Bounds(wall_seconds=90, cpu_seconds=90, memory_bytes=2 * 1024 * 1024 * 1024)


@dataclass(frozen=True)
class ReadPage:
    """A page as it was read: `layer` is a PDF page of the words alone, empty when there are none."""

    number: int
    text: str
    layer: bytes


def find_pictured_pages(path: Path, pages: Sequence[str], *, only_pictures: bool = False) -> list[int]:
    """The numbers (from 1) of the pages whose text layer says next to nothing of what is on them.

    What LibreOffice has written has its words; there only a page that is a picture is read.
    """
    letters = {number: len("".join(text.split())) for number, text in enumerate(pages, 1)}
    few = 0 if only_pictures else FEW_CHARACTERS
    doubtful = [number for number, count in letters.items() if few <= count < SOME_CHARACTERS]
    scans = run_reading("page_layers:find_scans", path, numbers=doubtful) if doubtful else []
    return sorted([number for number, count in letters.items() if count < few] + scans)


def read_pictured_pages(path: Path, numbers: Sequence[int]) -> Iterator[ReadPage]:
    """One after the other, as they are done."""
    if numbers and not is_installed():
        raise CannotConvert("no_recognition")
    for start in range(0, len(numbers), PAGES_AT_ONCE):
        drawn = run_reading(
            "page_layers:draw_scans", path, numbers=list(numbers[start : start + PAGES_AT_ONCE])
        )
        for page in drawn:
            yield _read(page["number"], base64.b64decode(page["png"]), page["dpi"])


def _read(number: int, picture: bytes, dpi: int) -> ReadPage:
    if not picture:
        return ReadPage(number, "", b"")
    with working_folder() as folder:
        (folder / "page.png").write_bytes(picture)
        command = [settings.TESSERACT, str(folder / "page.png"), str(folder / "read"), "-l", LANGUAGE]
        command += ["--dpi", str(dpi), "-c", "textonly_pdf=1", "txt", "pdf"]
        try:
            run_program(command, folder, ONE_PAGE, {"OMP_THREAD_LIMIT": "1"})
        except ProgramFailure as failure:
            code = "recognition_took_too_long" if failure.reason == "took_too_long" else "recognition_failed"
            raise CannotConvert(code, failure.detail) from None
        text = (folder / "read.txt").read_text(encoding="utf-8", errors="replace")
        return ReadPage(
            number, clean_text(text.replace("\f", "")).strip(), (folder / "read.pdf").read_bytes()
        )


def lay_words(path: Path, layers: Mapping[int, bytes], target: Path) -> None:
    """Writes a copy of the PDF that can be searched."""
    with working_folder() as folder, target.open("wb") as output:
        files = {}
        for number, layer in layers.items():
            files[str(number)] = str(folder / f"{number}.pdf")
            Path(files[str(number)]).write_bytes(layer)
        run_reading("page_layers:lay_words", path, output=output, layers=files)


def is_installed() -> bool:
    """Tesseract and its Vietnamese: without them a scan stays a picture. Asked anew each time, for it may be
    installed while a worker runs."""
    return LANGUAGE in ask_version(find_program(settings.TESSERACT), "--list-langs").split()


@cache
def name_recogniser() -> str:
    return ask_version(find_program(settings.TESSERACT)).partition("\n")[0].capitalize()
