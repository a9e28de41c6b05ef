"""A checkpoint as a picture that a telephone reads off paper."""

from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def draw_code(text: str) -> str:
    """As an address that an image may have."""
    drawing = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(drawing)
    return f"data:image/svg+xml;base64,{b64encode(drawing.getvalue()).decode()}"
