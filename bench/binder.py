"""An issue as one PDF, against bare merges of the same files in the same run.

    ./run bench binder [PAGES] [RUNS]

The papers are PDFs of the gazette (CORPUS, as for the tests), repeated until there are PAGES of them. Wall
and processor time, the median after a first run that warms up; peak memory in a child process of its own.
"""

import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import django
import pikepdf
import pypdfium2


def list_files(pages: int, folder: Path, megabytes: int = 0) -> list[Path]:
    """Copies, each with another SHA-256 and its own bytes: nothing is shared between two papers.

    Where they are to weigh more, each first page gets a stream that nothing can pack, as a scan has.
    """
    files, found = [], 0
    corpus = Path(os.environ.get("CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus")
    sources = sorted(corpus.rglob("*.pdf"))
    for number, source in enumerate(cycle(sources)):
        with pikepdf.open(source) as pdf:
            found += len(pdf.pages)
        path = folder / f"{number:04}.pdf"
        path.write_bytes(source.read_bytes() + b"\n%%%d\n" % number)
        files.append(path)
        if found >= pages:
            break
    missing = megabytes * 1_000_000 - sum(path.stat().st_size for path in files)
    for path in files if missing > 0 else ():
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.pages[0].obj.PieceInfo = pdf.make_stream(os.urandom(missing // len(files)))
            pdf.save(path)
    if files:
        return files
    raise SystemExit(f"There are no PDFs in {corpus}.")


def describe(files: list[Path]) -> tuple[Any, list[Any]]:
    from documents.binders.binding import Paper
    from documents.binders.sheets import Cover, Listed

    papers, free = [], 1
    for place, path in enumerate(files, 1):
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
        listed = Listed(
            place=place,
            section=f"Phần {place // 5 + 1}",
            title=f"Tài liệu {place}",
            number="",
            version=1,
            first_page=free,
            pages=pages,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            attachment_name=f"{place:03}.pdf",
        )
        papers.append(Paper(listed, path, path))
        free += pages
    cover = Cover(
        title="Hồ sơ đo",
        body="Chính phủ",
        office="Văn phòng Chính phủ",
        issue=1,
        sealed_at=datetime(2026, 11, 1, tzinfo=UTC),
        sealed_by="Đo",
        reason="",
        sha256="0" * 64,
        papers=len(papers),
        papers_in_all=len(papers),
        pages=free - 1,
        pages_in_all=free - 1,
    )
    return cover, papers


def bind_files(files: list[Path], target: Path, folder: Path) -> int:
    from documents.binders.binding import bind

    return bind(*describe(files), target, working_folder=folder)


def lay_out_front(files: list[Path]) -> bytes:
    from documents.binders.sheets import make_front

    cover, papers = describe(files)
    return make_front(cover, [paper.listed for paper in papers])


def merge_with_pikepdf(files: list[Path], target: Path) -> None:
    with pikepdf.new() as pdf:
        sources = [pikepdf.open(path) for path in files]
        for source in sources:
            pdf.pages.extend(source.pages)
        pdf.save(target)
        for source in sources:
            source.close()


def merge_with_pdfium(files: list[Path], target: Path) -> None:
    merged = pypdfium2.PdfDocument.new()
    for path in files:
        source = pypdfium2.PdfDocument(path)
        merged.import_pages(source)
        source.close()
    merged.save(target)
    merged.close()


def measure(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, tuple[float, float]]:
    """In turns, so that other work on the machine falls on all alike: wall and processor milliseconds."""
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(runs + 1):
        for way, make in ways.items():
            wall, processor = time.perf_counter(), time.process_time()
            make()
            times[way].append(((time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000))
    return {
        way: (statistics.median(t[0] for t in taken[1:]), statistics.median(t[1] for t in taken[1:]))
        for way, taken in times.items()
    }


def main(pages: int = 100, runs: int = 5) -> None:
    django.setup()
    from documents.binders.binding import mark_copy

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = list_files(pages, folder)
        size = sum(path.stat().st_size for path in files)
        binder = folder / "binder.pdf"
        count = bind_files(files, binder, folder)
        print(f"{len(files)} files, {size / 1e6:.0f} MB, {count} pages with cover and contents\n")
        measured = measure(
            {
                "bare pypdfium2 merge": lambda: merge_with_pdfium(files, folder / "a.pdf"),
                "bare pikepdf merge": lambda: merge_with_pikepdf(files, folder / "b.pdf"),
                "cover and contents (WeasyPrint)": lambda: lay_out_front(files),
                "binder, all of it": lambda: bind_files(files, binder, folder),
                "personal copy from the binder": lambda: mark_copy(
                    binder, folder / "c.pdf", mark="Nguyễn Văn An – Bản số 1 – 14:05 21/11/2026"
                ),
            },
            runs,
        )
        bare = measured["bare pikepdf merge"]
        print(f"{'':<32}{'wall ms':>9}{'cpu ms':>9}{'to bare pikepdf':>17}")
        for way, (wall, processor) in measured.items():
            print(f"{way:<32}{wall:>9.0f}{processor:>9.0f}{wall / bare[0]:>17.2f}")


def peak(pages: int, megabytes: int) -> None:
    """Prints what one build adds to the memory of a worker that has started."""
    django.setup()
    from documents.rendering import warm_up

    with tempfile.TemporaryDirectory() as name:
        files = list_files(pages, Path(name), megabytes)
        warm_up()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        bind_files(files, Path(name, "binder.pdf"), Path(name))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size, built = sum(path.stat().st_size for path in files), Path(name, "binder.pdf").stat().st_size
        print(
            f"\nmemory: {pages} pages, {size / 1e6:.0f} MB of files, {built / 1e6:.0f} MB of binder: ", end=""
        )
        print(f"{before / 1024:.0f} MB before, peak {after / 1024:.0f} MB")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    if sys.argv[1:2] == ["peak"]:
        peak(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:3]))
        subprocess.run([sys.executable, "-m", "bench.binder", "peak", "500", "100"], check=True)
