"""Judging files of strangers in a child process that has only so much time and memory."""

import hashlib
import multiprocessing
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

SECONDS = 60
MEMORY = 1536 * 1024 * 1024
HOW = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


def judge_pdf(path: Path, *, trust: TrustStore, at: datetime, profile: str = "auto") -> Report:
    """The verdict on the file; one that takes too long or too much could not be checked, and is told so."""
    # Loaded here once, so that every child has it; "fork" shares it.
    import verifier.pdf.document  # noqa: F401

    context: Any = multiprocessing.get_context(HOW)
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_judge, args=(theirs, str(path), trust.to_json(), at.isoformat(), profile))
    child.start()
    theirs.close()
    try:
        found = ours.recv() if ours.poll(SECONDS) else "took too long"
    except (EOFError, OSError):
        found = "ended without a word"
    finally:
        child.kill()
        child.join()
        ours.close()
    if isinstance(found, dict):
        return Report.from_json(found)
    with path.open("rb") as file:
        return Report(hashlib.file_digest(file, "sha256").hexdigest(), error=str(found))


def _judge(answer: Connection, path: str, trust: dict[str, Any], at: str, profile: str) -> None:
    from verifier.pdf.document import verify_document

    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    store, moment = TrustStore.from_json(trust), datetime.fromisoformat(at)
    answer.send(verify_document(Path(path), trust=store, at=moment, profile=profile).to_json())
    answer.close()
