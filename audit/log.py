"""The log, read: where an entry stands in it, and the proof that it does."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from audit.models import Attestation, AuditEvent, Checkpoint, LogEntry, LogState, LogTile
from audit.sequencer import read_tile
from core import clock
from verifier.log.entries import SALT, Entry, hash_details, hash_names
from verifier.log.merkle import prove_inclusion
from verifier.log.tiles import WIDTH, Tiles

LATE = timedelta(minutes=15)


def newest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def prove(events: Iterable[AuditEvent], checkpoint: Checkpoint | None = None) -> list[dict[str, Any]]:
    """Each entry as it was hashed, its leaf, its index and the hashes that lead to the checkpoint's root.

    Without a checkpoint, the newest. An entry that is not under it yet (the log follows within a minute) has
    neither index nor proof. What is sealed still is told as its hash alone.
    """
    checkpoint = checkpoint or newest_checkpoint()
    size = checkpoint.size if checkpoint else 0
    wanted = [event.pk for event in events]
    indexes = dict(
        LogEntry.objects.filter(event_id__in=wanted, index__lt=size).values_list("event_id", "index")
    )
    tiles = _tiles_under(indexes.values())
    found = {event.pk: event for event in with_details_as_text().filter(pk__in=wanted)}
    proofs = []
    for pk in wanted:
        entry, index = entry_of(found[pk]), indexes.get(pk)
        path = [] if index is None else prove_inclusion(index, size, tiles.node)
        proofs.append(
            {
                "entry": entry.as_json(),
                "leaf": entry.leaf.hex(),
                "index": index,
                "size": size,
                "proof": [beside.hex() for beside in path],
            }
        )
    return proofs


def receipt(events: Iterable[AuditEvent]) -> dict[str, Any]:
    """Proofs with the checkpoint they lead to: all that `python -m verifier entry` needs besides the key."""
    checkpoint = newest_checkpoint()
    return {
        "type": "ecabinet trail receipt v1",
        "checkpoint": checkpoint.note if checkpoint else "",
        "timestamp": timestamp_of(checkpoint),
        "entries": prove(events, checkpoint),
    }


def count_waiting() -> int:
    """Entries that are written and not in the log yet."""
    state = LogState.objects.filter(pk=1).first()
    recent = AuditEvent.objects.filter(transaction__gte=state.horizon if state else 0)
    return recent.exclude(models.Exists(LogEntry.objects.filter(event_id=models.OuterRef("pk")))).count()


def is_late() -> bool:
    """The sequencer runs each minute; when it has not for so long, something is wrong."""
    state = LogState.objects.filter(pk=1).first()
    return state is not None and state.extended_at is not None and state.extended_at < clock.now() - LATE


def timestamp_of(checkpoint: Checkpoint | None) -> str:
    """The token of a timestamp authority over the checkpoint's note, in base64; empty where there is none."""
    stamp: Attestation | None = checkpoint.timestamp if checkpoint else None
    return b64encode(bytes(stamp.content)).decode() if stamp else ""


def with_details_as_text() -> models.QuerySet[AuditEvent]:
    return AuditEvent.objects.with_seals().annotate(details_text=Cast("details", models.TextField()))


def entry_of(event: Any) -> Entry:
    """For the verifier. The event comes from `with_details_as_text`."""
    salt = bytes(event.salt)
    names_salt, details_salt = salt[:SALT], salt[SALT:]
    return Entry(
        id=event.pk,
        at=event.at,
        action=event.action,
        actor_id=event.actor_id,
        body_id=event.body_id,
        target_type=event.target_type,
        target_id=event.target_id,
        case_type=event.case_type,
        case_id=event.case_id,
        sealed_until=event.sealed_until,
        names_hash=hash_names(names_salt, event.actor_name, event.target_name),
        details_hash=hash_details(details_salt, event.details_text),
        names=(event.actor_name, event.target_name),
        names_salt=names_salt,
        details=None if event.is_sealed else event.details_text,
        details_salt=b"" if event.is_sealed else details_salt,
    )


def _tiles_under(indexes: Iterable[int]) -> Tiles:
    """The stored tree, with the tiles over these leaves read at once."""
    places = {index // WIDTH for index in indexes}
    known = {
        (0, place): bytes(hashes)
        for place, hashes in LogTile.objects.filter(level=0, place__in=places).values_list("place", "hashes")
    }
    return Tiles(lambda level, place: known.get((level, place)) or read_tile(level, place))
