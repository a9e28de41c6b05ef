"""Checkpoints: how many entries the log had, and its root, as a note that is signed and can be printed.

The forms are those of C2SP: signed-note, tlog-checkpoint, and tlog-cosignature for witnesses, who put their
own signature under a checkpoint after they have checked that nothing left the log since their last one.
"""

import re
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

LOG, WITNESS = 1, 4  # kinds of Ed25519 signatures: over the note; over the note and a time
LONGEST = 100_000  # characters of a note
DASH = "— "


class BadNote(ValueError):
    """Not a checkpoint, or not signed by this key; the text says which."""


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class PublicKey:
    """Whose signatures are expected, as one line: `name+hash+key` ("vkey" of signed-note)."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.raw).decode()}"

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        name, _, rest = line.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            known = b64decode(encoded, validate=True)
        except ValueError:
            known = b""
        if not is_name(name) or len(known) != 33 or known[0] not in (LOG, WITNESS):
            raise BadNote("This is no public key of a log or a witness: name+hash+key is expected.")
        key = cls(name, known[0], known[1:])
        if key.id.hex() != key_id:
            raise BadNote("The public key does not fit its own short hash: it was mistyped.")
        return key


@dataclass(frozen=True)
class Signer:
    """A key that signs notes under a name."""

    name: str
    kind: int
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PublicKey(self.name, self.kind, raw)

    def sign(self, text: str, at: int = 0) -> str:
        """The line that goes under the note; `at` (seconds since 1970) is said by witnesses alone."""
        if self.kind == WITNESS:
            signature = struct.pack(">Q", at) + self.key.sign(_with_time(text, at))
        else:
            signature = self.key.sign(text.encode())
        return f"{DASH}{self.name} {b64encode(self.public.id + signature).decode()}\n"


def make_key() -> bytes:
    """A new private key, as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_signer(pem: bytes, name: str, kind: int = LOG) -> Signer:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadNote("The key of the log must be an Ed25519 key.")
    if not is_name(name):
        raise BadNote("The name of a log has neither blanks nor plus signs.")
    return Signer(name, kind, key)


def is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The whole note."""
    return f"{checkpoint.text}\n{signer.sign(checkpoint.text)}"


def read_checkpoint(note: str) -> Checkpoint:
    """What the note says. Says nothing about its signatures."""
    return _parse(split_note(note)[0])


def verify_checkpoint(note: str, *keys: PublicKey) -> Checkpoint:
    """What the note says, signed by one of these keys."""
    text, _ = split_note(note)
    checkpoint = _parse(text)
    if not any(list_signatures(note, key) for key in keys if key.name == checkpoint.origin):
        raise BadNote("The checkpoint is not signed with the key of this log.")
    return checkpoint


def list_signatures(note: str, key: PublicKey) -> list[int]:
    """The times at which this key has signed, by its own clock; 0 where it tells no time."""
    text, lines = split_note(note)
    found = []
    for line in lines:
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        try:
            blob = b64decode(encoded, validate=True)
        except ValueError:
            continue
        if name == key.name and blob[:4] == key.id and (moment := _holds(text, key, blob[4:])) is not None:
            found.append(moment)
    return found


def split_note(note: str) -> tuple[str, list[str]]:
    """The text and the lines of signatures under it."""
    if len(note) > LONGEST:
        raise BadNote("This is too long for a checkpoint.")
    text, blank, below = note.rpartition("\n\n")
    lines = below.removesuffix("\n").split("\n")
    if not blank or not below.endswith("\n") or not all(line.startswith(DASH) for line in lines):
        raise BadNote("This is no checkpoint: a text, an empty line and signatures are expected.")
    return text + "\n", lines


def split_notes(text: str) -> list[str]:
    """All checkpoints out of a text that may hold several and other words between them, as a mail does."""
    body = r"[^\s+]+\n(?:0|[1-9][0-9]{0,17})\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n(?:— [^\n]+\n)+"
    return re.findall(rf"^{body}", text.replace("\r\n", "\n").rstrip("\n") + "\n", re.M)


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]) or not lines[0]:
        raise BadNote("This is no checkpoint: name, size and root are expected.")
    try:
        root = b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    if len(root) != 32:
        raise BadNote("The root in the checkpoint is no SHA-256.")
    return Checkpoint(lines[0], int(lines[1]), root)


def _holds(text: str, key: PublicKey, signature: bytes) -> int | None:
    moment, signed = 0, text.encode()
    if key.kind == WITNESS:
        if len(signature) != 72:
            return None
        (moment,) = struct.unpack(">Q", signature[:8])
        signature, signed = signature[8:], _with_time(text, moment)
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, signed)
    except InvalidSignature:
        return None
    return moment


def _with_time(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
