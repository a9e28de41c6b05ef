"""The reading room with a dossier of 500 pages and 100 MB: taking it in, the first page, search, small pages.

    ./run bench reader [CORPUS]

Needs the corpus of public documents (default: beside the project) and Chromium. Everything happens in a
database and a folder of its own, which are gone at the end.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings

PAGES, LARGE, PAGE_BYTES = 500, 400, 230_000
WORDS = (
    "quyết định",
    "quyet dinh",
    "bộ trưởng",
    "nguyên tắc làm việc của chính phủ",
    "ngan sach",
    "thành viên chính phủ",
    "phiên họp",
    "không có trong hồ sơ nào cả",
)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()


def find_papers(corpus: Path) -> list[Path]:
    return sorted(corpus.glob("gazette/signed/*.pdf"), key=lambda path: path.name)


def make_paper(sources: list[Path], pages: int, page_bytes: int, target: Path) -> Path:
    """Gazette pages one after another; each carries a picture of its own, as a scan does."""
    import pikepdf

    whole = pikepdf.new()
    opened = [pikepdf.open(source) for source in sources]
    stock = [page for source in opened for page in source.pages]
    side = int(page_bytes**0.5)
    for number in range(pages):
        whole.pages.append(stock[number % len(stock)])
        page = whole.pages[-1]
        picture = pikepdf.Stream(
            whole,
            os.urandom(side * side),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=side,
            Height=side,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        resources = pikepdf.Dictionary(page.obj.get("/Resources", pikepdf.Dictionary()))
        pictures = pikepdf.Dictionary(resources.get("/XObject", pikepdf.Dictionary()))
        pictures["/Scan"] = picture
        resources["/XObject"] = pictures
        page.obj["/Resources"] = resources
        page.contents_add(whole.make_stream(b"\nq 40 0 0 40 20 20 cm /Scan Do Q\n"))
    whole.save(target, linearize=True)
    return target


def fill(body: Any, secretary: Any, corpus: Path, folder: Path) -> tuple[Any, float]:
    """A large paper and four smaller ones; and the seconds from the file to the searchable text."""
    from django.core.files.base import File

    from documents import actions, tasks
    from people.rules import Role

    sources = find_papers(corpus)
    smaller = (PAGES - LARGE) // 4
    sizes = [LARGE, smaller, smaller, smaller, smaller]
    titles = (
        "Hồ sơ dự án tổng thể kèm bản vẽ và phụ lục chi tiết của các bộ, ngành, địa phương",
        "Tờ trình về quy chế làm việc của Chính phủ",
        "Dự thảo Nghị quyết",
        "Báo cáo thẩm định của Bộ Tư pháp",
        "Bảng tổng hợp, tiếp thu, giải trình ý kiến",
    )
    dossier = actions.create_dossier(by=secretary, body=body, title="Về quy chế làm việc của Chính phủ")
    seconds = 0.0
    for number, (pages, title) in enumerate(zip(sizes, titles, strict=True)):
        path = make_paper(
            sources[number:] + sources[:number], pages, PAGE_BYTES if number == 0 else 1000, folder / "p.pdf"
        )
        begin = time.perf_counter()
        with path.open("rb") as file:
            paper = actions.add_paper(dossier, by=secretary, upload=File(file, "p.pdf"), title=title)
        received = time.perf_counter()
        tasks.read_version(paper.version.pk)
        read = time.perf_counter()
        for copy in paper.version.copies.all():
            tasks.make_view(copy.pk)
        if number == 0:
            seconds = time.perf_counter() - begin
            print(
                f"{path.stat().st_size / 1e6:.0f} MB, {pages} pages, seconds: looked into and kept "
                f"{received - begin:.1f}, text read {read - received:.1f}, packed for reading "
                f"{seconds - (read - begin):.1f}"
            )
        actions.distribute_version(
            paper.version, by=secretary, roles=[(Role.MEMBER, body), (Role.CHAIR, body)], because="bench"
        )
    return actions.seal_dossier(dossier, by=secretary), seconds


# The browser


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    from django.db import connection

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            *"--interface wsgi --no-ws --workers 1 --blocking-threads 4 --port".split(),
            str(port),
            "ecabinet.wsgi:application",
        ],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "STORAGE_DIR": str(folder),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEBUG": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def measure_browser(address: str, dossier: Any, reader: Any) -> None:
    from django.test import Client
    from playwright.sync_api import sync_playwright

    browser_of = Client()
    browser_of.force_login(reader)
    session = browser_of.cookies[settings.SESSION_COOKIE_NAME].value
    paper = dossier.papers.order_by("place").first().version
    url = f"{address}{paper.get_absolute_url()}?dossier={dossier.pk}"
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        cold, warm, jump, fetched = [], [], [], []
        for _ in range(5):
            context = browser.new_context(viewport={"width": 1180, "height": 820})
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
            page = context.new_page()
            sizes: list[int] = []
            page.on(
                "response",
                lambda answer, sizes=sizes: (
                    sizes.append(int(answer.headers.get("content-length", 0)))
                    if "/view/" in answer.url and answer.status == 206  # the first, whole one is broken off
                    else None
                ),
            )
            cold.append(_until_page(page, 1, lambda page=page: page.goto(f"{url}#page=1")))
            fetched.append(sum(sizes))
            jump.append(_until_page(page, 300, lambda page=page: _go_to(page, 300)))
            page.goto("about:blank")
            warm.append(_until_page(page, 1, lambda page=page: page.goto(f"{url}#page=1")))
            context.close()
        size = paper.size / 1e6
        print(f"\nThe first page of {size:.0f} MB in Chromium, seconds: median and worst of 5\n")
        for name, values in (("cold", cold), ("warm", warm), ("to page 300", jump)):
            print(f"{name:<14}{statistics.median(values):>8.2f}{max(values):>8.2f}")
        print(f"fetched for it: {statistics.median(fetched) / 1e6:.1f} MB of {size:.0f} MB")
        print(f"small pages: {_count_thumbnails(browser, url, session, address):.1f} a second")
        browser.close()


def _until_page(page: Any, number: int, go: Any) -> float:
    begin = time.perf_counter()
    go()
    page.wait_for_selector(f".page[data-page-number='{number}'] .textLayer span", state="attached")
    return time.perf_counter() - begin


def _go_to(page: Any, number: int) -> None:
    page.locator("#reader-page").fill(str(number))
    page.keyboard.press("Enter")


def _count_thumbnails(browser: Any, url: str, session: str, address: str) -> float:
    context = browser.new_context(viewport={"width": 1180, "height": 820}, bypass_csp=True)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page = context.new_page()
    page.goto(f"{url}#page=1")
    page.wait_for_selector(".page[data-page-number='1'] .textLayer span", state="attached")
    page.evaluate(
        "window.drawn = 0; document.addEventListener('reader:thumbnail', () => (window.drawn += 1))"
    )
    begin = time.perf_counter()
    page.locator("#reader-tab-pages").click()
    for step in range(1, 9):
        page.wait_for_timeout(500)
        page.evaluate(f"document.querySelector('[data-panel=pages]').scrollTop = {step * 900}")
    drawn = page.evaluate("window.drawn")
    seconds = time.perf_counter() - begin
    context.close()
    return drawn / seconds


# Search


def measure_search(dossier: Any, reader: Any) -> None:
    from django.test import Client
    from django.urls import reverse

    from documents.dossier_search import search_versions
    from documents.queries import find_reading_list

    versions = [paper.version for paper in find_reading_list(reader, dossier)]
    browser = Client()
    browser.force_login(reader)
    url = reverse("documents:search_dossier", args=[dossier.pk])
    print("\nSearch in the dossier, milliseconds of 80 calls: median, p95\n")
    for name, call in (
        ("search alone", lambda words: search_versions(versions, words)),
        ("the whole page", lambda words: browser.get(url, {"q": words})),
    ):
        times = []
        for words in WORDS * 10:
            begin = time.perf_counter()
            call(words)
            times.append((time.perf_counter() - begin) * 1000)
        print(f"{name:<18}{statistics.median(times):>8.1f}{statistics.quantiles(times, n=20)[-1]:>8.1f}")


def main(corpus: str = "") -> None:
    django.setup()

    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from people.rules import Role
    from tests import factories
    from tests.corpus import BESIDE

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS = ["*"]
    made = setup_databases(verbosity=0, interactive=False)
    folder = Path(tempfile.mkdtemp())
    settings.STORAGES["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder / "storage")},
    }
    try:
        body = factories.make_body()
        secretary = factories.make_officer("Hoàng Minh Khôi", Role.SECRETARY, body)
        reader = factories.make_officer("Nguyễn Hữu Đức", Role.MEMBER, body)
        dossier, _ = fill(body, secretary, Path(corpus) if corpus else BESIDE, folder)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure_search(dossier, reader)
        with serve(folder / "storage") as address:
            measure_browser(address, dossier, reader)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    main(*sys.argv[1:])
