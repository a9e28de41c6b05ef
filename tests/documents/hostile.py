"""Bad files, each with the reasons for which it may be refused; the inspection allows 500 pages."""

import os
import zipfile
import zlib
from io import BytesIO

import pikepdf


def assemble_pdf(objects: dict[int, bytes], *, xref_shift: int = 0) -> bytes:
    out = BytesIO(b"%PDF-1.7\n")
    out.seek(0, os.SEEK_END)
    offsets = {}
    for number, body in objects.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, offset in offsets.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, offset))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (max(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % (start + xref_shift))
    return out.getvalue()


def make_stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def one_page(
    content: bytes = b"", *, page: bytes = b"", catalog: bytes = b"", count: int = 1
) -> dict[int, bytes]:
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count,
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % page,
        4: content or make_stream(b"0 0 m 10 10 l S"),
    }


def make_zip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b" " * 1024 * 1024) for _ in range(size // (1024 * 1024))]
    return b"".join([*parts, packer.flush()])


def nested_pages(depth: int) -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    objects[depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth - 1)
    return assemble_pdf(objects)


def locked_pdf() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(assemble_pdf(one_page()))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def looped_objects() -> bytes:
    return assemble_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
        }
    )


def many_pages(count: int) -> bytes:
    kids = b"3 0 R " * count
    objects = one_page(count=count)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return assemble_pdf(objects)


def zipped_office() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


GOOD = assemble_pdf(one_page())
INFLATED = make_zip_bomb(300 * 1024 * 1024)

HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "nothing": (b"", {"empty"}),
    "html renamed": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", {"not_pdf"}),
    "html before a pdf": (b"<html><!--" + GOOD, {"not_pdf"}),
    "zip renamed": (zipped_office(), {"not_pdf"}),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(200), {"not_pdf"}),
    "zeros": (bytes(5000), {"not_pdf"}),
    "only a header": (b"%PDF-1.7\n", {"truncated"}),
    "header and noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, {"truncated"}),
    "cut in the middle": (GOOD[: len(GOOD) // 2], {"truncated"}),
    "cut before its end": (GOOD[:-30], {"truncated"}),
    "wrong cross-reference": (assemble_pdf(one_page(), xref_shift=-40), {"damaged"}),
    "cross-reference beyond the end": (assemble_pdf(one_page(), xref_shift=10**9), {"damaged"}),
    "no page tree": (assemble_pdf({1: b"<< /Type /Catalog >>"}), {"damaged"}),
    "no pages": (
        assemble_pdf({1: b"<</Type /Catalog /Pages 2 0 R>>", 2: b"<</Type /Pages /Kids [] /Count 0>>"}),
        {"damaged"},
    ),
    "loop in the page tree": (looped_objects(), {"damaged"}),
    "page tree ten thousand deep": (nested_pages(10_000), {"damaged"}),
    "two billion pages said": (assemble_pdf(one_page(count=2**31 - 1)), {"too_many_pages"}),
    "more pages than said": (assemble_pdf(one_page(count=7)), {"damaged"}),
    "more pages than allowed": (many_pages(501), {"too_many_pages"}),
    "locked": (locked_pdf(), {"encrypted"}),
    "content that inflates": (
        assemble_pdf(one_page(make_stream(INFLATED, b"/Filter /FlateDecode"))),
        {"too_large"},
    ),
    "arrays nested without end": (assemble_pdf(one_page(page=b"/X " + b"[" * 100_000)), {"damaged"}),
}
