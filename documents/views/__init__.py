"""The pages of papers and dossiers."""

from documents.views.ledger import add_slot, hand_out_copy, read_ledger, remove_slot, take_back_copy
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
    "add_slot",
    "begin_upload",
    "download_version",
    "follow_upload",
    "hand_out_copy",
    "open_dossier_page",
    "open_next_unread",
    "read_ledger",
    "read_page",
    "read_version",
    "remove_slot",
    "save_place",
    "search_dossier",
    "show_picture",
    "take_back_copy",
    "view_version",
]
