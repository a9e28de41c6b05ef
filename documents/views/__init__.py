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
from documents.views.uploads import begin_upload, follow_upload

__all__ = [
    "begin_upload",
    "download_version",
    "follow_upload",
    "open_dossier_page",
    "open_next_unread",
    "read_page",
    "read_version",
    "save_place",
    "search_dossier",
    "show_picture",
    "view_version",
]
