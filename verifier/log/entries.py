"""What an entry of the trail is in bytes, and so which leaf of the log it is.

    leaf    = SHA-256(0x00 ‖ "ecabinet trail v1\\n" ‖ fields(id, at, action, actor_id, body_id, target_type,
              target_id, case_type, case_id, sealed_until, names_hash, details_hash))
    names_hash   = SHA-256(names_salt ‖ fields(actor_name, target_name))
    details_hash = SHA-256(details_salt ‖ fields(details))

A field is its length in four bytes and then its bytes, the length −1 where there is none (as in PostgreSQL's
binary COPY): text in UTF-8, numbers in eight bytes, times in microseconds since 2000 (UTC), details as
PostgreSQL prints jsonb. The database computes the same in its trigger (audit/leaves.py).

Names and details stand in hashes of their own, each under 16 random bytes: what must not be told yet, or must
be erased one day, can be left out, and the leaf still proves the rest.
"""

import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from verifier.log.merkle import hash_leaf

HEADER = b"ecabinet trail v1\n"
NOTHING = b"\xff\xff\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SALT = 16  # bytes, for the names and for the details each

Field = str | int | bytes | memoryview | None

_length, _number_field = struct.Struct(">i").pack, struct.Struct(">iq").pack


@dataclass(frozen=True, slots=True)
class Entry:
    """Of what is withheld, only its hash is here."""

    id: int
    at: datetime
    action: str
    actor_id: int | None
    body_id: int | None
    target_type: str
    target_id: int
    case_type: str
    case_id: int
    sealed_until: datetime | None
    names_hash: bytes
    details_hash: bytes
    names: tuple[str, str] | None = None  # of the actor and of the object
    names_salt: bytes = b""
    details: str | None = None
    details_salt: bytes = b""

    @property
    def leaf(self) -> bytes:
        return hash_leaf(
            HEADER
            + pack(
                self.id,
                in_microseconds(self.at),
                self.action,
                self.actor_id,
                self.body_id,
                self.target_type,
                self.target_id,
                self.case_type,
                self.case_id,
                None if self.sealed_until is None else in_microseconds(self.sealed_until),
                self.names_hash,
                self.details_hash,
            )
        )

    def as_json(self) -> dict[str, Any]:
        """For files. Details stay the text that was hashed."""
        told: dict[str, Any] = {
            "id": self.id,
            "at": self.at.astimezone(UTC).isoformat(),
            "action": self.action,
            "actor_id": self.actor_id,
            "body_id": self.body_id,
            "target_type": self.target_type,
            "target_id": self.target_id,
            "case_type": self.case_type,
            "case_id": self.case_id,
            "sealed_until": self.sealed_until and self.sealed_until.astimezone(UTC).isoformat(),
        }
        if self.names is None:
            told["names_hash"] = self.names_hash.hex()
        else:
            told |= {"actor_name": self.names[0], "target_name": self.names[1]}
            told["names_salt"] = self.names_salt.hex()
        if self.details is None:
            told["details_hash"] = self.details_hash.hex()
        else:
            told |= {"details": self.details, "details_salt": self.details_salt.hex()}
        return told


def hash_names(salt: bytes, actor: str, target: str) -> bytes:
    return sha256(salt + pack(actor, target)).digest()


def hash_details(salt: bytes, details: str) -> bytes:
    return sha256(salt + pack(details)).digest()


def in_microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def pack(*fields: Field) -> bytes:
    return b"".join([_pack(field) for field in fields])


def _pack(field: Field) -> bytes:
    if field is None:
        return NOTHING
    if isinstance(field, int):
        return _number_field(8, field)
    content = field.encode() if isinstance(field, str) else field
    return _length(len(content)) + content


def hash_row(
    fields: tuple[Field, ...], salt: bytes, actor: str | None, target: str | None, details: str | None
) -> bytes:
    """The leaf of a row as it lies in the database, whatever became of it; `fields` up to `sealed_until`."""
    names_hash = sha256(salt[:SALT] + pack(actor, target)).digest()
    details_hash = sha256(salt[SALT:] + pack(details)).digest()
    return sha256(b"\0" + HEADER + pack(*fields, names_hash, details_hash)).digest()


def read_entry(told: dict[str, Any]) -> Entry:
    """An entry out of a file. ValueError with a sentence where it is not one."""
    try:
        return _read(told)
    except (KeyError, TypeError, AttributeError, OverflowError, UnicodeEncodeError) as error:
        raise ValueError(f"This is no entry of a trail: {type(error).__name__} {error}") from error


def _read(told: dict[str, Any]) -> Entry:
    names = details = None
    names_salt = details_salt = b""
    if "names_hash" in told:
        names_hash = _hash(told["names_hash"])
    else:
        names = (_text(told["actor_name"]), _text(told["target_name"]))
        names_salt = bytes.fromhex(told["names_salt"])
        names_hash = hash_names(names_salt, *names)
    if "details_hash" in told:
        details_hash = _hash(told["details_hash"])
    else:
        details, details_salt = _text(told["details"]), bytes.fromhex(told["details_salt"])
        json.loads(details)
        details_hash = hash_details(details_salt, details)
    return Entry(
        id=_number(told["id"]),
        at=_time(told["at"]),
        action=_text(told["action"]),
        actor_id=None if told["actor_id"] is None else _number(told["actor_id"]),
        body_id=None if told["body_id"] is None else _number(told["body_id"]),
        target_type=_text(told["target_type"]),
        target_id=_number(told["target_id"]),
        case_type=_text(told["case_type"]),
        case_id=_number(told["case_id"]),
        sealed_until=None if told["sealed_until"] is None else _time(told["sealed_until"]),
        names_hash=names_hash,
        details_hash=details_hash,
        names=names,
        names_salt=names_salt,
        details=details,
        details_salt=details_salt,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise TypeError(f"{value!r} is no whole number")
    return value


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise TypeError(f"{value!r} names no time zone")
    return moment


def _hash(value: Any) -> bytes:
    found = bytes.fromhex(_text(value))
    if len(found) != 32:
        raise TypeError(f"{value!r} is no SHA-256")
    return found
