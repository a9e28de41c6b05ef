"""Small PDF files, good and bad."""

import hashlib
from io import BytesIO
from itertools import count

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.models import Dossier
from documents.rules import DossierStatus, Format
from documents.uploads import ReceivedPaper, clean_file_name, make_upload
from tests.documents.hostile import (
    GOOD,
    assemble_pdf,
    locked_pdf,
    make_stream,
    many_pages,
    one_page,
    zipped_office,
)

__all__ = [
    "BAD",
    "GOOD",
    "make_active_pdf",
    "make_pdf",
    "make_secret_pdf",
    "put_before_readers",
    "received",
    "stored_objects",
    "upload",
]

_numbers = count(1)


def make_pdf() -> bytes:
    """A good one, unlike any before, with enough words on it not to be taken for a scan."""
    words = b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % (b"A paper of the tests, number %d" % next(_numbers))
    font = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    return assemble_pdf(one_page(make_stream(words), page=font))


def make_active_pdf() -> bytes:
    return assemble_pdf(one_page(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"))


def make_secret_pdf(marking: str = "TỐI MẬT") -> bytes:
    """A letter with the stamp under its letterhead."""
    weasyprint = pytest.importorskip("weasyprint")
    lines = (
        "BỘ TÀI CHÍNH",
        "Số: 12/TTr-BTC",
        marking,
        "TỜ TRÌNH",
        "Về chính sách thuế đối với sản phẩm dân sự",
    )
    return weasyprint.HTML(string="<html lang=vi>" + "".join(f"<p>{line}</p>" for line in lines)).write_pdf()


def restricted_pdf() -> bytes:
    """Opens without a password, but its owner forbids something."""
    out = BytesIO()
    with pikepdf.open(BytesIO(GOOD)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    return out.getvalue()


BAD = {
    "empty": (b"", "empty"),
    "a web page named .pdf": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "unknown_format"),
    "an office file named .pdf": (zipped_office(), "unknown_format"),
    "cut in the middle": (GOOD[: len(GOOD) // 2], "truncated"),
    "wrong cross-reference": (assemble_pdf(one_page(), xref_shift=-40), "damaged"),
    "needs a password": (locked_pdf(), "encrypted"),
    "forbids something": (restricted_pdf(), "encrypted"),
    "too many pages": (many_pages(3001), "too_many_pages"),
    "nested without end": (assemble_pdf(one_page(page=b"/X " + b"[" * 100_000)), "damaged"),
}


def received(
    content: bytes | None = None, name: str = "tờ trình.pdf", format_: str = Format.PDF
) -> ReceivedPaper:
    """A small good paper, as if it had been looked into already: that saves time."""
    hashed = make_upload(name)
    content = make_pdf() if content is None else content
    hashed.write(content)
    hashed.flush()
    return ReceivedPaper(
        hashed,
        clean_file_name(name, format_),
        hashlib.sha256(content).hexdigest(),
        len(content),
        1 if format_ == Format.PDF else None,
        (),
        format_,
    )


def upload(content: bytes | None = None, name: str = "tờ trình.pdf") -> ContentFile:
    return ContentFile(make_pdf() if content is None else content, name)


def stored_objects() -> list[str]:
    """The names of all objects in the storage."""
    try:
        folders = default_storage.listdir("objects")[0]
    except FileNotFoundError:
        return []
    return [name for folder in folders for name in default_storage.listdir(f"objects/{folder}")[1]]


def put_before_readers(dossier: Dossier) -> None:
    """Open to those who were given its papers, and still in work: nothing has to be sealed for reading it."""
    dossier.status = DossierStatus.REOPENED
    dossier.save(update_fields=["status"])
