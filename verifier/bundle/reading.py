"""A bundle as it is read: its list of files, and small JSON from strangers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from verifier.bundle.container import Reader, Unreadable

FORMAT = "ecabinet-evidence/2"
FORMATS = ("ecabinet-evidence/1", FORMAT)  # the first knew neither forms of answer nor options
MANIFEST = "manifest.json"
SEAL = "manifest.p7s"  # detached CMS over the manifest's bytes
SEAL_TIME = "manifest.tst"  # a timestamp token over them
PROOF = "manifest.log.json"  # that the log has the entry which names the manifest's SHA-256
APART = (MANIFEST, SEAL, SEAL_TIME, PROOF)  # what the list of files cannot name

LARGEST_JSON = 64 * 1024 * 1024
MOST_VALUES = 2_000_000  # in one JSON file: what they need in memory is bounded by this
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class File:
    """One line of the manifest."""

    path: str
    kind: str
    sha256: str
    size: int
    of: str  # the file that it belongs to; empty where it stands for itself
    facts: dict[str, Any]  # title, number, version: for people


class Bundle:
    """An open bundle. Whatever it says of itself is a claim until it is judged."""

    def __init__(self, path: Path) -> None:
        self.source = path.open("rb")
        try:
            self.reader = Reader(self.source)
            if MANIFEST not in self.reader.entries:
                raise Unreadable("no_manifest")
            self.manifest_bytes = self.reader.read(MANIFEST, LARGEST_JSON)
            self.manifest = read_json(self.manifest_bytes)
            self.files = {file.path: file for file in _read_lines(self.manifest)}
        except BaseException:
            self.source.close()
            raise

    def __enter__(self) -> "Bundle":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.source.close()

    def has(self, name: str) -> bool:
        return name in self.reader.entries

    def read(self, name: str) -> bytes:
        if not self.has(name):
            raise Unreadable("file_missing", name)
        return self.reader.read(name, LARGEST_JSON)

    def read_json(self, name: str) -> Any:
        return read_json(self.read(name))

    def of_kind(self, kind: str, of: str | None = None) -> list[File]:
        """In the order of their names."""
        found = [file for file in self.files.values() if file.kind == kind]
        return sorted((file for file in found if of is None or file.of == of), key=lambda file: file.path)

    def the_json(self, kind: str) -> dict[str, Any] | None:
        """The one file of that kind, or None where the bundle has none."""
        found = self.of_kind(kind)
        if len(found) > 1:
            raise Unreadable("kind_twice", kind)
        return expect(self.read_json(found[0].path), dict) if found else None


def read_json(content: bytes) -> Any:
    """No fraction, no name twice in an object: what two programs could read in two ways is not read."""
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise Unreadable("too_large")
    try:
        return json.loads(
            content.decode(), object_pairs_hook=_read_pairs, parse_constant=_refuse, parse_float=_refuse
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", str(error)[:100]) from None


def expect(value: Any, kind: type) -> Any:
    """A value of that type; a truth value is no number."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unreadable("bad_json", f"{kind.__name__} expected")
    return value


def _read_lines(manifest: Any) -> Iterator[File]:
    if expect(manifest, dict).get("format") not in FORMATS:
        raise Unreadable("other_format", str(manifest.get("format"))[:40])
    seen = set()
    for line in expect(manifest.get("files"), list):
        known = {
            name: expect(expect(line, dict).get(name, ""), str) for name in ("path", "kind", "sha256", "of")
        }
        size = expect(line.get("size"), int)
        if (
            known["path"] in seen
            or known["path"] in APART
            or not SHA256.fullmatch(known["sha256"])
            or size < 0
        ):
            raise Unreadable("bad_manifest", known["path"][:120])
        seen.add(known["path"])
        facts = {name: value for name, value in line.items() if name not in {*known, "size"}}
        yield File(size=size, facts=facts, **known)


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name twice")
    return read


def _refuse(text: str) -> Any:
    raise ValueError(f"not a whole number: {text[:20]}")
