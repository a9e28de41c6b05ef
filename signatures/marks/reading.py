"""The words of a PDF with their places in the page's own coordinates, in points from the bottom left.

Runs in the sandbox's child: the paper may be anybody's.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.files.sandbox import Limits, Refusal

FIRST, LAST = 3, 40  # pages looked at from the front and from the back: the head, and the signature block
DOTS = r"[.…_]{2,}"  # printed where a number or a date is to be filled in
TOKEN = re.compile(rf"{DOTS}|(?:(?!{DOTS})[^\s\x02])+")


def read_layout(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Each page looked at: its number, its visible box, its words and the fields that stand on it already."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None
    count = len(document)
    try:
        for number in sorted({*range(min(FIRST, count)), *range(max(count - LAST, 0), count)}):
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
    words = [
        [unicodedata.normalize("NFC", token.group()), *box]
        for token in TOKEN.finditer(content)
        if not re.fullmatch(DOTS, token.group())
        and (box := _find_box(text.raw, token.start(), token.end() - 1)) is not None
    ]
    found = {
        "number": number,
        "box": list(page.get_cropbox()),
        "words": words,
        "fields": [*_find_fields(page.raw)],
    }
    text.close()
    page.close()
    return found


def _find_box(text: Any, first: int, last: int) -> list[float] | None:
    boxes = [box for place in (first, last) if (box := _find_letter(text, place)) is not None]
    if not boxes:
        return None
    left, bottom, right, top = zip(*boxes, strict=True)
    return [round(edge, 1) for edge in (min(left), min(bottom), max(right), max(top))]


def _find_letter(text: Any, place: int) -> tuple[float, float, float, float] | None:
    """The letter's place in its line, not its ink."""
    box = pdfium.FS_RECTF()
    letter = pdfium.FPDFText_GetCharIndexFromTextIndex(text, place)
    if letter < 0 or not pdfium.FPDFText_GetLooseCharBox(text, letter, box):
        return None
    return box.left, box.bottom, box.right, box.top


def _find_fields(page: Any) -> Iterator[list[float]]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        box = pdfium.FS_RECTF()
        if (
            pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET
            and pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(box))
            and box.right > box.left
            and box.top > box.bottom
        ):
            yield [box.left, box.bottom, box.right, box.top]
        pdfium.FPDFPage_CloseAnnot(annotation)
