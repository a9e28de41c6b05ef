"""How members answer: in time, late or not at all; who may see it; and that nothing else is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import clock
from opinions import actions
from opinions.exports.statistics import write_table, write_workbook
from opinions.models import DeadlineChange, OpinionRequest
from opinions.pages.statistics import word_hours
from opinions.statistics import Figures, count_all, count_by, span
from people.models import User
from people.rules import Role
from tests import factories
from tests.opinions import steps
from tests.opinions.test_exports import read_sheets

pytestmark = pytest.mark.django_db


def around(opinion_request):
    day = clock.today()
    return opinion_request.body, day - timedelta(days=30), day + timedelta(days=60)


def close_three_ways(cast):
    """One answers in time, one in the time by which it was extended, three are silent."""
    opinion_request = steps.send(cast)
    first = opinion_request.deadline
    OpinionRequest.objects.update(opened_at=first - timedelta(hours=50))
    with clock.at(first - timedelta(hours=40)):
        steps.answer(opinion_request, cast.minister)
    with clock.at(first - timedelta(hours=1)):
        steps.answer(opinion_request, cast.minister, "other", "Đổi ý kiến trong thời hạn.")
    later = first + timedelta(days=2)
    DeadlineChange.objects.create(
        request=opinion_request, before=first, after=later, reason="Bổ sung hồ sơ.", changed_by_name="test"
    )
    OpinionRequest.objects.update(deadline=later)
    with clock.at(first + timedelta(hours=10)):
        steps.answer(opinion_request, cast.other_minister)
    return steps.close(OpinionRequest.objects.get(pk=opinion_request.pk))


def test_in_time_late_and_silent_are_counted_by_the_first_deadline_and_the_first_answer(cast):
    opinion_request = close_three_ways(cast)
    whole = count_all(*around(opinion_request))
    assert (whole.requests, whole.asked, whole.on_time, whole.late, whole.silent) == (1, 5, 1, 1, 3)
    assert whole.hours == pytest.approx(35), "half way between 10 and 60 hours"


def test_the_groups(cast):
    opinion_request = close_three_ways(cast)
    where = around(opinion_request)
    by_ministry = {found.name: found for found in count_by("ministry", *where)}
    assert by_ministry["Bộ Tài chính"].on_time == 1
    assert by_ministry["Bộ Y tế"].late == 1
    assert by_ministry["Bộ Nội vụ"].silent == 1
    assert {found.name for found in count_by("member", *where)} >= {"Nguyễn Hữu Đức", "Trần Ngọc Ánh"}
    assert [(f.name, f.asked) for f in count_by("kind", *where)] == [(opinion_request.kind.name, 5)]
    assert [(f.name, f.asked) for f in count_by("agency", *where)] == [("Bộ Tài chính", 5)]
    month = f"{opinion_request.deadline:%m/%Y}"
    assert [f.name for f in count_by("period", *where)] == [month]


def test_the_ministry_is_that_of_the_day_of_sending(cast):
    opinion_request = close_three_ways(cast)
    day = timezone.localdate(OpinionRequest.objects.get().opened_at)
    cast.minister.appointments.update(valid_until=day)
    factories.appoint(
        cast.minister,
        Role.MEMBER,
        cast.body,
        organisation=cast.home,
        valid_from=day + timedelta(days=1),
    )
    names = {found.name: found.asked for found in count_by("ministry", *around(opinion_request))}
    assert names["Bộ Tài chính"] == 1
    assert names["Bộ Nội vụ"] == 1


def test_open_withdrawn_and_other_bodies_requests_are_not_counted(cast):
    opinion_request = close_three_ways(cast)
    steps.send(cast)
    actions.withdraw_request(steps.send(cast), by=cast.chair, reason="Sai.")
    body, since, until = around(opinion_request)
    assert count_all(body, since, until).requests == 1
    assert count_all(body, since - timedelta(days=99), since).requests == 0
    assert count_all(factories.make_body("Khác", notation="X"), since, until).asked == 0


def test_as_many_queries_for_many_groups_as_for_one(client, cast):
    client.force_login(cast.secretary)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("opinions:read_statistics"), {"by": "member"}).status_code == 200
        return len(queries)

    with clock.at(steps.close_agreed(cast).closed_at):
        few = count()
    for number in range(15):
        factories.make_officer(f"Ủy viên {number}", Role.MEMBER, cast.body, protocol_order=10 + number)
    with clock.at(steps.close_agreed(cast).closed_at):
        assert count() == few


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("secretary", 200),
        ("chair", 200),
        ("vice_chair", 200),
        ("auditor", 200),
        ("minister", 404),
        ("assistant", 404),
        ("archivist", 404),
    ],
)
def test_who_sees_the_statistics(client, cast, name, status):
    client.force_login(getattr(cast, name))
    assert client.get(reverse("opinions:read_statistics")).status_code == status
    answer = client.get("/api/opinion-requests/statistics/", {"body": cast.body.pk})
    assert answer.status_code == status


def test_nobody_sees_those_of_another_body(client, cast):
    client.force_login(cast.outside_secretary)
    page = client.get(reverse("opinions:read_statistics"), {"body": cast.body.pk})
    assert page.status_code == 422
    with pytest.raises(PermissionDenied):
        actions.export_statistics(cast.body, by=cast.outside_secretary, form="csv", since="", until="")


def test_the_page_draws_the_figures(client, cast):
    opinion_request = close_three_ways(cast)
    client.force_login(cast.chair)
    with clock.at(opinion_request.closed_at):
        page = client.get(reverse("opinions:read_statistics"), {"by": "ministry"})
    text = page.content.decode()
    assert 'aria-label="Đúng hạn 1, Muộn 0, Không trả lời 0"' in text
    assert "Bộ Y tế" in text
    assert "Đổi ý kiến" not in text


def test_days_that_end_before_they_begin_are_refused_in_words(client, cast):
    client.force_login(cast.chair)
    page = client.get(reverse("opinions:read_statistics"), {"since": "2026-05-02", "until": "2026-05-01"})
    assert page.status_code == 422
    assert "Ngày cuối ở trước ngày đầu." in page.content.decode()


def test_taken_along_as_workbook_and_as_text(client, cast):
    opinion_request = close_three_ways(cast)
    body, since, until = around(opinion_request)
    sheets = read_sheets(write_workbook(body, since, until))
    assert list(sheets) == ["By month", "By ministry", "By member", "By kind of request", "By lead agency"]
    row = next(row for row in sheets["By ministry"] if row[0] == "Bộ Y tế")
    assert row[1:6] == ["1", "1", "0", "1", "0"]
    client.force_login(cast.secretary)
    wanted = {"as": "csv", "by": "ministry", "body": body.pk, "since": since, "until": until}
    answer = client.post(reverse("opinions:export_statistics"), wanted)
    assert "Bộ Y tế,1,1,0,1,0,0.0," in answer.content.decode("utf-8-sig")


def test_a_name_is_never_a_formula(cast):
    opinion_request = close_three_ways(cast)
    User.objects.filter(pk=cast.minister.pk).update(full_name="=cmd()")
    assert "'=cmd()" in write_table(*around(opinion_request), "member").decode()


def test_time_in_words():
    assert [word_hours(hours) for hours in (None, 0.5, 1, 47.4, 72)] == [
        "–",
        "30 minutes",
        "1 hour",
        "47 hours",
        "3 days",
    ]


def test_nobody_asked_is_no_share():
    assert Figures("", 0, 0, 0, 0, 0, None).share(0) == 0.0


def test_without_days_it_is_this_year():
    today = date(2026, 11, 22)
    assert span(None, None, today) == (date(2026, 1, 1), today)
    assert span(None, date(2025, 6, 30), today) == (date(2024, 7, 1), date(2025, 6, 30))
    assert span(None, date.min, today) == (date.min, date.min), "the first year has no year before"
