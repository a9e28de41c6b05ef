"""The one door for files from outside: what a file is, whether it may be taken, and what it says.

Nothing here parses a file. Whatever opens one does so in the child process of documents/sandbox.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puremagic

from documents.sandbox import ChildFailure, Limits, Refusal, run_task
from documents.secrecy import secrecy_marking

__all__ = [
    "REASONS",
    "Inspection",
    "Limits",
    "UnreadableFile",
    "extract_text",
    "inspect_pdf",
    "secrecy_marking",
    "sniff",
]

HEAD_BYTES = 4096
DEFAULT_LIMITS = Limits()

REASONS = (
    "empty",
    "not_pdf",
    "truncated",
    "encrypted",
    "too_many_pages",
    "took_too_long",
    "too_large",
    "damaged",
)


@dataclass(frozen=True)
class Inspection:
    pages: int
    encrypted: bool  # opens without a password, but its owner forbids something
    secrecy_marking: str | None
    active_content: tuple[str, ...]
    first_pages_text_found: bool


class UnreadableFile(Exception):
    """The file is not taken. `reason` is one of REASONS; `detail` is for the log, not for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def sniff(head: bytes, name: str) -> str:
    """The kind of a file by its first bytes, as a short word: "pdf", "docx", "html", "png" … or "unknown".

    The name decides nothing: it only helps to choose among kinds that begin alike.
    """
    # ISO 32000-2, 7.5.2. Readers search the first kilobyte; what is something else before it is not taken.
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return "pdf"
    try:
        matches = puremagic.magic_string(head, name)
    except (puremagic.PureError, ValueError):
        return "unknown"
    kinds = [match.extension.lstrip(".") for match in matches if match.extension]
    return next((kind for kind in kinds if kind != "pdf"), "unknown")


def inspect_pdf(path: Path, limits: Limits = DEFAULT_LIMITS) -> Inspection:
    """Raises UnreadableFile where the file cannot be taken; the findings are for the caller to judge."""
    _check_outside(path, limits)
    (found,) = _run_reading("inspect_document", path, limits)
    return Inspection(**{**found, "active_content": tuple(found["active_content"])})


def extract_text(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """The text page by page. The whole file has been read on return; memory holds one page at a time."""
    _check_outside(path, limits)
    return _run_reading("read_pages", path, limits)


def _check_outside(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("empty")
    if size > limits.file_bytes:
        raise UnreadableFile("too_large", f"{size} bytes")
    with path.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES), path.name)
    if kind != "pdf":
        raise UnreadableFile("not_pdf", kind)


def _run_reading(task: str, path: Path, limits: Limits) -> Iterator[Any]:
    try:
        return run_task(f"documents.pdf_reading:{task}", path, limits)
    except Refusal as refusal:
        raise UnreadableFile(refusal.reason, refusal.detail) from None
    except ChildFailure as failure:
        reason = "damaged" if failure.reason == "crashed" else failure.reason
        raise UnreadableFile(reason, failure.detail) from None
