"""500 members answer within the last minute while the clock closes the request.

    ./run bench closing [SECONDS]

First the minute itself: every answer at a random moment of it, some of them too late, and the clock's own
task at work. Then as many answers a second as eight processes give, against the same rows by plain SQL.
Everything happens in a database of its own, which is dropped at the end.
"""

import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

from bench.procedure import PROCESSES

MEMBERS, LATE = 500, 0.02  # of the window lies behind the deadline, so that some come too late
RUNS, START = 2, 4  # runs of each way without a clock; seconds for the processes to get ready

Item = tuple[int, int, int, float]  # slip, member, question, second of the window


def appoint() -> Any:
    """A body of 500 and its office."""
    from people.models import Appointment, User
    from people.rules import Role
    from tests import factories

    body = factories.make_body()
    factories.make_rule_set(body, silence="nothing")
    factories.make_kind(body)
    numbers = range(MEMBERS)
    members = User.objects.bulk_create(
        User(username=f"m{n}", email=f"m{n}@example.vn", full_name=f"Nguyễn Văn {n:03}", sort_key=f"{n:03}")
        for n in numbers
    )
    Appointment.objects.bulk_create(
        Appointment(
            user=member,
            role=Role.CHAIR if n == 0 else Role.MEMBER,
            body=body,
            organisation=body.office,
            title="Thành viên",
            valid_from=factories.LONG_AGO,
            protocol_order=n,
        )
        for n, member in enumerate(members)
    )
    factories.make_officer("Lê Minh Khôi", Role.SECRETARY, body, protocol_order=MEMBERS)
    factories.make_officer("Hà Thị Mai", Role.VICE_CHAIR, body, protocol_order=1)
    return body


def send(body: Any) -> Any:
    """An open request before all of them, sent by the actions."""
    from types import SimpleNamespace

    from people.models import User
    from people.rules import Role
    from tests.opinions import steps

    holding = {role: User.objects.get(appointments__role=role) for role in (Role.SECRETARY, Role.VICE_CHAIR)}
    cast = SimpleNamespace(
        body=body,
        rule_set=body.rule_sets.get(),
        kind=body.request_kinds.get(),
        finance=body.office,
        secretary=holding[Role.SECRETARY],
        vice_chair=holding[Role.VICE_CHAIR],
    )
    return steps.send(cast)


def list_items(opinion_request: Any, seconds: float = 0) -> list[Item]:
    """Each member's slip, and when it is answered: evenly over the window, in the order of time."""
    chance, question = random.Random(5), opinion_request.questions.get().pk
    slips = opinion_request.slips.exclude(member__appointments__role="vice_chair").values_list("pk", "member")
    moments = sorted(chance.uniform(0, seconds) for _ in range(len(slips)))
    return [(*slip, question, moment) for slip, moment in zip(slips, moments, strict=True)]


# The two ways of one answer


def answer_by_action(slip: int, member: int, question: int) -> None:
    """What a request of the page does: the person, the slip, the action."""
    from opinions import actions
    from opinions.models import OpinionSlip
    from people.models import User

    by = User.objects.get(pk=member)
    found = OpinionSlip.objects.select_related("request__kind").get(pk=slip)
    actions.answer_slip(found, by=by, answers={question: {"position": "agree", "reason": ""}})


SHARE = "SELECT pg_advisory_xact_lock_shared(hashtext('opinions.opinionrequest'), 1)"
UPDATE_SLIP = """
UPDATE opinions_opinionslip
SET status = 'answered', answered_by_id = %s, answered_at = now(), receipt = 'AAAAA-AAAAA'
WHERE id = %s
"""
INSERT_SHEET = """
INSERT INTO opinions_answersheet
    (slip_id, number, issue, standing, way, given_at, given_by_id, entry_reason, receipt, signature_state,
     nonce, ended_because)
VALUES (%s, 1, 1, 'counts', 'online', now(), %s, '', 'AAAAA-AAAAA', '', '', '')
RETURNING id
"""
INSERT_ANSWER = """
INSERT INTO opinions_answer (sheet_id, question_id, taken_id, reason)
VALUES (%s, %s, (SELECT min(id) FROM opinions_answerclass), '')
"""
INSERT_EVENT = """
INSERT INTO audit_auditevent
    (at, action, actor_id, actor_name, body_id, target_type, target_id, target_name, case_type, case_id,
     details)
VALUES
    (now(), 'opinions.answer_slip', %s, 'x', 1, 'opinions.opinionslip', %s, 'x', 'opinions.opinionrequest', 1,
     '{"before": [], "after": []}')
"""


def answer_by_sql(slip: int, member: int, question: int) -> None:
    """The same rows under the same lock, with nothing looked up and nothing checked."""
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    with raw, raw.cursor() as cursor:
        cursor.execute(SHARE)
        cursor.execute(UPDATE_SLIP, [member, slip])
        cursor.execute(INSERT_SHEET, [slip, member])
        cursor.execute(INSERT_ANSWER, [cursor.fetchone()[0], question])
        cursor.execute(INSERT_EVENT, [member, slip])


# Side by side


def work(
    deed: Callable[[int, int, int], None], todo: list[Item], database: str, start: Any, begin_at: float
) -> tuple[list[float], int, float]:
    """One process: each answer at its moment, or at once where that has passed. How long each took in
    seconds, how many came too late, and how long the whole took."""
    from django.db import connection

    from core.workflow import Conflict

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    start.wait()
    time.sleep(max(begin_at - time.time(), 0))
    begin, took, late = time.perf_counter(), [], 0
    for slip, member, question, moment in todo:
        time.sleep(max(begin + moment - time.perf_counter(), 0))
        called = time.perf_counter()
        try:
            deed(slip, member, question)
            took.append(time.perf_counter() - called)
        except Conflict:
            late += 1
    connection.close()
    return took, late, time.perf_counter() - begin


def watch(database: str, request: int, start: Any) -> tuple[float, float]:
    """The clock's own task, each tenth of a second instead of each fifth second: how late the request was
    closed, and how long the closing took."""
    from django.db import connection

    from core import clock
    from opinions.models import OpinionRequest
    from opinions.tasks import close_overdue_requests

    connection.settings_dict["NAME"] = database
    start.wait()
    while True:
        begin = time.perf_counter()
        close_overdue_requests()
        found = OpinionRequest.objects.get(pk=request)
        if found.closed_at is not None:
            took, lag = time.perf_counter() - begin, (clock.now() - found.deadline).total_seconds()
            connection.close()
            return lag, took
        time.sleep(0.1)


def run(
    deed: Callable[..., None], items: list[Item], watched: int | None = None, begin_at: float = 0
) -> tuple[list[float], int, float, Any]:
    """Eight processes, and the clock beside them where a request is to be closed."""
    from django.db import connection, connections

    database = connection.settings_dict["NAME"]
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager, context.Pool(PROCESSES + 1) as pool:
        start = manager.Barrier(PROCESSES + 1 + (watched is not None))
        shares = [(deed, items[n::PROCESSES], database, start, begin_at) for n in range(PROCESSES)]
        working = pool.starmap_async(work, shares, chunksize=1)
        closing = pool.apply_async(watch, (database, watched, start)) if watched else None
        start.wait()
        parts = working.get()
        closed = closing.get() if closing else None
    took = sorted(seconds for part, _, _ in parts for seconds in part)
    return took, sum(late for _, late, _ in parts), max(whole for *_, whole in parts), closed


def at(share: float, took: list[float]) -> float:
    """In milliseconds."""
    return took[min(int(len(took) * share), len(took) - 1)] * 1000


def pass_the_minute(body: Any, seconds: float) -> None:
    """Nothing may be lost, nothing may come in after the close: counted afterwards in the rows themselves."""
    from django.core.management import call_command

    from core import clock
    from opinions.models import AnswerSheet, OpinionRequest

    opinion_request = send(body)
    items = list_items(opinion_request, seconds)

    begin = clock.now() + timedelta(seconds=START)
    deadline = begin + timedelta(seconds=seconds * (1 - LATE))
    OpinionRequest.objects.filter(pk=opinion_request.pk).update(deadline=deadline)
    took, late, _, (lag, closing) = run(answer_by_action, items, opinion_request.pk, begin.timestamp())
    opinion_request = OpinionRequest.objects.get(pk=opinion_request.pk)
    sheets = AnswerSheet.objects.filter(slip__request=opinion_request)
    result = opinion_request.questions.get().result
    after = sheets.filter(given_at__gte=opinion_request.deadline).count()
    assert len(took) + late == len(items), "each member was answered to"
    assert sheets.count() == result["agree"] == len(took), "an answer was lost"
    assert not after, "an answer came in after the deadline"
    call_command("recompute_outcomes", str(opinion_request.pk), verbosity=0)
    print(f"\nThe last {seconds:g} seconds: {len(items)} members, {PROCESSES} processes and the clock\n")
    print(f"  taken and counted {len(took)}, refused as too late {late}, lost 0, after the close {after}")
    times = f"median {at(0.5, took):.1f} ms, p99 {at(0.99, took):.1f} ms, longest {at(1, took):.1f} ms"
    print(f"  one answer: {times}")
    print(f"  closed {lag * 1000:.0f} ms after the deadline; the closing took {closing * 1000:.0f} ms")


def compare_rates(body: Any) -> None:
    """As fast as they can, each way twice in turns, every answer on a slip of its own."""
    ways: dict[str, Callable[..., None]] = {
        "rows by plain SQL": answer_by_sql,
        "answer_slip": answer_by_action,
    }
    rates: dict[str, list[tuple[float, float, float]]] = {way: [] for way in ways}
    for _ in range(RUNS):
        for way, deed in ways.items():
            took, late, whole, _ = run(deed, list_items(send(body)))
            assert not late
            rates[way].append((len(took) / whole, at(0.5, took), at(0.99, took)))
    best = {way: max(found) for way, found in rates.items()}
    limit = best["rows by plain SQL"]
    print(
        f"\n{MEMBERS} answers at once, {PROCESSES} processes, the better of {RUNS} runs; ratio to the limit\n"
    )
    print(f"{'way':<22}{'answers/s':>10}{'ratio':>7}{'median ms':>11}{'p99 ms':>9}{'ratio':>7}")
    for way, (rate, median, longest) in best.items():
        print(
            f"{way:<22}{rate:>10.0f}{rate / limit[0]:>7.2f}{median:>11.1f}{longest:>9.1f}"
            f"{longest / limit[2]:>7.1f}"
        )


def close_the_silent(body: Any) -> None:
    """The longest close: nobody has answered."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core.actors import CLOCK
    from opinions import actions
    from opinions.models import OpinionRequest, OpinionSlip
    from tests.opinions import steps

    opinion_request = send(body)
    with steps.after_the_deadline(opinion_request), CaptureQueriesContext(connection) as queries:
        begin = time.perf_counter()
        actions.close_request(opinion_request, by=CLOCK)
        took = time.perf_counter() - begin
    assert OpinionSlip.objects.filter(request=opinion_request, status="silent").count() == MEMBERS + 1
    assert OpinionRequest.objects.get(pk=opinion_request.pk).closed_at
    print(f"\nA close with {MEMBERS + 1} silent members: {took * 1000:.0f} ms, {len(queries)} queries")


def main(seconds: float = 60) -> None:
    django.setup()

    from django.test.utils import setup_databases, teardown_databases

    settings.DEBUG = False
    made = setup_databases(verbosity=0, interactive=False)
    try:
        body = appoint()
        close_the_silent(body)
        compare_rates(body)
        pass_the_minute(body, seconds)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    main(*[float(argument) for argument in sys.argv[1:]])
