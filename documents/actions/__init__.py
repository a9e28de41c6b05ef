"""The deeds around papers and dossiers."""

from documents.actions.approval import return_dossier, submit_dossier
from documents.actions.binders import (
    open_binder,
    open_binder_copy,
    order_binder,
    order_binder_copy,
    record_binder,
    record_binder_copy,
)
from documents.actions.dossiers import (
    close_dossier,
    create_dossier,
    drop_correction,
    reopen_dossier,
    seal_dossier,
)
from documents.actions.ledger import add_slot, hand_out_copy, remove_slot, take_back_copy
from documents.actions.own_papers import (
    discard_own_paper,
    file_own_paper,
    give_own_paper,
    keep_own_paper,
)
from documents.actions.papers import add_paper, include_version, remove_paper, replace_paper
from documents.actions.passing import hand_over_dossier
from documents.actions.readers import export_readers
from documents.actions.reading import ONE_OPENING, distribute_version, open_version
from documents.actions.renderings import (
    add_rendered_version,
    add_signed_version,
    copy_version,
    order_rendering,
)
from documents.actions.structure import (
    add_section,
    describe_paper,
    limit_readers,
    move_paper,
    move_section,
    remove_section,
    rename_section,
)
from documents.actions.worker import record_scan, record_text, record_view, refuse_version, retry_reading

__all__ = [
    "ONE_OPENING",
    "add_paper",
    "add_rendered_version",
    "add_section",
    "add_signed_version",
    "add_slot",
    "close_dossier",
    "copy_version",
    "create_dossier",
    "describe_paper",
    "discard_own_paper",
    "distribute_version",
    "drop_correction",
    "export_readers",
    "file_own_paper",
    "give_own_paper",
    "hand_out_copy",
    "hand_over_dossier",
    "include_version",
    "keep_own_paper",
    "limit_readers",
    "move_paper",
    "move_section",
    "open_binder",
    "open_binder_copy",
    "open_version",
    "order_binder",
    "order_binder_copy",
    "order_rendering",
    "record_binder",
    "record_binder_copy",
    "record_scan",
    "record_text",
    "record_view",
    "refuse_version",
    "remove_paper",
    "remove_section",
    "remove_slot",
    "rename_section",
    "reopen_dossier",
    "replace_paper",
    "retry_reading",
    "return_dossier",
    "seal_dossier",
    "submit_dossier",
    "take_back_copy",
]
