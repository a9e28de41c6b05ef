"""Text, scans, office files and a file of a gigabyte: ours against the bare programs, in the same run.

    ./run bench conversion [PAGES]

What ours costs above the bare call is the child process that cannot hurt anybody. Processor time of all
processes, so that other work on the machine counts little.
"""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import django

GIGABYTE = 1024 * 1024 * 1024
PIECE = 64 * 1024 * 1024
A_PART = 1024 * 1024


def take_time(work: Callable[[], object]) -> float:
    begin = _processor_time()
    work()
    return _processor_time() - begin


def _processor_time() -> float:
    """Of this process and its children, those that have ended."""
    return sum(os.times()[:4])


def tell(what: str, way: str, seconds: float, count: int, bare: float | None = None) -> None:
    ratio = f"{seconds / bare:>8.2f}" if bare else f"{'':>8}"
    print(f"{what:<22}{way:<44}{seconds:>8.2f}{count / seconds:>10.1f}{ratio}")


def measure_text(folder: Path, pages: int) -> None:
    import pikepdf
    import pypdfium2

    from documents.files.inspection import extract_text
    from documents.rendering import render_official
    from tests.documents.papers import REASON, synthesis

    path = folder / "long.pdf"
    with pikepdf.open(BytesIO(render_official(synthesis(reason=REASON * 40)))) as one, pikepdf.new() as long:
        while len(long.pages) < pages:
            long.pages.extend(one.pages)
        del long.pages[pages:]
        long.save(path)

    def bare() -> int:
        with pypdfium2.PdfDocument(path) as document:
            return sum(len(page.get_textpage().get_text_range()) for page in document)

    limit = take_time(bare)
    tell("text", "pdfium alone, in this process", limit, pages)
    tell("text", "extract_text", take_time(lambda: list(extract_text(path))), pages, limit)


def measure_scans(folder: Path, pages: int) -> None:
    from documents.files.recognition import is_installed, read_pictured_pages
    from tests.documents.office import make_scanned_pdf, print_scan
    from tests.documents.papers import REASON

    if not is_installed():
        print("scans                 Tesseract with Vietnamese is not installed")
        return
    words = [REASON[start : start + 70] for start in range(0, 70 * 24, 70) if REASON[start : start + 70]]
    sheet = print_scan(*(words * 24)[:24])
    path = folder / "scan.pdf"
    path.write_bytes(make_scanned_pdf(*[sheet] * pages))
    sheet.resize((1654, 2339)).save(folder / "sheet.png")

    def bare() -> None:
        for _ in range(pages):
            command = ["tesseract", "sheet.png", "read", "-l", "vie", "--dpi", "200"]
            command += ["-c", "textonly_pdf=1", "txt", "pdf"]
            environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)

    limit = take_time(bare)
    tell("scans", "tesseract alone, page drawn already", limit, pages)
    ours = take_time(lambda: list(read_pictured_pages(path, range(1, pages + 1))))
    tell("scans", "read_pictured_pages", ours, pages, limit)


def measure_office_files(folder: Path, times: int = 3) -> None:
    from documents.files.conversion import find_converter, readable_pdf
    from tests.documents.office import make_docx
    from tests.documents.papers import REASON

    if find_converter() is None:
        print("office files          LibreOffice is not installed")
        return
    path = folder / "paper.docx"
    path.write_bytes(make_docx(*[REASON] * 100))

    def bare() -> None:
        command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder / "out"), str(path)]
        subprocess.run(command, capture_output=True, check=True)

    def ours() -> None:
        with readable_pdf(path, "docx"):
            pass

    bare()  # sets up its profile, which ours does each time
    limit = take_time(lambda: [bare() for _ in range(times)])
    tell("office files", "soffice alone, one profile for all", limit, times)
    tell("office files", "readable_pdf", take_time(lambda: [ours() for _ in range(times)]), times, limit)


def write_gigabyte(path: Path) -> None:
    """A PDF of sixteen pictures, written piece by piece."""
    offsets = {}
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        for number, body in _list_objects():
            offsets[number] = file.tell()
            file.write(b"%d 0 obj\n" % number)
            for part in body:
                file.write(part)
            file.write(b"\nendobj\n")
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        file.writelines(b"%010d 00000 n \n" % offsets[number] for number in sorted(offsets))
        file.write(
            b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, start)
        )


def _list_objects() -> Iterator[tuple[int, list[bytes]]]:
    pictures = range(10, 10 + GIGABYTE // PIECE)
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 10))
    yield 1, [b"<< /Type /Catalog /Pages 2 0 R >>"]
    yield 2, [b"<< /Type /Pages /Count 6 /Kids [%s] >>" % kids]
    yield 3, [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for number in range(4, 10):
        named = b" ".join(b"/I%d %d 0 R" % (each, each) for each in pictures)
        resources = b"<< /Font << /F 3 0 R >> /XObject << %s >> >>" % named
        words = b"BT /F 12 Tf 72 700 Td (A page with words enough not to be a scan) Tj ET"
        content = b"<< /Length %d >> stream\n%s\nendstream" % (len(words), words)
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents %d 0 R >>"
        yield number, [page % (resources, 20 + GIGABYTE // PIECE + number)]
        yield 20 + GIGABYTE // PIECE + number, [content]
    head = b"<< /Type /XObject /Subtype /Image /Width 8192 /Height 8192 /ColorSpace /DeviceGray "
    for number in pictures:
        yield (
            number,
            [
                head + b"/BitsPerComponent 8 /Length %d >> stream\n" % PIECE,
                bytes([number]) * PIECE,
                b"\nendstream",
            ],
        )
    for number in range(10 + GIGABYTE // PIECE, 24 + GIGABYTE // PIECE):
        yield number, [b"null"]


def measure_gigabyte(folder: Path) -> None:
    from django.conf import settings
    from django.db import transaction

    from documents import storage
    from documents.files.inspection import extract_text
    from documents.files.preparation import limits
    from documents.models import DocumentVersion
    from documents.uploads import HashingUploadHandler, receive_paper

    settings.UPLOAD_LIMIT_MB = 1100
    path = folder / "gigabyte.pdf"
    write_gigabyte(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def go_through() -> None:
        handler = HashingUploadHandler(SimpleNamespace(user=SimpleNamespace(is_authenticated=True)))
        handler.chunk_size = storage.CHUNK
        handler.new_file("upload", "gigabyte.pdf", "application/pdf", None)
        with path.open("rb") as sent:
            while chunk := sent.read(storage.CHUNK):
                handler.receive_data_chunk(chunk, 0)
        with receive_paper(handler.file_complete(path.stat().st_size)) as received, transaction.atomic():
            with received.path.open("rb") as file:
                storage.keep(file, received.sha256)
            version = DocumentVersion(sha256=received.sha256)
            with storage.on_disk(version) as stored:
                assert len(list(extract_text(stored, limits()))) == 6
            assert received.sha256 == _hash(path)

    begin = time.perf_counter()
    go_through()
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    size = path.stat().st_size / 1024 / 1024
    print(f"\n{size:,.0f} MB received, hashed, inspected, stored and read in {seconds:.1f} s")
    print(f"most memory of this process: {before // 1024} MB before, {after // 1024} MB after")
    print(f"most memory of a child process: {children // 1024} MB")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(pages: int = 1000) -> None:
    django.setup()
    from django.conf import settings

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings.STORAGES["default"]["OPTIONS"]["location"] = str(folder / "storage")
        measure_gigabyte(folder)  # first: the process is small yet
        print(f"\n{'what':<22}{'way':<44}{'s':>8}{'a second':>10}{'ratio':>8}")
        measure_text(folder, pages)
        measure_scans(folder, 6)
        measure_office_files(folder)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
