"""Searching the papers of one dossier that a person may read. Accents may be left out; those typed count."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from documents.models import DocumentVersion
from people.names import fold

MOST_WORDS = 200  # letters of a query; the rest is cut off
MOST_PAGES = 400  # looked at for one answer
PAGES_SHOWN = 12  # of one paper
BEFORE, AFTER = 70, 150  # letters round the first hit of a page
RULES_AND_DOTS = re.compile(r"[_.…-]{4,}")  # drawn with letters: nothing to read

# Text and folded text run side by side, so that each is unpacked once. What was stored before workers folded
# it is folded here, slower, to the same.
PAGES = """
SELECT text.version_id, page.number, page.words
  FROM documents_documenttext AS text
 CROSS JOIN LATERAL ROWS FROM (jsonb_array_elements_text(text.pages), jsonb_array_elements_text(text.folded))
       WITH ORDINALITY AS page (words, folded, number)
 WHERE text.version_id = ANY(%(versions)s)
   AND coalesce(page.folded,
           lower(regexp_replace(regexp_replace(normalize(translate(page.words, 'đĐ', 'dd'), NFD),
                                               '[\u0300-\u036f]', '', 'g'), '\\s+', ' ', 'g'))
       ) LIKE %(pattern)s
 ORDER BY array_position(%(versions)s, text.version_id), page.number
 LIMIT %(most)s
"""


class Segment(NamedTuple):
    text: str
    is_hit: bool


@dataclass(frozen=True)
class PageHit:
    page: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class PaperHits:
    version_id: int
    pages: list[PageHit] = field(default_factory=list)
    count: int = 0  # of pages, also those that are not shown

    @property
    def more(self) -> int:
        return self.count - len(self.pages)


def search_versions(versions: Iterable[DocumentVersion], words: str) -> list[PaperHits]:
    """The pages on which the words stand together, by paper in the order of the versions."""
    looked_for = fold(words[:MOST_WORDS])
    if len(looked_for) < 2:
        return []
    rows = _find_pages([version.pk for version in versions], looked_for)
    finder = _Finder(words[:MOST_WORDS])
    found = []
    for version_id, pages in groupby(rows, lambda row: row[0]):
        hits = [(number, text) for _, number, text in pages if finder.stands_in(text)]
        if hits:
            shown = [PageHit(number, finder.cut(text)) for number, text in hits[:PAGES_SHOWN]]
            found.append(PaperHits(version_id, shown, len(hits)))
    return found


def _find_pages(versions: list[int], looked_for: str) -> list[Any]:
    pattern = "%" + re.sub(r"([\\%_])", r"\\\1", looked_for) + "%"
    with connection.cursor() as cursor:
        cursor.execute(PAGES, {"versions": versions, "pattern": pattern, "most": MOST_PAGES})
        return cursor.fetchall()


class _Finder:
    """Finds the words in a text with its accents."""

    def __init__(self, words: str) -> None:
        self.typed = _plain(words).lower()
        self.folded = fold(words)
        self.is_accented = fold(words) != self.typed

    def stands_in(self, text: str) -> bool:
        return not self.is_accented or self.typed in _plain(text).lower()

    def cut(self, text: str) -> tuple[Segment, ...]:
        """The first place of a page with what stands round it; every hit in it is marked."""
        text = RULES_AND_DOTS.sub("…", _plain(text))
        places = self._places(text)
        if not places:
            return (Segment(text[: BEFORE + AFTER], False),)
        start = max(0, places[0] - BEFORE)
        start = text.find(" ", start, places[0]) + 1 or start if start else 0
        end = min(len(text), places[0] + len(self.folded) + AFTER)
        end = (text.rfind(" ", places[0] + len(self.folded), end) if end < len(text) else end) or end
        segments, at = [Segment("… " if start else "", False)], start
        for place in places:
            if place < at or place + len(self.folded) > end:
                continue
            segments += [
                Segment(text[at:place], False),
                Segment(text[place : place + len(self.folded)], True),
            ]
            at = place + len(self.folded)
        segments += [Segment(text[at:end], False), Segment(" …" if end < len(text) else "", False)]
        return tuple(segment for segment in segments if segment.text)

    def _places(self, text: str) -> list[int]:
        where, what = (text.lower(), self.typed) if self.is_accented else (_fold_letters(text), self.folded)
        if len(where) != len(text):
            return []
        return [found.start() for found in re.finditer(re.escape(what), where)]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Folding(dict[int, str]):
    """One letter for one, so that places found stay where they are; each letter is looked at once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        base = "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()
        self[code] = base if len(base) == 1 else letter
        return self[code]


_FOLDING = _Folding()


def _fold_letters(text: str) -> str:
    return text.translate(_FOLDING)
