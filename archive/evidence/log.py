"""The trail of a case for a bundle, with the proof that each entry lies in the log."""

import time
from typing import Any

from archive.evidence.seal import stamp
from archive.models import EvidenceBundle
from archive.queries import Case
from archive.rules import DEEDS_OF_A_DECISION
from audit.checkpoints import attest, make_checkpoint, read_signer
from audit.log import newest_checkpoint, receipt
from audit.models import Attestation, AuditEvent
from audit.sequencer import extend_log
from people.rules import Role

PATIENCE = 10  # seconds that the log is waited for: an older transaction may still be under way


def prove_trail(bundle: EvidenceBundle, case: Case) -> dict[str, Any]:
    """Every entry of the case. Auditors read them all; the other offices those that made the decision, and of
    the rest that they are there: of what colleagues read and when, not even the action is told."""
    _bring_log_up_to_now()
    proven = receipt(AuditEvent.objects.of_cases(_list_cases(case)))
    if bundle.role != Role.AUDITOR:
        for one in proven["entries"]:
            if one["entry"]["action"] not in DEEDS_OF_A_DECISION:
                del one["entry"]
    return proven


def prove_manifest(event: AuditEvent) -> dict[str, Any] | None:
    """That the log has the entry which names the manifest; None where nobody signs the log."""
    if read_signer() is None:
        return None
    for _second in range(PATIENCE):
        _bring_log_up_to_now()
        proven = receipt([event])
        if proven["entries"][0]["index"] is not None:
            _have_stamped()
            return receipt([event])
        time.sleep(1)
    return None


def count_withheld(proven: dict[str, Any]) -> int:
    return sum("entry" not in one for one in proven["entries"])


def _bring_log_up_to_now() -> None:
    extend_log()
    make_checkpoint()


def _have_stamped() -> None:
    """The newest checkpoint gets its timestamp now, not within the minute, if an authority answers."""
    newest = newest_checkpoint()
    if newest is None or newest.timestamp is not None:
        return
    token = stamp(newest.note.encode())
    if token is not None:
        attest(newest, Attestation.Kind.TIMESTAMP, token.at.isoformat(), token.token)


def _list_cases(case: Case) -> list[Any]:
    """What the trail of the matter is filed under."""
    resolution = case.resolution
    cases = case.request.trail_cases if case.request else [resolution, resolution.document]
    if resolution.dossier and resolution.dossier not in cases:
        cases.append(resolution.dossier)
    return cases
