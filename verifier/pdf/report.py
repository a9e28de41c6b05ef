"""What a verification found. Plain values only: a report crosses a process border as JSON and back."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

# ETSI EN 319 102-1, clause 5.1.3
PASSED, INDETERMINATE, FAILED = "TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"

VERDICTS = ("valid", "undecided", "invalid", "destroyed", "unsigned", "unverifiable")


@dataclass(frozen=True)
class TimestampResult:
    """An RFC 3161 token. FAILED means that its imprint or its own signature is wrong."""

    time: datetime
    indication: str
    sub_indication: str | None
    authority: str
    digest_algorithm: str
    weak_digest: bool
    reason: str


@dataclass(frozen=True)
class SignatureResult:
    kind: str  # "signature" or "document_timestamp"
    field: str
    indication: str
    sub_indication: str | None
    reason: str  # one of indications.REASONS: the key of the sentence shown to people
    rung: str = ""  # which process gave the verdict: basic, with_time, at_timestamp, long_term
    level: str = ""  # B-B, B-T, B-LT, B-LTA (EN 319 142-1), or CMS, CMS-T for signatures before PAdES
    intact: bool | None = None  # digest and signature value agree with the signed bytes; None: not computed
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    serial: str = ""
    certificate_sha256: str = ""
    digest_algorithm: str = ""
    weak_digest: bool = False
    claimed_time: datetime | None = None  # said by the signer; proves nothing
    timestamp: TimestampResult | None = None
    covers_whole_file: bool = False
    changes_after: str = "none"  # none, allowed or suspicious
    profile: str = ""
    detail: str = ""  # for the log
    unit: str = ""  # of the organisation, as the certificate has it
    office_code: str = ""  # of the organisation, such as MST:0100109106
    best_time: datetime | None = None  # the earliest moment at which it is proven to have existed


@dataclass(frozen=True)
class Report:
    file_sha256: str
    destroyed: bool = False
    signatures: tuple[SignatureResult, ...] = ()
    deviations: tuple[str, ...] = ()
    error: str | None = None
    profile: str = ""
    policy: str = ""  # the version of the table of algorithms

    @property
    def verdict(self) -> str:
        """The worst of what was found, in the words people are told."""
        if self.destroyed:
            return "destroyed"
        indications = {signature.indication for signature in self.signatures}
        if FAILED in indications:
            return "invalid"
        if self.error or any(signature.reason == "not_verifiable" for signature in self.signatures):
            return "unverifiable"
        own = {signature.indication for signature in self.signatures if signature.kind == "signature"}
        if not own:
            return "unsigned"
        return "valid" if own == {PASSED} else "undecided"

    def to_json(self) -> dict[str, Any]:
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Report":
        signatures = tuple(_read_signature(signature) for signature in plain["signatures"])
        return cls(**{**plain, "signatures": signatures, "deviations": tuple(plain["deviations"])})


# What a hostile file may call itself, and neither PostgreSQL nor UTF-8 can hold.
_UNSAYABLE = re.compile("[\0\ud800-\udfff]")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return _UNSAYABLE.sub("\ufffd", value)
    return value.isoformat() if isinstance(value, datetime) else value


def _read_signature(plain: dict[str, Any]) -> SignatureResult:
    timestamp = plain["timestamp"] and TimestampResult(
        **{**plain["timestamp"], "time": _time(plain["timestamp"]["time"])}
    )
    times = {key: _time(plain.get(key)) for key in ("claimed_time", "best_time")}
    return SignatureResult(**{**plain, **times, "timestamp": timestamp})


def _time(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
