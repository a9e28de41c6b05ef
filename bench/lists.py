"""The lists of requests with 10,000 of them, against the bare rows from the index.

    ./run bench lists [REQUESTS]

Each list as the page asks for it: how many queries, and how long the database takes for all of them together;
beside it the least that PostgreSQL needs for twenty-one rows by their key. The ratio is of the same run.
Everything happens in a database of its own, which is dropped at the end.
"""

import statistics
import sys
import time
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

from bench.procedure import Meter, appoint

REQUESTS, RUNS = 10_000, 15
WORDS = "phí bảo hiểm y tế giáo dục đất đai giao thông thuế xăng dầu lúa gạo biển đảo rừng nước sạch".split()
LIVE = ("draft", "submitted", "open", "open", "closed", "referred")  # of the last sixty; the rest is decided


def fill(body: Any, number: int) -> None:
    """So many requests of some years, nearly all decided, by plain inserts: the lists are measured."""
    from core import clock
    from documents.models import Dossier
    from opinions.models import OpinionRequest, OpinionSlip
    from opinions.rules import AFTER_CLOSING, BEFORE_SENDING
    from opinions.wording import index_words
    from people.models import Appointment, User
    from people.rules import Role
    from tests import factories

    offices = list(Appointment.objects.voting().filter(body=body).select_related("user", "organisation"))
    agencies = [factories.make_organisation(f"Bộ thứ {place}") for place in range(25)]
    secretary = User.objects.get(appointments__role=Role.SECRETARY)
    rule_set, kind, now = body.rule_sets.get(), body.request_kinds.get(), clock.now()
    dossiers = Dossier.objects.bulk_create(Dossier(body=body, title=f"Hồ sơ {n}") for n in range(number))
    requests = []
    for n, dossier in enumerate(dossiers):
        state = LIVE[n % len(LIVE)] if n >= number - 60 else "decided"
        sent, counted = state not in BEFORE_SENDING, state in AFTER_CLOSING
        opened = now - timedelta(hours=3 * (number - n))
        topic = " ".join(WORDS[(n * step) % len(WORDS)] for step in (1, 3, 7))
        subject = f"Dự thảo Nghị định số {n} về {topic}"
        requests.append(
            OpinionRequest(
                body=body,
                status=state,
                subject=subject,
                words=index_words(subject),
                kind=kind,
                lead_agency=agencies[n % len(agencies)],
                dossier=dossier,
                deadline=opened + timedelta(days=4) if counted else now + timedelta(days=3, minutes=n % 50),
                drafted_by=secretary,
                approved_by=secretary if sent else None,
                opened_at=opened if sent else None,
                rule_set=rule_set if sent else None,
                closed_at=opened + timedelta(days=4) if counted else None,
                process_by=(opened + timedelta(days=6)).date() if counted else None,
                branch="b" if counted else "",
            )
        )
    for_all = OpinionRequest.objects.bulk_create(requests, batch_size=1000)
    for counted in (True, False):
        alike = [made for made in for_all if made.opened_at and bool(made.closed_at) is counted]
        slips = [make_slip(alike[0], office, place) for place, office in enumerate(offices)]
        OpinionSlip.objects.bulk_create(slips)
        copy_slips(alike[0], alike[1:])


def make_slip(opinion_request: Any, office: Any, place: int) -> Any:
    from opinions.models import OpinionSlip

    at = opinion_request.closed_at
    return OpinionSlip(
        request=opinion_request,
        member=office.user,
        member_title=office.title,
        place=place,
        status="answered" if at else "pending",
        answered_by=office.user if at else None,
        answered_at=at,
        receipt="AAAAA-AAAAA" if at else "",
    )


def copy_slips(opinion_request: Any, others: list[Any]) -> None:
    """A quarter of a million rows, by the database itself."""
    from django.db import connection

    from opinions.models import OpinionSlip

    names = [field.column for field in OpinionSlip._meta.concrete_fields if not field.primary_key]
    values = ", ".join("other" if name == "request_id" else f's."{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO opinions_opinionslip ({columns}) SELECT {values} FROM opinions_opinionslip s, "
            "unnest(%s) other WHERE s.request_id = %s",
            [[other.pk for other in others], opinion_request.pk],
        )


def look(role: str, query: dict[str, str]) -> tuple[int, float, float]:
    """Queries of the page; milliseconds of the database and of this process, medians."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from people.models import User

    browser, address = Client(), reverse("opinions:list_requests")
    browser.force_login(User.objects.filter(appointments__role=role).latest("pk"))
    assert browser.get(address, query).status_code == 200
    waiting, own, queries = [], [], 0
    for _ in range(RUNS):
        meter, begin = Meter(), time.process_time()
        with connection.execute_wrapper(meter):
            browser.get(address, query)
        own.append((time.process_time() - begin) * 1000)
        waiting.append(meter.seconds * 1000)
        queries = meter.queries
    return queries, statistics.median(waiting), statistics.median(own)


BARE = {
    "newest": "SELECT * FROM opinions_opinionrequest ORDER BY id DESC LIMIT 21",
    "words": "SELECT * FROM opinions_opinionrequest WHERE words @> %s::varchar[] ORDER BY id DESC LIMIT 21",
}


def measure_bare(sql: str, *values: Any) -> float:
    """The rows alone, through the same driver and connection."""
    from django.db import connection

    took = []
    for _ in range(RUNS):
        with connection.cursor() as cursor:
            begin = time.perf_counter()
            cursor.execute(sql, values)
            cursor.fetchall()
            took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took)


def list_looks(last: int) -> list[tuple[str, dict[str, str]]]:
    return [
        ("all, the newest", {}),
        ("all, the last page", {"before": str(30)}),
        ("all, in the middle", {"before": str(last // 2)}),
        ("waiting for me", {"list": "waiting"}),
        ("answered by me", {"list": "answered"}),
        ("open", {"list": "open"}),
        ("overdue", {"list": "overdue"}),
        ("closed", {"list": "closed"}),
        ("words, many hits", {"q": "nghị định"}),
        ("words without accents", {"q": "phi bao y te"}),
        ("words, no hit", {"q": "không có gì"}),
        ("a month of an agency", {"since": "2026-06-01", "until": "2026-06-30", "agency": "3"}),
    ]


def main(number: int = REQUESTS) -> None:
    django.setup()

    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from opinions.models import OpinionRequest

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    made = setup_databases(verbosity=0, interactive=False)
    try:
        body = appoint()
        fill(body, 60)
        few = {
            (role, what): look(role, query)
            for role in ("member", "secretary")
            for what, query in list_looks(60)
        }
        fill(body, number - 60)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        newest = measure_bare(BARE["newest"])
        words = measure_bare(BARE["words"], ["phi", "bao", "y", "te"])
        count = OpinionRequest.objects.count()
        print(f"\n{count} requests. 21 rows by bare SQL: the newest {newest:.2f} ms, by words {words:.2f} ms")
        print("All queries of a page, in brackets with 60 requests; ratio to the bare rows\n")
        head = f"{'who':<11}{'list':<24}{'queries':>8}{'(60)':>6}{'db ms':>8}"
        print(f"{head}{'(60)':>8}{'ratio':>7}{'cpu ms':>8}")
        for role in ("member", "secretary"):
            for what, query in list_looks(count):
                queries, waiting, own = look(role, query)
                before = few[role, what]
                bare = words if "words" in what else newest
                print(
                    f"{role:<11}{what:<24}{queries:>8}{before[0]:>6}{waiting:>8.1f}{before[1]:>8.1f}"
                    f"{waiting / bare:>7.1f}{own:>8.1f}"
                )
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    main(*[int(argument) for argument in sys.argv[1:]])
