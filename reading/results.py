"""The stored result of a comparison: what the worker writes down, and the parts of it that a page shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from reading.comparing import ADDED, MOVED_AWAY, MOVED_HERE, REMOVED, SAME, Block, Comparison
from reading.texts import Text

FORM = 1  # of the stored result; another one is worked out anew
KINDS = ("added", "removed", "replaced", "moved")
CHANGES_A_PAGE = 40
BLOCKS_A_PAGE = 120
PAIRS_A_PAGE = 6
CONTEXT = 1  # paragraphs around a change
LONGEST_EXCERPT = 240


def write_result(older: Text, newer: Text, comparison: Comparison) -> dict[str, Any]:
    changes = comparison.changes
    places = list(_follow_pages(comparison.blocks))
    return {
        "form": FORM,
        "counts": {kind: sum(change.kind == kind for change in changes) for kind in KINDS},
        "sizes": [older.sizes, newer.sizes],
        "blank": [older.blank, newer.blank],
        "blocks": [
            [b.fate, b.older_page, b.newer_page, [[p.fate, p.text, p.change] for p in b.pieces]]
            for b in comparison.blocks
        ],
        "changes": [
            {
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
                "older": [list(box) for box in change.older],
                "newer": [list(box) for box in change.newer],
                "pages": [
                    change.older[0].page if change.older else places[change.block][0],
                    change.newer[0].page if change.newer else places[change.block][1],
                ],
                "figures": change.has_figures,
                "block": change.block,
            }
            for change in changes
        ],
    }


def _follow_pages(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """For each paragraph the page that it stands on, or would stand on."""
    older = newer = 1
    for block in blocks:
        older, newer = block.older_page or older, block.newer_page or newer
        yield older, newer


# What a page shows


@dataclass
class ShownPiece:
    tag: str  # "", "ins" or "del"
    text: str
    number: int | None  # of the change, counted from 1
    is_first: bool  # of the change, on this page: there its anchor stands
    has_figures: bool


@dataclass
class ShownBlock:
    pieces: list[ShownPiece] = field(default_factory=list)
    older_page: int | None = None
    newer_page: int | None = None
    fate: str = SAME
    other_page: int | None = None  # where a moved paragraph went, or came from
    skipped: int = 0  # so many paragraphs without a change stand here


@dataclass
class ShownChange:
    number: int
    kind: str
    before: str
    after: str
    page: int
    has_figures: bool


@dataclass
class Portion:
    """One screen page of a comparison."""

    number: int
    last: int
    blocks: list[ShownBlock] = field(default_factory=list)
    changes: list[ShownChange] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)


def show_changes(result: dict[str, Any], number: int) -> Portion:
    """The changes with a little of the text around, forty to a page."""
    changes = result["changes"]
    portion = Portion(*_turn(number, len(changes), CHANGES_A_PAGE))
    first, end = _bounds(portion.number, CHANGES_A_PAGE, len(changes))
    wanted = _find_blocks(result, first, end)
    shown = _Shown(result)
    before = None
    for place in wanted:
        skipped = place - (before if before is not None else (-1 if first == 0 else place - 1)) - 1
        if skipped:
            portion.blocks.append(ShownBlock(skipped=skipped))
        portion.blocks.append(shown.show_block(place))
        before = place
    if before is not None and end == len(changes) and (rest := len(result["blocks"]) - 1 - before):
        portion.blocks.append(ShownBlock(skipped=rest))
    portion.changes = [_show_change(changes[n], n + 1) for n in range(first, end)]
    return portion


def show_text(result: dict[str, Any], number: int) -> Portion:
    """The whole text, some pages at a time."""
    blocks = result["blocks"]
    portion = Portion(*_turn(number, len(blocks), BLOCKS_A_PAGE))
    first, end = _bounds(portion.number, BLOCKS_A_PAGE, len(blocks))
    shown = _Shown(result)
    portion.blocks = [shown.show_block(place) for place in range(first, end)]
    numbers = sorted({p.number for b in portion.blocks for p in b.pieces if p.number is not None})
    portion.changes = [_show_change(result["changes"][n - 1], n) for n in numbers]
    return portion


def show_pairs(result: dict[str, Any], number: int) -> Portion:
    """The pages with changes, old and new beside each other."""
    pairs = _pair_pages(result)
    portion = Portion(*_turn(number, len(pairs), PAIRS_A_PAGE))
    first, end = _bounds(portion.number, PAIRS_A_PAGE, len(pairs))
    portion.pairs = [_show_pair(result, place, *pairs[place]) for place in range(first, end)]
    numbers = sorted({n for pair in portion.pairs for n in pair["numbers"]})
    portion.changes = [_show_change(result["changes"][n - 1], n) for n in numbers]
    return portion


def find_pair(result: dict[str, Any], place: int) -> dict[str, Any] | None:
    pairs = _pair_pages(result)
    return _show_pair(result, place, *pairs[place]) if place < len(pairs) else None


def _turn(number: int, length: int, a_page: int) -> tuple[int, int]:
    last = max(1, -(-length // a_page))
    return min(max(1, number), last), last


def _bounds(number: int, a_page: int, length: int) -> tuple[int, int]:
    return (number - 1) * a_page, min(number * a_page, length)


def _find_blocks(result: dict[str, Any], first: int, end: int) -> list[int]:
    """The paragraphs with these changes in, and those around them."""
    numbers = set(range(first, end))
    wanted: set[int] = set()
    for place, (_, _, _, pieces) in enumerate(result["blocks"]):
        if any(change in numbers for _, _, change in pieces):
            wanted |= set(range(max(0, place - CONTEXT), min(len(result["blocks"]), place + CONTEXT + 1)))
    return sorted(wanted)


class _Shown:
    """Remembers which changes have their anchor already."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result
        self.anchored: set[int] = set()

    def show_block(self, place: int) -> ShownBlock:
        fate, older_page, newer_page, pieces = self.result["blocks"][place]
        block = ShownBlock(older_page=older_page, newer_page=newer_page, fate=fate)
        for piece_fate, text, change in pieces:
            tag = {ADDED: "ins", REMOVED: "del", MOVED_AWAY: "del"}.get(piece_fate, "")
            block.pieces.append(
                ShownPiece(
                    tag,
                    text,
                    None if change is None else change + 1,
                    change is not None and change not in self.anchored,
                    change is not None and self.result["changes"][change]["figures"],
                )
            )
            if change is not None:
                self.anchored.add(change)
                if fate in (MOVED_AWAY, MOVED_HERE):
                    pages = self.result["changes"][change]["pages"]
                    block.other_page = pages[1] if fate == MOVED_AWAY else pages[0]
        return block


def _show_change(change: dict[str, Any], number: int) -> ShownChange:
    return ShownChange(
        number,
        change["kind"],
        _shorten(change["before"]),
        _shorten(change["after"]),
        change["pages"][0 if change["kind"] == "removed" else 1],
        change["figures"],
    )


def _shorten(words: str) -> str:
    return words if len(words) <= LONGEST_EXCERPT else words[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"


def _pair_pages(result: dict[str, Any]) -> list[tuple[int, int]]:
    """Old and new pages that belong side by side, in the order of the changes."""
    pairs: dict[tuple[int, int], None] = {}
    for change in result["changes"]:
        older = sorted({box[0] for box in change["older"]}) or [change["pages"][0]]
        newer = sorted({box[0] for box in change["newer"]}) or [change["pages"][1]]
        for left, right in zip_longest(older, newer):
            pairs[(left or older[-1], right or newer[-1])] = None
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _show_pair(result: dict[str, Any], place: int, older: int, newer: int) -> dict[str, Any]:
    left, right = _show_sheet(result, "older", older), _show_sheet(result, "newer", newer)
    numbers = {mark["number"] for sheet in (left, right) for mark in sheet["marks"]}
    return {"place": place, "older": left, "newer": right, "numbers": sorted(numbers)}


def _show_sheet(result: dict[str, Any], side: str, page: int) -> dict[str, Any]:
    """A page and the places on it that are marked."""
    sizes = result["sizes"][0 if side == "older" else 1]
    width, height = sizes[page - 1] if page <= len(sizes) else (5950, 8420)
    marks = [
        {
            "number": number,
            "kind": change["kind"],
            "left": left - 10,
            "top": top - 6,
            "width": right - left + 20,
            "height": bottom - top + 12,
        }
        for number, change in enumerate(result["changes"], 1)
        for at, left, top, right, bottom in change[side]
        if at == page
    ]
    return {"page": page, "width": width, "height": height, "marks": marks}
