"""The deeds of the written procedure, in the order in which they are done."""

from opinions.actions.corrections import correct_dossier, reissue_dossier
from opinions.actions.kinds import confirm_kind, draft_kind, edit_kind, retire_kind
from opinions.actions.requests import (
    approve_request,
    draft_request,
    edit_request,
    keep_changes,
    return_request,
    submit_request,
    withdraw_request,
)
from opinions.actions.results import close_request, draft_decision, refer_request
from opinions.actions.slips import (
    answer_slip,
    count_silence,
    draft_answer,
    keep_draft,
    release_slip,
    return_answer,
    submit_answer,
    void_answer,
)

__all__ = [
    "answer_slip",
    "approve_request",
    "close_request",
    "confirm_kind",
    "correct_dossier",
    "count_silence",
    "draft_answer",
    "draft_decision",
    "draft_kind",
    "draft_request",
    "edit_kind",
    "edit_request",
    "keep_changes",
    "keep_draft",
    "refer_request",
    "reissue_dossier",
    "release_slip",
    "retire_kind",
    "return_answer",
    "return_request",
    "submit_answer",
    "submit_request",
    "void_answer",
    "withdraw_request",
]
