"""The whole table of what follows from what, across apps. Read it like urls.py."""

from typing import Any

from archive.reactions import index_resolution, resume_filing
from audit.reactions import keep_log_at_decision
from decisions.events import ResolutionIssued
from decisions.reactions import (
    affix_next,
    ask_for_signature,
    certify_copy,
    go_on_with_signed,
    return_resolution,
)
from documents.events import VersionAdded, VersionErased, VersionIncluded, VersionRead
from meetings.reactions import take_up_request
from opinions.events import RequestReferredToSession
from opinions.reactions import break_signature, confirm_signature, count_signed_answer
from reading.reactions import forget_comparisons
from signatures.events import (
    SignatureRefused,
    SigningWithdrawn,
    StatementCompleted,
    StatementSigned,
    StatementVoided,
    StepSigned,
    VerdictChanged,
    VersionSigned,
)
from signatures.reactions import preserve_signed, verify_detached_beside, verify_version

REACTIONS: dict[type, list[Any]] = {
    VersionAdded: [verify_version, verify_detached_beside],
    VersionIncluded: [verify_detached_beside],
    VersionErased: [forget_comparisons],
    VersionRead: [resume_filing, ask_for_signature, certify_copy],
    StepSigned: [affix_next],
    VersionSigned: [preserve_signed, go_on_with_signed],
    SignatureRefused: [return_resolution],
    SigningWithdrawn: [return_resolution],
    StatementCompleted: [count_signed_answer],
    StatementSigned: [confirm_signature],
    StatementVoided: [break_signature],
    VerdictChanged: [],
    RequestReferredToSession: [take_up_request],
    ResolutionIssued: [keep_log_at_decision, index_resolution],
}
