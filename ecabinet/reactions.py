"""The whole table of what follows from what, across apps. Read it like urls.py."""

from typing import Any

from archive.reactions import index_resolution, resume_filing
from audit.reactions import keep_log_at_decision
from decisions.events import ResolutionIssued
from documents.events import VersionAdded, VersionErased, VersionRead
from reading.reactions import forget_comparisons
from signatures.events import SignatureRefused, StatementSigned, VerdictChanged, VersionSigned
from signatures.reactions import verify_version

REACTIONS: dict[type, list[Any]] = {
    VersionAdded: [verify_version],
    VersionErased: [forget_comparisons],
    VersionRead: [resume_filing],
    VersionSigned: [],
    SignatureRefused: [],
    StatementSigned: [],
    VerdictChanged: [],
    ResolutionIssued: [keep_log_at_decision, index_resolution],
}
