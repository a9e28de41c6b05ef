"""The pages of sessions, and the way there from an opinion request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from meetings import actions
from meetings.models import AgendaItem, Meeting
from opinions import actions as opinions
from people.rules import Role
from tests import factories
from tests.meetings.test_actions import begin, plan, put
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def form(cast, days=5, **fields):
    when = clock.now() + timedelta(days=days)
    return {
        "body": cast.body.pk,
        "kind": "regular",
        "starts_at": when.strftime("%Y-%m-%dT%H:%M"),
        "place": "Trụ sở Chính phủ",
        **fields,
    }


def test_the_office_plans_a_session_and_puts_what_waits_on_its_agenda(cast, sign_in):
    item = put(cast)
    client = sign_in(cast.secretary)
    assert item.subject in client.get(url("list_meetings")).content.decode()
    answer = client.post(url("plan_meeting"), form(cast))
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    assert "Đưa vào chương trình này" in client.get(answer.url).content.decode()
    answer = client.post(url("place_item", item.pk), {"meeting": meeting.pk, "stay": "1"})
    assert answer.url == meeting.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert item.subject in page
    assert "Đưa vào chương trình này" not in page


def test_a_wrong_time_is_said_at_its_field_and_nothing_is_lost(cast, sign_in):
    client = sign_in(cast.secretary)
    answer = client.post(url("plan_meeting"), form(cast, days=-1, place="Phòng họp Thăng Long"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Phiên họp này đã bắt đầu. Hãy chọn thời gian muộn hơn." in page
    assert "Phòng họp Thăng Long" in page
    client.post(url("plan_meeting"), form(cast))
    assert "Đã có phiên họp khác bắt đầu" in client.post(url("plan_meeting"), form(cast)).content.decode()
    assert Meeting.objects.count() == 1


def test_a_session_is_changed_and_cancelled_through_its_pages(cast, sign_in):
    meeting = plan(cast)
    client = sign_in(cast.secretary)
    client.post(url("edit_meeting", meeting.pk), form(cast, place="Hội trường"))
    meeting.refresh_from_db()
    assert meeting.place == "Hội trường"
    assert client.post(url("cancel_meeting", meeting.pk), {"reason": ""}).status_code == 422
    client.post(url("cancel_meeting", meeting.pk), {"reason": "Hoãn."})
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "Phiên họp này đã bị hủy" in page
    assert "Hoãn." in page
    assert client.get(url("edit_meeting", meeting.pk)).status_code == 409


def test_members_read_and_change_nothing(cast, sign_in):
    meeting, item = plan(cast), put(cast)
    client = sign_in(cast.minister)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert item.subject in page
    assert "Chuyển xuống" not in page
    assert "Hủy phiên họp này" not in page
    assert client.get(url("plan_meeting")).status_code == 403
    assert client.get(url("edit_meeting", meeting.pk)).status_code == 403
    assert client.post(url("place_item", item.pk), {"meeting": ""}).status_code == 403


@pytest.mark.parametrize("name", ["outside_secretary", "nobody", "archivist"])
def test_for_others_there_is_no_session(cast, sign_in, name):
    meeting, item = plan(cast), put(cast)
    client = sign_in(getattr(cast, name))
    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert client.get(item.get_absolute_url()).status_code == 404
    assert item.subject not in client.get(url("list_meetings")).content.decode()


def test_a_matter_shows_its_whole_history(cast, sign_in):
    """Result, answers, remarks with what became of them, report, opinion of the office, dossier."""
    opinion_request = steps.explain_all(cast)
    opinions.report_on_opinions(opinion_request, by=cast.submitter, report="Đã rà soát kỹ.", repeats=False)
    opinions.record_office_opinion(opinion_request, by=cast.secretary, opinion="Nên đưa ra phiên họp.")
    opinions.refer_to_session(opinion_request, by=cast.chair, reason="Cần thảo luận tập thể.")
    item = AgendaItem.objects.get()
    newcomer = factories.make_officer("Lưu Văn Mới", Role.MEMBER, cast.body, organisation=cast.home)
    for person in (newcomer, cast.submitter, cast.auditor, cast.secretary):
        page = sign_in(person).get(item.get_absolute_url()).content.decode()
        for words in (
            "Cần thảo luận tập thể.",
            "<strong>4</strong>/5 thành viên tán thành",
            "Cần quy định rõ mức hỗ trợ.",
            "Đã bổ sung khoản 2 Điều 4.",
            "Đã rà soát kỹ.",
            "Nên đưa ra phiên họp.",
            "Tờ trình",
            "4 thành viên không trả lời",
        ):
            assert words in page, (person.full_name, words)
    assert (
        opinion_request.get_absolute_url()
        not in sign_in(newcomer).get(item.get_absolute_url()).content.decode()
    )


def test_the_request_leads_to_its_place_on_the_agenda(cast, sign_in):
    plan(cast)
    item = put(cast)
    page = sign_in(cast.minister).get(item.opinion_request.get_absolute_url()).content.decode()
    assert item.get_absolute_url() in page


def test_the_pages_cost_the_same_for_one_matter_and_for_many(cast, sign_in):
    meeting = plan(cast)
    put(cast)
    client = sign_in(cast.secretary)
    pages = (url("list_meetings"), meeting.get_absolute_url())

    def count(page):
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        return len(queries)

    before = [count(page) for page in pages]
    for _ in range(2):
        put(cast)
    assert [count(page) for page in pages] == before


def test_other_systems_plan_and_place(cast, sign_in):
    item = put(cast)
    client = sign_in(cast.secretary)
    wanted = {**form(cast), "starts_at": (clock.now() + timedelta(days=5)).isoformat()}
    answer = client.post("/api/meetings/", wanted, content_type="application/json")
    assert answer.status_code == 201
    meeting = answer.json()["id"]
    answer = client.post(
        f"/api/agenda-items/{item.pk}/place/", {"meeting": meeting}, content_type="application/json"
    )
    assert (answer.json()["meeting"], answer.json()["place"]) == (meeting, 1)
    assert client.get("/api/meetings/").json()["results"][0]["item_count"] == 1
    answer = client.post(
        f"/api/meetings/{meeting}/cancel/", {"reason": "Hoãn."}, content_type="application/json"
    )
    assert answer.json()["status"] == "cancelled"
    assert client.get(f"/api/agenda-items/{item.pk}/").json()["meeting"] is None
    other = sign_in(cast.minister)
    assert other.post("/api/meetings/", wanted, content_type="application/json").status_code == 403
    foreign = actions.plan_meeting(begin(cast, body=cast.province), by=cast.outside_secretary)
    assert other.get(f"/api/meetings/{foreign.pk}/").status_code == 404
