"""The trail: written with each deed, changed by nobody, read by the auditors of the body."""

import ast
import csv
import io
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from audit import actions, rules, trail
from audit.models import AuditEvent
from audit.sentences import FACTS, SENTENCES, tell_action, tell_actor, tell_facts
from core import clock
from core.actors import CLOCK, WORKER
from core.workflow import Conflict, Rulebook
from people.sign_in_trail import ACTIONS as SIGN_IN_ACTIONS
from tests.conftest import CAST

pytestmark = pytest.mark.django_db

APPS = (
    "audit people notifications documents signatures decisions reading submissions opinions meetings archive"
).split()


def record(cast, number=1, **details):
    for _ in range(number):
        event = trail.record("people.correct_user", by=cast.administrator, on=cast.minister, **details)
    return event


# Append-only


@pytest.mark.parametrize(
    "deed",
    [
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(actor_name="Ai đó"),
        lambda event: AuditEvent.objects.filter(pk=event.pk).delete(),
        lambda event: event.delete(),
        lambda event: event.save(),
        lambda event: AuditEvent.objects.bulk_update([event], ["action"]),
    ],
    ids=["update", "delete", "delete one", "save", "bulk update"],
)
def test_the_trail_is_not_changed_through_django(cast, deed):
    event = record(cast)

    with pytest.raises((InternalError, ProgrammingError), match="Cannot"), transaction.atomic():
        deed(event)

    assert AuditEvent.objects.get().actor_name == "Phan Đình Lâm"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = 'Ai đó'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "TRUNCATE audit_auditevent CASCADE",
        "INSERT INTO audit_auditevent SELECT * FROM audit_auditevent ON CONFLICT (id)"
        " DO UPDATE SET action = 'x'",
    ],
)
def test_the_trail_is_not_changed_in_the_database(cast, statement):
    record(cast)

    with (
        pytest.raises((InternalError, ProgrammingError), match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().action == "people.correct_user"


def test_a_deed_that_fails_leaves_no_trace(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(cast)
        raise RuntimeError

    assert not AuditEvent.objects.exists()


# Words


def rulebooks(app):
    module = __import__(f"{app}.rules", fromlist=["rules"])
    return [value for value in vars(module).values() if isinstance(value, Rulebook)]


@pytest.mark.parametrize("app", APPS)
def test_every_rule_has_a_sentence(app):
    for rulebook in rulebooks(app):
        for name in rulebook.rules:
            assert f"{app}.{name}" in SENTENCES


def test_every_sentence_tells_of_something_that_happens():
    ruled = {f"{app}.{name}" for app in APPS for rulebook in rulebooks(app) for name in rulebook.rules}

    assert set(SENTENCES) == ruled | set(SIGN_IN_ACTIONS)


def test_every_detail_that_is_recorded_has_a_word():
    missing = set()
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "trail.record":
                    missing |= {word.arg for word in call.keywords if word.arg} - {
                        "by",
                        "on",
                        "body_id",
                        "sealed_until",
                        *FACTS,
                    }

    assert sorted(missing) == []


def test_codes_are_told_in_words():
    after = [{"question": "Đồng ý không?", "position": "agree", "comment": ""}]
    assert tell_facts({"after": after, "verdict": "undecided", "size": 0}) == [
        ("sau đó", "câu hỏi: Đồng ý không?; câu trả lời: đồng ý"),
        ("kết luận", "chưa kết luận được"),
        ("dung lượng (byte)", "0"),
    ]
    assert tell_facts({"is_adopted": True, "is_tie": False}) == [
        ("được thông qua", "có"),
        ("ngang phiếu", "không"),
    ]


def test_an_entry_in_words():
    assert tell_action("opinions.answer_slip") == "gửi ý kiến"
    assert tell_action("unknown.deed") == "unknown.deed"
    assert tell_actor("clock", None) == "Đồng hồ của hệ thống"
    assert tell_actor("clock", 7) == "clock"  # a person may be called so
    assert tell_facts(
        {"before": {"full_name": "An", "phone": ""}, "to": ["A", "B"], "pages": 0, "email": ""}
    ) == [
        ("trước đó", "họ và tên: An"),
        ("người đọc", "A · B"),
        ("số trang", "0"),
    ]


# Reading


@pytest.mark.parametrize("who", CAST)
def test_only_auditors_of_the_body_read_it(cast, sign_in, who):
    event = record(cast)
    client = sign_in(getattr(cast, who))
    case = reverse("audit:read_case", args=[event.case_type, event.case_id])
    status = {"auditor": (200, 200), "outside_auditor": (200, 404)}.get(who, (404, 404))

    page = client.get(reverse("audit:search_trail"))
    assert (page.status_code, client.get(case).status_code) == status
    if who == "outside_auditor":
        assert "Nguyễn Hữu Đức" not in page.content.decode()
    seen = AuditEvent.objects.visible_to(getattr(cast, who))
    assert seen.filter(pk=event.pk).exists() == (who == "auditor")


def test_what_concerns_the_whole_system_is_read_by_every_auditor(cast):
    event = trail.record("people.sign_in", by=cast.nobody, on=cast.nobody)

    for who in CAST:
        seen = AuditEvent.objects.visible_to(getattr(cast, who))
        assert seen.filter(pk=event.pk).exists() == (who in ("auditor", "outside_auditor"))


def search(client, **sought):
    return client.get(reverse("audit:search_trail"), sought).content.decode()


def test_entries_are_found_by_person_object_action_and_time(cast, sign_in):
    with clock.at(clock.now() - timedelta(days=40)):
        record(cast)
    trail.record("people.invite_user", by=cast.administrator, on=cast.archivist)
    trail.record("people.set_preferences", by=cast.secretary, on=cast.secretary)
    client = sign_in(cast.auditor)
    today, last_week = clock.today().isoformat(), (clock.today() - timedelta(days=7)).isoformat()

    assert "sửa thông tin tài khoản:" in search(client)
    assert search(client, person="hoàng minh").count("<tr id=") == 1
    assert search(client, target="Bùi Thị").count("<tr id=") == 1
    assert search(client, action="people.correct_user").count("<tr id=") == 1
    assert "Nguyễn Hữu Đức" not in search(client, since=last_week)
    assert "Nguyễn Hữu Đức" in search(client, until=last_week)
    assert search(client, since=today, until=today, target="Bùi").count("<tr id=") == 1
    assert "Không có mục nào phù hợp." in search(client, person="không ai")
    assert "Không có mục nào phù hợp." in search(client, since="hôm qua")


def test_pages_by_key_go_there_and_back(cast, sign_in, monkeypatch):
    monkeypatch.setattr("audit.views.ENTRIES_A_PAGE", 3)
    client = sign_in(cast.auditor)
    with transaction.atomic():
        record(cast, 7)
    address, seen = reverse("audit:search_trail") + "?person=Phan", []
    while address:
        context = client.get(address).context
        seen.append([entry.pk for entry in context["entries"]])
        address = context["older"] and reverse("audit:search_trail") + context["older"]
    assert [len(page) for page in seen] == [3, 3, 1]
    read = [*chain.from_iterable(seen)]
    assert read == sorted(read, reverse=True)

    back = client.get(reverse("audit:search_trail") + context["newer"]).context
    assert [entry.pk for entry in back["entries"]] == seen[1]
    first = client.get(reverse("audit:search_trail") + back["newer"]).context
    assert [entry.pk for entry in first["entries"]] == seen[0]
    assert first["newer"] == ""
    assert "person=Phan" in first["older"]


def test_a_page_costs_the_same_with_1_and_with_21_entries(
    cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(cast.auditor)
    record(cast)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("audit:search_trail"))
    record(cast, 20)

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse("audit:search_trail"))


def test_a_case_is_told_from_its_beginning(cast, sign_in, monkeypatch):
    client = sign_in(cast.auditor)
    record(cast, before={"full_name": "Nguyễn Hữu Đạt"})
    trail.record(
        "people.end_appointment", by=CLOCK, on=cast.minister.appointments.get(), last_day="31/01/2026"
    )
    address = reverse("audit:read_case", args=["people.user", cast.minister.pk])

    page = client.get(address).content.decode()
    assert page.index("sửa thông tin tài khoản") < page.index("nhập việc thôi giữ chức vụ")
    assert "Đồng hồ của hệ thống" in page and "họ và tên: Nguyễn Hữu Đạt" in page
    assert cast.minister.get_absolute_url() in page  # to the matter itself

    monkeypatch.setattr("audit.views.CASE_ENTRIES_A_PAGE", 1)
    first = client.get(address)
    assert "Các mục sau" in first.content.decode()
    second = client.get(address, {"after": first.context["next"]}).content.decode()
    assert "nhập việc thôi giữ chức vụ" in second and "Về đầu" in second


def test_the_trail_outlives_what_it_tells_of(cast, sign_in):
    paper = cast.rule_set
    trail.record("decisions.confirm_rule_set", by=cast.administrator, on=paper)
    address = reverse("audit:read_case", args=["decisions.ruleset", paper.pk])
    name = str(paper)
    paper.delete()

    assert name in sign_in(cast.auditor).get(address).content.decode()


@pytest.mark.parametrize("address", ["/trail/people.user/999999/", "/trail/no.such/1/", "/trail/nonsense/1/"])
def test_what_never_was_has_no_page(cast, sign_in, address):
    assert sign_in(cast.auditor).get(address).status_code == 404


# Copies


def test_a_copy_is_taken_and_recorded(cast, sign_in):
    record(cast, before={"full_name": "=1+1"})
    trail.record("people.sign_in", by=cast.secretary, on=cast.secretary)
    AuditEvent.objects.create(
        action="people.sign_in",
        actor_name="=HYPERLINK(1)",
        body_id=cast.body.pk,
        target_type="people.user",
        target_id=1,
        target_name="x",
        case_type="people.user",
        case_id=1,
    )
    client = sign_in(cast.auditor)

    answer = client.post(reverse("audit:export_trail"), {"target": ""})

    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["number", "time", "person", "action"]
    assert [row[3] for row in rows[1:3]] == ["people.correct_user", "people.sign_in"]
    assert "'=HYPERLINK(1)" in [row[2] for row in rows]
    entry = AuditEvent.objects.get(action="audit.export_trail")
    assert entry.actor_name == "Ngô Bảo Châu Anh"
    assert entry.body_id == cast.body.pk
    assert entry.details["entries"] == len(rows) - 1


def test_a_copy_of_what_was_sought(cast, sign_in):
    record(cast)
    trail.record("people.invite_user", by=cast.administrator, on=cast.archivist)

    answer = sign_in(cast.auditor).post(reverse("audit:export_trail"), {"action": "people.invite_user"})

    assert len(answer.content.decode().splitlines()) == 2
    assert AuditEvent.objects.get(action="audit.export_trail").details["sought"] == {
        "action": "people.invite_user"
    }


def test_too_long_a_copy_is_refused(cast, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "EXPORT_LIMIT", 1)
    record(cast, 2)

    answer = sign_in(cast.auditor).post(reverse("audit:export_trail"), {})

    assert answer.status_code == 409
    assert "Hãy thu hẹp tìm kiếm" in answer.content.decode()
    with pytest.raises(Conflict):
        actions.export_trail(AuditEvent.objects.visible_to(cast.auditor), by=cast.auditor, sought={})


def test_nobody_else_takes_copies(cast, sign_in):
    with pytest.raises(PermissionDenied):
        actions.export_trail(AuditEvent.objects.all(), by=cast.secretary, sought={})
    assert sign_in(cast.secretary).post(reverse("audit:export_trail")).status_code == 404


def test_workers_and_the_clock_have_names_in_the_trail(cast):
    event = trail.record("documents.record_text", by=WORKER, on=cast.minister)

    assert (event.actor_id, event.actor_name) == (None, "worker")
    assert "worker: documents.record_text Nguyễn Hữu Đức" in str(event)
