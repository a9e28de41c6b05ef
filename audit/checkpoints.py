"""Checkpoints of the log: made, copied out of the house, and given to witnesses."""

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from audit.models import Attestation, Checkpoint
from audit.sequencer import lock_log, read_tile
from core import clock
from verifier.log.checkpoints import (
    BadNote,
    PublicKey,
    Signer,
    list_signatures,
    load_signer,
    make_key,
    read_checkpoint,
    sign_checkpoint,
)
from verifier.log.checkpoints import Checkpoint as Note
from verifier.log.merkle import prove_consistency
from verifier.log.tiles import Tiles

NOTES, LEAVES = "checkpoints.txt", "leaves.txt"  # in the witness folder, append-only
LEAVES_A_QUERY = 10_000


class LogBroken(Exception):
    """The stored log contradicts what it signed: nothing more is signed until somebody has looked."""


def origin() -> str:
    """The name of this log, in its checkpoints and its key."""
    return settings.AUDIT_ORIGIN or f"{urlsplit(settings.SITE_URL).hostname}/trail"


def read_signer() -> Signer | None:
    """Only workers and commands sign; none where no key was set up."""
    file = Path(settings.AUDIT_KEY_FILE)
    return load_signer(file.read_bytes(), origin()) if settings.AUDIT_KEY_FILE and file.exists() else None


def create_key() -> bool:
    """Once: the key of the log, readable by its owner alone, and beside it the public half."""
    file = Path(settings.AUDIT_KEY_FILE)
    if file.exists():
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(make_key())
    return True


def known_keys() -> list[PublicKey]:
    """Whose checkpoints are this log's own: its key, and those it had before."""
    signer = read_signer()
    former = [PublicKey.parse(line) for line in settings.AUDIT_FORMER_KEYS]
    return [*([signer.public] if signer else []), *former]


def make_checkpoint(*, is_decision: bool = False) -> Checkpoint | None:
    """Sign how far the log goes, if it has grown; never what contradicts the last checkpoint."""
    signer = read_signer()
    if signer is None:
        return None
    with transaction.atomic():
        state = lock_log(wait=True)
        assert state is not None
        newest = Checkpoint.objects.order_by("-size").first()
        if state.size == (newest.size if newest else 0):
            return None
        tiles = Tiles(read_tile)
        if newest and (newest.size > state.size or tiles.frontier(newest.size).root != bytes(newest.root)):
            raise LogBroken(f"The log is not the one that was signed with {newest.size} entries.")
        root = tiles.frontier(state.size).root
        note = sign_checkpoint(Note(signer.name, state.size, root), signer)
        return Checkpoint.objects.create(size=state.size, root=root, note=note, is_decision=is_decision)


def copy_outside(checkpoint: Checkpoint) -> bool:
    """Put the checkpoint, and the leaves it covers, at the end of the files in the witness folder.

    The leaves are hashes and tell nothing; with them an altered entry can be named even when everything in
    the database was made to fit. What stands there already is never written again.
    """
    if not settings.AUDIT_WITNESS_DIR:
        return False
    with transaction.atomic():
        return _is_only_copier() and _copy(checkpoint, Path(settings.AUDIT_WITNESS_DIR))


def _is_only_copier() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('audit.copy'), 0)")
        return bool(cursor.fetchone()[0])


def _copy(checkpoint: Checkpoint, folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    known = _count_lines(folder / LEAVES)
    if known > checkpoint.size:
        raise LogBroken(f"The folder {folder} holds {known} entries, the log {checkpoint.size}.")
    with (folder / LEAVES).open("a") as leaves:
        for index, event_id, leaf in read_numbered_leaves(known, checkpoint.size):
            leaves.write(f"{index} {event_id} {leaf.hex()}\n")
        leaves.flush()
        os.fsync(leaves.fileno())
    with (folder / NOTES).open("a") as notes:
        notes.write(f"{checkpoint.note}\n")
        notes.flush()
        os.fsync(notes.fileno())
    attest(checkpoint, Attestation.Kind.FOLDER, str(folder))
    return True


def read_numbered_leaves(begin: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    """(index, entry, leaf) as the log has them, whatever became of the entries."""
    for start in range(begin, end, LEAVES_A_QUERY):
        tiles = Tiles(read_tile)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT index, event_id FROM audit_logentry WHERE index >= %s AND index < %s ORDER BY index",
                [start, min(start + LEAVES_A_QUERY, end)],
            )
            rows = cursor.fetchall()
        for index, event_id in rows:
            yield index, event_id, tiles.node(0, index)


def attest(checkpoint: Checkpoint, kind: str, who: str, content: bytes = b"") -> Attestation:
    return Attestation.objects.create(
        checkpoint=checkpoint, kind=kind, who=who[:300], content=content, made_at=clock.now()
    )


def write_request(checkpoint: Checkpoint, known: int) -> str:
    """What a witness is sent who knows the log with so many entries (C2SP tlog-witness, add-checkpoint)."""
    proof = prove_consistency(known, checkpoint.size, Tiles(read_tile).node) if known else []
    lines = "".join(f"{b64encode(one).decode()}\n" for one in proof)
    return f"old {known}\n{lines}\n{checkpoint.note}"


def take_cosignature(note: str) -> list[Attestation]:
    """The signatures of witnesses that we know, under one of our checkpoints; kept once each."""
    checkpoint = Checkpoint.objects.filter(size=read_checkpoint(note).size).first()
    if checkpoint is None or not note.startswith(read_checkpoint(checkpoint.note).text):
        raise BadNote("This is none of the checkpoints of this log.")
    taken = []
    for line in settings.AUDIT_WITNESSES:
        witness = PublicKey.parse(line)
        is_new = not checkpoint.attestations.filter(kind=Attestation.Kind.WITNESS, who=witness.name).exists()
        if list_signatures(note, witness) and is_new:
            taken.append(attest(checkpoint, Attestation.Kind.WITNESS, witness.name, note.encode()))
    return taken


def _count_lines(file: Path) -> int:
    """How many whole lines; a line that a crash cut short is taken away."""
    if not file.exists():
        return 0
    with file.open("r+b") as opened:
        end = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, end - 400))
        tail = opened.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        if len(whole) < len(tail):
            opened.truncate(end - len(tail) + len(whole))
        last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    return int(last.split()[0]) + 1 if last else 0
