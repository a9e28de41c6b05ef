"""First validation of B-LTA files, and a second look at them against the speed of SHA-256.

    ./run bench verification [RUNS]

Processor time of one core; the median of the runs after the first, which loads what is loaded once. Limits
are what the work cannot do without: parsing and digests for the first validation, one SHA-256 for the other.
"""

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

TARGETS = {"1 page": 150.0, "100 pages": 2000.0}  # milliseconds


def measure(work: Callable[[], object], runs: int) -> float:
    """Milliseconds, the median."""
    work()
    times = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return statistics.median(times)


def make_paper(pages: int, *, megabytes: int = 0) -> bytes:
    """Tagged, so that a hundred pages are as many thousand objects as real ones."""
    import weasyprint

    lines = "".join(f"<p>Điều {n}. <b>Chữ ký số</b> trên văn bản điện tử." for n in range(25))
    body = f"<section style='break-after:page'><h1>Nghị quyết</h1>{lines}" * pages
    made = weasyprint.HTML(string=f"<html lang=vi><title>Nghị quyết</title>{body}").write_pdf(
        pdf_variant="pdf/a-3a"
    )
    if not megabytes:
        return made
    import os
    from io import BytesIO

    import pikepdf

    output = BytesIO()
    with pikepdf.open(BytesIO(made)) as document:
        noise = document.make_stream(os.urandom(megabytes * 1024 * 1024))
        document.Root.PieceInfo = pikepdf.Dictionary(Scan=noise)
        document.save(output)
    return output.getvalue()


def main(runs: int = 7) -> None:
    django.setup()

    from tests.signatures import samples
    from verifier.again import confirm, remember
    from verifier.pdf.document import verify_document

    trust = samples.trust()

    def validate(path: Path) -> object:
        report = verify_document(path, trust=trust, at=samples.NOW, profile="own")
        assert report.verdict == "valid", report
        return report

    def parse(path: Path) -> None:
        from pyhanko.pdf_utils.reader import PdfFileReader

        with path.open("rb") as file:
            for signature in PdfFileReader(file).embedded_signatures:
                signature.compute_digest()

    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'first validation, B-LTA':<30}{'KB':>8}{'limit ms':>10}{'ms':>8}{'share':>8}{'target ms':>11}"
        )
        for name, pages in (("1 page", 1), ("100 pages", 100)):
            path = Path(folder) / f"{pages}.pdf"
            path.write_bytes(samples.sign_to_level(make_paper(pages), "B-LTA"))
            limit, took = (
                measure(lambda path=path: parse(path), runs),
                measure(lambda path=path: validate(path), runs),
            )
            size = path.stat().st_size / 1024
            print(
                f"{name:<30}{size:>8.0f}{limit:>10.1f}{took:>8.0f}{limit / took:>8.0%}{TARGETS[name]:>11.0f}"
            )

        print(f"\n{'second look':<30}{'KB':>8}{'SHA-256':>10}{'MB/s':>8}{'share':>8}{'target':>11}")
        for megabytes in (0, 1, 10, 50):
            path = Path(folder) / f"{megabytes}-mb.pdf"
            path.write_bytes(samples.sign_to_level(make_paper(1, megabytes=megabytes), "B-LTA"))
            report = validate(path)
            (known,) = remember(path, report)
            size = path.stat().st_size

            def hash_file(path: Path = path) -> None:
                with path.open("rb") as file:
                    hashlib.file_digest(file, "sha256")

            def look_again(path: Path = path, known: object = known) -> None:
                assert confirm(path, known)

            repeat = max(runs, 25)
            limit, took = (size / 1000 / max(measure(work, repeat), 1e-6) for work in (hash_file, look_again))
            goal = "70%" if megabytes else "–"
            row = f"{size / 1024:>8.0f}{limit:>10.0f}{took:>8.0f}{took / limit:>8.0%}{goal:>11}"
            print(f"{f'{megabytes} MB':<30}{row}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
