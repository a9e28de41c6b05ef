"""The deeds of the written procedure, in the order in which they are done."""

from opinions.actions._questions import AskedQuestion, OfferedOption, asks_otherwise, read_questions
from opinions.actions.ballots import (
    abandon_box,
    cast_ballot,
    close_box,
    count_box,
    give_decryption_share,
    name_counters,
    offer_key_share,
)
from opinions.actions.beginnings import keep_beginning
from opinions.actions.corrections import correct_dossier, reissue_dossier, void_draft
from opinions.actions.deadlines import (
    escalate_request,
    move_deadline,
    remind_members,
    remind_of_result,
    tell_silent,
)
from opinions.actions.entries import attach_paper, detach_paper, enter_answer, reserve_dissent
from opinions.actions.exports import export_statistics, export_synthesis, renew_synthesis
from opinions.actions.follow_ups import (
    collect_again,
    record_office_opinion,
    refer_to_session,
    report_on_opinions,
)
from opinions.actions.kinds import confirm_kind, draft_kind, edit_kind, retire_kind
from opinions.actions.lists import remove_view, save_view
from opinions.actions.opening import open_slip
from opinions.actions.remarks import answer_settlement, explain_remark, settle_remark
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
from opinions.actions.signing import (
    break_signature,
    confirm_signature,
    count_signed_answer,
    prepare_answer,
    sign_answer,
    void_signed_answer,
    write_statement,
)
from opinions.actions.slips import (
    answer_slip,
    count_silence,
    draft_answer,
    keep_draft,
    release_slip,
    return_answer,
    submit_answer,
    void_answer,
    withdraw_answer,
)

__all__ = [
    "AskedQuestion",
    "OfferedOption",
    "abandon_box",
    "answer_settlement",
    "answer_slip",
    "approve_request",
    "asks_otherwise",
    "attach_paper",
    "break_signature",
    "cast_ballot",
    "close_box",
    "close_request",
    "collect_again",
    "confirm_kind",
    "confirm_signature",
    "correct_dossier",
    "count_box",
    "count_signed_answer",
    "count_silence",
    "detach_paper",
    "draft_answer",
    "draft_decision",
    "draft_kind",
    "draft_request",
    "edit_kind",
    "edit_request",
    "enter_answer",
    "escalate_request",
    "explain_remark",
    "export_statistics",
    "export_synthesis",
    "give_decryption_share",
    "keep_beginning",
    "keep_changes",
    "keep_draft",
    "move_deadline",
    "name_counters",
    "offer_key_share",
    "open_slip",
    "prepare_answer",
    "read_questions",
    "record_office_opinion",
    "refer_request",
    "refer_to_session",
    "reissue_dossier",
    "release_slip",
    "remind_members",
    "remind_of_result",
    "remove_view",
    "renew_synthesis",
    "report_on_opinions",
    "reserve_dissent",
    "retire_kind",
    "return_answer",
    "return_request",
    "save_view",
    "settle_remark",
    "sign_answer",
    "submit_answer",
    "submit_request",
    "tell_silent",
    "void_answer",
    "void_draft",
    "void_signed_answer",
    "withdraw_answer",
    "withdraw_request",
    "write_statement",
]
