"""Words into search terms: the same for what is stored and for what is typed. Pure Python, no Django.

Vietnamese has some 2,200 syllables once the accents are off, so single syllables say little and pairs of
neighbours are nearly words. An entry keeps both, and a phrase becomes an AND of pairs:

    bao, hiem, bao_hiem           syllables and pairs of the text
    158/2025/nd-cp                a document number that the text names
    t.bao, t.bao_hiem             the same for the title
    n.158/2025/nd-cp              the entry's own number
    y.2026                        its year, by which a search is cut into windows
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

Runs = tuple[tuple[str, ...], ...]

LONGEST_TERM = 40
# PostgreSQL keeps a tsvector's words within one megabyte and finds them by a 20-bit offset.
MOST_BYTES = 1_000_000
LONGEST_QUERY = 300
MOST_WORDS = 24

BOUNDARIES = frozenset('.;:!?()"“”…')
_SILENT = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_BLANKED = dict.fromkeys(map(ord, BOUNDARIES), " ")  # inside quotation marks nothing divides
_MARK = "\u034f"  # a sign that joins with no letter: keeps the place of what is no letter of its own
_WRAPPED_AT = 50  # a shorter line that ends without punctuation is a heading or a cell, not a wrapped line

_NUMBER = re.compile(
    r"(?<![a-z0-9/.-])(?P<first>\d{1,6}[a-z]?(?:-[a-z]{2,4})?)\s?/\s?"
    r"(?:(?P<year>\d{4})\s?/\s?)?"
    r"(?P<sign>[a-z]{1,12}\d{0,3}(?:-[a-z0-9]{1,15}){0,4})(?![a-z0-9])"
)
# What is typed may stop half-way: 158/2025, 122/NQ-
_NUMBER_BEGUN = re.compile(
    r"(?<![a-z0-9/.-])\d{1,6}[a-z]?(?:-[a-z]{2,4})?/(?:\d{4}(?:/[a-z][a-z0-9-]*|/?(?![0-9/]))|[a-z][a-z0-9-]*)"
)
_ENDED = re.compile(r"/[a-z]+(?:-[a-z0-9]+|\d+)$")
_QUOTED = re.compile(r'"([^"]*)"?')


class _Letters(dict[int, str]):
    """A translation table that learns each letter once: lower case, accents off, one character for one."""

    def __missing__(self, code: int) -> str:
        letter = self.of(chr(code))
        if code < 0x3000:  # a hostile text must not fill the memory with rare signs
            self[code] = letter
        return letter

    def of(self, char: str) -> str:
        if char in "đĐ":
            return "d"
        if unicodedata.combining(char) or char in _SILENT:
            return _MARK
        if char.isdigit():
            return str(unicodedata.digit(char))
        base = unicodedata.normalize("NFD", char)[0] if ord(char) < 0x2000 else char
        lower = base.lower()
        return lower if len(lower) == 1 else char


class _Terms(_Letters):
    """The same, and everything that is no letter becomes a gap (space) or a boundary (line end)."""

    def of(self, char: str) -> str:
        if char in BOUNDARIES or char == "\n":
            return "\n"
        letter = super().of(char)
        if letter == _MARK:
            return ""
        return letter if letter.isalnum() else " "


class _Words(_Terms):
    """The same with the accents left on, in lower case."""

    def of(self, char: str) -> str:
        letter = super().of(char)
        return char.lower() if letter.isalnum() else letter


_LETTERS = _Letters()
_TERMS = _Terms()
_WORDS = _Words()


def fold(text: str) -> str:
    """Lower case without accents; every place in it is the same place in the NFC text."""
    return unicodedata.normalize("NFC", text).translate(_LETTERS)


def has_accents(text: str) -> bool:
    text = unicodedata.normalize("NFC", text)
    return fold(text) != text.lower()


def _unwrapped(text: str) -> str:
    """Text of a PDF ends its lines where the paper ended; a sentence goes on in the next line."""
    parts: list[str] = []
    before = ""
    for line in text.splitlines():
        line = line.strip()
        if before and line:
            goes_on = line[0].islower() or (
                len(before) >= _WRAPPED_AT and line[0].isalpha() and before[-1] not in BOUNDARIES
            )
            if not goes_on:
                parts.append("\n")
            elif not (before[-1] == "-" and before[-2:-1].isalnum()):
                parts.append(" ")
        else:
            parts.append("\n")
        parts.append(line)
        before = line
    return "".join(parts)


def _runs(text: str, letters: _Letters = _TERMS) -> Iterator[list[str]]:
    """The syllables between two boundaries."""
    for piece in text.translate(letters).split("\n"):
        words = piece.split()
        if not words:
            continue
        if len(piece) > LONGEST_TERM and any(len(word) > LONGEST_TERM for word in words):
            yield from _without_overlong(words)
        else:
            yield words


def _without_overlong(words: list[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for word in words:
        if len(word) <= LONGEST_TERM:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _pairs(words: list[str]) -> list[str]:
    pairs = (f"{one}_{two}" for one, two in pairwise(words))
    return [pair for pair in pairs if len(pair) <= LONGEST_TERM]


def number_term(number: str) -> str:
    """`01/2024/TT-BKHĐT` → `1/2024/tt-bkhdt`. Empty when it is not of the form of a number."""
    found = _NUMBER.fullmatch(fold(number).strip())
    return _number(found) if found else ""


def _number(found: re.Match[str]) -> str:
    term = "/".join(part for part in (found["first"], found["year"], found["sign"]) if part)
    term = _without_zeros(term)
    return term if len(term) <= LONGEST_TERM else ""


def _without_zeros(number: str) -> str:
    """01/2024 and 1/2024 are the same number."""
    return number.lstrip("0") or "0"


def numbers(text: str) -> list[str]:
    """The document numbers that a text names, whole."""
    return [term for found in _NUMBER.finditer(fold(text)) if (term := _number(found))]


def terms(text: str) -> dict[str, None]:
    """Syllables, pairs and document numbers in the order in which they first come, each once."""
    text = _unwrapped(unicodedata.normalize("NFC", text))
    found: dict[str, None] = {}
    for words in _runs(text):
        found.update(dict.fromkeys(words))
        found.update(dict.fromkeys(_pairs(words)))
    if "/" in text:
        found.update(dict.fromkeys(numbers(text)))
    return found


def entry_terms(*, title: str, number: str, year: int, texts: Iterable[str] = ()) -> list[str]:
    """All terms of one search entry: what must be found comes first, should the text be too long for all."""
    own = terms(f"{number}\n{title}")
    found: dict[str, None] = {f"y.{year}": None}
    if own_number := number_term(number):
        found[f"n.{own_number}"] = None
        first, *middle, sign = own_number.split("/")
        if middle:  # people leave the year out
            found[f"n.{first}/{sign}"] = None
    found.update((f"t.{term}", None) for term in terms(title))
    found.update(own)
    for text in texts:
        found.update(terms(text))
    return _fitting(found)


def _fitting(found: Iterable[str]) -> list[str]:
    kept, size = [], 0
    for term in found:
        size += len(term.encode())
        if size > MOST_BYTES:
            break
        kept.append(term)
    return kept


# ---- what is typed ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """What a person looks for: runs of free words, quoted phrases, document numbers."""

    text: str
    runs: Runs = ()
    phrases: Runs = ()
    numbers: tuple[str, ...] = ()
    typed: Runs = ()  # phrases and runs with the accents left on
    begun: bool = False  # the last word may go on: search by its beginning

    def __bool__(self) -> bool:
        return bool(self.runs or self.phrases or self.numbers)

    @property
    def accented(self) -> bool:
        """Accents were typed, so they are meant."""
        return self.typed != self.phrases + self.runs

    @property
    def words(self) -> list[str]:
        return [word for run in self.runs for word in run]

    @cached_property
    def tiers(self) -> list[str]:
        """One tsquery for each tier, best first: own number, title has all, all pairs, all syllables."""
        number = " | ".join(f"'n.{_without_zeros(number)}':*" for number in self.numbers)
        title = _all([*self._exact("t."), *self._words("t."), *self._phrases("t.")])
        pairs = _all([*self._exact(), *self._neighbours(), *self._phrases()])
        syllables = _all([*self._exact(), *self._words(), *self._phrases()])
        return list(dict.fromkeys(tier for tier in (number, title, pairs, syllables) if tier))

    @property
    def everything(self) -> str:
        """One tsquery for all hits of all tiers: the title's words are among the words of the text."""
        widest = self.tiers[-1]
        return f"({self.tiers[0]}) | ({widest})" if self.numbers and self.tiers[0] != widest else widest

    def as_begun(self) -> "Query":
        return replace(self, begun=True)

    def _exact(self, field: str = "") -> Iterator[str]:
        for number in self.numbers:
            if _ENDED.search(number):
                yield _quoted(field + _without_zeros(number))
            else:
                *parts, last = _pairs([part for part in re.split("[/-]", number) if part])
                yield from (_quoted(field + term) for term in parts)
                yield _quoted(field + last, begun=True)

    def _words(self, field: str = "") -> Iterator[str]:
        words = list(dict.fromkeys(self.words))
        last = self.words[-1] if self.begun and self.runs else None
        for word in words:
            yield _quoted(field + word, begun=word == last)

    def _neighbours(self) -> Iterator[str]:
        for at, run in enumerate(self.runs):
            found = _pairs(list(run)) or list(run)
            last = found[-1] if self.begun and at == len(self.runs) - 1 else None
            for term in dict.fromkeys(found):
                yield _quoted(term, begun=term == last)

    def _phrases(self, field: str = "") -> Iterator[str]:
        for phrase in self.phrases:
            yield from (_quoted(field + term) for term in (_pairs(list(phrase)) or phrase))


def _quoted(term: str, *, begun: bool = False) -> str:
    """A lexeme of a tsquery. Terms are letters, digits and `_./-` only, so there is nothing to escape."""
    return f"'{term}':*" if begun else f"'{term}'"


def _all(parts: Iterable[str]) -> str:
    return " & ".join(dict.fromkeys(parts))


def parse(text: str) -> Query:
    """Read what was typed: free words, "quoted phrases", document numbers whole or begun."""
    text = unicodedata.normalize("NFC", text[:LONGEST_QUERY]).replace("“", '"').replace("”", '"')
    quoted = [found[1].translate(_BLANKED) for found in _QUOTED.finditer(text)]
    phrases, typed_phrases = _first_words(quoted, MOST_WORDS)

    free = _QUOTED.sub("\n", text)
    named: list[str] = []
    for found in reversed(list(_NUMBER_BEGUN.finditer(fold(free)))):
        named.insert(0, found[0].rstrip("/-")[:LONGEST_TERM])
        free = f"{free[: found.start()]}\n{free[found.end() :]}"
    runs, typed_runs = _first_words(free.split("\n"), MOST_WORDS - sum(map(len, phrases)))

    return Query(
        text=text.strip(),
        runs=runs,
        phrases=phrases,
        numbers=tuple(dict.fromkeys(named))[:4],
        typed=typed_phrases + typed_runs,
    )


def _first_words(
    pieces: list[str], room: int
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """The runs of the pieces folded, and the same as typed, so many words at most."""
    folded, typed = [], []
    for piece in pieces:
        for words, accented in zip(_runs(piece), _runs(piece, _WORDS), strict=True):
            if room > 0:
                folded.append(tuple(words[:room]))
                typed.append(tuple(accented[:room]))
                room -= len(folded[-1])
    return tuple(folded), tuple(typed)
