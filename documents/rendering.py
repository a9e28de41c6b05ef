"""PDF/A files from templates, by WeasyPrint: for official documents, laid out by templates/pdf/official.css.

WeasyPrint needs Pango from the system and is imported at the first rendering. Fonts and the style sheet are
read once a process: `warm_up` does it before the first document is asked for.
"""

import threading
import unicodedata
from functools import cache
from os import getpid
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from documents.fonts import whole_face
from documents.official import OfficialDocument
from documents.static_files import static_file

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

STYLE_SHEET = "pdf/official.css"
# Level U: every glyph maps back to text. Tags are written too; level A is not claimed while nothing here proves it.
VARIANT = "pdf/a-2u"
REMEDY = (
    "WeasyPrint cannot find Pango. On Debian or Ubuntu: apt-get install --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
)

_one_at_a_time = threading.Lock()  # Pango's font map is not for several threads


class RenderingUnavailable(Exception):
    """This machine cannot make PDFs; the message says what to install."""
