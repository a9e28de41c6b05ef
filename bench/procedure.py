"""The written procedure with 25 members: pages with 500 requests and 5, answers a second and bare SQL.

    ./run bench procedure [SECONDS]

Everything happens in a database of its own, which is dropped at the end.
"""

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import django
from django.conf import settings

MEMBERS, PROCESSES = 25, 8
STATES = ("draft", "submitted", "open", "open", "closed")
SOURCES = {"open": ("drafted", "answered", "pending"), "closed": ("silent", "answered")}


def fill(body: Any, requests: int) -> None:
    """So many requests in all states, by plain inserts: the pages are measured, not the filling."""
    from core import clock
    from documents.models import Document, DocumentVersion, Dossier, DossierPaper
    from opinions.models import Answer, AnswerSheet, OpinionRequest, OpinionSlip, Question
    from opinions.rules import AFTER_CLOSING, BEFORE_SENDING
    from people.models import Appointment, User
    from people.rules import Role

    members = list(Appointment.objects.voting().filter(body=body).select_related("user"))
    secretary = User.objects.get(appointments__role=Role.SECRETARY)
    rule_set, kind, now = body.rule_sets.get(), body.request_kinds.get(), clock.now()
    agree = kind.answer_classes.get(code="agree")
    result = {
        "agree": 20,
        "disagree": 0,
        "other": 0,
        "silent": 5,
        "members": 25,
        "needed": 13,
        "in_favour": 25,
        "silent_agree": True,
        "is_adopted": True,
        "chair_decided": False,
        "branch": "b",
        "classes": {"agree": 20},
    }
    document = Document.objects.create(body=body, title="Tờ trình")
    version = DocumentVersion.objects.create(
        document=document, file_name="a.pdf", sha256="0" * 64, size=1, work_state="done", added_by_name="x"
    )
    for number in range(requests):
        state = STATES[number % len(STATES)]
        sent, counted = state not in BEFORE_SENDING, state in AFTER_CLOSING
        opinion_request = OpinionRequest.objects.create(
            body=body,
            status=state,
            kind=kind,
            subject=f"Về việc thứ {number} của chương trình công tác năm 2026",
            lead_agency=members[0].organisation,
            dossier=Dossier.objects.create(body=body, title=f"Hồ sơ {number}"),
            deadline=now + timedelta(days=3, minutes=number),
            drafted_by=secretary,
            approved_by=members[1].user if sent else None,
            opened_at=now if sent else None,
            rule_set=rule_set if sent else None,
            closed_at=now if counted else None,
            process_by=now.date() if counted else None,
            branch="b" if counted else "",
        )
        DossierPaper.objects.create(dossier=opinion_request.dossier, version=version, place=1)
        question = Question.objects.create(
            request=opinion_request, place=1, text="Đồng ý?", result=result if counted else None
        )
        slips = OpinionSlip.objects.bulk_create(
            OpinionSlip(
                request=opinion_request,
                member=office.user,
                member_title=office.title,
                place=place,
                status="answered" if counted else "pending",
                answered_by=office.user if counted else None,
                answered_at=now if counted else None,
                receipt="AAAAA-AAAAA" if counted else "",
            )
            for place, office in enumerate(members if sent else ())
        )
        if counted:
            sheets = AnswerSheet.objects.bulk_create(
                AnswerSheet(
                    slip=slip,
                    number=1,
                    issue=1,
                    standing="counts",
                    given_at=now,
                    given_by_id=slip.member_id,
                    receipt=slip.receipt,
                )
                for slip in slips
            )
            Answer.objects.bulk_create(
                Answer(sheet=sheet, question=question, taken=agree) for sheet in sheets
            )


def appoint() -> Any:
    """25 members, their assistants, and the office."""
    from people.rules import Role
    from tests import factories

    body = factories.make_body()
    factories.make_rule_set(body)
    factories.make_kind(body)
    for place in range(MEMBERS):
        role = Role.CHAIR if place == 0 else Role.VICE_CHAIR if place < 8 else Role.MEMBER
        member = factories.make_officer(f"Nguyễn Văn {place:02}", role, body, protocol_order=place)
        factories.make_officer(
            f"Trần Thị {place:02}",
            Role.ASSISTANT,
            body,
            assists=member.appointments.get(),
            protocol_order=100,
        )
    factories.make_officer("Lê Minh Khôi", Role.SECRETARY, body, protocol_order=200)
    return body


# Pages


def list_pages() -> Iterator[tuple[str, str, str]]:
    """Who, what, where."""
    from django.urls import reverse

    from opinions.models import OpinionRequest

    last = {state: OpinionRequest.objects.filter(status=state).latest("pk").pk for state in set(STATES)}
    for role in ("chair", "member", "assistant", "secretary"):
        yield role, "home", reverse("home")
        yield role, "list of requests", reverse("opinions:list_requests")
        yield role, "open request", reverse("opinions:read_request", args=[last["open"]])
        yield role, "result", reverse("opinions:read_request", args=[last["closed"]])


class Meter:
    """Counts the queries of one connection and how long they take."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(*query)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - begin


def measure_page(role: str, url: str, runs: int = 25) -> tuple[int, float, float]:
    """Queries; milliseconds of this process's own work, and of waiting for the database: medians."""
    from django.db import connection
    from django.test import Client

    from people.models import User

    browser = Client()
    browser.force_login(User.objects.filter(appointments__role=role).latest("pk"))
    assert browser.get(url).status_code == 200, url
    own, waiting, queries = [], [], 0
    for _ in range(runs):
        meter, begin = Meter(), time.process_time()
        with connection.execute_wrapper(meter):
            browser.get(url)
        own.append((time.process_time() - begin) * 1000)
        waiting.append(meter.seconds * 1000)
        queries = meter.queries
    return queries, statistics.median(own), statistics.median(waiting)


def compare_pages(body: Any) -> None:
    few: dict[tuple[str, str], tuple[int, float, float]] = {}
    fill(body, 5)
    for role, what, url in list_pages():
        few[role, what] = measure_page(role, url)
    fill(body, 495)
    print("\nPages with 500 requests, in brackets with 5: queries, ms of processor, ms of database\n")
    print(
        f"{'who':<12}{'page':<18}{'queries':>8}{'(5)':>5}{'cpu':>8}{'(5)':>8}{'db':>8}{'(5)':>8}{'ratio':>8}"
    )
    for role, what, url in list_pages():
        queries, own, waiting = measure_page(role, url)
        before = few[role, what]
        ratio = (own + waiting) / (before[1] + before[2])
        print(
            f"{role:<12}{what:<18}{queries:>8}{before[0]:>5}{own:>8.1f}{before[1]:>8.1f}"
            f"{waiting:>8.1f}{before[2]:>8.1f}{ratio:>8.2f}"
        )


# Answers


def work(
    deed: Callable[[int, int, int], None],
    todo: list[tuple[int, int, int]],
    database: str,
    start: Any,
    seconds: float,
) -> int:
    """One process: as many answers as the time allows."""
    from django.db import connection

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    start.wait()
    end, done = time.perf_counter() + seconds, 0
    for item in todo:
        if time.perf_counter() > end:
            break
        deed(*item)
        done += 1
    connection.close()
    return done


def run_processes(deed: Callable[..., None], todo: list[tuple[int, int, int]], seconds: float) -> float:
    from django.db import connection, connections

    database = connection.settings_dict["NAME"]
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager, context.Pool(PROCESSES) as pool:
        start = manager.Barrier(PROCESSES)
        shares = [(deed, todo[n::PROCESSES], database, start, seconds) for n in range(PROCESSES)]
        return sum(pool.starmap(work, shares, chunksize=1)) / seconds


def compare_answers(seconds: float) -> None:
    from bench.closing import answer_by_action, answer_by_sql
    from opinions.models import OpinionSlip

    places = count()
    halves: tuple[list[Any], list[Any]] = ([], [])
    slips = OpinionSlip.objects.filter(request__status="open", status="pending").order_by("request", "pk")
    for slip in slips.values_list("pk", "member", "request__questions"):
        halves[next(places) % 2].append(slip)
    rates = {
        "plain rows by psycopg2": run_processes(answer_by_sql, halves[0], seconds),
        "answer_slip": run_processes(answer_by_action, halves[1], seconds),
    }
    limit = rates["plain rows by psycopg2"]
    print(f"\nAnswers a second, {PROCESSES} processes, {seconds:g} s each; ratio to the bare limit\n")
    print(f"{'way':<28}{'answers/s':>12}{'ratio':>8}")
    for way, rate in rates.items():
        print(f"{way:<28}{rate:>12.0f}{rate / limit:>8.2f}")


def main(seconds: float = 5) -> None:
    django.setup()

    from django.test.utils import setup_databases, teardown_databases

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    made = setup_databases(verbosity=0, interactive=False)
    try:
        compare_pages(appoint())
        compare_answers(seconds)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    main(*[float(argument) for argument in sys.argv[1:]])
