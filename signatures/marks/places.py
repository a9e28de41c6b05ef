"""Where a mark belongs, by what is printed: "Số: …/", "ngày … tháng … năm", title and name, "Lưu:"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Box = tuple[float, float, float, float]  # left, bottom, right, top
Place = tuple[int, Box]  # the page, 0 is the first

MM = 72 / 25.4
LEADER = (53 * MM, 25 * MM)  # as the tools of the Government CA draw it
INITIALS = (60.0, 30.0)
SEAL_MM = 38.5
SHARE_COVERED = 1 / 3  # of the signature, by the seal, on its left side
MARGIN = 57.0  # 20 mm
LEAST_GAP = 8.0  # wider than any space between two words: left blank to be filled in
LEAST_ROOM = 30.0  # between title and name: a name in running text has a line right above it
PADDING = 4.0  # of a line of text in its box
NOTE_HEIGHT = 46.0  # the organisation's words at the top right: three lines


@dataclass(frozen=True)
class Word:
    text: str
    box: Box

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Page:
    number: int
    box: Box
    lines: tuple[tuple[Word, ...], ...]  # from top to bottom, each from left to right
    fields: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Block:
    """Title and name of a signer, with the room between them."""

    page: Page
    title: Word
    name: Box

    @property
    def centre(self) -> tuple[float, float]:
        return (self.name[0] + self.name[2]) / 2, (self.name[3] + self.title.box[1]) / 2


def arrange(pages: Iterable[dict[str, Any]]) -> tuple[Page, ...]:
    """From what `signatures.marks.reading` has read."""
    return tuple(
        Page(
            number=page["number"],
            box=tuple(page["box"]),
            lines=tuple(_gather_lines(Word(text, tuple(box)) for text, *box in page["words"])),
            fields=tuple(tuple(field) for field in page["fields"]),
        )
        for page in pages
    )


def _gather_lines(words: Iterable[Word]) -> Iterator[tuple[Word, ...]]:
    """Words on one height are one line, across columns."""
    line: list[Word] = []
    for word in sorted(words, key=lambda word: -word.middle):
        if line and line[0].middle - word.middle > min(line[0].height, word.height) / 2:
            yield tuple(sorted(line, key=lambda word: word.box[0]))
            line = []
        line.append(word)
    if line:
        yield tuple(sorted(line, key=lambda word: word.box[0]))


def find_number(pages: Sequence[Page]) -> Place | None:
    """Between "Số:" and the notation."""
    for page, before, after in _pairs(pages):
        if (
            before.text.casefold() in ("số:", "số")
            and after.text.startswith("/")
            and _is_blank(before, after)
        ):
            return page.number, _between(before, after)
    return None


def find_day(pages: Sequence[Page]) -> Place | None:
    return _find_blank(pages, "ngày", "tháng")


def find_month(pages: Sequence[Page]) -> Place | None:
    return _find_blank(pages, "tháng", "năm")


def _find_blank(pages: Sequence[Page], left: str, right: str) -> Place | None:
    for page, before, after in _pairs(pages):
        if before.text.casefold() == left and after.text.casefold() == right and _is_blank(before, after):
            return page.number, _between(before, after)
    return None


def _pairs(pages: Sequence[Page]) -> Iterator[tuple[Page, Word, Word]]:
    for page in pages:
        for line in page.lines:
            for before, after in pairwise(line):
                yield page, before, after


def _is_blank(before: Word, after: Word) -> bool:
    return after.box[0] - before.box[2] >= LEAST_GAP


def _between(before: Word, after: Word) -> Box:
    return before.box[2], before.box[1] - PADDING, after.box[0], before.box[3] + PADDING


def find_block(pages: Sequence[Page], name: str) -> Block | None:
    """The last signature block of that name."""
    for page in reversed(pages):
        for box in reversed([*_find_names(page, name.casefold().split())]):
            title = _find_above(page, box)
            if title is not None and title.box[1] - box[3] >= LEAST_ROOM:
                return Block(page, title, box)
    return None


def _find_names(page: Page, name: list[str]) -> Iterator[Box]:
    for line in page.lines:
        texts = [word.text.casefold().strip(".,;:") for word in line]
        for start in range(len(line) - len(name) + 1):
            if name and texts[start : start + len(name)] == name:
                yield _around(word.box for word in line[start : start + len(name)])


def _find_above(page: Page, name: Box) -> Word | None:
    above = (
        word
        for line in page.lines
        for word in line
        if word.box[1] >= name[3] and word.box[0] < name[2] and word.box[2] > name[0]
    )
    return min(above, key=lambda word: word.box[1], default=None)


def place_signature(block: Block, size: tuple[float, float]) -> Place:
    """Centred between title and name."""
    (across, up), (width, height) = block.centre, size
    return block.page.number, (across - width / 2, up - height / 2, across + width / 2, up + height / 2)


def place_seal(signature: Box, size: tuple[float, float]) -> Box:
    """Over a third of the signature, to its left."""
    right = signature[0] + (signature[2] - signature[0]) * SHARE_COVERED
    up = (signature[1] + signature[3]) / 2
    return right - size[0], up - size[1] / 2, right, up + size[1] / 2


def find_end(pages: Sequence[Page]) -> Place | None:
    """Beside "Lưu: VT, …", the last line of the recipients; else where the text ends with "./."."""
    for wanted in (
        lambda word: word.text.casefold().startswith("lưu:"),
        lambda word: word.text.endswith("./."),
    ):
        for page in reversed(pages):
            for line in reversed(page.lines):
                for index, word in enumerate(line):
                    if wanted(word):
                        last = _run_on(line[index:])
                        return _clear(page, _beside(last), step=(INITIALS[0] + 2, 0))
    return None


def _run_on(words: Sequence[Word]) -> Word:
    """The last word of this line in this column."""
    last = words[0]
    for word in words[1:]:
        if word.box[0] - last.box[2] > 20:
            break
        last = word
    return last


def _beside(word: Word) -> Box:
    """Somewhat lower than the line, so that the line above stays clear."""
    (width, height), left, bottom = INITIALS, word.box[2] + 2, word.box[1]
    return left, bottom - height * 0.6, left + width, bottom + height * 0.4


def find_largest_field(pages: Sequence[Page]) -> Place | None:
    """The one that stands out on the last signed page: of a paper signed elsewhere, the leader's."""
    for page in reversed(pages):
        if page.fields:
            return page.number, max(page.fields, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return None


def place_note(pages: Sequence[Page], width: float) -> Place:
    """The top right of the first page; under what stands there already."""
    page = pages[0]
    right, top = page.box[2] - MARGIN, page.box[3] - MARGIN / 6
    return _clear(page, (right - width, top - NOTE_HEIGHT, right, top), step=(0, -NOTE_HEIGHT))


def place_at_end(pages: Sequence[Page], size: tuple[float, float], *, left: bool = False) -> Place:
    """Where nothing says where: the bottom of the last page, above what stands there already."""
    page = pages[-1]
    across = page.box[0] + 1.5 * MARGIN if left else page.box[2] - MARGIN - size[0]
    bottom = page.box[1] + MARGIN
    return _clear(page, (across, bottom, across + size[0], bottom + size[1]), step=(0, size[1] + 2))


def _clear(page: Page, box: Box, *, step: tuple[float, float]) -> Place:
    """Moved on by steps until no field lies under it."""
    for _ in range(20):
        if not any(_overlaps(box, field) for field in page.fields):
            break
        box = box[0] + step[0], box[1] + step[1], box[2] + step[0], box[3] + step[1]
    return page.number, box


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(boxes: Iterable[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)
