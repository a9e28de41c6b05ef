"""WeasyPrint as it is set up here. `documents/rendering.py` imports it when the first PDF is wanted."""

import os
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from fontTools import merge
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

__all__ = ["FatalURLFetchingError", "typeset", "warm_up"]

STYLE_SHEET = "pdf/official.css"
TINOS = "ecabinet/vendor/tinos/tinos-{subset}-{face}.woff2"
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


def static_file(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"{name}: no such static file.")
    return Path(found)


def whole_face(face: str) -> bytes:
    """One font of the subsets for Latin and Vietnamese; `face` is weight and style, "400-normal".

    WeasyPrint 70 takes fonts of one family and style for one font: fed with the subsets as they come, it
    writes wrong letters. Kerning and ligatures stay out, as in the ministries' word processors.
    """
    subsets = []
    for subset in ("latin", "vietnamese"):
        font = TTFont(static_file(TINOS.format(subset=subset, face=face)), recalcTimestamp=False)
        font.flavor = None
        subsets.append(BytesIO())
        font.save(subsets[-1])
    options = merge.Options()
    options.drop_tables = ["GDEF", "GPOS", "GSUB"]
    whole = merge.Merger(options).merge(subsets)
    whole.recalcTimestamp = False
    whole["head"].created, whole["head"].modified = font["head"].created, font["head"].modified
    output = BytesIO()
    whole.save(output)
    return output.getvalue()


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
