"""Many papers in one child process: starting it costs ten times what a look at one paper costs.

For looks again and looks ahead only. A file that is new to the house has a child of its own, and so has one
about which anything else is found than the last time: what stands here never changes a verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from documents.files.sandbox import ChildFailure, Limits, run_task
from signatures.verifier import LIMITS, verify_pdf
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

TOGETHER = replace(LIMITS, wall_seconds=100, cpu_seconds=90)


def verify_together(
    paths: Sequence[Path], *, trust: TrustStore, at: datetime, limits: Limits = TOGETHER
) -> list[Report | None]:
    """One report for each path; None for all where the child did not come to its end."""
    if not paths:
        return []
    arguments = {"trust": trust.to_json(), "at": at.isoformat(), "others": [str(path) for path in paths[1:]]}
    try:
        found = list(run_task("signatures.bulk:perform_verifications", paths[0], limits, **arguments))
    except ChildFailure:
        return [None] * len(paths)
    return [Report.from_json(plain) for plain in found]


def perform_verifications(
    path: Path, *, limits: Limits, trust: dict[str, list[Any]], at: str, others: list[str]
) -> Iterator[dict[str, Any]]:
    """The sandbox's task."""
    store, moment = TrustStore.from_json(trust), datetime.fromisoformat(at)
    for one in (path, *map(Path, others)):
        yield verify_pdf(one, trust=store, at=moment).to_json()
