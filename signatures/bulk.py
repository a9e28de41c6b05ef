"""Many papers in one child process: starting it costs ten times what a look at one paper costs.

For looks again and looks ahead only. A file that is new to the house has a child of its own, and so has one
about which anything else is found than the last time: what stands here never changes a verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, core

from documents.files.sandbox import ChildFailure, Limits, run_task
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
    until: datetime | None = None  # the first certificate in the file that ends


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
        known, until = remember_valid(one, report)
        yield {
            "report": report.to_json(),
            "known": [item.to_json() for item in known],
            "until": until.isoformat() if until else None,
        }


def remember_valid(path: Path, report: Report) -> tuple[tuple[KnownSignature, ...], datetime | None]:
    """Nothing unless all signatures are valid and each can be known again."""
    signed = [found for found in report.signatures if found.kind == "signature"]
    if report.verdict != "valid":
        return (), None
    try:
        known = remember(path, report)
        return (known, find_end(path)) if len(known) == len(signed) else ((), None)
    except Exception:  # An odd file: it is verified, but every later look is a full one.
        return (), None


def find_end(path: Path) -> datetime:
    """When the first certificate ends that a signature or a timestamp in the file carries."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # Heavy, and not for the web process.

    with path.open("rb") as file:
        embedded = PdfFileReader(file, strict=False).embedded_signatures
        signed = [data for item in embedded for data in (item.signed_data, *_find_stamps(item.signer_info))]
        carried = [one for data in signed for one in data["certificates"] if one.name == "certificate"]
        return min(one.chosen.not_valid_after for one in carried)


def _find_stamps(info: cms.SignerInfo) -> Iterator[cms.SignedData]:
    """RFC 3161, appendix A."""
    attributes = info["unsigned_attrs"]
    for attribute in () if attributes is core.VOID else attributes:
        if attribute["type"].native == "signature_time_stamp_token":
            yield from (token["content"] for token in attribute["values"])


def is_unchanged(path: Path, known: Sequence[KnownSignature]) -> bool:
    """The quick look: a checksum, and the signatures over it. Nothing of the file is interpreted, so no child
    process is needed."""
    return bool(known) and all(confirm(path, one) for one in known)
