"""What is hashed, and how it is spelt: the same in the browser (js/ballot-proofs.js)."""

import hashlib
import json
from base64 import b32encode
from typing import Any

from verifier.ballots.groups import Group

DOMAIN = "e-cabinet secret ballot 1"


def write_canonical(value: Any) -> bytes:
    """One spelling for one content: keys in order, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def make_challenge(group: Group, purpose: str, *parts: str | int) -> int:
    """Fiat–Shamir over everything that is stated (strong), each part with its length before it."""
    return int.from_bytes(_digest(group, purpose, parts)) >> 256 - group.challenge_bits


def make_weight(group: Group, purpose: str, *parts: str | int) -> int:
    return int.from_bytes(_digest(group, purpose, parts)[:16])


def _digest(group: Group, purpose: str, parts: tuple[str | int, ...]) -> bytes:
    hashed = hashlib.sha256()
    for part in (DOMAIN, purpose, group.name, group.p, group.g, *parts):
        written = part.encode() if isinstance(part, str) else part.to_bytes(group.width)
        hashed.update((b"s" if isinstance(part, str) else b"n") + len(written).to_bytes(4) + written)
    return hashed.digest()


def make_fingerprint(content: Any) -> str:
    return hashlib.sha256(write_canonical(content)).hexdigest()


def make_tracker(ballot: Any) -> str:
    """Twenty letters, 100 bits: who has the sealed ballot can make them again."""
    letters = b32encode(hashlib.sha256(write_canonical(ballot)).digest())[:20].decode()
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))
