"""What the command lines have in common: whom to trust, when and how to look, the answer as one line."""

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from verifier.pdf.report import Report, SignatureResult, TimestampResult
from verifier.pdf.trust import (
    TrustStore,
    UnfitTrust,
    read_authority,
    read_ocsp_answer,
    read_revocation_list,
    split_bundle,
)

PROFILES = ("auto", "own", "foreign")

Complaint = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for names, part, text in (
        (("--anchor", "--anchors", "--trust"), "anchors", "a trusted authority: root or issuing CA"),
        (("--intermediate", "--intermediates"), "intermediates", "a certificate between anchor and signer"),
        (("--crl", "--crls"), "crls", "a revocation list"),
        (("--ocsp", "--ocsps"), "ocsps", "an OCSP response"),
        (
            ("--timestamp-anchor", "--timestamp-anchors"),
            "timestampers",
            "an authority trusted for timestamps only",
        ),
    ):
        parser.add_argument(
            *names,
            dest=part,
            action="extend",
            nargs="+",
            default=[],
            metavar="FILE",
            help=f"{text} (PEM, also several in one file, or DER; a folder stands for its files); repeatable",
        )
    parser.add_argument(
        "--at",
        "--time",
        "--validation-time",
        dest="at",
        type=read_moment,
        metavar="TIME",
        help="validate as of this time (ISO 8601; without a zone UTC) instead of now",
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default="auto",
        help="own: strict, as files of this house are; foreign: a lenient reader; auto: strict if possible",
    )


def read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a time in ISO 8601: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_trust(options: dict[str, Any], *, base: Path, complain: Complaint) -> TrustStore:
    """What can serve of the given files. What cannot is told, and trusts nobody."""

    def read(part: str, reader: Callable[[bytes], bytes]) -> list[bytes]:
        found: list[bytes] = []
        for path in _list_files(base, options.get(part) or (), complain):
            try:
                for item in split_bundle(path.read_bytes()):
                    found.append(reader(item))
            except (OSError, UnfitTrust) as error:
                complain(f"{path}: {error}")
        return list(dict.fromkeys(found))

    return TrustStore.build(
        anchors=read("anchors", read_authority),
        intermediates=read("intermediates", read_authority),
        crls=read("crls", read_revocation_list),
        ocsps=read("ocsps", read_ocsp_answer),
        timestampers=read("timestampers", read_authority),
    )


def _list_files(base: Path, names: Iterable[str], complain: Complaint) -> Iterable[Path]:
    for name in names:
        path = base / name
        if path.is_dir():
            yield from sorted(item for item in path.iterdir() if item.is_file())
        elif path.is_file():
            yield path
        else:
            complain(f"{path}: there is no such file")


def make_record(name: str, report: Report) -> dict[str, Any]:
    """One file as one JSON object. Document timestamps are no signatures and stand apart."""
    plain = [(_signature_record(item), item.kind) for item in report.signatures]
    return {
        "file": name,
        "sha256": report.file_sha256 or None,
        "verdict": report.verdict,
        "destroyed": report.destroyed,
        "signatures": [record for record, kind in plain if kind == "signature"],
        "document_timestamps": [record for record, kind in plain if kind != "signature"],
        "deviations": list(report.deviations),
        "profile": report.profile,
        "policy": report.policy,
        **({"error": report.error} if report.error else {}),
    }


def _signature_record(found: SignatureResult) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "field": found.field,
        "signer": found.signer,
        "organisation": found.organisation,
        "unit": found.unit,
        "office_code": found.office_code,
        "indication": found.indication,
        "sub_indication": found.sub_indication,
        "reason": found.reason,
        "level": found.level,
        "digest_algorithm": found.digest_algorithm,
        "claimed_time": _say(found.claimed_time),
        "best_time": _say(found.best_time),
        "timestamp": _timestamp_record(found.timestamp),
        "covers_whole_file": found.covers_whole_file,
        "changes_after": found.changes_after,
        "profile": found.profile,
    }


def _timestamp_record(found: TimestampResult | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "time": _say(found.time),
        "indication": found.indication,
        "sub_indication": found.sub_indication,
        "authority": found.authority,
    }


def _say(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
