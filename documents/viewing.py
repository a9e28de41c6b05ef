"""How a version can be read now."""

from enum import StrEnum

from core.work import WorkState
from documents.models import DocumentVersion
from documents.rules import SOUND_AND_FILM, Format


class ViewState(StrEnum):
    READY = "ready"  # page by page
    PLAYED = "played"
    KEPT = "kept"  # as it is: nothing in it is for reading
    WAITING = "waiting"  # for its copy
    FAILED = "failed"


def find_state(version: DocumentVersion) -> ViewState:
    if version.format in SOUND_AND_FILM:
        return ViewState.PLAYED
    if version.format == Format.P7S:
        return ViewState.KEPT
    if version.view is not None:
        return ViewState.READY
    copy = version.view_copy
    has_failed = copy is not None and copy.work_state == WorkState.FAILED
    return ViewState.FAILED if has_failed or version.refusal else ViewState.WAITING


def count_pages(version: DocumentVersion) -> int:
    """Of what it is read by; 0 while there is nothing to page through."""
    return (version.view.pages or version.pages or 0) if version.view else 0
