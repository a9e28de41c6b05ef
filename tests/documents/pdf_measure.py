"""Where the letters of a PDF stand, and in which font: in points from the top left corner."""

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MM = 72 / 25.4


HYPHEN = "\x02"  # how pdfium tells of a hyphen at the end of a line


@dataclass(frozen=True)
class Run:
    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: str

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_bold(self) -> bool:
        return "Bold" in self.font

    @property
    def is_italic(self) -> bool:
        return "Italic" in self.font


class Sheet:
    """One page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.page = page
        self.width, self.height = page.get_size()
        self.textpage = page.get_textpage()
        codes = [raw.FPDFText_GetUnicode(self.textpage, i) for i in range(self.textpage.count_chars())]
        self.letters = "".join(map(chr, codes))

    @cached_property
    def text(self) -> str:
        return " ".join(self.letters.replace(HYPHEN, "-").split())

    def find(self, text: str, nth: int = 0) -> Run:
        """Words on one line, the first of them or the nth further one."""
        start = -1
        for _ in range(nth + 1):
            start = self.letters.index(text, start + 1)
        return self.run(start, start + len(text))

    def run(self, start: int, end: int) -> Run:
        inked = [i for i in range(start, end) if not self.letters[i].isspace()]
        boxes = [self._box(i) for i in inked]
        return Run(
            text=self.letters[start:end],
            left=boxes[0][0],
            right=boxes[-1][1],
            baseline=self.height - boxes[0][2],
            size=self._size(inked[0]),
            font=self._font(inked[0]),
        )

    @cached_property
    def lines(self) -> list[Run]:
        """From top to bottom, those of one height from left to right."""
        lines = re.finditer(f"[^\r\n{HYPHEN}]+{HYPHEN}?", self.letters)
        runs = [self.run(*line.span()) for line in lines if line[0].strip()]
        return sorted(runs, key=lambda run: (round(run.baseline), run.left))

    def rules(self, longer_than: float = 20) -> list[tuple[float, float, float]]:
        """The level lines drawn on the page: (left, right, height from the top)."""
        found = []
        for item in self.page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = item.get_bounds()
            if top - bottom < 2 and right - left > longer_than:
                found.append((left, right, self.height - (top + bottom) / 2))
        return found

    def _box(self, index: int) -> tuple[float, float, float]:
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self.textpage, index, box)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self.textpage, index, x, y)
        return box.left, box.right, y.value

    def _size(self, index: int) -> float:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.textpage, index, matrix)
        return round(raw.FPDFText_GetFontSize(self.textpage, index) * abs(matrix.d), 1)

    def _font(self, index: int) -> str:
        buffer, flags = ctypes.create_string_buffer(200), ctypes.c_int()
        raw.FPDFText_GetFontInfo(self.textpage, index, buffer, len(buffer), flags)
        return buffer.value.decode()


def measure(pdf: bytes) -> list[Sheet]:
    return [Sheet(page) for page in pdfium.PdfDocument(pdf)]


def read(pdf: bytes) -> str:
    return unicodedata.normalize("NFC", " ".join(sheet.text for sheet in measure(pdf)))
