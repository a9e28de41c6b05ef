"""The door to verification. `verify_pdf` judges in place; `verify_in_sandbox` in a child process with limits.

Nothing is fetched from a network, and nobody is trusted but those in the trust store.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from documents.files.sandbox import ChildFailure, Limits, run_task
from verifier.pdf.report import Report, SignatureResult, TimestampResult
from verifier.pdf.trust import Anchor, TrustStore, UnfitTrust

__all__ = [
    "LIMITS",
    "Anchor",
    "Report",
    "SignatureResult",
    "TimestampResult",
    "TrustStore",
    "UnfitTrust",
    "describe_in_sandbox",
    "verify_in_sandbox",
    "verify_pdf",
]

LIMITS = Limits(wall_seconds=60, cpu_seconds=30, memory_bytes=1536 * 1024 * 1024)


def verify_pdf(path: Path, *, trust: TrustStore, at: datetime, profile: str = "auto") -> Report:
    """`profile`: own (strict), foreign (lenient reader) or auto: own where the file allows it."""
    from verifier.pdf.document import verify_document  # Heavy, and not for the web process.

    return verify_document(path, trust=trust, at=at, profile=profile)


def verify_in_sandbox(
    path: Path,
    *,
    trust: TrustStore,
    at: datetime,
    profile: str = "auto",
    limits: Limits = LIMITS,
    detached: Path | None = None,
) -> Report:
    """Of a PDF, or, with `detached`, of the file that this signature (.p7s, .p7m) is about."""
    arguments = {"trust": trust.to_json(), "at": at.isoformat(), "profile": profile}
    if detached is not None:
        arguments["detached"] = str(detached.resolve(strict=True))
    try:
        (report,) = run_task("signatures.verifier:perform_verification", path, limits, **arguments)
    except ChildFailure as failure:
        return _report_failure(path, failure)
    return Report.from_json(report)


def describe_in_sandbox(signature: Path, *, limits: Limits = LIMITS) -> tuple[Report, list[tuple[str, str]]]:
    """Of a signature whose file is not at hand: who is named, and the digests that the file must have."""
    try:
        (found,) = run_task("signatures.verifier:perform_description", signature, limits)
    except ChildFailure as failure:
        return _report_failure(signature, failure), []
    return Report.from_json(found["report"]), [(name, digest) for name, digest in found["digests"]]


def _report_failure(path: Path, failure: ChildFailure) -> Report:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Report(digest, error=f"{failure.reason}: {failure.detail}")


def perform_description(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """The sandbox's task."""
    from verifier.cms import describe_detached

    report, digests = describe_detached(path)
    yield {"report": report.to_json(), "digests": digests}


def perform_verification(
    path: Path,
    *,
    limits: Limits,
    trust: dict[str, list[Any]],
    at: str,
    profile: str,
    detached: str | None = None,
) -> Iterator[dict[str, Any]]:
    """The sandbox's task."""
    store, moment = TrustStore.from_json(trust), datetime.fromisoformat(at)
    if detached is None:
        report = verify_pdf(path, trust=store, at=moment, profile=profile)
    else:
        from verifier.cms import verify_detached

        report = verify_detached(Path(detached), path, trust=store, at=moment)
    yield report.to_json()
