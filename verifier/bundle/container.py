"""The ZIP of a bundle, determined to the last byte: one file after another, and nothing between them.

Nothing can be compressed, hidden, overlaid or named twice in it, so every ZIP program shows the same files
and a changed bit is found wherever it is. The reader takes no other ZIP than the writer makes.
"""

import hashlib
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MAX_FILES = 20_000
LONGEST_NAME = 120
CHUNK = 1024 * 1024

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*(?:/[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*)*")
VERSION = 45  # of the ZIP format: with sizes of 64 bits
SYSTEM = 3 << 8 | VERSION  # Unix
READABLE = 0o100644 << 16
DAY = 0x0021  # 1 January 1980, the first that a ZIP knows
WIDE = 0xFFFFFFFF  # "see the field of 64 bits", which every entry has

LOCAL = struct.Struct("<4sHHHHHIIIHHHHQQ")  # with its field of 64 bits; the name stands between the two
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHIIHHQQQ")
END64 = struct.Struct("<4sQHHIIQQQQ4sIQI4sHHHHIIH")  # end record of 64 bits, its locator, the end record


class Unreadable(Exception):
    """Not a bundle. `reason` is one of words.py's keys."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Entry:
    """A file inside: where its bytes begin, and how many there are."""

    name: str
    start: int
    size: int
    crc: int


class Writer:
    """Writes entries one by one into a file that can be sought in; memory does not grow with their size."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target = target
        self.entries: list[Entry] = []
        self.names: set[str] = set()

    def add(self, name: str, source: IO[bytes]) -> tuple[str, int]:
        """Copies the file; gives its SHA-256 and size."""
        if not is_fit(name) or name in self.names:
            raise ValueError(f"not a name for a bundle: {name}")
        self.names.add(name)
        offset = self.target.tell()
        self.target.seek(_local_size(name), 1)
        hashed, crc, size = hashlib.sha256(), 0, 0
        while chunk := source.read(CHUNK):
            hashed.update(chunk)
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            self.target.write(chunk)
        end = self.target.tell()
        entry = Entry(name, offset + _local_size(name), size, crc)
        self.target.seek(offset)
        self.target.write(_write_local(entry))
        self.target.seek(max(end, offset + _local_size(name)))
        self.entries.append(entry)
        return hashed.hexdigest(), size

    def close(self) -> None:
        start = self.target.tell()
        for entry in self.entries:
            self.target.write(_write_central(entry))
        self.target.write(_write_end(len(self.entries), start, self.target.tell() - start))


class Reader:
    """The entries of a bundle; `Unreadable` for any other ZIP."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.entries = {entry.name: entry for entry in self._read_entries()}

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes; `Unreadable` at the end where they are not those that the ZIP's own sum is over."""
        entry = self.entries[name]
        left, crc, place = entry.size, 0, entry.start
        while left > 0:
            self.source.seek(place)
            chunk = self.source.read(min(CHUNK, left))
            if not chunk:
                raise Unreadable("cut_off")
            left, crc, place = left - len(chunk), zlib.crc32(chunk, crc), place + len(chunk)
            yield chunk
        if crc != entry.crc:
            raise Unreadable("damaged", name)

    def read(self, name: str, limit: int) -> bytes:
        """All of a small file; larger ones are not taken into memory."""
        if self.entries[name].size > limit:
            raise Unreadable("too_large", name)
        return b"".join(self.chunks(name))

    def _read_entries(self) -> list[Entry]:
        size = self.source.seek(0, 2)
        count, start, length = self._read_end(size)
        entries: list[Entry] = []
        self.source.seek(start)
        central, expected = self.source.read(length), 0
        position = 0
        for _ in range(count):
            entry = _read_central(central, position)
            if entry.start != expected + _local_size(entry.name):
                raise Unreadable("not_as_written", entry.name)
            entries.append(entry)
            expected = entry.start + entry.size
            position += CENTRAL.size + len(entry.name)
        if position != length or expected != start:
            raise Unreadable("not_as_written")
        name, times = Counter(entry.name for entry in entries).most_common(1)[0] if entries else ("", 1)
        if times > 1:
            raise Unreadable("name_twice", name)
        for entry in entries:
            self.source.seek(entry.start - _local_size(entry.name))
            if self.source.read(_local_size(entry.name)) != _write_local(entry):
                raise Unreadable("not_as_written", entry.name)
        return entries

    def _read_end(self, size: int) -> tuple[int, int, int]:
        self.source.seek(max(0, size - END64.size))
        found = self.source.read(END64.size)
        if len(found) < END64.size or found[:4] != b"PK\x06\x06":
            raise Unreadable("not_a_bundle")
        fields = END64.unpack(found)
        count, length, start = fields[7], fields[8], fields[9]
        if count > MAX_FILES:
            raise Unreadable("too_many_files", str(count))
        if length > count * (CENTRAL.size + LONGEST_NAME) or start + length + END64.size != size:
            raise Unreadable("not_as_written")
        if found != _write_end(count, start, length):
            raise Unreadable("not_as_written")
        return count, start, length


def is_fit(name: str) -> bool:
    """Small letters, digits, folders: no way out of a folder, and the same on every system."""
    return len(name) <= LONGEST_NAME and NAME.fullmatch(name) is not None


def _local_size(name: str) -> int:
    return LOCAL.size + len(name)


def _write_local(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    packed = LOCAL.pack(
        b"PK\x03\x04",
        VERSION,
        0,
        0,
        0,
        DAY,
        entry.crc,
        WIDE,
        WIDE,
        len(name),
        20,
        1,
        16,
        entry.size,
        entry.size,
    )
    return packed[:30] + name + packed[30:]


def _write_central(entry: Entry) -> bytes:
    name = entry.name.encode("ascii")
    offset = entry.start - _local_size(entry.name)
    fields = (b"PK\x01\x02", SYSTEM, VERSION, 0, 0, 0, DAY, entry.crc, WIDE, WIDE, len(name), 28, 0, 0, 0)
    packed = CENTRAL.pack(*fields, READABLE, WIDE, 1, 24, entry.size, entry.size, offset)
    return packed[:46] + name + packed[46:]


def _write_end(count: int, start: int, length: int) -> bytes:
    end64 = (b"PK\x06\x06", 44, SYSTEM, VERSION, 0, 0, count, count, length, start)
    locator = (b"PK\x06\x07", 0, start + length, 1)
    # What does not fit into the old record is told by its largest value, as the format has it.
    few = min(count, 0xFFFF)
    end = (b"PK\x05\x06", 0, 0, few, few, min(length, WIDE), min(start, WIDE), 0)
    return END64.pack(*end64, *locator, *end)


def _read_central(central: bytes, position: int) -> Entry:
    head = central[position : position + 46]
    length = int.from_bytes(head[28:30], "little")
    whole = central[position : position + CENTRAL.size + length]
    try:
        name = whole[46 : 46 + length].decode("ascii")
        fields = CENTRAL.unpack(whole[:46] + whole[46 + length :])
    except (struct.error, UnicodeDecodeError):
        raise Unreadable("not_as_written") from None
    if not is_fit(name):
        raise Unreadable("unfit_name", name)
    size, offset = fields[-3], fields[-1]
    entry = Entry(name, offset + _local_size(name), size, fields[7])
    if whole != _write_central(entry):
        raise Unreadable("not_as_written", name)
    return entry
