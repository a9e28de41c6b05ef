"""The malicious owner of the database: whatever is done to the trail behind the system's back has a name."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit import checkpoints, log, tasks, trail
from audit.inspection import Against, inspect
from audit.leaves import leaf_of
from audit.models import AuditEvent, Checkpoint, LogEntry, LogState, LogTile
from core import clock
from tests.audit.logbook import own, take_all
from verifier.log.checkpoints import Checkpoint as Note
from verifier.log.checkpoints import load_signer, make_key, sign_checkpoint
from verifier.log.tiles import Growth

pytestmark = pytest.mark.django_db
ENTRIES = 300  # more than one tile


@pytest.fixture
def kept(cast, settings, tmp_path):
    """A log of 300 entries with two checkpoints, copied outside."""
    settings.AUDIT_KEY_FILE = str(tmp_path / "audit.pem")
    settings.AUDIT_ORIGIN = "cabinet.test/trail"
    settings.AUDIT_WITNESS_DIR = str(tmp_path / "witness")
    checkpoints.create_key()
    for number in (100, ENTRIES - 100):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_auditevent (at, action, actor_id, actor_name, target_type, target_id,"
                " target_name, case_type, case_id, details)"
                " SELECT now() - i * interval '1 minute', 'opinions.answer_slip', i,"
                " 'Nguyễn Văn ' || i, 'opinions.slip', i, 'Phiếu', 'opinions.request', 1,"
                " jsonb_build_object('position', 'agree') FROM generate_series(1, %s) AS i",
                [number],
            )
        take_all()
        tasks.keep_log()
    LogState.objects.update(horizon=2**60)  # as when this transaction had ended
    return Against.read(Path(settings.AUDIT_WITNESS_DIR))


def pk_at(index):
    return LogEntry.objects.get(index=index).event_id


def fit_leaf(pk):
    return f"UPDATE audit_auditevent AS e SET leaf_hash = {leaf_of('e')} WHERE id = {pk}"


def alter(index):
    return f'UPDATE audit_auditevent SET details = \'{{"position": "disagree"}}\' WHERE id = {pk_at(index)}'


def renumber(*order):
    """The log with these events, in this order, from 0 on."""
    values = ", ".join(f"({index}, {pk})" for index, pk in enumerate(order))
    return "DELETE FROM audit_logentry", f"INSERT INTO audit_logentry (index, event_id) VALUES {values}"


def rebuild():
    """The whole tree anew over the rows as they are, with checkpoints under a key of one's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf_hash FROM audit_logentry JOIN audit_auditevent e ON e.id = event_id ORDER BY index"
        )
        leaves = [bytes(leaf) for (leaf,) in cursor.fetchall()]
    LogTile.objects.all().delete()
    growth = Growth(0, lambda level, place: b"")
    tiles = [*growth.extend(leaves), *growth.rest()]
    LogTile.objects.bulk_create(LogTile(level=level, place=place, hashes=h) for level, place, h in tiles)
    LogState.objects.update(size=len(leaves))
    own("DELETE FROM audit_attestation", "DELETE FROM audit_checkpoint")
    signer = load_signer(make_key(), "cabinet.test/trail")
    root = log.Tiles(lambda level, place: bytes(LogTile.objects.get(level=level, place=place).hashes))
    note = Note(signer.name, len(leaves), root.frontier(len(leaves)).root)
    Checkpoint.objects.create(size=note.size, root=note.root, note=sign_checkpoint(note, signer))


def found(*against):
    result = inspect(checkpoints.known_keys(), against)
    return result, [(one.kind, one.index, one.event_id) for one in result.findings]


def entries_of(named):
    return [one for one in named if one[0] not in ("checkpoint", "hashes")]


def test_what_was_not_touched_is_whole(kept, cast):
    for against in ((), (kept,)):
        result, named = found(*against)
        assert named == []
        assert (result.size, result.checkpoints, result.outside) == (ENTRIES, 2, 2 if against else 0)
        assert result.root == bytes(log.newest_checkpoint().root)


def test_what_is_not_in_the_log_yet_is_no_finding(kept, cast):
    LogState.objects.update(horizon=0)
    trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    result, named = found(kept)

    assert named == []
    assert result.pending >= 1


# Each deed, and then again with everything in the database made to fit it. `against` a copy outside, both
# have the same name; without one the first has it too.


def deeds():
    """What is done, and how it is named."""
    yield "alter", lambda: own(alter(7)), lambda: [("altered", 7, pk_at(7))]
    yield "alter and fit", lambda: own(alter(7), fit_leaf(pk_at(7))), lambda: [("altered", 7, pk_at(7))]
    yield (
        "change the actor and the time of two",
        lambda: own(
            f"UPDATE audit_auditevent SET actor_id = 3, actor_name = 'Ai đó' WHERE id = {pk_at(0)}",
            f"UPDATE audit_auditevent SET at = 'infinity' WHERE id = {pk_at(299)}",
            fit_leaf(pk_at(0)),
        ),
        lambda: [("altered", 0, pk_at(0)), ("altered", 299, pk_at(299))],
    )


@pytest.mark.parametrize(("deed", "names"), [d[1:] for d in deeds()], ids=[d[0] for d in deeds()])
def test_an_altered_entry_is_named(kept, deed, names):
    deed()
    assert found()[1] == names()
    assert found(kept)[1] == names()


def test_an_altered_entry_is_named_when_all_hashes_were_made_to_fit(kept):
    own(alter(7), fit_leaf(pk_at(7)))
    rebuild()
    result, named = found(kept)

    assert ("altered", 7, pk_at(7)) in named and len(entries_of(named)) == 1
    words = " ".join(finding.what for finding in result.findings)
    assert "không được ký bằng khóa" in words  # the forged checkpoint
    assert "không còn trong cơ sở dữ liệu" in words  # those that were taken out
    assert "từ mục 0 đến mục 99" in words  # the root outside


def test_without_a_copy_of_the_leaves_the_checkpoints_say_where(kept, tmp_path):
    """A mail with checkpoints is enough to know that, and between which entries."""
    mail = tmp_path / "mail.eml"
    mail.write_text("Kính gửi\n\n" + "\n\n".join(kept.notes))
    own(alter(150), fit_leaf(pk_at(150)))
    rebuild()
    result, named = found(Against.read(mail))

    assert entries_of(named) == []
    assert any("từ mục 100 đến mục 299" in finding.what for finding in result.findings)


@pytest.mark.parametrize("is_fitted", [False, True], ids=["plain", "fitted"])
@pytest.mark.parametrize("index", [0, 150, 299], ids=["first", "middle", "last"])
def test_a_removed_entry_is_named(kept, index, is_fitted):
    pks = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    gone = pks.pop(index)
    if is_fitted:
        own(f"DELETE FROM audit_auditevent WHERE id = {gone}", *renumber(*pks))
        rebuild()
    else:
        own(f"DELETE FROM audit_auditevent WHERE id = {gone}")
        assert entries_of(found()[1]) == [("removed", index, gone)]

    assert entries_of(found(kept)[1]) == [("removed", index, gone)]


def test_what_came_after_the_copy_is_compared_with_the_tree(kept, cast):
    """The copy is a minute old: one entry that it knows is gone, one that it does not know was altered."""
    for _ in range(3):
        trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    take_all()
    assert found(kept)[1] == []
    LogState.objects.update(horizon=2**60)
    pks = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    own(alter(301), fit_leaf(pks[301]), f"DELETE FROM audit_auditevent WHERE id IN ({pks[20]}, {pks[302]})")
    named = [("removed", 20, pks[20]), ("altered", 301, pks[301]), ("removed", 302, pks[302])]
    assert entries_of(found(kept)[1]) == named
    own(f"DELETE FROM audit_logentry WHERE event_id = {pks[302]}")
    assert entries_of(found(kept)[1]) == [*named[:2], ("removed", 302, None)]


def test_many_removed_entries_are_named_and_the_log_is_too_short(kept):
    pks = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    own(f"DELETE FROM audit_auditevent WHERE id IN {tuple(pks[120:])}", *renumber(*pks[:120]))
    rebuild()
    result, named = found(kept)

    assert entries_of(named) == [("removed", index, pks[index]) for index in range(120, 300)]
    assert any("chỉ còn 120 mục" in finding.what for finding in result.findings)


@pytest.mark.parametrize("is_fitted", [False, True], ids=["plain", "fitted"])
def test_an_inserted_entry_is_named(kept, is_fitted):
    pks = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    new = pks[-1] + 1000
    insert = (
        "INSERT INTO audit_auditevent (id, at, action, actor_name, target_type, target_id, target_name,"
        f" case_type, case_id, details, salt, transaction) VALUES ({new}, now(), 'opinions.answer_slip',"
        " 'Ma', 't', 1, 'P', 'c', 1, '{}', '\\x00', 1)"
    )
    own(insert, fit_leaf(new))
    if is_fitted:
        own(*renumber(*pks[:50], new, *pks[50:]))
        rebuild()
        assert entries_of(found(kept)[1]) == [("inserted", 50, new)]
    else:
        assert found()[1] == found(kept)[1] == [("unlogged", None, new)]


@pytest.mark.parametrize("number", [2**62, 2**40], ids=["beyond all", "beyond this server"])
def test_an_entry_of_a_transaction_to_come_is_named(kept, number):
    """The sequencer would never come to it: it would wait for ever, and be read as if it were in the log."""
    LogState.objects.update(horizon=5)
    new = put_in(number)
    assert found()[1] == found(kept)[1] == [("unlogged", None, new)]


def test_an_entry_that_waits_for_too_long_is_named(kept):
    LogState.objects.update(horizon=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (own_number,) = cursor.fetchone()
    put_in(own_number)
    new = put_in(own_number, "now() - interval '16 minutes'")
    result, named = found(kept)
    assert named == [("unlogged", None, new)]
    assert "15 phút" in result.findings[0].what
    LogState.objects.update(cluster=0)  # a restored copy, before its sequencer has run
    assert found(kept)[1] == []


def put_in(number, at="now()"):
    """With a number of its own choice, all hashes right."""
    new = AuditEvent.objects.latest("pk").pk + 1000
    insert = (
        "INSERT INTO audit_auditevent (id, at, action, actor_name, target_type, target_id, target_name,"
        f" case_type, case_id, details, salt, transaction) VALUES ({new}, {at}, 'opinions.answer_slip',"
        f" 'Ma', 't', 1, 'P', 'c', 1, '{{}}', '\\x00', {number})"
    )
    own(insert, fit_leaf(new))
    return new


@pytest.mark.parametrize("is_fitted", [False, True], ids=["plain", "fitted"])
def test_swapped_and_moved_entries_are_named(kept, is_fitted):
    pks = list(LogEntry.objects.order_by("index").values_list("event_id", flat=True))
    order = pks.copy()
    order[10], order[200] = order[200], order[10]
    own(*renumber(*order))
    if is_fitted:
        rebuild()
    named = [("moved", 10, pks[200]), ("moved", 200, pks[10])]
    assert entries_of(found(kept)[1]) == named
    assert is_fitted or entries_of(found()[1]) == named

    order = pks.copy()
    order.insert(200, order.pop(10))
    own(*renumber(*order))
    if is_fitted:
        rebuild()
    assert entries_of(found(kept)[1]) == [("moved", 200, pks[10])]


def test_rewritten_nodes_and_checkpoints_are_found(kept):
    tile = LogTile.objects.get(level=1, place=0)
    tile.hashes = bytes(32)
    tile.save()
    assert found()[1] == [("hashes", None, None)]
    with transaction.atomic():
        own(
            "UPDATE audit_checkpoint SET root = leaf_hash FROM audit_auditevent e WHERE e.id = "
            + str(pk_at(1))
        )
        assert [kind for kind, _, _ in found()[1]].count("checkpoint") == 2
        transaction.set_rollback(True)
    LogTile.objects.filter(level=0, place=1).delete()
    assert "hashes" in [kind for kind, _, _ in found()[1]]


def test_a_copy_that_was_changed_is_told_apart(kept):
    """Otherwise a changed copy would accuse an honest database."""
    lines = kept.leaves.read_text().splitlines(keepends=True)
    lines[5] = lines[5].replace(lines[5].split()[2], "00" * 32)
    kept.leaves.write_text("".join(lines))
    named = [kind for kind, _, _ in found(kept)[1]]
    assert "copy" in named and "checkpoint" not in named
    kept.leaves.write_text("".join(lines[:5] + lines[6:]))
    assert "copy" in [kind for kind, _, _ in found(kept)[1]]


def test_the_command_says_so_and_fails(kept, settings):
    def run(*arguments):
        out = StringIO()
        try:
            call_command("verify_audit", *arguments, stdout=out)
        except SystemExit as end:
            return end.code, out.getvalue()
        return 0, out.getvalue()

    code, words = run()
    assert code == 0 and f"{ENTRIES} mục" in words and bytes(log.newest_checkpoint().root).hex() in words
    own(alter(7), fit_leaf(pk_at(7)))
    code, words = run("--json", "--against", settings.AUDIT_WITNESS_DIR)
    told = json.loads(words)

    assert code == 1 and told["whole"] is False and told["entries"] == ENTRIES
    (finding,) = told["findings"]
    event = AuditEvent.objects.get(pk=pk_at(7))
    assert finding["entry"] == event.pk and finding["action"] == "opinions.answer_slip"
    assert finding["at"] == event.at.isoformat() and "tính lại" in finding["what"]
    code, words = run()
    assert code == 1 and f"mục {event.pk}" in words
    settings.AUDIT_WITNESS_DIR = ""
    settings.AUDIT_KEY_FILE = ""
    assert "không có khóa công khai" in run()[1].lower()
    assert clock.now() - event.at < timedelta(days=2)
