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
from signatures.models import SigningRequest, SigningStep

REQUEST, STEP = SigningRequest._meta.label_lower, SigningStep._meta.label_lower
PATIENCE = 10  # seconds that the log is waited for: an older transaction may still be under way


def prove_trail(bundle: EvidenceBundle, case: Case, kept: set[int]) -> dict[str, Any]:
    """Every entry of the case. Auditors read them all; the other offices those that made the decision, and of
    the rest that they are there: of what colleagues read and when, not even the action is told. Signing is
    told of the papers in the bundle (`kept`): an entry names the paper and its signers."""
    _bring_log_up_to_now()
    proven = receipt(AuditEvent.objects.of_cases(_list_cases(case)))
    if bundle.role != Role.AUDITOR:
        signings = _list_signings(proven, kept)
        for one in proven["entries"]:
            entry = one["entry"]
            is_elsewhere = entry["action"].startswith("signatures.") and _target(entry) not in signings
            if entry["action"] not in DEEDS_OF_A_DECISION or is_elsewhere:
                del one["entry"]
    return proven


def _list_signings(proven: dict[str, Any], kept: set[int]) -> set[tuple[str, int]]:
    """The targets of entries that are about signing a version inside, or one that became such by signing."""
    of_papers = [entry for entry in (one["entry"] for one in proven["entries"]) if _is_of_signing(entry)]
    steps = SigningStep.objects.filter(pk__in=[e["target_id"] for e in of_papers if e["target_type"] == STEP])
    request_of = dict(steps.values_list("pk", "request_id"))
    asked = {e["target_id"] for e in of_papers if e["target_type"] == REQUEST} | set(request_of.values())
    requests = SigningRequest.objects.filter(pk__in=asked).order_by("-pk")
    inside, told = set(kept), set()
    for pk, version, result in requests.values_list("pk", "version_id", "result_id"):  # the last signed first
        if version in inside or result in inside:
            inside.add(version)
            told.add(pk)
    own_steps = {(STEP, step) for step, request in request_of.items() if request in told}
    return {(REQUEST, pk) for pk in told} | own_steps


def _is_of_signing(entry: dict[str, Any]) -> bool:
    return entry["target_type"] in (REQUEST, STEP)


def _target(entry: dict[str, Any]) -> tuple[str, int]:
    return entry["target_type"], entry["target_id"]


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
