"""What changed from one text to another: the words with their places in, changes that people can follow out.

Pure: no tables, no files. Paragraphs are aligned first and words inside what is left; a paragraph that went
elsewhere is said to have moved. Page numbers, line breaks and hyphens at line ends are no changes.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import Indel

from reading.texts import Box, Text, join_boxes

SAME, REMOVED, ADDED, MOVED_AWAY, MOVED_HERE = "same", "removed", "added", "moved_away", "moved_here"

CELLS = 200_000_000  # a table of words against words as large as this costs 25 MB and a second
SHINGLE = 4  # words in a row that are found once on each side hold the texts together
ALIKE = 0.8  # a paragraph that went elsewhere and kept so much of itself has moved
MOVED_WORDS = 6  # shorter ones are formulas that stand in many places
MOVE_CANDIDATES = 400

LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
DASHES = str.maketrans("‐‑‒–—−“”„‘’", '------"""\'\'')


@dataclass
class Piece:
    """Words in a row with one fate."""

    fate: str
    text: str
    change: int | None = None  # the number of the change that it belongs to


@dataclass
class Block:
    """A paragraph as it is read now, with what was taken out of it."""

    pieces: list[Piece]
    older_page: int | None
    newer_page: int | None
    fate: str = SAME  # MOVED_AWAY and MOVED_HERE for a whole paragraph that moved


@dataclass
class Change:
    kind: str  # added, removed, replaced, moved
    before: str = ""
    after: str = ""
    older: list[Box] = field(default_factory=list)
    newer: list[Box] = field(default_factory=list)
    has_figures: bool = False  # numbers or dates are not the same
    block: int = 0  # where it begins


@dataclass
class Comparison:
    blocks: list[Block]
    changes: list[Change]


def fold_word(word: str) -> str:
    """Words that are written the same but for their typography are the same."""
    return LINE_HYPHEN.sub("", word.translate(DASHES))


# Aligning


class _Run(NamedTuple):
    """The older words [i, j) became the newer words [k, m); equal where `same`."""

    same: bool
    i: int
    j: int
    k: int
    m: int


def compare(older: Text, newer: Text) -> Comparison:
    numbers: dict[str, int] = {}
    a, b = _number_words(older, numbers), _number_words(newer, numbers)
    runs = _tidy(_merge(_align_paragraphs(a, b, older.ends, newer.ends)))
    moves = _find_moves(a, b, older, newer, runs)
    return _Writer(older, newer, a, b, moves).write(runs)


def _number_words(text: Text, numbers: dict[str, int]) -> "array[int]":
    return array("L", [numbers.setdefault(fold_word(word), len(numbers)) for word in text.words])


def _align_paragraphs(
    a: "array[int]", b: "array[int]", a_ends: Sequence[int], b_ends: Sequence[int]
) -> Iterator[_Run]:
    """Equal paragraphs in order; what lies between them is aligned word by word."""
    hashes: dict[bytes, int] = {}
    first = [hashes.setdefault(a[s:e].tobytes(), len(hashes)) for s, e in _spans(a_ends)]
    second = [hashes.setdefault(b[s:e].tobytes(), len(hashes)) for s, e in _spans(b_ends)]
    i = k = 0
    for op in Indel.opcodes(first, second):
        if op.tag != "equal":
            continue
        j, m = _start(a_ends, op.src_start), _start(b_ends, op.dest_start)
        yield from _align_words(a, b, i, j, k, m)
        i, k = _start(a_ends, op.src_end), _start(b_ends, op.dest_end)
        yield _Run(True, j, i, m, k)
    yield from _align_words(a, b, i, len(a), k, len(b))


def _spans(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for end in ends:
        yield start, end
        start = end


def _start(ends: Sequence[int], paragraph: int) -> int:
    return ends[paragraph - 1] if paragraph else 0


def _align_words(a: "array[int]", b: "array[int]", i: int, j: int, k: int, m: int) -> Iterator[_Run]:
    if i == j or k == m:
        yield _Run(False, i, j, k, m)
        return
    if (j - i) * (m - k) > CELLS:
        yield from _align_long(a, b, i, j, k, m)
        return
    for op in Indel.opcodes(a[i:j], b[k:m]):
        yield _Run(op.tag == "equal", i + op.src_start, i + op.src_end, k + op.dest_start, k + op.dest_end)


def _align_long(a: "array[int]", b: "array[int]", i: int, j: int, k: int, m: int) -> Iterator[_Run]:
    """Too long for a table: first hung up on rows of words that stand exactly once on either side."""
    anchors = _find_anchors(a, b, i, j, k, m)
    if not anchors:
        yield _Run(False, i, j, k, m)
        return
    for at, to in anchors:
        if at < i or to < k:
            continue  # overlaps the one before
        if (at - i) * (to - k) > CELLS:
            yield _Run(False, i, at, k, to)
        else:
            yield from _align_words(a, b, i, at, k, to)
        i, k = at + SHINGLE, to + SHINGLE
        yield _Run(True, at, i, to, k)
    if (j - i) * (m - k) > CELLS:
        yield _Run(False, i, j, k, m)
    else:
        yield from _align_words(a, b, i, j, k, m)


def _find_anchors(a: "array[int]", b: "array[int]", i: int, j: int, k: int, m: int) -> list[tuple[int, int]]:
    """The longest row of unique shingles that stand in the same order in both."""
    here, there = _unique_shingles(a, i, j), _unique_shingles(b, k, m)
    pairs = [(at, there[shingle]) for shingle, at in here.items() if shingle in there]
    pairs.sort()
    tails: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, to) in enumerate(pairs):
        place = bisect_left(tails, to)
        before[number] = last[place - 1] if place else -1
        tails[place : place + 1] = [to]
        last[place : place + 1] = [number]
    row = []
    number = last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _unique_shingles(words: "array[int]", start: int, end: int) -> dict[bytes, int]:
    places: dict[bytes, int] = {}
    for at in range(start, end - SHINGLE + 1):
        shingle = words[at : at + SHINGLE].tobytes()
        places[shingle] = -1 if shingle in places else at
    return {shingle: at for shingle, at in places.items() if at >= 0}


def _merge(runs: Iterable[_Run]) -> list[_Run]:
    """Neighbours of one kind become one."""
    merged: list[_Run] = []
    for run in runs:
        if run.i == run.j and run.k == run.m:
            continue
        if merged and merged[-1].same == run.same:
            last = merged[-1]
            merged[-1] = _Run(run.same, last.i, run.j, last.k, run.m)
        else:
            merged.append(run)
    return merged


def _tidy(runs: list[_Run]) -> list[_Run]:
    """A few equal words between two long changes are chance; nobody can read such confetti."""
    while True:
        kept = [
            run._replace(same=False) if run.same and 0 < n < len(runs) - 1 and _is_chance(runs, n) else run
            for n, run in enumerate(runs)
        ]
        merged = _merge(kept)
        if len(merged) == len(runs):
            return runs
        runs = merged


def _is_chance(runs: list[_Run], n: int) -> bool:
    before, after, equal = runs[n - 1], runs[n + 1], runs[n].j - runs[n].i
    if (before.i == before.j and after.i == after.j) or (before.k == before.m and after.k == after.m):
        return False  # nothing but put in, or nothing but taken out: the words between are the old ones
    return equal * 2 <= min(_weight(before), _weight(after)) and equal < 8


def _weight(run: _Run) -> int:
    return max(run.j - run.i, run.m - run.k)


# Moved paragraphs


def _find_moves(
    a: "array[int]", b: "array[int]", older: Text, newer: Text, runs: list[_Run]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Whole paragraphs that were taken out in one place and put in, much the same, in another."""
    changed = [run for run in runs if not run.same]
    gone = _whole_paragraphs(older.ends, [(run.i, run.j) for run in changed])[:MOVE_CANDIDATES]
    come = _whole_paragraphs(newer.ends, [(run.k, run.m) for run in changed])[:MOVE_CANDIDATES]
    moves: dict[tuple[int, int], tuple[int, int]] = {}
    for s, e in gone:
        best, score = None, ALIKE
        for k, m in come:
            if min(e - s, m - k) / max(e - s, m - k) < ALIKE / 2 or (k, m) in moves.values():
                continue
            alike = Indel.normalized_similarity(a[s:e], b[k:m], score_cutoff=score)
            if alike >= score and alike > 0:
                best, score = (k, m), alike
        if best:
            moves[(s, e)] = best
    return moves


def _whole_paragraphs(ends: Sequence[int], ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found = []
    for start, end in ranges:
        at = bisect_left(ends, start)
        if at < len(ends) and ends[at] == start:
            at += 1
        elif start:
            at += 1  # begins inside a paragraph: from the next one on
        while at < len(ends) and ends[at] <= end:
            begin = _start(ends, at)
            if begin >= start and ends[at] - begin >= MOVED_WORDS:
                found.append((begin, ends[at]))
            at += 1
    return found


# Writing down


class _Writer:
    """Turns aligned words into paragraphs to read and changes to walk through."""

    def __init__(
        self,
        older: Text,
        newer: Text,
        a: "array[int]",
        b: "array[int]",
        moves: dict[tuple[int, int], tuple[int, int]],
    ) -> None:
        self.older, self.newer, self.a, self.b = older, newer, a, b
        self.moves = moves
        self.away = {start: end for start, end in moves}
        self.here = {start: (end, source) for source, (start, end) in moves.items()}
        self.numbers: dict[tuple[int, int], int] = {}  # of a move, by where it was
        self.older_ends, self.newer_ends = set(older.ends), set(newer.ends)
        self.blocks: list[Block] = []
        self.changes: list[Change] = []
        self.pieces: list[Piece] = []
        self.older_page: int | None = None
        self.newer_page: int | None = None

    def write(self, runs: list[_Run]) -> Comparison:
        for run in runs:
            if run.same:
                self._write_same(run)
            else:
                self._write_changed(run)
        self._close()
        return Comparison(self.blocks, self.changes)

    def _write_same(self, run: _Run) -> None:
        i, k = run.i, run.k
        for end in _cuts(self.newer.ends, k, run.m):
            self._see(i, k)
            self._put(SAME, self.newer.words[k:end], None)
            i, k = i + end - k, end
            if end in self.newer_ends:
                self._close()

    def _write_changed(self, run: _Run) -> None:
        """What moved gets blocks of its own; the rest between is one change."""
        gone = _split(run.i, run.j, self.away)
        come = _split(run.k, run.m, {start: end for start, (end, _) in self.here.items()})
        left = [(s, e) for s, e, moved in gone if not moved]
        right = [(s, e) for s, e, moved in come if not moved]
        number = self._note(left, right) if left or right else None
        for s, e, moved in gone:
            if moved:
                self._write_moved_away(s, e)
            else:
                self._write_removed(s, e, number, bool(run.m > run.k))
        for s, e, moved in come:
            if moved:
                self._write_moved_here(s, e)
            else:
                self._write_added(s, e, number)

    def _note(self, left: list[tuple[int, int]], right: list[tuple[int, int]]) -> int:
        removed = [word for s, e in left for word in self.older.words[s:e]]
        added = [word for s, e in right for word in self.newer.words[s:e]]
        kind = "replaced" if removed and added else "added" if added else "removed"
        change = Change(
            kind,
            " ".join(removed),
            " ".join(added),
            [box for s, e in left for box in join_boxes(self.older.boxes[s:e])],
            [box for s, e in right for box in join_boxes(self.newer.boxes[s:e])],
            _figures(removed) != _figures(added),
            len(self.blocks),
        )
        self.changes.append(change)
        return len(self.changes) - 1

    def _write_removed(self, s: int, e: int, number: int | None, something_comes: bool) -> None:
        for end in _cuts(self.older.ends, s, e):
            whole = not self.pieces
            self._see(s, None)
            self._put(REMOVED, self.older.words[s:end], number)
            if whole and end in self.older_ends and (end < e or not something_comes):
                self._close()
            s = end

    def _write_added(self, k: int, m: int, number: int | None) -> None:
        for end in _cuts(self.newer.ends, k, m):
            self._see(None, k)
            self._put(ADDED, self.newer.words[k:end], number)
            if end in self.newer_ends:
                self._close()
            k = end

    def _move(self, source: tuple[int, int]) -> int:
        """The move's number: one change with two ends."""
        if source not in self.numbers:
            (s, e), (k, m) = source, self.moves[source]
            words, becomes = self.older.words[s:e], self.newer.words[k:m]
            self.changes.append(
                Change(
                    "moved",
                    " ".join(words),
                    " ".join(becomes),
                    join_boxes(self.older.boxes[s:e]),
                    join_boxes(self.newer.boxes[k:m]),
                    _figures(words) != _figures(becomes),
                    len(self.blocks),
                )
            )
            self.numbers[source] = len(self.changes) - 1
        return self.numbers[source]

    def _write_moved_away(self, s: int, e: int) -> None:
        self._close()
        number = self._move((s, e))
        self._see(s, None)
        self._put(MOVED_AWAY, self.older.words[s:e], number)
        self._close(MOVED_AWAY)

    def _write_moved_here(self, k: int, m: int) -> None:
        self._close()
        source = self.here[k][1]
        number = self._move(source)
        self._see(None, k)
        s, e = source
        for run in _tidy(_merge(_align_words(self.a, self.b, s, e, k, m))):
            if run.same:
                self._put(MOVED_HERE, self.newer.words[run.k : run.m], number)
            else:
                self._put(REMOVED, self.older.words[run.i : run.j], number)
                self._put(ADDED, self.newer.words[run.k : run.m], number)
        self._close(MOVED_HERE)

    def _see(self, older: int | None, newer: int | None) -> None:
        if self.older_page is None and older is not None:
            self.older_page = self.older.boxes[older][0].page
        if self.newer_page is None and newer is not None:
            self.newer_page = self.newer.boxes[newer][0].page

    def _put(self, fate: str, words: list[str], change: int | None) -> None:
        if words:
            self.pieces.append(Piece(fate, " ".join(words), change))

    def _close(self, fate: str = SAME) -> None:
        if self.pieces:
            self.blocks.append(Block(self.pieces, self.older_page, self.newer_page, fate))
        self.pieces, self.older_page, self.newer_page = [], None, None


def _cuts(ends: Sequence[int], start: int, end: int) -> Iterator[int]:
    """The ends of paragraphs in between, and the end itself."""
    at = bisect_left(ends, start + 1)
    while at < len(ends) and ends[at] < end:
        yield ends[at]
        at += 1
    if start < end:
        yield end


def _split(start: int, end: int, moved: dict[int, int]) -> list[tuple[int, int, bool]]:
    """The range cut at what moved."""
    parts, at = [], start
    for begin in sorted(place for place in moved if start <= place < end):
        if at < begin:
            parts.append((at, begin, False))
        parts.append((begin, moved[begin], True))
        at = moved[begin]
    if at < end:
        parts.append((at, end, False))
    return parts


def _figures(words: list[str]) -> list[str]:
    return [word.strip(".,;:()\"'") for word in words if any(letter.isdigit() for letter in word)]


def older_words(comparison: Comparison) -> list[str]:
    """The older text as the result tells it; the blocks of a moved paragraph tell it where it was."""
    return _tell(comparison, {SAME, REMOVED, MOVED_AWAY}, skip=MOVED_HERE)


def newer_words(comparison: Comparison) -> list[str]:
    return _tell(comparison, {SAME, ADDED, MOVED_HERE}, skip=MOVED_AWAY)


def _tell(comparison: Comparison, fates: set[str], skip: str) -> list[str]:
    return [
        word
        for block in comparison.blocks
        if block.fate != skip
        for piece in block.pieces
        if piece.fate in fates
        for word in piece.text.split()
    ]
