"""What the text of an official document is built of, whatever it is written to: PDF or a text file."""

from dataclasses import dataclass
from typing import ClassVar

BRIEF = 500  # letters; a longer row of a table may run over the end of a page


@dataclass(frozen=True, kw_only=True)
class Heading:
    text: str
    level: int = 1  # 1: "I. …", 2: "1. …", 3: "a) …"
    style: ClassVar[str] = "heading"


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str
    lead: str = ""  # printed bold before the text: "Điều 1."
    form: str = ""  # "italic"; "note": small, under a table; "bold"; "quoted": somebody's own words
    style: ClassVar[str] = "paragraph"

    @property
    def lines(self) -> list[str]:
        """The writer's own lines."""
        return [line for line in self.text.splitlines() if line.strip()] or [""]


@dataclass(frozen=True)
class Cell:
    lines: list[str]
    place: str  # "middle", "middle code" or ""
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()  # per cent, one a column
    caption: str = ""
    centred: tuple[int, ...] = ()  # columns, 0 is the first
    code: tuple[int, ...] = ()  # columns of checksums
    total: bool = False  # the last row sums up: it is bold
    is_whole: bool = False  # never parted by the end of a page
    style: ClassVar[str] = "table"

    @property
    def columns(self) -> tuple[tuple[str, int | None], ...]:
        return tuple(zip(self.header, self.widths or (None,) * len(self.header), strict=True))

    @property
    def lines(self) -> list[tuple[bool, list[Cell]]]:
        """The rows for a template: whether the row stays whole, and its cells."""
        last = len(self.rows) - 1
        return [
            (
                sum(map(len, row)) <= BRIEF,
                [self._cell(column, text, self.total and n == last) for column, text in enumerate(row)],
            )
            for n, row in enumerate(self.rows)
        ]

    def _cell(self, column: int, text: str, is_bold: bool) -> Cell:
        place = "middle code" if column in self.code else "middle" if column in self.centred else ""
        return Cell(text.split("\n") if text else [], place, is_bold)


Block = Heading | Paragraph | Table


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A table on sheets of its own, crosswise."""

    title: str  # printed in capitals under "PHỤ LỤC"
    table: Table
    number: str = ""  # "I" where there are several

    @property
    def heading(self) -> str:
        return f"Phụ lục {self.number}".rstrip()
