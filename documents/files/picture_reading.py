"""What is read out of an untrusted picture, and the PDF made of it. Runs in the sandbox's child only."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from PIL import Image, ImageFile, ImageOps, ImageSequence

from documents.files.sandbox import Limits, Refusal

PIXELS = 120_000_000  # A3 at 600 dpi has 70 million
KINDS = ("PNG", "JPEG", "TIFF")
PAPER = (595.276, 841.890)  # A4 in points
DEFAULT_DPI = 150.0
DPI = (50.0, 2400.0)
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError)

ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def inspect_picture(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    yield {"pages": sum(1 for _ in _open_frames(path, limits))}


def make_picture_pdf(path: Path, *, limits: Limits, output: BinaryIO) -> Iterator[dict[str, Any]]:
    """A page for each picture in the file, turned as its camera says, at its own size but within A4."""
    document = pikepdf.new()
    for frame in _open_frames(path, limits):
        _add_page(document, frame)
    document.save(output, deterministic_id=True)
    yield {"pages": len(document.pages)}


def _open_frames(path: Path, limits: Limits) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=KINDS) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                if number > limits.pages:
                    raise Refusal("too_many_pages", str(number))
                frame.load()
                yield frame
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("too_large", str(error)) from None
    except UNREADABLE as error:
        raise Refusal("damaged", str(error)) from None


def _add_page(document: pikepdf.Pdf, frame: Image.Image) -> None:
    upright = ImageOps.exif_transpose(frame)
    width, height = _measure(upright)
    page = document.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=_make_image(document, upright)))
    page.Contents = document.make_stream(f"{width:.3f} 0 0 {height:.3f} 0 0 cm /Im Do".encode())


def _measure(picture: Image.Image) -> tuple[float, float]:
    """In points: as large as its resolution says, reduced to A4 upright or lying."""
    given = picture.info.get("dpi", (DEFAULT_DPI, DEFAULT_DPI))
    dpi = [float(each) if DPI[0] <= float(each) <= DPI[1] else DEFAULT_DPI for each in given]
    width, height = picture.width * 72 / dpi[0], picture.height * 72 / dpi[1]
    room = PAPER if height >= width else PAPER[::-1]
    scale = min(1.0, room[0] / width, room[1] / height)
    return max(width * scale, 3), max(height * scale, 3)


def _make_image(document: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    """Black and white stays so, without loss; everything else as a JPEG that a tablet shows at once."""
    if picture.mode == "1":
        return _put_image(document, picture, picture.tobytes(), BitsPerComponent=1)
    flat = _flatten(picture)
    packed = BytesIO()
    flat.save(packed, "JPEG", quality=88)
    return _put_image(document, flat, packed.getvalue(), BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)


def _put_image(document: pikepdf.Pdf, picture: Image.Image, content: bytes, **entries: Any) -> pikepdf.Object:
    return pikepdf.Stream(
        document,
        content,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB if picture.mode == "RGB" else pikepdf.Name.DeviceGray,
        **entries,
    )


def _flatten(picture: Image.Image) -> Image.Image:
    """Grey or red-green-blue; what is transparent lies on white paper."""
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")
