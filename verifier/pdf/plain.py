"""Plain PDF objects read in one pass: names, whole numbers, references, and arrays and dictionaries of them.

The parts of a document's structure are nothing else, and the library reads them byte by byte. What follows is
a part of what it accepts, with the same result; whatever else comes is left to it.
"""

import re
from typing import Any

from pyhanko.pdf_utils import generic

_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:"
    rb"/([A-Za-z0-9]+)(?=[ \t\r\n/\[\]<>(])"
    rb"|([1-9][0-9]{0,6}) ([0-9]{1,5}) R(?=[ \t\r\n/\]>])"
    rb"|(-?[0-9]{1,9})(?=[ \t\r\n/\[\]<>])"
    rb"|(<<)|(>>)|(\[)|(\]))"
)
_NAME, _REFERENCE, _NUMBER, _OPEN, _CLOSE, _OPEN_ARRAY, _CLOSE_ARRAY = 1, 3, 4, 5, 6, 7, 8
_STREAM_OR_COMMENT = re.compile(rb"[ \t\r\n\f\0]*[s%]")
_MAX_DEPTH = 20


def read_plain_object(
    content: bytes, place: int, reference: generic.Reference
) -> generic.DictionaryObject | generic.ArrayObject | None:
    """The dictionary or array that begins here; None when it is not as plain as that."""
    reader = reference.pdf
    outer: list[tuple[list[Any], bool]] = []
    items: list[Any] = []
    in_dictionary = False
    match = _TOKEN.match
    while token := match(content, place):
        place, kind = token.end(), token.lastindex
        value: Any
        if kind == _NAME:
            value = generic.NameObject("/" + token[_NAME].decode("ascii"))
        elif kind == _REFERENCE:
            value = generic.IndirectObject(int(token[2]), int(token[_REFERENCE]), reader)
        elif kind == _NUMBER:
            value = generic.NumberObject(token[_NUMBER])
        elif kind in (_OPEN, _OPEN_ARRAY):
            outer.append((items, in_dictionary))
            items, in_dictionary = [], kind == _OPEN
            if len(outer) > _MAX_DEPTH:
                return None
            continue
        else:
            if in_dictionary != (kind == _CLOSE) or not outer:
                return None
            value = _make_dictionary(items) if in_dictionary else generic.ArrayObject(items)
            if value is None:
                return None
            items, in_dictionary = outer.pop()
        value.container_ref = reference
        if not outer:
            is_plain = kind in (_CLOSE, _CLOSE_ARRAY) and not _STREAM_OR_COMMENT.match(content, place)
            return value if is_plain else None
        items.append(value)
    return None


def _make_dictionary(items: list[Any]) -> generic.DictionaryObject | None:
    keys = items[::2]
    entries = dict(zip(keys, items[1::2], strict=False))
    if len(items) % 2 or len(entries) < len(keys):
        return None
    if not all(type(key) is generic.NameObject for key in keys):
        return None
    return generic.DictionaryObject(entries)
