"""Pages drawn for recognition, and the words laid over them. Runs in the sandbox's child only."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from PIL import Image

from documents.files.sandbox import Limits, Refusal

DPI = 200
PIXELS = 30_000_000  # a plan on A0 is drawn smaller
COVERED = 0.2  # of a page that is a scan: the last one may end after a third
INK = 40  # shades of grey that set ink off from the paper
A_WORD = 300  # dots of ink: a page with fewer has none


def find_scans(path: Path, *, limits: Limits, numbers: list[int]) -> Iterator[int]:
    """Those of the pages that are a picture, with no more than a running head or a stamp printed over it."""
    try:
        document = pypdfium2.PdfDocument(path)
        yield from (number for number in numbers if _is_scan(document[number - 1]))
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None


def _is_scan(page: pypdfium2.PdfPage) -> bool:
    left, bottom, right, top = page.get_mediabox()
    pictures = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    covered = sum(_measure(*picture.get_bounds()) for picture in pictures)
    return covered >= COVERED * _measure(left, bottom, right, top)


def _measure(left: float, bottom: float, right: float, top: float) -> float:
    return abs(right - left) * abs(top - bottom)


def draw_scans(path: Path, *, limits: Limits, numbers: list[int]) -> Iterator[dict[str, Any]]:
    """The pages (from 1) as PNG in shades of grey, with their resolution; nothing for an empty page."""
    try:
        document = pypdfium2.PdfDocument(path)
        for number in numbers:
            yield {"number": number, **_draw(document[number - 1])}
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None


def _draw(page: pypdfium2.PdfPage) -> dict[str, Any]:
    width, height = page.get_size()
    scale = min(DPI / 72, (PIXELS / (width * height)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
    if _is_empty(picture):
        return {"png": "", "dpi": 0}
    drawn = BytesIO()
    picture.save(drawn, "PNG", compress_level=1)
    return {"png": base64.b64encode(drawn.getvalue()).decode(), "dpi": max(70, round(scale * 72))}


def _is_empty(picture: Image.Image) -> bool:
    """The paper is the shade that most of the page has."""
    shades = picture.histogram()
    paper = max(range(256), key=shades.__getitem__)
    return sum(count for shade, count in enumerate(shades) if abs(shade - paper) > INK) < A_WORD


def lay_words(
    path: Path, *, limits: Limits, output: BinaryIO, layers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """The same pages, and over those with a layer the words that nobody sees and everybody can search.

    What describes the pages is packed together. pdf.js asks for the last page at once, and finds it by going
    through all before it: where each lies beside its own picture, that fetches the whole file.
    """
    with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
        for number, layer in layers.items():
            page = document.pages[int(number) - 1]
            with pikepdf.open(layer) as words:
                page.add_overlay(words.pages[0], pikepdf.Rectangle(page.cropbox))
        document.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        yield {"pages": len(document.pages)}
