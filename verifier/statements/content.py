"""The bytes of a statement: one way to write it, so that what was signed is what is read.

    {"form":"ecabinet statement v1","kind":…,"target":…,"at":…,"nonce":…,"body":{…}}

JSON in UTF-8 without blanks: these six fields in this order; in the body, and in whatever is in it, names in
the order of their code points. Text in NFC, lines ended by a line feed, without other control characters than
the tab and without those that turn the direction of writing. Whole numbers that every reader holds exactly;
no fractions.
"""

import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

FORM = "ecabinet statement v1"
FIELDS = ("form", "kind", "target", "at", "nonce", "body")
TIME = "%Y-%m-%dT%H:%M:%SZ"
LONGEST = 64 * 1024  # bytes
DEEPEST = 8
LARGEST_NUMBER = 2**53 - 1
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class BadStatement(ValueError):
    """Not the bytes of a statement; the text says why."""


def _draw_nonce() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Content:
    kind: str  # the app's own name for it: "opinions.answer"
    target: int
    at: datetime  # to the second
    body: Mapping[str, Any]
    nonce: str = field(default_factory=_draw_nonce)  # two equal answers are two statements


def encode(content: Content) -> bytes:
    """The bytes to sign. Text is brought to NFC; what has no canonical form is refused."""
    if content.at.tzinfo is None:
        raise BadStatement("The time of a statement needs its time zone.")
    told = {
        "form": FORM,
        "kind": _text(content.kind),
        "target": _number(content.target),
        "at": content.at.astimezone(UTC).strftime(TIME),
        "nonce": _nonce(content.nonce),
        "body": _canonical(dict(content.body), DEEPEST),
    }
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > LONGEST:
        raise BadStatement(f"A statement has at most {LONGEST} bytes.")
    return data


def decode(data: bytes) -> Content:
    """What the bytes say; refused unless `encode` would write the very same."""
    if len(data) > LONGEST:
        raise BadStatement(f"A statement has at most {LONGEST} bytes.")
    try:
        told = json.loads(data.decode("utf-8", "strict"), object_pairs_hook=_once, parse_float=_no_fraction)
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadStatement("This is no statement.") from error
    except json.JSONDecodeError as error:
        raise BadStatement(f"This is no statement: {error.msg}.") from error
    if not isinstance(told, dict) or tuple(told) != FIELDS or told["form"] != FORM:
        raise BadStatement(f"A statement has the fields {', '.join(FIELDS)}, in this order.")
    if not isinstance(told["body"], dict):
        raise BadStatement("The body of a statement is a list of names and values.")
    try:
        at = datetime.strptime(_text(told["at"]), TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadStatement("The time of a statement is written as 2026-11-27T09:30:00Z.") from error
    content = Content(_text(told["kind"]), _number(told["target"]), at, told["body"], _nonce(told["nonce"]))
    if encode(content) != data:
        raise BadStatement("This is not the one way to write this statement.")
    return content


def _canonical(value: Any, depth: int) -> Any:
    if depth == 0:
        raise BadStatement(f"A statement is at most {DEEPEST} deep.")
    if value is None or isinstance(value, bool):
        return value
    way: dict[type, Callable[[Any], Any]] = {
        int: _number,
        str: _text,
        list: lambda items: [_canonical(item, depth - 1) for item in items],
        dict: lambda pairs: _sorted(pairs, depth - 1),
    }
    if type(value) not in way:
        raise BadStatement(f"A {type(value).__name__} has no canonical form.")
    return way[type(value)](value)


def _sorted(pairs: dict[Any, Any], depth: int) -> dict[str, Any]:
    named = {_text(name): _canonical(value, depth) for name, value in pairs.items()}
    if len(named) != len(pairs):
        raise BadStatement("Two names are the same.")
    return dict(sorted(named.items()))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadStatement("Names are text.")
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    for letter in value:
        if letter in TURNING or (letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs")):
            raise BadStatement(f"The character U+{ord(letter):04X} has no place in a statement.")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST_NUMBER:
        raise BadStatement("Numbers are whole and below 2^53.")
    return value


def _nonce(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 32 or value.strip("0123456789abcdef"):
        raise BadStatement("The nonce of a statement is 16 bytes in hexadecimal digits.")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise BadStatement("Two names are the same.")
    return named


def _no_fraction(digits: str) -> None:
    raise BadStatement("A statement has no fractions.")
