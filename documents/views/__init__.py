"""The pages of papers and dossiers."""

from documents.views.pictures import read_page, show_picture
from documents.views.reading import (
    download_version,
    open_dossier_page,
    open_next_unread,
    read_version,
    save_place,
    search_dossier,
    view_version,
)

__all__ = [
    "download_version",
    "open_dossier_page",
    "open_next_unread",
    "read_page",
    "read_version",
    "save_place",
    "search_dossier",
    "show_picture",
    "view_version",
]
