"""Draws a mark into the appearance of a signature field: embedded letters, or a picture with its mask.

Fit for PDF/A-2: fonts embedded with a way back to the letters, pictures as DeviceRGB with a soft mask and
without interpolation.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from documents.fonts import whole_face
from signatures.marks.places import PADDING

UPRIGHT, ITALIC, BOLD = "400-normal", "400-italic", "700-normal"
ASCENT, DESCENT = 0.891, 0.216  # of Times New Roman, and of Tinos; in ems
LINE = ASCENT + DESCENT
LEADING = 1.15
LARGEST, SMALLEST = 14.0, 8.0
LEFT, MIDDLE, RIGHT = "left", "middle", "right"
BLACK, BLUE, RED = (0.0, 0.0, 0.0), (0.05, 0.2, 0.7), (0.85, 0.05, 0.1)


@dataclass(frozen=True)
class Mark(BaseStampStyle):
    """A picture, or lines of text. Without a size the text is as large as the box allows."""

    border_width: int = 0
    picture: bytes | None = None
    lines: tuple[str, ...] = ()
    face: str = UPRIGHT
    size: float | None = None
    align: str = LEFT
    colour: tuple[float, float, float] = BLACK

    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]
    ) -> "DrawnMark":
        return DrawnMark(writer=writer, style=self, box=box)


class DrawnMark(BaseStamp):
    def render(self) -> bytes:
        if self.style.picture is not None:
            return self._draw_picture(self.style.picture)
        return self._write_lines(tuple(unicodedata.normalize("NFC", line) for line in self.style.lines))

    def _draw_picture(self, content: bytes) -> bytes:
        """As large as fits, in the middle."""
        with Image.open(BytesIO(content)) as png:
            picture = png.convert("RGBA")
        width, height = fit(picture.size, (self.box.width, self.box.height))
        drawn = pil_image(picture, self._ensure_writer)
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Mark"), drawn)
        place = (self.box.width - width) / 2, (self.box.height - height) / 2
        return b"q %g 0 0 %g %g %g cm /Mark Do Q" % (width, height, *place)

    def _write_lines(self, lines: tuple[str, ...]) -> bytes:
        style, width, height = self.style, self.box.width, self.box.height
        size = style.size or self._fit_size(lines)
        widest = max(measure(line, style.face) for line in lines) * size
        size = max(SMALLEST, min(size, size * width / widest)) if widest else size
        font, encode = embed_font(self._ensure_writer, style.face, "".join(lines))
        self.set_resource(ResourceType.FONT, pdf_name("/F1"), font)
        # A block in the middle of the box; one line stands on the line of its neighbours.
        block = size * (LINE + LEADING * (len(lines) - 1))
        baseline = (height + block) / 2 - ASCENT * size
        drawn = [b"q %g %g %g rg BT /F1 %g Tf" % (*style.colour, size)]
        for number, line in enumerate(lines):
            room = width - measure(line, style.face) * size
            across = {LEFT: 0.0, MIDDLE: room / 2, RIGHT: room}[style.align]
            drawn.append(b"1 0 0 1 %g %g Tm" % (across, baseline - number * LEADING * size))
            drawn.append(b"<%s> Tj" % encode(line).hex().encode())
        return b" ".join([*drawn, b"ET Q"])

    def _fit_size(self, lines: tuple[str, ...]) -> float:
        """That of the printed line for which the box was made (`signatures.marks.places`)."""
        return min(LARGEST, (self.box.height - 2 * PADDING) / (LINE + LEADING * (len(lines) - 1)))


def fit(size: tuple[float, float], room: tuple[float, float]) -> tuple[float, float]:
    share = min(room[0] / size[0], room[1] / size[1])
    return size[0] * share, size[1] * share


def measure(text: str, face: str) -> float:
    """In ems."""
    widths, unit = _widths(face)
    return sum(widths[ord(letter)] for letter in unicodedata.normalize("NFC", text)) / unit


@cache
def _widths(face: str) -> tuple[dict[int, int], int]:
    font = TTFont(BytesIO(whole_face(face)))
    widths = {code: font["hmtx"][name][0] for code, name in font.getBestCmap().items()}
    return widths, font["head"].unitsPerEm


def embed_font(writer: BasePdfFileWriter, face: str, text: str) -> tuple[generic.IndirectObject, Any]:
    """The letters of this text alone, as a composite font that is read by glyph number."""
    font = TTFont(BytesIO(whole_face(face)), recalcTimestamp=False)
    options = subset.Options()
    options.drop_tables += ["name", "OS/2", "post"]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    postscript = font["name"].getDebugName(6) or "Tinos"
    angle, capitals = font["post"].italicAngle, font["OS/2"].sCapHeight
    subsetter.subset(font)
    glyphs = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    output = BytesIO()
    font.save(output)
    scale = 1000 / font["head"].unitsPerEm
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(output.getvalue()).digest()[:6])
    name = pdf_name(f"/{tag}+{postscript}")

    program = generic.StreamObject(
        {pdf_name("/Length1"): generic.NumberObject(len(output.getvalue()))}, stream_data=output.getvalue()
    )
    program.compress()
    head, hhea = font["head"], font["hhea"]
    descriptor = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): name,
            pdf_name("/Flags"): generic.NumberObject(4 | (64 if angle else 0)),
            pdf_name("/FontBBox"): _numbers(
                round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)
            ),
            pdf_name("/ItalicAngle"): generic.NumberObject(round(angle)),
            pdf_name("/Ascent"): generic.NumberObject(round(hhea.ascent * scale)),
            pdf_name("/Descent"): generic.NumberObject(round(hhea.descent * scale)),
            pdf_name("/CapHeight"): generic.NumberObject(round(capitals * scale)),
            pdf_name("/StemV"): generic.NumberObject(80),
            pdf_name("/FontFile2"): writer.add_object(program),
        }
    )
    widths = generic.ArrayObject()
    for glyph in sorted(set(glyphs.values())):
        widths.append(generic.NumberObject(glyph))
        widths.append(_numbers([round(font["hmtx"][font.getGlyphName(glyph)][0] * scale)]))
    descendant = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/CIDFontType2"),
            pdf_name("/BaseFont"): name,
            pdf_name("/CIDSystemInfo"): generic.DictionaryObject(
                {
                    pdf_name("/Registry"): generic.pdf_string("Adobe"),
                    pdf_name("/Ordering"): generic.pdf_string("Identity"),
                    pdf_name("/Supplement"): generic.NumberObject(0),
                }
            ),
            pdf_name("/FontDescriptor"): writer.add_object(descriptor),
            pdf_name("/W"): widths,
            pdf_name("/CIDToGIDMap"): pdf_name("/Identity"),
        }
    )
    letters = generic.StreamObject(stream_data=_write_letters(glyphs))
    letters.compress()
    composite = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type0"),
            pdf_name("/BaseFont"): name,
            pdf_name("/Encoding"): pdf_name("/Identity-H"),
            pdf_name("/DescendantFonts"): generic.ArrayObject([writer.add_object(descendant)]),
            pdf_name("/ToUnicode"): writer.add_object(letters),
        }
    )

    def encode(line: str) -> bytes:
        return b"".join(glyphs[ord(letter)].to_bytes(2, "big") for letter in line)

    return writer.add_object(composite), encode


def _write_letters(glyphs: dict[int, int]) -> bytes:
    """From glyphs back to letters (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{glyph:04X}> <{code:04X}>" for code, glyph in sorted(glyphs.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{maps}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def _numbers(values: Any) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(value) for value in values)
