"""Page 1 of a search against the bare index: one GIN query for all syllables, newest first, twenty ids.

    ./run bench search [DOCUMENTS]

Documents are runs of sentences of the gazette's texts (CORPUS, or the folder beside the project), some 700
syllables each, dated 1990 to last year with growing years; those of the last run are kept. Processor time of
both sides, so that other work on the machine counts little. `hits` is the search alone (tiers, windows, who
may read), `page` with texts read and snippets cut, `count` the counts and breakdowns asked after the page.
"""

import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

RUNS = 15  # queries of a class
PARAGRAPHS = re.compile(r"(?<=[.;:])\s+")
BARE = "SELECT version_id FROM archive_searchentry WHERE terms @@ %s::tsquery AND readers && %s "
NEWEST = "ORDER BY issued_on DESC, version_id DESC LIMIT 20"


def list_sentences() -> list[list[str]]:
    """The sentences of each text of the corpus."""
    from tests.corpus import BESIDE

    folder = Path(os.environ.get("CORPUS") or BESIDE) / "gazette" / "text"
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise SystemExit(f"The gazette's texts are not in {folder}; CORPUS names the corpus.")
    return [PARAGRAPHS.split(" ".join(file.read_text().replace("\0", " ").split())) for file in files]


def write_texts(sources: list[list[str]], dice: random.Random) -> Iterator[str]:
    while True:
        length = min(2000, max(200, int(dice.lognormvariate(6.5, 0.5))))
        text: list[str] = []
        while length > 0:
            source = dice.choice(sources)
            start = dice.randrange(len(source))
            run = source[start : start + dice.randint(1, 6)]
            text += run
            length -= sum(sentence.count(" ") + 1 for sentence in run)
        yield "\n".join(text)


def pick_dates(number: int, dice: random.Random) -> list[date]:
    """Each year some eight per cent more than the one before; oldest first, as an archive grows."""
    from core import clock

    years = range(1990, clock.today().year)
    chosen = dice.choices(years, weights=[1.08 ** (year - 1990) for year in years], k=number)
    return sorted(date(year, 1, 1) + timedelta(days=dice.randrange(365)) for year in chosen)


def fill(number: int, distinct: int, dice: random.Random) -> None:
    """So many entries, and a minister who may read some of them."""
    from django.db import connection

    from archive.indexing import as_vector
    from archive.models import SearchEntry
    from archive.terms import entry_terms
    from core import clock
    from core.work import WorkState
    from decisions.models import Resolution
    from documents.models import Document, DocumentText, DocumentVersion
    from documents.rules import DocumentKind
    from people.models import User, office_key
    from people.rules import Role
    from tests import factories

    tables = (
        "archive_searchentry",
        "documents_documenttext",
        "documents_documentversion",
        "documents_document",
    )
    if User.objects.exclude(email__endswith="@example.vn").exists():
        raise SystemExit("People work in this database: the benchmark empties the one it is given.")
    with connection.cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {', '.join(tables)}, decisions_resolution, people_user, people_organisation CASCADE"
        )
        cursor.execute("DROP INDEX IF EXISTS terms_of_entries")
    body = factories.make_body()
    minister: User = factories.make_officer("Nguyễn Hữu Đức", Role.MEMBER, body)
    sources = list_sentences()
    texts = write_texts(sources, dice)
    offices = [office_key(role, body.pk) for role in Role]
    member, secretary = office_key(Role.MEMBER, body.pk), office_key(Role.SECRETARY, body.pk)
    readers = [offices, [member, secretary], [secretary], [secretary, minister.pk]]
    resolution = Resolution.objects.create(
        body=body,
        rule_set=factories.make_rule_set(body),
        document=Document.objects.create(body=body, title="-"),
        subject="-",
        lead_agency=body.office,
        signer=minister.appointments.get(),
        notation="NQ-CP",
    )
    days = pick_dates(number, dice)
    kinds = list(DocumentKind.values)
    written: list[tuple[str, str, list[str]]] = []
    for start in range(0, number, 500):
        chunk = days[start : start + 500]
        documents, rows = [], []
        for place, day in enumerate(chunk, start=start):
            if place < distinct:
                text = next(texts)
                title = " ".join(dice.choice(dice.choice(sources)).split()[:18])[:480]
                written.append((title, text, entry_terms(title=title, number="", year=0, texts=[text])))
            title, text, terms = written[place % distinct]
            sign = f"{place + 1}/{day.year}/QĐ-TTg"
            documents.append(
                Document(body=body, title=title, number=sign, kind=dice.choice(kinds), issued_on=day)
            )
            rows.append((text, [*terms, f"y.{day.year}", f"n.{sign.lower().replace('đ', 'd')}"]))
        documents = Document.objects.bulk_create(documents)
        versions = DocumentVersion.objects.bulk_create(
            DocumentVersion(
                document=document,
                file_name="a.pdf",
                sha256=f"{document.pk:064x}",
                size=1,
                pages=1,
                added_by_name="bench",
                work_state=WorkState.DONE,
                added_at=clock.now(),
            )
            for document in documents
        )
        DocumentText.objects.bulk_create(
            DocumentText(version=version, pages=[text])
            for version, (text, _) in zip(versions, rows, strict=True)
        )
        SearchEntry.objects.bulk_create(
            SearchEntry(
                version=version,
                resolution=resolution,
                body=body,
                issued_on=document.issued_on,
                kind=document.kind,
                readers=dice.choices(readers, weights=[60, 25, 12, 3])[0],
                number=document.number,
                title=document.title,
                terms=as_vector(terms),
            )
            for document, version, (_, terms) in zip(documents, versions, rows, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(
            "CREATE INDEX terms_of_entries ON archive_searchentry USING gin (terms) WITH (fastupdate = off)"
        )
        cursor.execute("VACUUM ANALYZE archive_searchentry")


def ask_classes(texts: list[str], dice: random.Random) -> dict[str, list[str]]:
    """Queries by how much they find: words as people type them."""
    from archive.terms import fold

    def cut(length: int) -> str:
        while True:
            words = [word for word in re.findall(r"[^\W\d_]+", dice.choice(dice.choice(texts).split("\n")))]
            if len(words) > length:
                start = dice.randrange(len(words) - length)
                return " ".join(words[start : start + length]).lower()

    common = ["điều", "quy định", "của", "thực hiện", "cơ quan", "nhà nước", "và", "theo", "các", "bộ"]
    return {
        "common word": [dice.choice(common) for _ in range(RUNS)],
        "word of 2 syllables": [cut(2) for _ in range(RUNS)],
        "the same, no accents": [fold(cut(2)) for _ in range(RUNS)],
        "5 syllables": [cut(5) for _ in range(RUNS)],
        "the same, no accents ": [fold(cut(5)) for _ in range(RUNS)],
        "two words": [f"{fold(cut(2))}; {fold(cut(2))}" for _ in range(RUNS)],
        "phrase": [f'"{cut(4)}"' for _ in range(RUNS)],
        "number": [f"{dice.randrange(1, 20_000)}/{dice.randrange(2000, 2026)}" for _ in range(RUNS)],
        "nothing": [f"{fold(cut(2))} zz{number}" for number in range(RUNS)],
    }


def make_clock() -> Callable[[], float]:
    """Processor seconds of this process and its PostgreSQL; by the wall where that is on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}")
    try:
        is_here = (backend / "comm").read_text().startswith("postgres")
    except OSError:
        is_here = False
    if not is_here:
        return time.perf_counter
    return lambda: time.process_time() + int((backend / "schedstat").read_text().split()[0]) / 1e9


def middle_and_high(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def measure(queries: list[str], user: Any) -> dict[str, tuple[float, float]]:
    from django.db import connection

    from archive.search import NO_FILTERS, PAGE, _by_terms_alone, _find, _matching, search, summarise
    from archive.terms import Query, parse

    spent = make_clock()
    keys, entries = user.reader_keys(), _matching(user, NO_FILTERS)

    def ask_bare(query: Query) -> None:
        with _by_terms_alone(), connection.cursor() as cursor:
            cursor.execute(BARE + NEWEST, [query.tiers[-1], keys])
            cursor.fetchall()

    ways: dict[str, Callable[[Query], Any]] = {
        "bare": ask_bare,
        "hits": lambda query: list(_find(query, entries, NO_FILTERS, most=PAGE + 1)),
        "page": lambda query: search(query, user),
        "count": lambda query: summarise(query, user),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for asked in [*queries[:3], *queries]:  # the first few warm the cache and are not counted
        query = parse(asked)
        for name, way in ways.items():
            begin = spent()
            way(query)
            times[name].append((spent() - begin) * 1000)
    return {name: middle_and_high(one[3:]) for name, one in times.items()}


def main(number: int = 20_000) -> None:
    django.setup()
    from django.db import connection

    from archive.models import SearchEntry
    from documents.models import DocumentText
    from people.models import User

    dice = random.Random(7)
    begin = time.perf_counter()
    if SearchEntry.objects.count() != number:  # those of the last time will do
        fill(number, min(number, 10_000), dice)
    texts = [pages[0] for pages in DocumentText.objects.order_by("pk").values_list("pages", flat=True)[:1000]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_relation_size('archive_searchentry')), "
            "pg_size_pretty(pg_relation_size('terms_of_entries'))"
        )
        heap, index = cursor.fetchone()
    print(f"{number:,} documents in {time.perf_counter() - begin:.0f} s; rows {heap}, index {index}")
    print(
        f"{'cpu ms, p50 / p95':<24}{'bare':>15}{'hits':>15}{'page':>15}{'count':>15}"
        f"{'hits:bare':>12}{'page:bare':>12}"
    )
    for name, queries in ask_classes(texts, dice).items():
        found = measure(queries, User.objects.get())
        cells = "".join(f"{f'{p50:.1f} / {p95:.1f}':>15}" for p50, p95 in found.values())
        ratios = "".join(f"{found[way][0] / found['bare'][0]:>12.2f}" for way in ("hits", "page"))
        print(f"{name:<24}{cells}{ratios}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
