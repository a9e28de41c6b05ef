"""The manifest of an issue: what exactly lay before the members, as canonical JSON (RFC 8785) and its hash.

Pure: plain values in, text out. Who has the text and the files can check both without this system.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

FORMAT = "ecabinet-dossier-1"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One paper at its place. Sound and film have no pages, and so no first page."""

    place: int
    section: str
    title: str
    kind: str
    number: str  # number and notation of the paper itself
    version: int
    file_name: str
    sha256: str
    size: int
    first_page: int | None
    pages: int
    restricted: bool


@dataclass(frozen=True, kw_only=True)
class Manifest:
    dossier: int
    title: str
    body: str
    issue: int
    sealed_at: datetime
    sealed_by: str
    reason: str
    previous: str  # SHA-256 of the issue before; empty for the first
    papers: tuple[Line, ...]

    def write(self) -> str:
        return canonical(
            {
                **asdict(self),
                "format": FORMAT,
                "sealed_at": self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            }
        )


def canonical(value: object) -> str:
    """Sorted keys, no white space, nothing escaped that need not be. The manifest has no fractions."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(manifest: str) -> str:
    return hashlib.sha256(manifest.encode()).hexdigest()


def number_pages(counts: Iterable[int | None]) -> list[int | None]:
    """The first page of each paper, counted through the whole dossier."""
    first_pages: list[int | None] = []
    free = 1
    for count in counts:
        first_pages.append(free if count else None)
        free += count or 0
    return first_pages


def excerpt(manifest: str, places: Iterable[int]) -> str:
    """For a reader who was not given every paper: the others' lines tell their place and pages only."""
    whole, given = json.loads(manifest), set(places)
    kept = ("place", "first_page", "pages", "restricted")
    papers = [
        line if line["place"] in given else {name: line[name] for name in kept} for line in whole["papers"]
    ]
    return canonical({**whole, "papers": papers, "excerpt_of": digest(manifest)})
