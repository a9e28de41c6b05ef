"""WeasyPrint as it is set up here. `documents/rendering.py` imports it when the first PDF is wanted."""

import os
import warnings
from functools import cache
from urllib.parse import unquote

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.fonts import static_file, whole_face

__all__ = ["FatalURLFetchingError", "typeset", "warm_up"]

STYLE_SHEET = "pdf/official.css"
# Level U: every glyph leads back to its letter. Tags are written as well, but level A is not claimed.
OPTIONS = {"pdf_variant": "pdf/a-2u", "pdf_tags": True}


class StaticFiles(URLFetcher):
    """Serves `static:…` and the faces of Tinos; every other address stops the rendering."""

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True, allowed_protocols=())

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, address = url.partition(":")
        if scheme == "static":
            return URLFetcherResponse(url, static_file(unquote(address)).read_bytes())
        if scheme == "tinos":
            return URLFetcherResponse(url, whole_face(address))
        raise PermissionError(f"{url}: only static files may stand in a PDF.")


@cache
def _workshop(process: int) -> tuple[FontConfiguration, CSS, URLFetcher]:
    """One font configuration a process: a forked worker must not share its parent's."""
    fonts, fetcher = FontConfiguration(), StaticFiles()
    sheet = CSS(string=render_to_string(STYLE_SHEET), font_config=fonts, url_fetcher=fetcher)
    return fonts, sheet, fetcher


def typeset(html: str) -> bytes:
    fonts, sheet, fetcher = _workshop(os.getpid())
    page = HTML(string=html, url_fetcher=fetcher)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint 70 leaves its colour profile open
        return page.write_pdf(stylesheets=[sheet], font_config=fonts, **OPTIONS)


def warm_up() -> None:
    typeset(
        "<!doctype html><html lang='vi'><title>Việt Nam</title><p>Độc lập - <b>Tự do</b> - <i>Hạnh phúc</i>"
    )
