"""Many papers in one child process: starting it costs ten times what a look at one paper costs.

For looks again and looks ahead only. A file that is new to the house has a child of its own, and so has one
about which anything else is found than the last time: what stands here never changes a verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from documents.files.sandbox import ChildFailure, Limits, run_task
from signatures.moments import find_next_moment
from signatures.verifier import LIMITS, verify_pdf
from verifier.again import KnownSignature, confirm, remember
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

TOGETHER = replace(LIMITS, wall_seconds=100, cpu_seconds=90)


@dataclass(frozen=True)
class Look:
    """What was found on one paper; and, of one found valid, what a quick look can go by, and until when."""

    report: Report
    known: tuple[KnownSignature, ...] = ()
    until: datetime | None = None  # before, time alone changes nothing of what the file and the trust hold


def verify_together(
    paths: Sequence[Path], *, trust: TrustStore, at: datetime, limits: Limits = TOGETHER
) -> list[Look | None]:
    """One look at each path; None for all where the child did not come to its end."""
    if not paths:
        return []
    arguments = {"trust": trust.to_json(), "at": at.isoformat(), "others": [str(path) for path in paths[1:]]}
    try:
        found = list(run_task("signatures.bulk:perform_verifications", paths[0], limits, **arguments))
    except ChildFailure:
        return [None] * len(paths)
    return [
        Look(
            Report.from_json(plain["report"]),
            tuple(KnownSignature.from_json(known) for known in plain["known"]),
            datetime.fromisoformat(plain["until"]) if plain["until"] else None,
        )
        for plain in found
    ]


def perform_verifications(
    path: Path, *, limits: Limits, trust: dict[str, list[Any]], at: str, others: list[str]
) -> Iterator[dict[str, Any]]:
    """The sandbox's task."""
    store, moment = TrustStore.from_json(trust), datetime.fromisoformat(at)
    for one in (path, *map(Path, others)):
        report = verify_pdf(one, trust=store, at=moment)
        known, until = remember_valid(one, report, store, moment)
        yield {
            "report": report.to_json(),
            "known": [item.to_json() for item in known],
            "until": until.isoformat() if until else None,
        }


def remember_valid(
    path: Path, report: Report, trust: TrustStore, at: datetime
) -> tuple[tuple[KnownSignature, ...], datetime | None]:
    """Nothing unless all signatures are valid, each can be known again, and it is known until when."""
    signed = [found for found in report.signatures if found.kind == "signature"]
    if report.verdict != "valid":
        return (), None
    try:
        known, until = remember(path, report), find_next_moment(path, trust, at)
    except Exception:  # An odd file: it is verified, but every later look is a full one.
        return (), None
    return (known, until) if until is not None and len(known) == len(signed) else ((), None)


def is_unchanged(path: Path, known: Sequence[KnownSignature]) -> bool:
    """The quick look: a checksum, and the signatures over it. Nothing of the file is interpreted, so no child
    process is needed."""
    return bool(known) and all(confirm(path, one) for one in known)
