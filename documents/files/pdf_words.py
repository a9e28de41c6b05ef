"""The words of an untrusted PDF with their places. Runs in the sandbox's child only, as pdf_reading.py does.

Places are in tenths of a point from the top left corner of the page as it is shown, turned if it is turned.
"""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.files.sandbox import Limits, Refusal

HYPHEN_AT_LINE_END = "\x02"  # pdfium's mark: the word goes on in the next line, and is two parts here
PART = re.compile(r"[^\s\x02]+\x02?")
SCALE = 10  # units a point
FAR = 1000  # points: how the corner and two points this far from it are shown tells the whole turn

Show = Callable[[float, float], tuple[float, float]]


def read_words(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Each page: its size, and its lines as rows of [text, left, top, right, bottom]."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None
    if len(document) > limits.pages:
        raise Refusal("too_many_pages", str(len(document)))
    try:
        for number in range(len(document)):
            yield _read_page(document, number)
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> dict[str, Any]:
    try:
        page = document[number]
        text = page.get_textpage()
        content = text.get_text_range()
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", f"page {number + 1}: {error}") from None
    width, height = (round(side * SCALE) for side in page.get_size())
    lines = [line for line in _read_lines(text.raw, content, _find_turn(page, width, height)) if line]
    text.close()
    page.close()
    return {"width": width, "height": height, "lines": lines}


def _find_turn(page: Any, width: int, height: int) -> Show:
    """From the page's own coordinates to those of the page as it is shown."""

    def ask(x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, across, down)
        return across.value, down.value

    (x0, y0), (x1, y1), (x2, y2) = ask(0, 0), ask(FAR, 0), ask(0, FAR)
    across, down = ((x1 - x0) / FAR, (y1 - y0) / FAR), ((x2 - x0) / FAR, (y2 - y0) / FAR)
    return lambda x, y: (x0 + x * across[0] + y * down[0], y0 + x * across[1] + y * down[1])


def _read_lines(text: Any, content: str, show: Show) -> Iterator[list[list[Any]]]:
    """Only the first and the last letter of a word are asked for their places."""
    start = 0
    for line in content.split("\n"):
        parts = [
            [_clean(part.group()), *box]
            for part in PART.finditer(line)
            if (box := _find_box(text, start + part.start(), start + part.end() - 1, show)) is not None
        ]
        yield [part for part in parts if part[0]]
        start += len(line) + 1


def _clean(part: str) -> str:
    """As documents.files.pdf_reading.clean_text, but for the mark at the end of a line."""
    kept = "".join(
        letter
        for letter in part
        if letter == HYPHEN_AT_LINE_END
        or (unicodedata.category(letter) not in ("Cc", "Cs") and (ord(letter) & 0xFFFE) != 0xFFFE)
    )
    return unicodedata.normalize("NFC", kept)


def _find_box(text: Any, first: int, last: int, show: Show) -> tuple[int, int, int, int] | None:
    corners = [corner for place in {first, last} for corner in _find_corners(text, place, show)]
    if not corners:
        return None
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return round(min(across)), round(min(down)), round(max(across)), round(max(down))


def _find_corners(text: Any, place: int, show: Show) -> list[tuple[float, float]]:
    """Of the letter's place in its line, not of its ink: a full stop is as high as the word before it."""
    box = pdfium.FS_RECTF()
    letter = pdfium.FPDFText_GetCharIndexFromTextIndex(text, place)
    if letter < 0 or not pdfium.FPDFText_GetLooseCharBox(text, letter, box):
        return []
    return [show(box.left, box.top), show(box.right, box.bottom)]
