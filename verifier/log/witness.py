"""A witness of the log: keeps the checkpoint it signed last, and signs a newer one only when nothing left.

It speaks to nobody. What it is asked comes in a file, in the form of C2SP tlog-witness: "old SIZE", the
hashes of the consistency proof, an empty line, the checkpoint. What it has signed goes out in a file.
"""

import os
from base64 import b64decode
from pathlib import Path

from verifier.log.checkpoints import (
    WITNESS,
    BadNote,
    Checkpoint,
    PublicKey,
    Signer,
    load_signer,
    make_key,
    read_checkpoint,
    verify_checkpoint,
)
from verifier.log.merkle import is_consistent

MOST_HASHES = 63


class Refused(Exception):
    """The witness does not sign; the text says why."""


def prepare(folder: Path, name: str) -> PublicKey:
    """The witness's key, made the first time; its public half."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "key.pem"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(make_key())
        (folder / "name").write_text(name)
    return read_signer(folder).public


def read_signer(folder: Path) -> Signer:
    return load_signer((folder / "key.pem").read_bytes(), (folder / "name").read_text(), WITNESS)


def read_known(folder: Path) -> Checkpoint | None:
    """The last checkpoint that was signed here."""
    file = folder / "checkpoint"
    return read_checkpoint(file.read_text()) if file.exists() else None


def cosign(folder: Path, request: str, log_key: PublicKey, at: int) -> str:
    """The checkpoint with the witness's signature; `Refused` when the log may not be the one known here."""
    old, proof, note = read_request(request)
    try:
        checkpoint = verify_checkpoint(note, log_key)
    except BadNote as error:
        raise Refused(str(error)) from error
    known = read_known(folder)
    if known is not None:
        _compare(known, checkpoint, old, proof)
    signed = note + read_signer(folder).sign(checkpoint.text, at)
    _keep(folder, signed)
    return signed


def read_request(request: str) -> tuple[int, list[bytes], str]:
    head, blank, note = request.partition("\n\n")
    word, *hashes = head.split("\n")
    if not blank or not word.startswith("old ") or not word[4:].isdecimal() or len(hashes) > MOST_HASHES:
        raise Refused("This is no request to a witness: “old SIZE”, hashes, an empty line and a checkpoint.")
    try:
        return int(word[4:]), [b64decode(one, validate=True) for one in hashes], note
    except ValueError as error:
        raise Refused("A hash of the proof is not readable.") from error


def _compare(known: Checkpoint, checkpoint: Checkpoint, old: int, proof: list[bytes]) -> None:
    if checkpoint.origin != known.origin:
        raise Refused(f"This is another log: {checkpoint.origin}, not {known.origin}.")
    if old != known.size:
        raise Refused(
            f"The proof must begin at {known.size} entries, which is what is known here; not at {old}."
        )
    if checkpoint.size < known.size:
        raise Refused(f"The log has become shorter: {checkpoint.size} entries, {known.size} were known.")
    if not is_consistent(known.size, known.root, checkpoint.size, checkpoint.root, proof):
        raise Refused(f"The proof does not hold: the first {known.size} entries are not what they were.")


def _keep(folder: Path, signed: str) -> None:
    """Before the signature leaves the house: whoever signs twice must know the first."""
    new = folder / "checkpoint.new"
    with new.open("w") as file:
        file.write(signed)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "checkpoint")
