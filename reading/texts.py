"""A document as words with their places: paragraphs put together again from the lines of its pages.

Page numbers, running heads, line breaks and hyphens at line ends belong to the pages, not to the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

HYPHEN_AT_LINE_END = "\x02"  # pdfium's mark: the word goes on in the next line

BREAKS_AFTER = ("/", "-")  # where a line may end inside "34/2016/TT-BTC"
PAGE_NUMBER = re.compile(r"\W*(trang|page|p\.|tr\.)?\W*\d{1,4}\W*((/|of|trên)\W*\d{1,4})?\W*", re.I)
RULE = re.compile(r"[_.…]{3,}")  # drawn with letters, to write on or to divide
DIGITS = re.compile(r"\d+")
ITEM = re.compile(
    r"(Điều|Chương|Mục|Phần|Phụ lục|Khoản)\s+[\dIVXLC]+\b|\d{1,3}(\.\d{1,3})*[.)]\s|[a-zđ]{1,2}\)\s"
    r"|[-–+•*]\s",
    re.I,
)


class Box(NamedTuple):
    """In tenths of a point, from the top left corner of the page."""

    page: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass
class Text:
    """A document as words. `ends` are the places behind the last word of each paragraph."""

    words: list[str] = field(default_factory=list)
    boxes: list[tuple[Box, ...]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)  # of the pages
    blank: list[int] = field(default_factory=list)  # numbers of the pages without a word


def read_text(pages: Iterable[dict[str, Any]]) -> Text:
    """The pages as `documents.files.pdf_reading.read_words` gives them."""
    text, lines = Text(), []
    for number, page in enumerate(pages, 1):
        text.sizes.append((page["width"], page["height"]))
        told = [[word for word in line if not RULE.fullmatch(word[0])] for line in page["lines"]]
        found = [_Line(number, line) for line in told if line]
        if not found:
            text.blank.append(number)
        lines.append(found)
    for paragraph in _cut_paragraphs(_take_out_running_heads(lines)):
        _add_paragraph(text, paragraph)
    return text


class _Line:
    __slots__ = ("bottom", "left", "page", "right", "top", "words")

    def __init__(self, page: int, words: list[list[Any]]) -> None:
        self.page = page
        self.words = words  # [text, left, top, right, bottom]
        self.left, self.top = words[0][1], min(word[2] for word in words)
        self.right, self.bottom = max(word[3] for word in words), max(word[4] for word in words)

    @property
    def text(self) -> str:
        return " ".join(word[0] for word in self.words)


def _take_out_running_heads(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Page numbers go; a head or foot that runs through the pages is kept once, in front, without numbers."""
    offset = _find_numbering(pages)
    seen = Counter(_without_count(line) for page in pages for line in _edge_lines(page))
    often = max(3, len(pages) // 4)
    heads: dict[str, list[_Line]] = {}
    kept = []
    for page in pages:
        left_over = list(page)
        for line in _edge_lines(page):
            key = _without_count(line)
            if offset is not None and _count_off(line) == offset:
                left_over.remove(line)
            elif seen[key] >= often and any(letter.isalpha() for letter in key):
                left_over.remove(line)
                heads.setdefault(key, []).append(line)
        kept.append(left_over)
    return [head for head in map(_keep_steady, heads.values()) if head] + kept


def _find_numbering(pages: list[list[_Line]]) -> int | None:
    """By how much the printed numbers of the pages are ahead; None where none are printed."""
    offsets = Counter(_count_off(line) for page in pages for line in _edge_lines(page))
    del offsets[None]
    if not offsets:
        return None
    offset, times = offsets.most_common(1)[0]
    return offset if times > 1 or offset == 0 else None


def _count_off(line: _Line) -> int | None:
    found = DIGITS.search(line.text) if PAGE_NUMBER.fullmatch(line.text) else None
    return int(found.group()) - line.page if found else None


def _without_count(line: _Line) -> str:
    """The line but for a number at either end, which may be that of the page."""
    words = line.text.split()
    first, last = words[0].isdecimal(), words[-1].isdecimal()
    return " ".join(words[first : len(words) - last])


def _keep_steady(lines: list[_Line]) -> list[_Line]:
    """The head as it stood first, without the number that counts the pages."""
    first = lines[0]
    if len({line.text for line in lines}) > 1:
        start, end = first.words[0][0].isdecimal(), first.words[-1][0].isdecimal()
        first.words = first.words[start : len(first.words) - end]
    return [first] if first.words else []


def _edge_lines(page: list[_Line]) -> list[_Line]:
    return page[:1] + page[-1:] if len(page) > 1 else page


def _cut_paragraphs(pages: list[list[_Line]]) -> Iterator[list[_Line]]:
    """A paragraph ends where a line stops short of the margin, the next is set in, or an item begins."""
    paragraph: list[_Line] = []
    for lines in pages:
        right = max((line.right for line in lines), default=0)
        width = right - min((line.left for line in lines), default=0)
        for line in lines:
            if paragraph and _begins_anew(paragraph[-1], line, right, width):
                yield paragraph
                paragraph = []
            paragraph.append(line)
    if paragraph:
        yield paragraph


def _begins_anew(before: _Line, line: _Line, right: int, width: int) -> bool:
    if before.words[-1][0].endswith(HYPHEN_AT_LINE_END):
        return False
    if ITEM.match(line.text + " "):
        return True
    if before.page != line.page:
        return before.words[-1][0][-1:] in ".:;!?/" or line.text.isupper()
    height = max(1, before.bottom - before.top)
    short = before.right < right - width * 0.12
    gap = line.top - before.bottom > height * 0.9
    set_in = line.left > before.left + height * 1.2
    return short or gap or set_in


def _add_paragraph(text: Text, lines: list[_Line]) -> None:
    goes_on = False
    for line in lines:
        for word, *place in line.words:
            box = Box(line.page, *place)
            content = unicodedata.normalize("NFC", word.replace(HYPHEN_AT_LINE_END, "-"))
            if goes_on and content:
                text.words[-1] += content
                text.boxes[-1] = (*text.boxes[-1], box)
            elif content:
                text.words.append(content)
                text.boxes.append((box,))
            goes_on = word.endswith(HYPHEN_AT_LINE_END)
        goes_on = goes_on or (len(word) > 1 and word.endswith(BREAKS_AFTER))
    if text.words and (not text.ends or text.ends[-1] < len(text.words)):
        text.ends.append(len(text.words))


def join_boxes(boxes: Iterable[tuple[Box, ...]]) -> list[Box]:
    """Words beside each other on a line have one box."""
    joined: list[Box] = []
    for box in (box for word in boxes for box in word):
        last = joined[-1] if joined else None
        if last and last.page == box.page and _on_a_line(last, box):
            joined[-1] = Box(
                box.page, last.left, min(last.top, box.top), box.right, max(last.bottom, box.bottom)
            )
        else:
            joined.append(box)
    return joined


def _on_a_line(last: Box, box: Box) -> bool:
    middle = (box.top + box.bottom) // 2
    return last.top <= middle <= last.bottom and box.left >= last.left
