"""What is drawn on a page that comes from elsewhere: a number at its foot, a mark across it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

FONT, MARK = Name("/EcabinetNumber"), Name("/EcabinetMark")
SIZE = 9
DIGIT = 0.556  # width of a digit of Helvetica
BESIDE, ABOVE = 28, 18  # from the corner, in points
ACTING = (  # annotations that bring something along or do something
    Name.FileAttachment,
    Name.RichMedia,
    Name.Screen,
    Name.Movie,
    Name.Sound,
    Name("/3D"),
)
OF_FORMS = tuple(map(Name, ("/Parent", "/Kids", "/V", "/AA", "/FT", "/Ff", "/T", "/TU", "/DA", "/DV", "/MK")))


@dataclass(frozen=True)
class Stamp:
    """A page of ours as something that can be drawn on others."""

    form: Object
    width: float
    height: float

    @classmethod
    def take_over(cls, pdf: Pdf, source: Pdf) -> "Stamp":
        page = source.pages[0]
        _x0, _y0, width, height = map(float, page.mediabox)
        return cls(pdf.copy_foreign(page.as_form_xobject()), width, height)


def number_page(pdf: Pdf, page: Page, number: int, font: Object) -> None:
    """Small, in the lower right corner as one sees the page, on a little white."""
    matrix, width, _height = _as_seen(page)
    text, length = str(number), DIGIT * SIZE * len(str(number))
    x = width - BESIDE - length
    drawing = (
        f"1 1 1 rg {x - 3:.1f} {ABOVE - 4:.1f} {length + 6:.1f} {SIZE + 5} re f "
        f"0.2 0.2 0.2 rg BT {FONT} {SIZE} Tf {x:.1f} {ABOVE} Td ({text}) Tj ET"
    )
    _draw(pdf, page, f"{matrix} cm {drawing}", Name.Font, FONT, font)


def overlay(pdf: Pdf, page: Page, stamps: Mapping[bool, Stamp]) -> None:
    """The stamp that suits the page, as large as the page is seen."""
    matrix, width, height = _as_seen(page)
    stamp = stamps[width > height]
    drawing = f"{width / stamp.width:.5f} 0 0 {height / stamp.height:.5f} 0 0 cm {MARK} Do"
    _draw(pdf, page, f"{matrix} cm {drawing}", Name.XObject, MARK, stamp.form)


def clean_annotations(page: Page) -> None:
    """What a page shows stays; what it would do when clicked, and files hidden in it, do not."""
    for name in (Name.AA, Name.B):
        if name in page.obj:
            del page.obj[name]
    annotations = page.obj.get(Name.Annots)
    if not isinstance(annotations, Array):
        if annotations is not None:
            del page.obj[Name.Annots]
        return
    kept = [annotation for annotation in annotations if _keep(annotation)]
    page.obj[Name.Annots] = Array(kept)


def _keep(annotation: Object) -> bool:
    if not isinstance(annotation, Dictionary) or annotation.get(Name.Subtype) in ACTING:
        return False
    action = annotation.get(Name.A)
    if action is not None and (not isinstance(action, Dictionary) or action.get(Name.S) != Name.URI):
        del annotation[Name.A]
    if annotation.get(Name.Subtype) == Name.Widget:  # without its form it is a picture, as of a seal
        annotation[Name.Subtype] = Name.Stamp
        for name in OF_FORMS:
            if name in annotation:
                del annotation[name]
    elif Name.AA in annotation:
        del annotation[Name.AA]
    return True


def _as_seen(page: Page) -> tuple[str, float, float]:
    """The matrix that puts the origin into the lower left corner of the page as it is turned; its size."""
    x0, y0, x1, y1 = map(float, page.cropbox)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    turned = 0
    with suppress(TypeError, ValueError):
        turned = int(page.obj.get(Name.Rotate, 0)) % 360
    if turned == 90:
        return f"0 1 -1 0 {x1:.2f} {y0:.2f}", y1 - y0, x1 - x0
    if turned == 180:
        return f"-1 0 0 -1 {x1:.2f} {y1:.2f}", x1 - x0, y1 - y0
    if turned == 270:
        return f"0 -1 1 0 {x0:.2f} {y1:.2f}", y1 - y0, x1 - x0
    return f"1 0 0 1 {x0:.2f} {y0:.2f}", x1 - x0, y1 - y0


def _draw(pdf: Pdf, page: Page, drawing: str, kind: Name, name: Name, resource: Object) -> None:
    """Behind what is there, in a state of its own; a page that takes no drawing stays without."""
    with suppress(pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        page.add_resource(resource, kind, name)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ\nq {drawing} Q\n".encode())
