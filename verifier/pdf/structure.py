"""What the bytes of a signed PDF say before any reader interprets them (ISO 32000-2, 12.8.1).

A reader skips what it does not need. These checks see the bytes that nobody signed and the signatures that
no reader finds any more.
"""

import re
from collections.abc import Iterable
from mmap import mmap

from asn1crypto import parser

Content = bytes | mmap
ByteRange = tuple[int, int, int, int]

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,15})\s+(\d{1,15})\s+(\d{1,15})\s+(\d{1,15})\s*\]")
_LAST_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")


def find_byte_ranges(content: Content) -> list[ByteRange]:
    """Every /ByteRange written in the file, whether or not a field still leads to it."""
    return [tuple(int(number) for number in match.groups()) for match in _BYTE_RANGE.finditer(content)]  # type: ignore[misc]


def find_destroyed(content: Content, reachable: Iterable[ByteRange]) -> list[ByteRange]:
    """Leftovers of a signature: the bytes it speaks of are gone, or no field leads to it any more."""
    known = set(reachable)
    return [item for item in find_byte_ranges(content) if reaches_beyond(content, item) or item not in known]


def reaches_beyond(content: Content, byte_range: ByteRange) -> bool:
    return byte_range[2] + byte_range[3] > len(content)


def is_gap_exact(content: Content, byte_range: ByteRange, contents: bytes) -> bool:
    """The only bytes left out of the digest are the hexadecimal string of /Contents itself."""
    first, end_of_first, start_of_second, rest = byte_range
    if first != 0 or start_of_second <= end_of_first or start_of_second + rest > len(content):
        return False
    gap = bytes(content[end_of_first:start_of_second])
    if not (gap.startswith(b"<") and gap.endswith(b">")):
        return False
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii")) == contents
    except ValueError:
        return False


def is_padding_empty(contents: bytes) -> bool:
    """Behind the CMS structure the reserved room holds zeros and nothing else."""
    return not contents[parser.peek(contents) :].strip(b"\0")


def ends_cleanly(content: Content, last_section_end: int) -> bool:
    """The file ends with the end mark of its last revision: `startxref`, one number, %%EOF, space."""
    tail = bytes(content[last_section_end:])
    return tail.count(b"%%EOF") == 1 and bool(_LAST_END.search(tail))
