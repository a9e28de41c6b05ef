"""Hand signatures and seals drawn for the demonstration. No seal bears the emblem; each says what it is."""

import hashlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from math import ceil, cos, hypot, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFont

from documents.fonts import whole_face

BLUE = (24, 58, 176)
RED = (214, 22, 34)
DOTS_A_MM = 300 / 25.4
FINE = 3  # drawn so many times larger, then made smaller: smooth edges
HAND_MM = (53.0, 25.0)
SEAL_MM = 38.5
NOTICE = "TRÌNH DIỄN"

Point = tuple[float, float]


def draw_hand(name: str) -> bytes:
    """A signature in blue ink on a clear ground: always the same for the same name, like nobody's own."""
    chance = Random(hashlib.sha256(name.encode()).digest())
    width, height = (round(side * DOTS_A_MM) * FINE for side in HAND_MM)
    picture = Image.new("RGBA", (width, height), (*BLUE, 0))
    pen = ImageDraw.Draw(picture)
    for stroke in _write_strokes(name, chance):
        _draw_stroke(pen, [(x * width, y * height) for x, y in stroke], height / 92)
    return _save(picture)


def _write_strokes(name: str, chance: Random) -> Iterator[list[Point]]:
    """A large first letter, the waves of the rest, and a line drawn under it back and forth."""
    top, slant = chance.uniform(0.06, 0.14), chance.uniform(0.02, 0.05)
    start = chance.uniform(0.08, 0.14)
    yield [
        (start + 0.02, 0.34),
        (start + 0.10, top),
        (start + 0.13, top + 0.08),
        (start + 0.05, 0.62),
        (start, 0.80),
        (start - 0.05, 0.70),
        (start + 0.06, 0.50),
        (start + 0.17, 0.36),
    ]
    waves: list[Point] = [(start + 0.15, 0.44)]
    across = start + 0.17
    for number in range(chance.randint(3, 6)):
        reach = 0.20 * (0.78**number) * chance.uniform(0.7, 1.25)
        tall = chance.random() < 0.22
        waves += [
            (across, 0.50 - reach * (2.1 if tall else 0.8)),
            (across + 0.020, 0.50 - reach * (1.9 if tall else 0.5)),
            (across + 0.018 - slant, 0.54 + reach * 0.5),
            (across + 0.034, 0.56 + reach * 0.2),
        ]
        across += chance.uniform(0.055, 0.095)
    waves += [(across + 0.06, 0.47), (0.93, chance.uniform(0.30, 0.44))]
    yield waves
    if chance.random() < 0.4:
        return
    low = chance.uniform(0.72, 0.80)
    yield [
        (0.96, low - 0.14),
        (0.62, low - 0.02),
        (0.24, low + 0.06),
        (0.20, low + 0.11),
        (0.34, low + 0.09),
        (0.72, low + 0.02),
    ]


def _draw_stroke(pen: ImageDraw.ImageDraw, points: Sequence[Point], thickness: float) -> None:
    """Thin where the hand is quick, thinner still at both ends."""
    path = [*_smooth(points)]
    for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(path)):
        speed = hypot(x1 - x0, y1 - y0) / thickness
        end = min(1.0, 0.35 + number / 30, 0.25 + (len(path) - number) / 40)
        radius = thickness * (1.35 - min(speed, 1.6) * 0.4) * end
        for part in range(steps := max(1, ceil(hypot(x1 - x0, y1 - y0) / 2))):
            x, y = x0 + (x1 - x0) * part / steps, y0 + (y1 - y0) * part / steps
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*BLUE, 255))


def _smooth(points: Sequence[Point], steps: int = 24) -> Iterator[Point]:
    """A Catmull-Rom spline through the points."""
    ends = [points[0], *points, points[-1]]
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            yield (
                _between(p0[0], p1[0], p2[0], p3[0], t),
                _between(p0[1], p1[1], p2[1], p3[1], t),
            )


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def draw_seal(agency: str) -> bytes:
    """Round and red, in real size: the agency's name in the ring, a star, and that it proves nothing."""
    side = round(SEAL_MM * DOTS_A_MM) * FINE
    picture = Image.new("RGBA", (side, side), (*RED, 0))
    pen = ImageDraw.Draw(picture)
    for radius, line in ((0.496, 0.014), (0.474, 0.005), (0.335, 0.006)):
        _draw_ring(pen, side, radius, line)
    _write_in_ring(picture, agency.upper(), radius=0.404, size=0.088, upward=True)
    _write_in_ring(picture, f"★ {NOTICE} ★", radius=0.404, size=0.066, upward=False)
    _draw_star(pen, (side / 2, side * 0.445), side * 0.160)
    font = _font(side * 0.048)
    for number, words in enumerate(("KHÔNG CÓ", "GIÁ TRỊ PHÁP LÝ")):
        across = side / 2 - font.getlength(words) / 2
        pen.text((across, side * (0.618 + 0.060 * number)), words, font=font, fill=(*RED, 255))
    return _save(picture)


def _draw_ring(pen: ImageDraw.ImageDraw, side: int, radius: float, line: float) -> None:
    edge = side * (0.5 - radius)
    pen.ellipse((edge, edge, side - edge, side - edge), outline=(*RED, 255), width=round(side * line))


def _draw_star(pen: ImageDraw.ImageDraw, centre: Point, radius: float) -> None:
    corners = [
        (
            centre[0] + radius * (1 if turn % 2 == 0 else 0.382) * sin(pi * turn / 5),
            centre[1] - radius * (1 if turn % 2 == 0 else 0.382) * cos(pi * turn / 5),
        )
        for turn in range(10)
    ]
    pen.polygon(corners, fill=(*RED, 255))


def _write_in_ring(picture: Image.Image, text: str, *, radius: float, size: float, upward: bool) -> None:
    """Letter by letter along the circle; `upward`: over the top, else along the bottom to be read as well."""
    side = picture.width
    font = _font(side * size)
    gap = side * size * 0.10
    widths = [_width(font, letter) + gap for letter in text]
    share = min(1.0, radius * side * pi * 1.22 / sum(widths))
    if share < 1:
        font = _font(side * size * share)
        widths = [_width(font, letter) + gap * share for letter in text]
    turn = -sum(widths) / (2 * radius * side)
    for letter, width in zip(text, widths, strict=True):
        angle = turn + width / (2 * radius * side)
        turn += width / (radius * side)
        tile = _draw_letter(letter, font)
        if upward:
            place = side / 2 + radius * side * sin(angle), side / 2 - radius * side * cos(angle)
            turned = tile.rotate(-angle * 180 / pi, Image.Resampling.BICUBIC)
        else:
            place = side / 2 + radius * side * sin(angle), side / 2 + radius * side * cos(angle)
            turned = tile.rotate(angle * 180 / pi, Image.Resampling.BICUBIC)
        corner = round(place[0] - turned.width / 2), round(place[1] - turned.height / 2)
        picture.alpha_composite(turned, corner)


def _draw_letter(letter: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    side = round(font.size * 2.2)
    tile = Image.new("RGBA", (side, side), (*RED, 0))
    pen = ImageDraw.Draw(tile)
    if letter == "★":
        _draw_star(pen, (side / 2, side / 2), font.size * 0.42)
    else:
        pen.text((side / 2, side / 2 + font.size * 0.33), letter, font=font, fill=(*RED, 255), anchor="ms")
    return tile


def _width(font: ImageFont.FreeTypeFont, letter: str) -> float:
    return font.size * 0.9 if letter == "★" else font.getlength(letter)


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(whole_face("700-normal")), size, layout_engine=ImageFont.Layout.BASIC)


def _save(picture: Image.Image) -> bytes:
    small = picture.resize((picture.width // FINE, picture.height // FINE), Image.Resampling.LANCZOS)
    output = BytesIO()
    small.save(output, "PNG", optimize=True, dpi=(300, 300))
    return output.getvalue()
