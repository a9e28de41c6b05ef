"""The trail against its log, the log against its checkpoints, all of it against what others kept.

Everything is read once, in the order of the log. The leaf of each entry is computed anew and compared with
the one the log has, or with the copy outside where there is one: a leaf is an entry's fingerprint, so what
was altered, taken out, put in or moved has a name. Roots are compared with every checkpoint on the way.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.checkpoints import LEAVES, NOTES
from audit.log import LATE, count_waiting
from audit.models import Checkpoint, LogState, LogTile
from core import clock
from verifier.log.checkpoints import BadNote, PublicKey, list_signatures, read_checkpoint, split_notes
from verifier.log.checkpoints import Checkpoint as Note
from verifier.log.entries import EPOCH, hash_row
from verifier.log.merkle import Frontier
from verifier.log.tiles import HASH, WIDTH, fold, split

AHEAD = 20_000  # entries looked through for one that stands elsewhere now
ROWS_A_FETCH = 2_000
TILES_A_FETCH = 50

ROWS = """
    SELECT place.index, place.event_id, event.id IS NOT NULL, event.leaf_hash, event.salt, event.actor_name,
        event.target_name, event.details::text, event.id,
        timestamptz_send(event.at), event.action,
        event.actor_id, event.body_id, event.target_type, event.target_id, event.case_type, event.case_id,
        timestamptz_send(event.sealed_until)
    FROM audit_logentry AS place LEFT JOIN audit_auditevent AS event ON event.id = place.event_id
    ORDER BY place.index
"""
# Below the horizon the sequencer has been; what this server has not begun yet it never reaches. One's own
# transaction may be the newest of all. On another server, as after a restore, numbers mean nothing.
OUTSIDE = """
    WITH server AS (
        SELECT system_identifier = %s AS is_same, pg_snapshot_xmax(now)::text::bigint AS newest,
            pg_current_xact_id_if_assigned()::text::bigint AS own
        FROM pg_control_system(), pg_current_snapshot() AS now), outside AS (
        SELECT id, at, action, is_same AND at < %s AS is_late, transaction < %s
            OR is_same AND transaction >= newest AND transaction IS DISTINCT FROM own AS is_past
        FROM audit_auditevent AS event, server
        WHERE NOT EXISTS (SELECT FROM audit_logentry WHERE event_id = event.id)
    )
    SELECT id, at::text, action, is_past FROM outside WHERE is_past OR is_late ORDER BY id
"""


class Found(NamedTuple):
    """An entry in the log as the database has it now; `leaf` is computed from its words."""

    place: int
    event_id: int
    leaf: bytes
    stored: bytes
    at: bytes | None
    action: str
    is_there: bool


class Known(NamedTuple):
    """An entry as the log, or the copy outside, remembers it; the number is not always known."""

    place: int
    leaf: bytes
    event_id: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was."""

    kind: str  # altered, removed, inserted, moved, unlogged, hashes, checkpoint, copy
    what: str
    index: int | None = None
    event_id: int | None = None
    at: str = ""
    action: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "entry": self.event_id, "index": self.index} | {
            "at": self.at,
            "action": self.action,
            "what": self.what,
        }


@dataclass
class Result:
    findings: list[Finding] = field(default_factory=list)
    size: int = 0
    root: bytes = b""
    pending: int = 0
    checkpoints: int = 0
    outside: int = 0  # checkpoints of others that were compared
    last: Checkpoint | None = None

    @property
    def is_whole(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class Against:
    """What others kept: checkpoints, and the folder with the leaves."""

    notes: tuple[str, ...] = ()
    leaves: Path | None = None

    @classmethod
    def read(cls, path: Path) -> "Against":
        """A witness folder, or a file that has checkpoints in it: a mail, a cosigned note."""
        if path.is_dir():
            leaves = path / LEAVES
            return cls(tuple(_read_notes(path / NOTES)), leaves if leaves.exists() else None)
        return cls(tuple(_read_notes(path)))


def inspect(keys: Iterable[PublicKey], against: Iterable[Against] = ()) -> Result:
    """Compare everything with everything."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:  # one moment for all that is read, while the log goes on
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return Inspection(list(keys), list(against)).run()


class Inspection:
    def __init__(self, keys: list[PublicKey], against: list[Against]) -> None:
        self.keys = keys
        self.copies = [copy.leaves for copy in against if copy.leaves]
        self.result = Result()
        self.expected = self._collect_checkpoints([note for copy in against for note in copy.notes])
        self.state = LogState.objects.filter(pk=1).first() or LogState()

    def run(self) -> Result:
        tree = Rooted(self.expected, self._refute_root)
        stored = self._read_known(tree)
        if self.copies:
            findings = compare(self._read_copy(self.copies[0]), _read_found(), then=stored)
        else:
            findings = compare(stored, _read_found())
        for finding in findings:  # while the roots that do not agree are put in between
            self.result.findings.append(finding)
        self._finish(tree)
        self._find_unlogged()
        return self.result

    # Checkpoints

    def _collect_checkpoints(self, outside: list[str]) -> dict[int, list[tuple[Note, str]]]:
        """By their size; those whose signature is not the log's are named and not used."""
        expected: dict[int, list[tuple[Note, str]]] = {}
        for stored in Checkpoint.objects.order_by("size").iterator():
            self.result.checkpoints += 1
            self.result.last = stored
            name = _("checkpoint in the database with %(size)s entries") % {"size": stored.size}
            note = self._read_signed(stored.note, name)
            if note is None:
                continue
            if (note.size, note.root) != (stored.size, bytes(stored.root)):
                self._say("checkpoint", _("%(name)s: its note says something else") % {"name": name})
            expected.setdefault(note.size, []).append((note, name))
        stored_sizes = set(expected)
        for text in outside:
            note = self._read_signed(text, _("checkpoint outside"))
            if note is None:
                continue
            self.result.outside += 1
            name = _("checkpoint outside with %(size)s entries") % {"size": note.size}
            expected.setdefault(note.size, []).append((note, name))
            if note.size not in stored_sizes:
                self._say("checkpoint", _("%(name)s: it is no longer in the database") % {"name": name})
        return expected

    def _read_signed(self, text: str, name: str) -> Note | None:
        try:
            note = read_checkpoint(text)
            is_signed = any(list_signatures(text, key) for key in self.keys if key.name == note.origin)
        except BadNote as error:
            self._say("checkpoint", f"{name}: {error}")
            return None
        if self.keys and not is_signed:
            self._say("checkpoint", _("%(name)s: it is not signed with the key of the log") % {"name": name})
            return None
        return note

    def _refute_root(self, name: str, since: int, size: int) -> None:
        words = _(
            "%(name)s: the root is another; between the entries %(since)s and %(size)s the log was changed"
        )
        self._say("checkpoint", words % {"name": name, "since": since, "size": size - 1})

    # What the log remembers

    def _read_known(self, tree: "Rooted") -> Iterator[Known]:
        """The leaves as the tree has stored them, while the nodes above them are compared with them."""
        nodes = Nodes(self._refute_tile)
        index = 0
        for place, hashes in _read_tiles(0):
            for leaf in hashes[: max(0, self.state.size - index)]:
                tree.append(leaf)
                yield Known(index, leaf)
                index += 1
            nodes.put(place, hashes)
        nodes.finish()
        if index != self.state.size:
            self._refute_tile(0, index // WIDTH)

    def _refute_tile(self, level: int, place: int) -> None:
        words = _("stored hashes of the log (tile %(level)s/%(place)s) were changed")
        self._say("hashes", words % {"level": level, "place": place})

    def _read_copy(self, file: Path) -> Iterator[Known]:
        """The leaves outside, as far as they agree with the checkpoints that stand beside them."""
        tree = Rooted(self.expected, self._doubt_copy)
        with file.open() as lines:
            for number, line in enumerate(lines):
                index, event_id, leaf = line.split()
                if int(index) != number:
                    self._say("copy", _("the copy outside lacks entry %(index)s") % {"index": number})
                    return
                tree.append(bytes.fromhex(leaf))
                yield Known(number, bytes.fromhex(leaf), int(event_id))

    def _doubt_copy(self, name: str, since: int, size: int) -> None:
        words = _("the copy outside itself contradicts the %(name)s, after entry %(since)s")
        self._say("copy", words % {"name": name, "since": since})

    # At the end

    def _finish(self, tree: "Rooted") -> None:
        self.result.size, self.result.root = tree.frontier.size, tree.frontier.root
        for size in sorted(size for size in self.expected if size > tree.frontier.size):
            for _note, name in self.expected[size]:
                words = _("%(name)s: the log has only %(now)s entries now")
                self._say("checkpoint", words % {"name": name, "now": tree.frontier.size})

    def _find_unlogged(self) -> None:
        """Entries that the sequencer has passed, will never come to, or has let wait for too long."""
        late = _("not in the log after more than %(minutes)s minutes: the log stands still, or is kept off")
        late %= {"minutes": LATE // timedelta(minutes=1)}
        with connection.cursor() as cursor:
            cursor.execute(OUTSIDE, [self.state.cluster, clock.now() - LATE, self.state.horizon])
            for event_id, at, action, is_past in cursor.fetchall():
                words = _("put in past the log") if is_past else late
                self.result.findings.append(Finding("unlogged", words, None, event_id, at, action))
        self.result.pending = count_waiting()

    def _say(self, kind: str, what: str) -> None:
        self.result.findings.append(Finding(kind, what))


class Rooted:
    """A tree that grows, compared with each checkpoint when it has its size."""

    def __init__(
        self, expected: dict[int, list[tuple[Note, str]]], refute: Callable[[str, int, int], None]
    ) -> None:
        self.expected, self.refute = expected, refute
        self.frontier = Frontier()
        self.sound = 0  # entries up to the last checkpoint that agreed
        self.is_refuted = False

    def append(self, leaf: bytes) -> None:
        self.frontier.append(leaf)
        for note, name in self.expected.get(self.frontier.size, ()):
            if note.root == self.frontier.root:
                self.sound = self.frontier.size
            elif not self.is_refuted:  # all later ones differ too, and say nothing new
                self.is_refuted = True
                self.refute(name, self.sound, self.frontier.size)


class Nodes:
    """The stored tiles above the leaves, compared with what the leaves give."""

    def __init__(self, refute: Callable[[int, int], None]) -> None:
        self.refute = refute
        self.above: list[bytes] = []

    def put(self, place: int, hashes: list[bytes]) -> None:
        if len(hashes) == WIDTH:
            self.above.append(fold(hashes))

    def finish(self) -> None:
        level, below = 1, self.above
        while below:
            stored = dict(_read_tiles(level))
            for place in range(-(-len(below) // WIDTH)):
                if stored.get(place) != below[place * WIDTH : (place + 1) * WIDTH]:
                    self.refute(level, place)
            full = len(below) // WIDTH
            below = [fold(below[place * WIDTH : (place + 1) * WIDTH]) for place in range(full)]
            level += 1


def compare(known: Iterable[Known], found: Iterable[Found], then: Iterable[Known] = ()) -> Iterator[Finding]:
    """What was remembered against what is there, both in the order of the log.

    Where a copy outside ends, what the log itself remembers goes on (`then`), place by place.
    """
    left, right = Window(known), Window(found)
    before: Found | None = None
    while True:
        ours, theirs = left.first(), right.first()
        if theirs is not None and right.is_met(theirs):
            yield _name(theirs, "moved", _("it stood elsewhere in the log"))
            right.drop()
            continue
        if ours is not None and left.is_met(ours):
            left.drop()
            continue
        if ours is None or theirs is None:
            break
        if ours.leaf == theirs.leaf:
            yield from _check_stored(theirs)
        else:
            yield from _tell_difference(ours, theirs, left, right, before)
            if not (left.is_first(ours) and right.is_first(theirs)):  # one of them was passed over
                continue
        left.drop()
        right.drop()
        before = theirs
    for ours in left.rest():
        yield _removed(ours, before, ours.event_id)
    yield from _compare_rest(right.rest(), iter(then), before, left.count)


def _compare_rest(
    found: Iterator[Found], then: Iterator[Known], before: Found | None, known: int
) -> Iterator[Finding]:
    """What came after the copy, at the places that the tree has for it."""
    for theirs in found:
        before = theirs
        ours = next((one for one in then if one.place >= theirs.place), None)
        if ours is None or ours.place != theirs.place:
            yield _inserted(theirs)
        elif ours.leaf == theirs.leaf:
            yield from _check_stored(theirs)
        elif not theirs.is_there:
            yield _removed(ours, None, theirs.event_id)
        else:
            yield from _altered(ours, theirs, None)
    last = before.place if before else -1
    for ours in then:
        if ours.place > last and ours.place >= known:
            yield _removed(ours, before, None)


def _tell_difference(
    ours: Known, theirs: Found, left: "Window", right: "Window", before: Found | None
) -> Iterator[Finding]:
    """Why another entry stands here. What stands elsewhere is met there; one side may be passed over."""
    if not theirs.is_there and theirs.event_id == (ours.event_id or theirs.event_id):
        yield _removed(ours, before, theirs.event_id)
        return
    stands_later, stood_later = right.has(ours.leaf), left.has(theirs.leaf)
    if _is_one(ours, theirs) or not (stands_later or stood_later):
        yield from _altered(ours, theirs, before)
    elif stands_later and stood_later:
        if left.second_is(theirs.leaf):
            right.meet(ours.leaf)
            left.drop()
        elif right.second_is(ours.leaf):
            left.meet(theirs.leaf)
            yield _name(theirs, "moved", _("it stood elsewhere in the log"))
            right.drop()
        else:
            left.meet(theirs.leaf)
            right.meet(ours.leaf)
            yield _name(theirs, "moved", _("it stood elsewhere in the log"))
    elif stood_later:
        yield _removed(ours, before, ours.event_id)
        left.drop()
    else:
        yield _inserted(theirs)
        right.drop()


class Window:
    """The next entries of a sequence, and whether an entry is among them."""

    def __init__(self, source: Iterable[Any]) -> None:
        self.source = iter(source)
        self.ahead: deque[Any] = deque()
        self.leaves: set[bytes] = set()
        self.met: set[bytes] = set()  # those already told of, in another place
        self.count = 0

    def first(self) -> Any:
        if not self.ahead and (item := next(self.source, None)) is not None:
            self.ahead.append(item)
        return self.ahead[0] if self.ahead else None

    def is_first(self, item: Any) -> bool:
        return bool(self.ahead) and self.ahead[0] is item

    def second_is(self, leaf: bytes) -> bool:
        return len(self.ahead) > 1 and bool(self.ahead[1].leaf == leaf)

    def drop(self) -> None:
        self.count += 1
        leaf = self.ahead.popleft().leaf
        self.leaves.discard(leaf)
        self.met.discard(leaf)

    def has(self, leaf: bytes) -> bool:
        while len(self.ahead) < AHEAD and (item := next(self.source, None)) is not None:
            self.ahead.append(item)
            self.leaves.add(item.leaf)
        return leaf in self.leaves and leaf not in self.met

    def meet(self, leaf: bytes) -> None:
        self.met.add(leaf)

    def is_met(self, item: Any) -> bool:
        return item.leaf in self.met

    def rest(self) -> Iterator[Any]:
        while (item := self.first()) is not None:
            if not self.is_met(item):
                yield item
            self.drop()


def _is_one(ours: Known, theirs: Found) -> bool:
    return ours.event_id is not None and ours.event_id == theirs.event_id


def _check_stored(theirs: Found) -> Iterator[Finding]:
    if theirs.stored != theirs.leaf:
        yield _name(theirs, "altered", _("its words are right; the hash stored beside them was changed"))


def _altered(ours: Known, theirs: Found, before: Found | None) -> Iterator[Finding]:
    if ours.event_id is not None and ours.event_id != theirs.event_id:
        yield _removed(ours, before, ours.event_id)
        yield _inserted(theirs)
    elif theirs.stored == theirs.leaf:
        yield _name(theirs, "altered", _("its words were changed, and its hash computed anew to fit them"))
    elif theirs.stored == ours.leaf:
        yield _name(theirs, "altered", _("its words were changed; its hash is that of other words"))
    else:
        yield _name(theirs, "altered", _("its words were changed, and its hash too"))


def _removed(ours: Known, before: Found | None, event_id: int | None) -> Finding:
    since = _time(before.at) if before else ""
    words = _("taken out; it stood after the entry of %(time)s") if since else _("taken out")
    return Finding("removed", words % {"time": since}, ours.place, event_id)


def _inserted(theirs: Found) -> Finding:
    return _name(theirs, "inserted", _("put in later"))


def _name(theirs: Found, kind: str, what: str) -> Finding:
    return Finding(kind, what, theirs.place, theirs.event_id, _time(theirs.at), theirs.action)


def _time(moment: bytes | None) -> str:
    """A time that no calendar has is told as it lies there."""
    if moment is None:
        return ""
    microseconds = int.from_bytes(moment, "big", signed=True)
    try:
        return (EPOCH + timedelta(microseconds=microseconds)).isoformat()
    except OverflowError:
        return str(microseconds)


def _read_found() -> Iterator[Found]:
    cursor = connection.chunked_cursor()
    with cursor:
        cursor.execute(ROWS)
        while rows := cursor.fetchmany(ROWS_A_FETCH):
            for index, event_id, is_there, stored, salt, actor, target, details, *fields in rows:
                leaf = hash_row(tuple(fields), bytes(salt or b""), actor, target, details)
                at, action = fields[1], fields[2] or ""
                yield Found(index, event_id, leaf, bytes(stored or b""), at, action, is_there)


def _read_tiles(level: int) -> Iterator[tuple[int, list[bytes]]]:
    tiles = LogTile.objects.filter(level=level).order_by("place").values_list("place", "hashes")
    for place, hashes in tiles.iterator(chunk_size=TILES_A_FETCH):
        yield place, split(bytes(hashes)[: WIDTH * HASH])


def _read_notes(file: Path) -> list[str]:
    return split_notes(file.read_text("utf-8", "replace"))
