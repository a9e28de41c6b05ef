"""The one who numbers the entries of the trail. Writers never wait for it, nor for each other.

Entries are taken when every transaction of this database that is older than theirs has ended: then nothing
can appear before them any more, and the order stays. `LogState.horizon` is how far the whole server has come:
below it no transaction is under way in any database or of any role, so nothing is looked for there again.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection, transaction

from audit.models import LogState, LogTile
from core import clock
from verifier.log.tiles import Growth

LEAVES_A_QUERY = 10_000
TILES_A_QUERY = 200

SERVER = """
    SELECT system_identifier, pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint
    FROM pg_control_system(), pg_current_snapshot() AS now, pg_stat_clear_snapshot()
"""
# After the snapshot: whoever was under way then, and is not here any more, can be seen by the next statement.
UNDER_WAY = """
    SELECT backend_xid::text::bigint FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL
    UNION ALL SELECT transaction::text::bigint FROM pg_prepared_xacts WHERE database = current_database()
"""
WRAP = 2**32  # what is under way is named by the lower half of its number
NUMBER = """
    INSERT INTO audit_logentry (index, event_id)
    SELECT %s + row_number() OVER (ORDER BY id) - 1, id FROM audit_auditevent AS event
    WHERE {of} AND NOT EXISTS (SELECT FROM audit_logentry WHERE event_id = event.id)
"""
LEAVES = """
    SELECT CASE WHEN length(leaf_hash) = 32 THEN leaf_hash ELSE sha256(leaf_hash) END
    FROM audit_logentry JOIN audit_auditevent ON audit_auditevent.id = event_id
    WHERE index >= %s AND index < %s ORDER BY index
"""


def extend_log() -> int:
    """Put into the log what has been committed; how many entries that were. One at a time."""
    with transaction.atomic():
        state = lock_log(wait=False)
        if state is None:
            return 0
        server = _look_around()
        number = _number_entries(state, server)
        growth = Growth(state.size, read_tile)
        _store(growth.extend(_read_leaves(state.size, state.size + number)))
        _store(growth.rest())
        state.size, state.cluster, state.horizon = growth.size, server.cluster, server.horizon
        state.extended_at = clock.now()
        state.save()
    return number


def lock_log(*, wait: bool) -> LogState | None:
    """How far the log goes; nobody else extends it or signs it until the transaction ends."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('audit.log'), 0)")
        if cursor.fetchone() == (False,):
            return None
    return LogState.objects.get_or_create(pk=1)[0]


def read_tile(level: int, place: int) -> bytes:
    found = LogTile.objects.filter(level=level, place=place).values_list("hashes", flat=True).first()
    return bytes(found or b"")


class Server(NamedTuple):
    cluster: int  # which one it is
    horizon: int  # no transaction before it is under way, anywhere on it
    oldest: int  # nor before this one in this database


def _look_around() -> Server:
    with connection.cursor() as cursor:
        cursor.execute(SERVER)
        cluster, horizon, newest = cursor.fetchone()[:3]
        cursor.execute(UNDER_WAY)
        running = [_whole_number(lower, newest) for (lower,) in cursor.fetchall()]
    return Server(cluster, horizon, min([newest, *running]))


def _whole_number(lower: int, newest: int) -> int:
    """The transaction nearest to the newest one that ends in these 32 bits."""
    half = WRAP // 2
    return newest + (lower - newest + half) % WRAP - half


def _number_entries(state: LogState, server: Server) -> int:
    """On another server, as after a restore, transactions have other numbers: then all that is new."""
    if server.cluster == state.cluster:
        of, values = "transaction >= %s AND transaction < %s", [state.horizon, server.oldest]
    else:
        of, values = "true", []
    with connection.cursor() as cursor:
        cursor.execute(NUMBER.format(of=of), [state.size, *values])
        return cursor.rowcount


def _read_leaves(begin: int, end: int) -> Iterator[bytes]:
    for start in range(begin, end, LEAVES_A_QUERY):
        with connection.cursor() as cursor:
            cursor.execute(LEAVES, [start, min(start + LEAVES_A_QUERY, end)])
            rows = cursor.fetchall()
        for (leaf,) in rows:
            yield bytes(leaf)


def _store(tiles: Iterator[tuple[int, int, bytes]]) -> None:
    rows: list[LogTile] = []
    for level, place, hashes in tiles:
        rows.append(LogTile(level=level, place=place, hashes=hashes))
        if len(rows) == TILES_A_QUERY:
            _save(rows)
            rows = []
    _save(rows)


def _save(rows: list[LogTile]) -> None:
    LogTile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["level", "place"], update_fields=["hashes"]
    )
