"""PDF/A files from templates, by WeasyPrint, in the layout of templates/pdf/official.css.

WeasyPrint needs Pango from the system and is imported at the first rendering (`documents/typesetting.py`).
Fonts and the style sheet are read once a process; `warm_up` does that before the first document is asked for.
"""

import logging
import threading
import unicodedata
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from documents.official import OfficialDocument

REMEDY = (
    "PDF files cannot be made here: WeasyPrint does not find Pango. On Debian or Ubuntu: "
    "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
)

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

_one_at_a_time = threading.Lock()  # Pango's font map is not made for several threads


class RenderingUnavailable(Exception):
    """This machine cannot make PDFs; the message says what to install."""


class ResourceRefused(Exception):
    """A template asked for something that is no static file of ours."""


def render_pdf(template: str, context: dict[str, Any], *, language: str = "vi") -> bytes:
    """The same context gives the same bytes: the dates in the file are those of the context."""
    typesetting = _typesetting()
    with translation.override(language):
        html = render_to_string(template, context)
    with _one_at_a_time:
        try:
            return typesetting.typeset(unicodedata.normalize("NFC", html))
        except typesetting.FatalURLFetchingError as refusal:
            raise ResourceRefused(str(refusal.__cause__ or refusal)) from refusal


def render_official(document: OfficialDocument) -> bytes:
    return render_pdf(document.template, {"document": document})


def warm_up() -> None:
    """For a worker that has just started."""
    with _one_at_a_time:
        _typesetting().warm_up()


def _typesetting() -> Any:
    try:
        from documents import typesetting
    except OSError as missing:
        raise RenderingUnavailable(REMEDY) from missing
    return typesetting
