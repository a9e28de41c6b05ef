"""Small office files and pictures, good and bad."""

import zipfile
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from PIL import Image, ImageDraw

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FONTS = Path(settings.BASE_DIR, "ecabinet/static/ecabinet/vendor/tinos")


def pack(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraphs(*lines: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def make_docx(
    *lines: str, header: str = "", more: dict[str, str | bytes] | None = None, kind: str = ""
) -> bytes:
    words = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind or DOCX}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {words}><w:body>{paragraphs(*lines)}</w:body></w:document>",
    }
    if header:
        parts["word/header1.xml"] = f"<w:hdr {words}>{paragraphs(header)}</w:hdr>"
    return pack({**parts, **(more or {})})


def make_xlsx(*cells: str) -> bytes:
    texts = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return pack(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/></Types>',
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f"<sst>{texts}</sst>",
        }
    )


def make_odt(*lines: str, more: dict[str, str | bytes] | None = None) -> bytes:
    text = "".join(f"<text:p>{line}</text:p>" for line in lines)
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:draw="d" xmlns:xlink="x">'
        f"<office:body><office:text>{text}</office:text></office:body></office:document-content>"
    )
    return pack({"mimetype": f"{OPEN_DOCUMENT}.text", "content.xml": content, **(more or {})})


def make_bomb(megabytes: int) -> bytes:
    return make_docx("Tờ trình", more={"word/media/image1.bin": bytes(megabytes * 1024 * 1024)})


def make_nested(depth: int) -> bytes:
    inner = b"x"
    for _ in range(depth):
        inner = pack({"a.zip": inner})
    return make_docx("Tờ trình", more={"word/embeddings/a.bin": inner})


def many_entries(count: int) -> bytes:
    return make_docx("Tờ trình", more={f"word/media/{number}": b"" for number in range(count)})


def draw_scan(size: tuple[int, int] = (300, 400), shade: int = 0) -> Image.Image:
    """A small sheet with a bar on it, as a scanner gives it."""
    sheet = Image.new("L", size, "white")
    ImageDraw.Draw(sheet).rectangle((40, 40, size[0] - 40, 90), fill=shade)
    return sheet


def print_scan(*lines: str) -> Image.Image:
    """A4 with these lines, printed and scanned with 150 dots an inch."""
    weasyprint = pytest.importorskip("weasyprint")
    faces = "".join(
        f"@font-face {{font-family: {part}; src: url({(FONTS / f'tinos-{part}-400-normal.woff2').as_uri()})}}"
        for part in ("latin", "latin-ext", "vietnamese")
    )
    style = f"{faces} p {{font: 16pt latin, latin-ext, vietnamese; margin: 0 0 16pt}}"
    html = f"<html lang=vi><style>{style}</style>" + "".join(f"<p>{line}</p>" for line in lines)
    with pypdfium2.PdfDocument(weasyprint.HTML(string=html).write_pdf()) as printed:
        return printed[0].render(scale=150 / 72, grayscale=True).to_pil().convert("L")


def save_picture(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, dpi=(150, 150), **options)  # type: ignore[arg-type]
    return out.getvalue()


def make_scanned_pdf(*sheets: Image.Image) -> bytes:
    out = BytesIO()
    sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    return out.getvalue()
