"""Signed papers looked at again, end to end: rows, queue, Celery workers, child processes, observations.

    ./run bench recheck [PAPERS] [WORKERS]

Beside it, in the same run, the bare verification of the same files in one process, without database, queue
and sandbox. 25 signed files (PAdES B-T, 1 page) stand behind all versions; each version is looked at itself.
Everything happens in a database, a broker and a folder of its own, which are dropped at the end.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

FILES = 25
BARE_ROUNDS = 8
ROUNDS = 2


def make_files(folder: Path) -> list[Path]:
    from tests.documents.samples import make_pdf
    from tests.signatures.samples import SIGNED, minister, pki, sign_pdf

    paths = []
    for number in range(FILES):
        paths.append(folder / f"{number}.pdf")
        paths[-1].write_bytes(sign_pdf(make_pdf(), minister(), pki(), at=SIGNED))
    return paths


def trust_authorities() -> None:
    """By two administrators, as everywhere."""
    from types import SimpleNamespace

    from core import clock
    from people.rules import Role
    from signatures.actions import add_revocation_list
    from signatures.authorities import read_list
    from tests import factories
    from tests.signatures.papers import trust
    from tests.signatures.samples import revocation_lists

    body = factories.make_body()
    administrator = factories.make_officer("Phan Đình Lâm", Role.ADMINISTRATOR, body)
    cast = SimpleNamespace(body=body, administrator=administrator)
    trust(cast)
    now = clock.now()
    in_force = revocation_lists(now - timedelta(hours=1), now + timedelta(days=30))[0]
    add_revocation_list(by=administrator, revocations=read_list(in_force))


def verify_bare(job: tuple[str, dict[str, Any]]) -> bool:
    from core import clock
    from signatures.verifier import TrustStore, verify_pdf

    report = verify_pdf(Path(job[0]), trust=TrustStore.from_json(job[1]), at=clock.now())
    return bool(report.signatures)


def measure_bare(paths: list[Path], workers: int) -> float:
    """Files a second in so many warm processes, with nothing around the verification."""
    from signatures.trust import build_trust_store

    trust = build_trust_store().to_json()
    jobs = [(str(path), trust) for path in paths] * BARE_ROUNDS
    with multiprocessing.get_context("spawn").Pool(workers, initializer=django.setup) as pool:
        assert all(pool.map(verify_bare, jobs[: 4 * workers], chunksize=1))
        begin = time.perf_counter()
        assert all(pool.map(verify_bare, jobs, chunksize=5))
        return len(jobs) / (time.perf_counter() - begin)


def add_papers(paths: list[Path], papers: int) -> None:
    """So many versions, each looked at once a year ago: what is measured is looking again."""
    from core import clock
    from documents import storage
    from documents.models import Document, DocumentVersion
    from people.models import Body
    from signatures.models import Verification
    from signatures.rules import Cause
    from signatures.trust import build_trust_store, keep_snapshot
    from signatures.verifier import verify_pdf

    trust, body = build_trust_store(), Body.objects.get()
    keep_snapshot(trust)
    kept = [storage.keep_file(path) for path in paths]
    reports = [verify_pdf(path, trust=trust, at=clock.now()) for path in paths]
    long_ago = clock.now() - timedelta(days=365)
    documents = Document.objects.bulk_create(
        Document(body=body, title=f"Văn bản {number}") for number in range(papers)
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=document,
            file_name="a.pdf",
            sha256=kept[number % FILES][0],
            size=kept[number % FILES][1],
            work_state="done",
            added_by_name="bench",
        )
        for number, document in enumerate(documents)
    )
    Verification.objects.bulk_create(
        Verification(
            version=version,
            cause=Cause.ADDED,
            verdict=reports[number % FILES].verdict,
            report=reports[number % FILES].to_json(),
            sha256=version.sha256,
            trust_store=trust.fingerprint,
            checked_at=long_ago,
            work_state="done",
        )
        for number, version in enumerate(versions)
    )


def look_again(papers: int, workers: int, folder: Path) -> Iterator[float]:
    """Seconds from the order to the last observation: of a first round, and of a second right after it."""
    from django.db import connection

    from core import clock
    from core.actors import CLOCK
    from ecabinet.celery import app
    from signatures.actions import order_rechecks
    from signatures.models import Verification
    from signatures.rules import Cause
    from tests.workers import Broker, Worker, use_broker, wait_for

    broker = Broker(folder)
    broker.start()
    use_broker(broker.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="))
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "REDIS_URL": broker.url,
        "STORAGE_DIR": settings.STORAGES["default"]["OPTIONS"]["location"],
    }
    options = ["--without-gossip", "--without-mingle", "-l", "ERROR"]
    worker = Worker(
        "worker",
        "-Q",
        "verify,recheck",
        "-c",
        str(workers),
        *options,
        environment=environment,
        log=folder / "worker.log",
    )
    rows = Verification.objects.filter(cause=Cause.SCHEDULE)
    try:
        wait_for(lambda: worker.process.poll() is not None or app.control.ping(timeout=1))
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            ordered = len(order_rechecks(by=CLOCK, before=clock.now(), at_most=papers))
            assert ordered == papers, f"{ordered} of {papers} were ordered"
            while left := rows.exclude(work_state__in=["done", "failed"]).count():
                if worker.process.poll() is not None:
                    raise SystemExit((folder / "worker.log").read_text())
                time.sleep(min(1.0, left / 200))
            yield time.perf_counter() - begin
    finally:
        worker.kill()
        broker.stop()


def main(papers: int = 10_000, workers: int = os.cpu_count() or 1) -> None:
    django.setup()

    from django.test.utils import setup_databases, teardown_databases

    from signatures.models import Verification

    settings.DEBUG = False
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with tempfile.TemporaryDirectory(prefix="ec-") as name:
            folder = Path(name)
            settings.STORAGES["default"] = {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder / "storage")},
            }
            paths = make_files(folder)
            trust_authorities()
            add_papers(paths, papers)
            bare = measure_bare(paths, workers)
            seconds = list(look_again(papers, workers, folder))
            report(papers, workers, seconds, bare, Verification.objects.all())
    finally:
        teardown_databases(made, verbosity=0)


def report(papers: int, workers: int, seconds: list[float], bare: float, rows: Any) -> None:
    again = rows.filter(cause="schedule")
    settled = again.filter(same_as__isnull=False).count()
    failed = again.filter(work_state="failed").count()
    print(f"\n{papers} papers looked at again by {workers} workers, {rows.first().verdict}\n")
    print(f"{'way':<58}{'papers/s':>10}{'share':>8}")
    print(f"{f'bare verification, {workers} warm processes':<58}{bare:>10.1f}{1:>8.2f}")
    ways = ("end to end, in full, many in a child process", "end to end, quick: bytes and trust unchanged")
    for way, spent in zip(ways, seconds, strict=True):
        print(f"{way:<58}{papers / spent:>10.1f}{papers / spent / bare:>8.2f}")
    print(f"\nsettled as before {settled}, alone {papers * ROUNDS - settled - failed}, failed {failed}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    main(*[int(argument) for argument in sys.argv[1:]])
