"""The worker's part of a signature: the timestamp, the place in the file, our own verifier's word on it."""

import tempfile
from pathlib import Path
from typing import IO

from core import clock
from core.actors import WORKER
from core.work import start_over
from documents import storage
from documents.models import Rendering
from signatures.actions import embed_signature, stamp_statement, void_signature
from signatures.cms import build_cms
from signatures.models import Signature, SigningRequest
from signatures.places import find_chain
from signatures.preparing import NoRoom, Place, fill_place
from signatures.rules import RequestStatus
from signatures.timestamping import Timestamp, TimestampUnavailable, request_timestamp
from signatures.trust import build_trust_store
from signatures.values import hash_with
from signatures.verifier import Report, SignatureResult, verify_in_sandbox, verify_pdf

NO_TIMESTAMP = "no_timestamp"
GOOD = ("ok", "revocation_unknown")  # nothing against it; the lists that say "not revoked" may come later


class NotVerified(Exception):
    """The verifier has not come to its end. It is asked again."""


def wait(signature: Signature) -> None:
    """Signed, and not lost: tried again by the sweep, as often as it takes."""
    start_over(signature)
    signature.work_error = NO_TIMESTAMP
    signature.save(update_fields=["work_error"])


def finish_signature(signature: Signature) -> None:
    """Never without a timestamp, and never what does not verify."""
    if signature.statement is not None:
        _finish_statement(signature, bytes(signature.statement.content))
    else:
        _embed(signature)


def _finish_statement(signature: Signature, content: bytes) -> None:
    try:
        timestamp = stamp(signature)
    except TimestampUnavailable:
        wait(signature)
        return
    made = make_cms(signature, timestamp)
    if problem := find_statement_problem(made, content):
        void_signature(signature, by=WORKER, because=problem)
        return
    stamp_statement(
        signature, by=WORKER, cms=made, timestamp_at=timestamp.at, timestamp_size=len(timestamp.token)
    )


def find_statement_problem(made: bytes, content: bytes) -> str:
    """The verifier's reason against it; empty when there is none."""
    from verifier.cms import verify_statement  # heavy, and not for every process that knows of signing

    found = verify_statement(made, content, trust=build_trust_store(), at=clock.now())
    return found.reason if found.reason not in GOOD else _find_stamp_problem(found)


def _embed(signature: Signature) -> None:
    assert signature.step is not None
    if signature.step.request.status != RequestStatus.OPEN:
        void_signature(signature, by=WORKER, because="ended")
        return
    try:
        timestamp = stamp(signature)
    except TimestampUnavailable:
        wait(signature)
        return
    with tempfile.NamedTemporaryFile(suffix=".pdf") as target:
        try:
            place = write_signed(signature, timestamp, target)
        except NoRoom:
            void_signature(signature, by=WORKER, because="no_room")
            return
        file = Path(target.name)
        report = look(signature.step.request, file)
        if report.error and not report.signatures:
            raise NotVerified(report.error)
        if problem := find_problem(report, place.field):
            void_signature(signature, by=WORKER, because=problem)
            return
        embed_signature(
            signature,
            by=WORKER,
            file=file,
            timestamp_at=timestamp.at,
            timestamp_size=len(timestamp.token),
        )


def look(signing: SigningRequest, file: Path) -> Report:
    """What was handed in is looked at in a child process; what was written here needs no second's wait."""
    is_own = Rendering.objects.filter(version=signing.version_id).exists()
    verify = verify_pdf if is_own else verify_in_sandbox
    return verify(file, trust=build_trust_store(), at=clock.now())


def stamp(signature: Signature) -> Timestamp:
    """Over the signature's value (CAdES and PAdES: the signature time-stamp attribute)."""
    assert signature.value is not None
    return request_timestamp(hash_with(signature.digest, bytes(signature.value)), signature.digest)


def make_cms(signature: Signature, timestamp: Timestamp) -> bytes:
    assert signature.value is not None
    certificate = bytes(signature.certificate.der)
    return build_cms(
        certificate,
        bytes(signature.to_sign),
        bytes(signature.value),
        chain=find_chain(certificate),
        token=timestamp.token,
    )


def write_signed(signature: Signature, timestamp: Timestamp, target: IO[bytes]) -> Place:
    place = Place(**signature.prepared)
    with storage.on_disk(signature) as prepared:
        fill_place(prepared, target, place, make_cms(signature, timestamp))
    return place


def find_problem(report: Report, field: str) -> str:
    """The reason for which the file with this signature must not be the paper's; empty when there is none."""
    for found in report.signatures:
        if found.field == field:
            if problem := _find_own_problem(found):
                return problem
        elif found.changes_after == "suspicious":
            return "changed_after_signing"
    return "" if field in {found.field for found in report.signatures} else "malformed"


def _find_own_problem(found: SignatureResult) -> str:
    if found.reason not in GOOD:
        return found.reason
    if problem := _find_stamp_problem(found):
        return problem
    return "" if found.level == "B-T" and found.covers_whole_file else "partial_coverage"


def _find_stamp_problem(found: SignatureResult) -> str:
    stamped = found.timestamp is not None and found.timestamp.reason in GOOD
    return "" if stamped else "timestamp_invalid"
