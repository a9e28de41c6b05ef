"""What a file contains that acts by itself, in words. Nothing of it acts while the paper is read here."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

WORDS = {
    "javascript": _("scripts"),
    "launch": _("starts a program"),
    "open_action": _("acts when it is opened"),
    "submit_form": _("sends a form"),
    "import_data": _("fetches data"),
    "embedded_file": _("files inside the file"),
    "rich_media": _("sound or film inside the file"),
    "xfa": _("a form that computes"),
    "external_link": _("parts that are fetched from elsewhere"),
    "embedded_object": _("objects of another program"),
    "active_x": _("ActiveX controls"),
}


def name_active_content(codes: Iterable[str]) -> list[str]:
    return [str(WORDS[code]) for code in codes if code in WORDS]
