"""The trail with its log against the bare table: writers, the sequencer, proofs, and the whole check.

    ./run bench trail [ENTRIES [SECONDS]]

Writers commit one entry of some 300 bytes each, over connections of their own, as fast as they can: into
the table alone, with the leaf computed by its trigger, and with the sequencer running beside. Then so many
entries are numbered, proved one by one, and checked from end to end (`verify_audit`): by the processor time
of both sides, which other work on the machine hardly changes. For writers the wall decides.
"""

import os
import random
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from search import make_clock  # beside this file

TABLES = (
    "audit_auditevent, audit_logentry, audit_logtile, audit_logstate, audit_checkpoint, audit_attestation"
)
COLUMNS = (
    "at, action, actor_id, actor_name, body_id, target_type, target_id, target_name,"
    " case_type, case_id, details"
)
DETAILS = '{"question": "Đồng ý với dự thảo Nghị quyết?", "position": "agree", "receipt": "7F3A-91C2-55D0"}'
ROW = (
    "now(), 'opinions.answer_slip', 7, 'Nguyễn Hữu Đức', 1, 'opinions.slip', i, 'Phiếu lấy ý kiến dự thảo', "
    f"'opinions.request', i / 25, '{DETAILS}'"
)
PLAIN = "bench_trail"
ROUNDS = 7


@contextmanager
def empty_trail() -> Iterator[None]:
    """Before and after; never where people work."""
    from people.models import User

    if User.objects.exclude(email__endswith="@example.vn").exists():
        raise SystemExit(
            "People work in this database: the benchmark empties the trail of the one it is given."
        )
    _empty()
    execute(f"DROP TABLE IF EXISTS {PLAIN}", f"CREATE TABLE {PLAIN} (LIKE audit_auditevent INCLUDING ALL)")
    try:
        yield
    finally:
        _empty()
        execute(f"DROP TABLE {PLAIN}")


def _empty() -> None:
    own = [f"ALTER TABLE {table} {{}} TRIGGER USER" for table in TABLES.split(", ")]
    execute(
        *(one.format("DISABLE") for one in own),
        f"TRUNCATE {TABLES}",
        *(one.format("ENABLE") for one in own),
    )


def execute(*statements: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def write(table: str, clients: int, seconds: float) -> float:
    """Transactions a second."""
    import psycopg2
    from django.db import connection

    options = connection.get_connection_params()
    options.pop("cursor_factory", None)
    statement = f"INSERT INTO {table} ({COLUMNS}) SELECT {ROW} FROM generate_series(1, 1) AS i"
    counts, end = [0] * clients, time.perf_counter() + seconds

    def work(number: int) -> None:
        own: Any = psycopg2.connect(**options)
        with own, own.cursor() as cursor:
            while time.perf_counter() < end:
                cursor.execute(statement)
                own.commit()
                counts[number] += 1
        own.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(clients)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)


def write_with_log(clients: int, seconds: float) -> float:
    """The same while the sequencer runs all the time."""
    from django.db import connections

    from audit.sequencer import extend_log

    stop = threading.Event()

    def sequence() -> None:
        while not stop.wait(0.2):
            extend_log()
        connections.close_all()

    beside = threading.Thread(target=sequence)
    beside.start()
    rate = write("audit_auditevent", clients, seconds)
    stop.set()
    beside.join()
    return rate


def measure_writers(seconds: float) -> None:
    """In turns, so that each has the same share of what else the machine does; the middle of all rounds."""
    print(
        f"{'commits/s':<12}{'table alone':>14}{'with leaf':>14}{'share':>8}{'and sequencer':>16}{'share':>8}"
    )
    for clients in (1, 8):
        rounds = [
            (
                write(PLAIN, clients, seconds / ROUNDS),
                write("audit_auditevent", clients, seconds / ROUNDS),
                write_with_log(clients, seconds / ROUNDS),
            )
            for _ in range(ROUNDS)
        ]
        plain, leaf, log = map(statistics.median, zip(*rounds, strict=True))
        name = f"{clients} client" + ("s" if clients > 1 else "")
        print(f"{name:<12}{plain:>14,.0f}{leaf:>14,.0f}{leaf / plain:>8.0%}{log:>16,.0f}{log / plain:>8.0%}")


def measure_log(number: int) -> None:
    from audit import log
    from audit.inspection import inspect
    from audit.models import AuditEvent, Checkpoint, LogState
    from audit.sequencer import extend_log, read_tile
    from verifier.log.merkle import Frontier, is_included
    from verifier.log.tiles import Tiles

    _empty()
    execute(
        f"INSERT INTO audit_auditevent ({COLUMNS}) SELECT {ROW} FROM generate_series(1, {number}) AS i",
        "ANALYZE audit_auditevent",
    )
    clock = make_clock()
    begin = clock()
    taken = extend_log()
    spent = clock() - begin
    frontier, leaf = Frontier(), bytes(32)
    begin = time.process_time()
    for _ in range(100_000):
        frontier.append(leaf)
    bare = (time.process_time() - begin) / 100_000
    print(f"sequencer: {taken / spent:,.0f} leaves/s; the tree alone {bare * 1e6:.2f} µs a leaf")
    size = LogState.objects.get().size
    root = Tiles(read_tile).frontier(size).root
    checkpoint = Checkpoint.objects.create(size=size, root=root, note="bench")
    execute("ANALYZE")
    dice = random.Random(7)
    first = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)[0]
    chosen = [AuditEvent.objects.get(pk=first + dice.randrange(number)) for _ in range(200)]
    begin = clock()
    proofs = [log.prove([event], checkpoint)[0] for event in chosen]
    each = (clock() - begin) / len(chosen)
    longest = max(len(proof["proof"]) for proof in proofs)
    for proof in proofs:
        hashes = [bytes.fromhex(one) for one in proof["proof"]]
        assert is_included(bytes.fromhex(proof["leaf"]), proof["index"], size, hashes, root)
    print(f"proof of one entry of {size:,}: {each * 1000:.1f} ms, {longest} hashes")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = clock()
    result = inspect([])
    spent = clock() - begin
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    whole = [finding for finding in result.findings if finding.kind != "checkpoint"]  # it is not a real note
    assert whole == [] and result.root == root, result.findings[:3]
    print(f"verify_audit: {result.size / spent:,.0f} entries/s, {grown / 1024:.0f} MB more than before")


def main(number: int = 200_000, seconds: int = 10) -> None:
    django.setup()
    with empty_trail():
        print(f"{number:,} entries; {os.cpu_count()} processors")
        measure_writers(seconds)
        measure_log(number)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
