"""What the timestamps over the checkpoints of the trail's log are worth."""

import asyncio
import hashlib

from asn1crypto import cms

from audit.models import Checkpoint
from core import clock
from signatures.timestamping import gather_knowledge
from signatures.trust import build_trust_store
from verifier.pdf.report import FAILED, PASSED


def judge_checkpoint(checkpoint: Checkpoint | None) -> str:
    """valid, undecided or invalid, as of today; empty where the checkpoint has no timestamp."""
    # Heavy, and not for every process that knows of checkpoints.
    from verifier.pdf.indications import indicate
    from verifier.pdf.ladder import Case, validate_timestamp

    stamp = checkpoint.timestamp if checkpoint else None
    if checkpoint is None or stamp is None:
        return ""
    digest = hashlib.sha256(checkpoint.note.encode()).digest()
    trust = build_trust_store()
    try:
        token = cms.ContentInfo.load(bytes(stamp.content))["content"]
        case = Case(token, lambda: digest, trust, clock.now(), gather_knowledge(trust))
        found = asyncio.run(validate_timestamp(case, token, lambda _name: digest))
    except (ValueError, TypeError, KeyError):  # no token at all
        return "invalid"
    return {PASSED: "valid", FAILED: "invalid"}.get(indicate(found)[0], "undecided")
