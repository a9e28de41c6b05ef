"""Judging what strangers sent in a child process that has only so much time and memory."""

import hashlib
import math
import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from verifier.pdf.report import INDETERMINATE, Report, SignatureResult
from verifier.pdf.trust import TrustStore

SECONDS = 60
MEMORY = 1536 * 1024 * 1024
HOW = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


@dataclass(frozen=True)
class StampResult:
    """A timestamp token over some bytes: the time it tells, whose it is, and what it is worth."""

    indication: str
    reason: str
    time: str = ""  # ISO 8601
    authority: str = ""


def judge_pdf(
    path: Path, *, trust: TrustStore, at: datetime, profile: str = "auto", until: float = math.inf
) -> Report:
    """The verdict on the file; one that takes too long or too much could not be checked, and is told so."""
    found = _run(until, _judge_pdf, str(path), trust, at, profile)
    if isinstance(found, dict):
        return Report.from_json(found)
    with path.open("rb") as file:
        return Report(hashlib.file_digest(file, "sha256").hexdigest(), error=str(found))


def judge_statement(
    signature: bytes, content: bytes, *, trust: TrustStore, at: datetime, until: float = math.inf
) -> SignatureResult:
    """A detached CMS of one signer."""
    found = _run(until, _judge_statement, signature, content, trust, at)
    if isinstance(found, dict):
        return Report.from_json(found).signatures[0]
    return SignatureResult("signature", "1", INDETERMINATE, None, "not_verifiable", detail=str(found))


def judge_stamp(
    token: bytes, content: bytes, *, trust: TrustStore, at: datetime, until: float = math.inf
) -> StampResult:
    """An RFC 3161 token over these bytes."""
    found = _run(until, _judge_stamp, token, content, trust, at)
    return StampResult(**found) if isinstance(found, dict) else StampResult(INDETERMINATE, "not_verifiable")


def _run(until: float, task: Callable[..., dict[str, Any]], *arguments: Any) -> Any:
    """What the task gives; or, in words, why it gave nothing. `until` is a time of the monotonic clock."""
    patience = min(SECONDS, until - time.monotonic())
    if patience <= 0:
        return "took too long"
    # Loaded here once, so that every child has it where processes fork.
    import verifier.cms  # noqa: F401

    context: Any = multiprocessing.get_context(HOW)
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, task, arguments))
    child.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(patience) else "took too long"
    except (EOFError, OSError):
        return "ended without a word"
    finally:
        child.kill()
        child.join()
        ours.close()


def _work(answer: Connection, task: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(Exception):  # hostile: nothing is answered, which the parent tells
        answer.send(task(*arguments))
    answer.close()


def _judge_pdf(path: str, trust: TrustStore, at: datetime, profile: str) -> dict[str, Any]:
    from verifier.pdf.document import verify_document

    return verify_document(Path(path), trust=trust, at=at, profile=profile).to_json()


def _judge_statement(signature: bytes, content: bytes, trust: TrustStore, at: datetime) -> dict[str, Any]:
    from verifier.cms import verify_statement

    result = verify_statement(signature, content, trust=trust, at=at)
    return Report(hashlib.sha256(content).hexdigest(), signatures=(result,)).to_json()


def _judge_stamp(token: bytes, content: bytes, trust: TrustStore, at: datetime) -> dict[str, Any]:
    import asyncio

    from asn1crypto import cms

    from verifier.pdf.document import read_trusted_evidence
    from verifier.pdf.indications import indicate, reason_of
    from verifier.pdf.ladder import Case, validate_timestamp

    signed = cms.ContentInfo.load(token, strict=True)["content"]
    told = signed["encap_content_info"]["content"].parsed

    def imprint(algorithm: str) -> bytes:
        return hashlib.new(algorithm, content).digest()

    case = Case(signed, lambda: imprint("sha256"), trust, at, read_trusted_evidence(trust))
    found = indicate(asyncio.run(validate_timestamp(case, signed, imprint)))
    return asdict(
        StampResult(
            found[0],
            reason_of(*found),
            told["gen_time"].native.isoformat(),
            case.certificate.subject.native.get("common_name") or case.certificate.subject.human_friendly,
        )
    )
