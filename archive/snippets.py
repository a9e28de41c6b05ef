"""Cut the telling place out of a text and mark what was looked for. Pure Python, no Django.

The text keeps its accents though the query may have none; the longest run of the query's words comes first.
What comes back are segments, so that the template escapes each by itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from .terms import Query, fold

WIDTH = 240  # letters in a snippet
_LEAD = 80  # of them before the first hit, at most
_CHUNK, _OVERLAP = 32_768, 400
_MOST_HITS = 300  # looked at in one chunk when only parts of the query are there
_GAP = r'(?:[^\w.;:!?()"]|_){1,8}'
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


def cut(pages: Sequence[str], query: Query, width: int = WIDTH) -> Snippet:
    """The best place of the pages; their beginning where nothing of the query is in them."""
    place = _Finder.of(query).best(pages)
    if place is None:
        first = next((page for page in pages if page.strip()), "")
        return _excerpt(normalize("NFC", first[: 8 * width]), 0, query, width, page=0)
    return _excerpt(place.text, place.start, query, width, page=place.page)


def mark(text: str, query: Query) -> tuple[Segment, ...]:
    """The whole of a short text, as a title, with the hits marked."""
    text = " ".join(normalize("NFC", text).split())
    return _segments(text, _Finder.of(query).spans(text))


def says_exactly(text: str, query: Query) -> bool:
    """All words in the order and with the accents as they were typed."""
    text = _placed(normalize("NFC", text))
    return bool(query.typed) and all(pattern.search(text) for pattern in _Finder.of(query).exact)


class _Place(NamedTuple):
    worth: tuple[int, int]
    text: str
    start: int
    page: int


class _Finder:
    """The patterns of one query: exactly as typed, whole, pairs, words."""

    def __init__(self, query: Query) -> None:
        folded = query.phrases + query.runs
        self.exact = [_in_a_row(words) for words in map(_placed_words, query.typed)] if query.accented else []
        self.whole = [_in_a_row(words) for words in folded if len(words) > 1]
        self.whole += [_number(number) for number in query.numbers]
        self.pairs = {pair for words in folded for pair in zip(words, words[1:], strict=False)}
        self.alone = {words[0] for words in folded if len(words) == 1}
        self.words = {word for words in folded for word in words}
        self.begun = query.words[-1] if query.begun and query.words else None
        self.numbers = [_number(number) for number in query.numbers]
        self.pair = _either(f"{one}{_GAP}{two}" for one, two in sorted(self.pairs))
        self.word = _either(sorted(self.words), begun=self.begun)
        # What cannot be bettered, so that the search may stop there.
        self.most = 3 if self.exact else 2 if self.whole else 0

    @staticmethod
    @lru_cache(maxsize=64)
    def of(query: Query) -> "_Finder":
        return _Finder(query)

    def best(self, pages: Sequence[str]) -> _Place | None:
        best: _Place | None = None
        for number, page in enumerate(pages, start=1):
            for text in _chunks(normalize("NFC", page)):
                found = self._in(text, fold(text), number)
                if found and (best is None or found.worth > best.worth):
                    best = found
                if best and (best.worth[0] >= self.most > 0):
                    return best
        return best

    def _in(self, text: str, folded: str, page: int) -> _Place | None:
        if self.exact and len(placed := _placed(text)) == len(text):
            for pattern in self.exact:
                if found := pattern.search(placed):
                    return _Place((3, 0), text, found.start(), page)
        for pattern in self.whole:
            if found := pattern.search(folded):
                return _Place((2, 0), text, found.start(), page)
        for level, pattern in ((1, self.pair), (0, self.word)):
            if pattern and (densest := _densest(pattern, folded)):
                count, start = densest
                return _Place((level, count), text, start, page)
        return None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """What to mark: neighbours of the query; single words only where no neighbours are."""
        folded = fold(text)
        spans = [found.span() for pattern in self.numbers for found in pattern.finditer(folded)]
        words = [(found[0], *found.span()) for found in _WORD.finditer(folded)]
        for (one, start, middle), (two, begin, end) in zip(words, words[1:], strict=False):
            if self._are_neighbours(one, two) and re.fullmatch(_GAP, folded[middle:begin]):
                spans.append((start, end))
        lone = self.alone if spans else self.words
        spans += [(start, end) for word, start, end in words if word in lone or self._is_begun(word)]
        return _merged(spans)

    def _are_neighbours(self, one: str, two: str) -> bool:
        if (one, two) in self.pairs:
            return True
        return self._is_begun(two) and (one, self.begun) in self.pairs

    def _is_begun(self, word: str) -> bool:
        return self.begun is not None and word.startswith(self.begun)


def _either(patterns: Iterator[str] | list[str], begun: str | None = None) -> re.Pattern[str] | None:
    listed = [*patterns, *([rf"{re.escape(begun)}\w*"] if begun else [])]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(listed)})(?![^\W_])") if listed else None


def _in_a_row(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_GAP.join(map(re.escape, words))}(?![^\W_])")


def _number(number: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in number.lstrip("0").split("/")]
    return re.compile(rf"(?<![a-z0-9/.-])0*{r' ?/ ?'.join(parts)}[a-z0-9/-]*")


def _densest(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """How many different hits the best window has, and where it begins."""
    found = []
    for hit in pattern.finditer(text):
        found.append((hit.start(), hit[0]))
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


def _placed_words(words: Sequence[str]) -> list[str]:
    return [_placed(word) for word in words]


def _chunks(text: str) -> Iterator[str]:
    if len(text) <= _CHUNK:
        yield text
        return
    for start in range(0, len(text), _CHUNK):
        begin = _gap_before(text, start) if start else 0
        yield text[begin : start + _CHUNK + _OVERLAP]


def _excerpt(text: str, hit: int, query: Query, width: int, *, page: int) -> Snippet:
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
        segments=_segments(piece, _Finder.of(query).spans(piece)),
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
