"""Cut the telling place out of a text and mark what was looked for. Pure Python, no Django.

The text keeps its accents though the query may have none; the longest run of the query's words comes first.
What comes back are segments, so that the template escapes each by itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from archive.terms import Query, fold

WIDTH = 240  # letters in a snippet
_LEAD = 80  # of them before the first hit, at most
_CHUNK, _OVERLAP = 4_096, 200  # letters looked at together; the last ones again with the next
MOST_LETTERS = 2_000_000  # looked through for one snippet
_MOST_HITS = 300  # looked at in one chunk when only parts of the query are there
_GAP = r'(?:[^\w.;:!?()"]|_){1,8}'
_REST = r"[^\W_]*"
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?:[.;:!?](?=\s)|\n[ \t]*\n)\s*")
# The office writes both hóa and hoá: one word, the mark on another letter.
_PLACED = [
    pair
    for old, new in (
        ("oá oà oả oã oạ", "óa òa ỏa õa ọa"),
        ("oé oè oẻ oẽ oẹ", "óe òe ỏe õe ọe"),
        ("uý uỳ uỷ uỹ uỵ", "úy ùy ủy ũy ụy"),
    )
    for pair in zip(old.split(), new.split(), strict=True)
]

Pair = tuple[str, str]


class Segment(NamedTuple):
    text: str
    is_hit: bool


@dataclass(frozen=True)
class Snippet:
    segments: tuple[Segment, ...] = ()
    page: int = 0  # 1 for the first; 0 where nothing was found
    cut_before: bool = False
    cut_after: bool = False

    def __str__(self) -> str:
        return "".join(segment.text for segment in self.segments)

    @property
    def hits(self) -> list[str]:
        return [segment.text for segment in self.segments if segment.is_hit]


def cut(pages: Sequence[str], query: Query, width: int = WIDTH, *, scattered: bool = True) -> Snippet:
    """The best place of the pages; their beginning, unmarked, where nothing of the query is in them.

    `scattered`: words of the query that stand alone are shown too where nothing better is.
    """
    finder = _Finder.of(query)
    place = finder.best(pages)
    if place is None or (not scattered and finder.is_scattered(place)):
        first = next((page for page in pages if page.strip()), "")
        return _excerpt(normalize("NFC", first[: 8 * width]), 0, None, width, page=0)
    return _excerpt(place.text, place.start, finder, width, page=place.page)


def mark(text: str, query: Query) -> tuple[Segment, ...]:
    """The whole of a short text, as a title, with the hits marked."""
    text = " ".join(normalize("NFC", text).split())
    return _segments(text, _Finder.of(query).spans(text))


def says_exactly(text: str, query: Query) -> bool:
    """All words in the order and with the accents as they were typed."""
    finder = _Finder.of(query)
    text = finder.placed(normalize("NFC", text)) if finder.exact else ""
    return bool(finder.exact) and all(pattern.search(text) for pattern in finder.exact)


class _Place(NamedTuple):
    worth: tuple[int, int]  # kind of the hit, and how many different ones stand together
    text: str
    start: int
    page: int


class _Kind(NamedTuple):
    """One way to be found, in the text folded and (where accents were typed) as it was typed."""

    folded: re.Pattern[str]
    typed: re.Pattern[str] | None


class _Finder:
    """The patterns of one query, best kind first: whole runs, pairs of neighbours, words."""

    def __init__(self, query: Query) -> None:
        folded = query.phrases + query.runs
        typed = [tuple(map(_placed, words)) for words in query.typed] if query.accented else []
        self.begun = folded[-1][-1] if query.begun and folded else None
        self.typed_begun = typed[-1][-1] if query.begun and typed else None
        self.pairs, self.typed_pairs = _pairs(folded), _pairs(typed)
        self.words, self.typed_words = _words(folded), _words(typed)
        self.alone = {words[0] for words in (*folded, *typed) if len(words) == 1}
        self.numbers = [_number(number) for number in query.numbers]
        self.exact = [_either([words]) for words in typed]
        self.has_placed = any(new in word for words in typed for word in words for _, new in _PLACED)

        rows = [(one, two) for one, two in zip(folded, typed or folded, strict=True) if len(one) > 1]
        self.kinds = [_Kind(pattern, None) for pattern in self.numbers]
        for one, two in (
            ({one for one, _ in rows}, {two for _, two in rows if typed}),
            (self.pairs, self.typed_pairs),
            ({(word,) for word in self.words}, {(word,) for word in self.typed_words}),
        ):
            if one:
                accented = _either(two, self.typed_begun) if two else None
                self.kinds.append(_Kind(_either(one, self.begun), accented))
        # Numbers and whole runs cannot be bettered: the first place will do.
        self.complete = len(self.numbers) + bool(rows)

    @staticmethod
    @lru_cache(maxsize=64)
    def of(query: Query) -> "_Finder":
        return _Finder(query)

    def placed(self, text: str) -> str:
        """As the typed words are: only what has such an accent needs its accents moved."""
        return _placed(text) if self.has_placed else text.lower()

    def is_scattered(self, place: _Place) -> bool:
        """Words of a query of several, each by itself."""
        return bool(self.pairs) and place.worth[0] <= 2

    def best(self, pages: Sequence[str]) -> _Place | None:
        best: _Place | None = None
        room = MOST_LETTERS
        for number, page in enumerate(pages, start=1):
            text = normalize("NFC", page[:room])
            for offset in range(0, len(text), _CHUNK):
                best = self._better(best, text, offset, number)
                if best and best.worth[0] >= self._first_worth:
                    return best
            room -= len(page)
            if room <= 0:
                break
        return best

    @property
    def _first_worth(self) -> int:
        """From this on, looking further brings nothing better."""
        if not self.complete:
            return 2 * len(self.kinds) + 1
        return 2 * len(self.kinds) - (0 if self.exact and not self.numbers else 1)

    def _better(self, best: _Place | None, text: str, offset: int, page: int) -> _Place | None:
        offset = _gap_before(text, offset) if offset else 0
        piece = text[offset : offset + _CHUNK + _OVERLAP]
        quick = _quick(piece)
        folded = ""
        for at, kind in enumerate(self.kinds):
            worth = 2 * (len(self.kinds) - at)
            if best and best.worth[0] >= worth:
                break
            if not kind.folded.search(quick):
                continue
            folded = folded or fold(piece)
            looks = [(worth - 1, kind.folded, folded)]
            if kind.typed:
                looks.insert(0, (worth, kind.typed, self.placed(piece)))
            for level, pattern, where in looks:
                if len(where) == len(piece) and (densest := _densest(pattern, where)):
                    count, start = densest
                    found = _Place((level, count), text, offset + start, page)
                    return found if best is None or found.worth > best.worth else best
        return best

    def spans(self, text: str) -> list[tuple[int, int]]:
        """What to mark: as typed where it is there; neighbours; single words only where no neighbours are."""
        folded = fold(text)
        spans = [found.span() for pattern in self.numbers for found in pattern.finditer(folded)]
        placed = self.placed(text) if self.exact else ""
        marked = self._marked(placed, self.typed_pairs, self.typed_words, self.typed_begun, bool(spans))
        if not marked or len(placed) != len(text):
            marked = self._marked(folded, self.pairs, self.words, self.begun, bool(spans))
        return _merged(spans + marked)

    def _marked(
        self, text: str, pairs: set[Pair], words: set[str], begun: str | None, has_spans: bool
    ) -> list[tuple[int, int]]:
        spans = []
        found = [(word[0], *word.span()) for word in _WORD.finditer(text)]
        for (one, start, middle), (two, begin, end) in pairwise(found):
            ends = {two, begun} if begun and two.startswith(begun) else {two}
            if any((one, last) in pairs for last in ends) and re.fullmatch(_GAP, text[middle:begin]):
                spans.append((start, end))
        lone = self.alone if spans or has_spans else words
        return spans + [
            (start, end)
            for word, start, end in found
            if word in lone or (begun and begun in lone and word.startswith(begun))
        ]


def _pairs(runs: Iterable[tuple[str, ...]]) -> set[Pair]:
    return {pair for words in runs for pair in pairwise(words)}


def _words(runs: Iterable[tuple[str, ...]]) -> set[str]:
    return {word for words in runs for word in words}


def _either(rows: Iterable[Sequence[str]], begun: str | None = None) -> re.Pattern[str]:
    """One of the rows. It begins with letters, which `re` finds quickest, and looks back only then."""
    patterns = []
    for first, *others in sorted(rows, key=tuple):
        row = [f"{re.escape(first)}(?<![^\\W_]{re.escape(first)})", *map(re.escape, others)]
        if begun and (others or [first])[-1] == begun:
            row[-1] += _REST
        patterns.append(_GAP.join(row))
    return re.compile(rf"(?:{'|'.join(patterns)})(?![^\W_])")


def _number(number: str) -> re.Pattern[str]:
    parts = map(re.escape, number.lstrip("0").split("/"))
    return re.compile(rf"(?<![a-z0-9/.-])0*{' ?/ ?'.join(parts)}[a-z0-9/-]*")


def _quick(text: str) -> str:
    """Folded ten times faster than `fold`, but places are lost: to see whether a closer look is worth it."""
    text = normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return text.encode("ascii", "ignore").decode("ascii").lower()


def _densest(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """How many different hits the best window has, and where it begins."""
    found = []
    for hit in pattern.finditer(text):
        found.append((hit.start(), tuple(_WORD.findall(hit[0]))))
        if len(found) == _MOST_HITS:
            break
    if not found:
        return None
    starts = [start for start, _ in found]
    best = (0, 0)
    for at, start in enumerate(starts):
        inside = found[at : bisect_left(starts, start + WIDTH - _LEAD)]
        count = len({word for _, word in inside})
        if count > best[0]:
            best = (count, start)
    return best


def _placed(text: str) -> str:
    """Lower case, and the accent of oa, oe, uy always on the same letter."""
    text = text.lower()
    for old, new in _PLACED:
        text = text.replace(old, new)
    return text


def _excerpt(text: str, hit: int, finder: _Finder | None, width: int, *, page: int) -> Snippet:
    begin = hit
    if hit > 0:
        earliest = max(0, hit - _LEAD)
        ends = [found.end() for found in _SENTENCE.finditer(text, earliest, hit)]
        begin = ends[-1] if ends else _gap_after(text, earliest, hit) if earliest else 0
    end = _gap_before(text, begin + width) if begin + width < len(text) else len(text)
    if end <= hit:
        end = min(len(text), hit + width)
    piece = " ".join(text[begin:end].split())
    return Snippet(
        segments=_segments(piece, finder.spans(piece) if finder else []),
        page=page,
        cut_before=bool(text[:begin].strip()),
        cut_after=bool(text[end:].strip()),
    )


def _gap_before(text: str, at: int) -> int:
    """The nearest white space before, so that no syllable is broken."""
    for place in range(at, max(at - 80, 0), -1):
        if text[place : place + 1].isspace():
            return place
    return at


def _gap_after(text: str, at: int, limit: int) -> int:
    for place in range(at, limit):
        if text[place].isspace():
            return place
    return limit


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _segments(text: str, spans: list[tuple[int, int]]) -> tuple[Segment, ...]:
    segments, at = [], 0
    for start, end in spans:
        segments += [Segment(text[at:start], False), Segment(text[start:end], True)]
        at = end
    segments.append(Segment(text[at:], False))
    return tuple(segment for segment in segments if segment.text)
