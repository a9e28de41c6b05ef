"""Pictures of hand signatures (blue) and seals (red): PNG with a clear ground (Nghị định 30/2020/NĐ-CP)."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 1024 * 1024
LARGEST_SIDE = 3000  # pixels
SMALLEST_SIDE = 60
SAMPLE = 160  # pixels a side: enough to judge colours by
OPAQUE = 100
CLEAR_SHARE, INK_SHARE, COLOUR_SHARE = 0.15, 0.002, 0.7


class UnfitPicture(ValueError):
    """The message is a sentence for the person who handed it in."""


@dataclass(frozen=True)
class Picture:
    """Drawn anew from its pixels: nothing else that was in the file is kept."""

    png: bytes
    width: int
    height: int


def read_picture(content: bytes, *, is_seal: bool) -> Picture:
    if len(content) > LARGEST_FILE:
        raise UnfitPicture(_("The picture is larger than 1 MB. Make it smaller."))
    image = _open(content)
    _judge(image, is_seal)
    new = BytesIO()
    image.save(new, "PNG", optimize=True)
    return Picture(new.getvalue(), image.width, image.height)


def _open(content: bytes) -> Image.Image:
    not_png = UnfitPicture(_("This is not a PNG picture that can be read."))
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            if max(image.size) > LARGEST_SIDE or min(image.size) < SMALLEST_SIDE:
                raise UnfitPicture(
                    _("The picture must have between %(least)d and %(most)d pixels a side.")
                    % {"least": SMALLEST_SIDE, "most": LARGEST_SIDE}
                )
            if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
                raise UnfitPicture(
                    _("The ground of the picture is not clear. Save it as PNG with transparency.")
                )
            return image.convert("RGBA")
    except UnfitPicture:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise not_png from None


def _judge(image: Image.Image, is_seal: bool) -> None:
    small = image.copy()
    small.thumbnail((SAMPLE, SAMPLE))
    pixels: list[Any] = list(small.get_flattened_data())
    ink = [pixel for pixel in pixels if pixel[3] >= OPAQUE]
    if len(pixels) - len(ink) < CLEAR_SHARE * len(pixels):
        raise UnfitPicture(_("The ground of the picture is not clear. Save it as PNG with transparency."))
    if len(ink) < INK_SHARE * len(pixels):
        raise UnfitPicture(_("There is nothing to see in the picture."))
    fitting = sum((_is_red if is_seal else _is_blue)(*pixel[:3]) for pixel in ink)
    if fitting < COLOUR_SHARE * len(ink):
        raise UnfitPicture(
            _("The picture of a seal must be red.") if is_seal else _("A hand signature must be blue.")
        )


def _is_red(red: int, green: int, blue: int) -> bool:
    return red >= green + 40 and red >= blue + 40


def _is_blue(red: int, green: int, blue: int) -> bool:
    return blue >= red + 30 and blue >= green
