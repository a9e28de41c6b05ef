"""The log over the trail: nobody waits for it, nothing is lost, and each entry can be proved."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from audit import log, sequencer, trail
from audit.models import AuditEvent, Checkpoint, LogEntry, LogState, LogTile
from core import clock
from tests.audit.logbook import take_all
from verifier.log import entries, merkle

pytestmark = pytest.mark.django_db


def record(cast, number=1, **details):
    return [
        trail.record("people.correct_user", by=cast.administrator, on=cast.minister, **details)
        for _ in range(number)
    ]


ODD = {
    "text": 'Đồng ý "với" \\ \n\t\r\b\f \x01\x1f\x7f \u2028 é e\u0301 😀',
    "numbers": [0, -1, 2**53, 1.5, 1e300, 1e-7, 12345678901234567890],
    "z": None,
    "a": True,
    "bb": {"β": [], "đ": {}, "": ""},
}


@pytest.mark.parametrize("details", [{}, ODD, {"comment": "x" * 70_000}], ids=["none", "odd", "long"])
def test_the_database_and_the_verifier_compute_the_same_leaf(cast, details):
    (event,) = record(cast, **details)
    sealed = trail.record(
        "opinions.answer_slip",
        by=cast.minister,
        on=cast.minister,
        sealed_until=clock.now() + timedelta(microseconds=1),
    )
    for pk in (event.pk, sealed.pk):
        stored = log.with_details_as_text().get(pk=pk)
        assert log.entry_of(stored).leaf == bytes(stored.leaf_hash)
        assert entries.read_entry(log.entry_of(stored).as_json()).leaf == bytes(stored.leaf_hash)


def test_the_leaf_is_the_triggers_whatever_is_given(cast):
    (event,) = record(cast)
    forged = AuditEvent.objects.create(
        action="a", target_id=1, case_id=1, salt=b"x" * 32, leaf_hash=b"y" * 32, transaction=1
    )
    forged = log.with_details_as_text().get(pk=forged.pk)

    assert bytes(forged.salt) != b"x" * 32
    assert bytes(forged.leaf_hash) == log.entry_of(forged).leaf
    assert forged.transaction == log.with_details_as_text().get(pk=event.pk).transaction > 1


def test_two_equal_deeds_have_different_leaves(cast):
    first, second = record(cast, 2)
    assert bytes(first.salt) != bytes(second.salt)
    assert len(bytes(first.salt)) == len(bytes(first.leaf_hash)) == 32


def test_a_sealed_answer_is_proved_without_being_told(cast):
    sealed = trail.record(
        "opinions.answer_slip",
        by=cast.minister,
        on=cast.minister,
        sealed_until=clock.now() + timedelta(hours=1),
        position="disagree",
    )
    stored = log.with_details_as_text().get(pk=sealed.pk)
    told = log.entry_of(stored).as_json()

    assert "disagree" not in str(told) and bytes(stored.salt)[16:].hex() not in str(told)
    assert entries.read_entry(told).leaf == bytes(stored.leaf_hash)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert "disagree" in str(log.entry_of(stored).as_json())


def test_entries_are_numbered_in_their_order_and_the_tree_is_that_of_the_rfc(cast):
    events = record(cast, 300)
    take_all()
    more = record(cast, 5)
    assert take_all() == 5

    pks = [event.pk for event in AuditEvent.objects.order_by("pk")]
    assert pks[-305:] == [event.pk for event in events + more]
    assert list(LogEntry.objects.order_by("index").values_list("index", "event_id")) == [*enumerate(pks)]
    frontier = merkle.Frontier()
    for event in AuditEvent.objects.order_by("pk"):
        frontier.append(bytes(event.leaf_hash))
    assert LogState.objects.get().size == frontier.size == len(pks)
    assert log.Tiles(sequencer.read_tile).frontier(len(pks)).root == frontier.root
    assert LogTile.objects.filter(level=0).count() == 2


def test_every_entry_is_proved_in_few_queries(cast, django_assert_max_num_queries):
    events = record(cast, 400)
    take_all()
    size = LogState.objects.get().size
    root = log.Tiles(sequencer.read_tile).frontier(size).root
    checkpoint = Checkpoint.objects.create(size=size, root=root, note="")
    late = record(cast)

    with django_assert_max_num_queries(8):
        proofs = log.prove(events + late)

    for event, proof in zip(events, proofs, strict=False):
        leaf, path = bytes.fromhex(proof["leaf"]), [bytes.fromhex(one) for one in proof["proof"]]
        assert leaf == bytes(event.leaf_hash) == entries.read_entry(proof["entry"]).leaf
        assert merkle.is_included(leaf, proof["index"], proof["size"], path, root)
    assert (proofs[-1]["index"], proofs[-1]["proof"]) == (None, [])
    assert log.newest_checkpoint() == checkpoint


# Many writers at once


@pytest.mark.django_db(transaction=True)
def test_transactions_that_commit_in_the_wrong_order_are_neither_lost_nor_reordered():
    """The first to write commits last: the log waits for it, and takes it first."""
    begun, wrote, end = threading.Event(), threading.Event(), threading.Event()

    def write(name):
        return AuditEvent.objects.create(action=name, target_id=1, case_id=1).pk

    def write_slowly():
        with transaction.atomic():
            write("slow")
            begun.set()
            end.wait(20)
        connections.close_all()

    def write_quickly():
        begun.wait(20)
        write("quick")
        wrote.set()
        connections.close_all()

    assert sequencer.extend_log() == AuditEvent.objects.count()  # what migrations and other tests left
    before = LogState.objects.get().size
    threads = [threading.Thread(target=one) for one in (write_slowly, write_quickly)]
    for thread in threads:
        thread.start()
    wrote.wait(20)
    assert [event.action for event in AuditEvent.objects.order_by("-pk")[:1]] == ["quick"]

    assert sequencer.extend_log() == 0  # the quick one is there, and has to wait
    end.set()
    for thread in threads:
        thread.join(20)
    write("after")

    assert sequencer.extend_log() == 3
    numbered = LogEntry.objects.filter(index__gte=before).order_by("index")
    names = dict(AuditEvent.objects.values_list("pk", "action"))
    assert [names[entry.event_id] for entry in numbered] == ["slow", "quick", "after"]
    assert sequencer.extend_log() == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_many_write_and_several_sequence():
    stop = threading.Event()

    def write(worker):
        for number in range(40):
            with transaction.atomic():
                for _ in range(number % 3 + 1):
                    AuditEvent.objects.create(action=f"w{worker}", target_id=number, case_id=1)
                if number % 7 == 0:
                    transaction.set_rollback(True)
        connections.close_all()

    def sequence():
        while not stop.is_set():
            sequencer.extend_log()
        connections.close_all()

    writers = [threading.Thread(target=write, args=[worker]) for worker in range(4)]
    others = [threading.Thread(target=sequence) for _ in range(2)]
    for thread in writers + others:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in others:
        thread.join(60)
    sequencer.extend_log()

    pks = set(AuditEvent.objects.values_list("pk", flat=True))
    numbered = list(LogEntry.objects.order_by("index").values_list("index", "event_id"))
    assert [index for index, _ in numbered] == list(range(len(pks)))
    assert {pk for _, pk in numbered} == pks
    order = {pk: index for index, pk in numbered}
    for worker in range(4):  # what one connection wrote one after another stands so
        written = AuditEvent.objects.filter(action=f"w{worker}").order_by("pk").values_list("pk", flat=True)
        assert [order[pk] for pk in written] == sorted(order[pk] for pk in written)
    leaves = dict(AuditEvent.objects.values_list("pk", "leaf_hash"))
    frontier = merkle.Frontier()
    for _, pk in numbered:
        frontier.append(bytes(leaves[pk]))
    assert log.Tiles(sequencer.read_tile).frontier(len(pks)).root == frontier.root


def test_a_restored_database_goes_on_where_its_log_ended(cast):
    """On another server transactions have other numbers, smaller or larger; nothing may be left out."""
    record(cast, 3)
    take_all()
    left = record(cast, 2)
    LogState.objects.update(horizon=2**60, cluster=1)

    assert sequencer.extend_log() == 2
    assert LogState.objects.get().horizon < 2**60
    assert {event.pk for event in left} == set(
        LogEntry.objects.order_by("-index").values_list("event_id", flat=True)[:2]
    )


def test_numbers_of_transactions_are_whole_again():
    """PostgreSQL names those under way by 32 bits; they wrap around after four thousand million."""
    for newest in (5, 2**31, 2**32 - 1, 2**32, 2**32 + 7, 5 * 2**32 + 3):
        for number in {newest, newest - 1, newest + 1, max(0, newest - 2**30), newest + 2**30}:
            assert sequencer._whole_number(number % 2**32, newest) == number


def test_writers_share_no_lock(cast):
    """While the sequencer holds the log, a deed is written down at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.log'), 0)")
        cursor.execute("SET LOCAL lock_timeout = 10")
    record(cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation::regclass::text, mode FROM pg_locks WHERE pid = pg_backend_pid() "
            "AND mode <> 'AccessShareLock' AND relation::regclass::text LIKE 'audit_%'"
        )
        assert {mode for _, mode in cursor.fetchall()} == {"RowExclusiveLock"}
