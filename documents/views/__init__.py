"""The pages of papers and dossiers."""

from documents.views.binders import download_binder, download_binder_copy, order_binder, read_binders
from documents.views.dossiers import (
    add_paper,
    add_section,
    describe_paper,
    edit_dossier,
    include_version,
    limit_readers,
    move_paper,
    move_section,
    remove_paper,
    remove_section,
    rename_section,
    replace_paper,
)
from documents.views.issues import drop_correction, export_readers, read_dossier, read_issue, read_readers
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
from documents.views.retrying import retry_reading
from documents.views.uploads import begin_upload, follow_upload

__all__ = [
    "add_paper",
    "add_section",
    "add_slot",
    "begin_upload",
    "describe_paper",
    "download_binder",
    "download_binder_copy",
    "download_version",
    "drop_correction",
    "edit_dossier",
    "export_readers",
    "follow_upload",
    "hand_out_copy",
    "include_version",
    "limit_readers",
    "move_paper",
    "move_section",
    "open_dossier_page",
    "open_next_unread",
    "order_binder",
    "read_binders",
    "read_dossier",
    "read_issue",
    "read_ledger",
    "read_page",
    "read_readers",
    "read_version",
    "remove_paper",
    "remove_section",
    "remove_slot",
    "rename_section",
    "replace_paper",
    "retry_reading",
    "save_place",
    "search_dossier",
    "show_picture",
    "take_back_copy",
    "view_version",
]
