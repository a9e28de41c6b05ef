"""The one door for files from outside: what a file is, whether it may be taken, and what it says.

Nothing here parses a file. Whatever opens one does so in the child process of documents/files/sandbox.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.files.formats import ARCHIVE, HEAD_BYTES, OLE, find_kind, sniff
from documents.files.sandbox import ChildFailure, Limits, Refusal, run_task
from documents.files.secrecy import secrecy_marking
from documents.rules import PICTURE_FORMATS, Format

__all__ = [
    "REASONS",
    "Inspection",
    "Limits",
    "UnreadableFile",
    "extract_text",
    "extract_words",
    "inspect_file",
    "inspect_pdf",
    "secrecy_marking",
    "sniff",
]

DEFAULT_LIMITS = Limits()
CHUNK = 1024 * 1024

REASONS = (
    "empty",
    "not_pdf",
    "unknown_format",
    "old_office",
    "macros",
    "broken_signature",
    "encloses_content",
    "zip_bomb",
    "truncated",
    "encrypted",
    "too_many_pages",
    "took_too_long",
    "too_large",
    "damaged",
)


@dataclass(frozen=True)
class Inspection:
    pages: int | None  # None where they are known only when a PDF is made of it, and for sound and film
    encrypted: bool  # opens without a password, but its owner forbids something
    secrecy_marking: str | None
    active_content: tuple[str, ...]
    first_pages_text_found: bool
    format: str = Format.PDF


class UnreadableFile(Exception):
    """The file is not taken. `reason` is one of REASONS; `detail` is for the log, not for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def inspect_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> Inspection:
    """What the file is by its content, and what there is to say against it."""
    _check_size(path, limits)
    kind = find_kind(_read_head(path))
    if kind == Format.PDF:
        return inspect_pdf(path, limits)
    if kind is None:
        raise UnreadableFile("unknown_format", sniff(_read_head(path), path.name))
    if kind == OLE:
        raise UnreadableFile("encrypted" if _is_locked_office_file(path) else "old_office")
    if kind == ARCHIVE:
        (found,) = _run_reading("office_reading:inspect_office", path, limits)
        return _describe(found["format"], None, found["secrecy_marking"], found["active_content"])
    if kind in PICTURE_FORMATS:
        (found,) = _run_reading("picture_reading:inspect_picture", path, limits)
        return _describe(kind, found["pages"])
    if kind == Format.P7S:
        list(_run_reading("signature_reading:inspect_signature", path, limits))
    return _describe(kind, None)  # sound and film: kept as they are, played by the reader's own device


def _describe(
    format: str, pages: int | None, marking: str | None = None, active: Iterable[str] = ()
) -> Inspection:
    return Inspection(pages, False, marking, tuple(active), False, format)


def _read_head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _is_locked_office_file(path: Path) -> bool:
    """[MS-OFFCRYPTO] 2.3.4.4: the stream of this name holds an office file behind a password."""
    wanted = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(CHUNK):
            if wanted in rest + chunk:
                return True
            rest = chunk[-len(wanted) :]
    return False


def inspect_pdf(path: Path, limits: Limits = DEFAULT_LIMITS) -> Inspection:
    """Raises UnreadableFile where the file cannot be taken; the findings are for the caller to judge."""
    _check_outside(path, limits)
    (found,) = _run_reading("pdf_reading:inspect_document", path, limits)
    return Inspection(**{**found, "active_content": tuple(found["active_content"])})


def extract_text(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """The text page by page. The whole file has been read on return; memory holds one page at a time."""
    _check_outside(path, limits)
    return _run_reading("pdf_reading:read_pages", path, limits)


def extract_words(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[dict[str, Any]]:
    """The words of each page with their places, for comparing. As bounded as the text."""
    _check_outside(path, limits)
    return _run_reading("pdf_words:read_words", path, limits)


def _check_outside(path: Path, limits: Limits) -> None:
    _check_size(path, limits)
    if (kind := sniff(_read_head(path), path.name)) != "pdf":
        raise UnreadableFile("not_pdf", kind)


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("empty")
    if size > limits.file_bytes:
        raise UnreadableFile("too_large", f"{size} bytes")


def _run_reading(task: str, path: Path, limits: Limits) -> Iterator[Any]:
    try:
        return run_task(f"documents.files.{task}", path, limits)
    except Refusal as refusal:
        raise UnreadableFile(refusal.reason, refusal.detail) from None
    except ChildFailure as failure:
        reason = "damaged" if failure.reason == "crashed" else failure.reason
        raise UnreadableFile(reason, failure.detail) from None
