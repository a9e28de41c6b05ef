"""A receipt: entries of the trail with the proofs that they are in the log. Checked without the system."""

import hashlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verifier.log.checkpoints import BadNote, Checkpoint, PublicKey, read_checkpoint, verify_checkpoint
from verifier.log.entries import Entry, read_entry
from verifier.log.merkle import is_included

TYPE = "ecabinet trail receipt v1"


@dataclass(frozen=True)
class Proof:
    """What is found of one entry; `problem` is empty where it is in the log as it stands here."""

    entry: Entry
    index: int | None
    problem: str = ""


@dataclass(frozen=True)
class Receipt:
    checkpoint: Checkpoint
    is_signed: bool | None  # None: no key was given to compare with
    token: bytes
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        return self.is_signed is True and bool(self.proofs) and not any(one.problem for one in self.proofs)


def check_receipt(told: Any, *keys: PublicKey) -> Receipt:
    """ValueError where it is no receipt at all."""
    if not isinstance(told, dict) or told.get("type") != TYPE or not isinstance(told.get("entries"), list):
        raise ValueError("This is no receipt of a trail.")
    note = told.get("checkpoint")
    if not isinstance(note, str):
        raise ValueError("The receipt has no checkpoint.")
    checkpoint = read_checkpoint(note)
    token = told.get("timestamp")
    return Receipt(
        checkpoint,
        _is_signed(note, keys),
        b64decode(token, validate=True) if isinstance(token, str) else b"",
        tuple(_check_proofs(told["entries"], checkpoint)),
    )


def imprint(note: str) -> bytes:
    """What the timestamp over a checkpoint was asked for."""
    return hashlib.sha256(note.encode()).digest()


def _is_signed(note: str, keys: tuple[PublicKey, ...]) -> bool | None:
    if not keys:
        return None
    try:
        verify_checkpoint(note, *keys)
    except BadNote:
        return False
    return True


def _check_proofs(entries: list[Any], checkpoint: Checkpoint) -> Iterator[Proof]:
    for told in entries:
        if not isinstance(told, dict) or not isinstance(told.get("entry"), dict):
            raise ValueError("An entry of the receipt is not readable.")
        entry, index, path = read_entry(told["entry"]), told.get("index"), told.get("proof")
        if index is None:
            yield Proof(entry, None, "not in the log yet when this receipt was made")
        elif type(index) is not int or not isinstance(path, list) or told.get("size") != checkpoint.size:
            yield Proof(entry, None, "the proof is not readable")
        elif entry.leaf.hex() != told.get("leaf"):
            yield Proof(entry, index, "the entry is not the one that was written down")
        else:
            hashes = [bytes.fromhex(one) for one in path if isinstance(one, str)]
            holds = is_included(entry.leaf, index, checkpoint.size, hashes, checkpoint.root)
            yield Proof(
                entry, index, "" if holds else "the proof does not lead to the root of the checkpoint"
            )
