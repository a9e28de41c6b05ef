"""Pages of an untrusted PDF as pictures. Runs in the sandbox's child only."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2

from documents.files.sandbox import Limits, Refusal

WIDTH = 1000
TALLEST = 4 * WIDTH  # a page that is a long strip
QUALITY = 80


def draw_pages(path: Path, *, limits: Limits, numbers: list[int]) -> Iterator[dict[str, str | int]]:
    """Those of the pages (from 1) that there are, as WebP."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None
    for number in numbers:
        if 1 <= number <= min(len(document), limits.pages):
            yield {"number": number, "webp": base64.b64encode(_draw(document[number - 1])).decode()}


def _draw(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH / width, TALLEST / height)
    drawn = BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(
        drawn, "WEBP", quality=QUALITY, method=2
    )
    return drawn.getvalue()
