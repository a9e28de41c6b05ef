"""The deeds around papers and dossiers."""

from documents.actions.dossiers import create_dossier, seal_dossier
from documents.actions.papers import add_paper, remove_paper
from documents.actions.reading import ONE_OPENING, distribute_version, open_version
from documents.actions.renderings import add_rendered_version, order_rendering
from documents.actions.worker import record_text, refuse_version

__all__ = [
    "ONE_OPENING",
    "add_paper",
    "add_rendered_version",
    "create_dossier",
    "distribute_version",
    "open_version",
    "order_rendering",
    "record_text",
    "refuse_version",
    "remove_paper",
    "seal_dossier",
]
