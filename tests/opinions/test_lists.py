"""The lists of requests: what stands in which, filters, search, pages, and views of one's own."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from opinions import actions, rules
from opinions.models import OpinionRequest, SavedView
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db
PAGE = reverse("opinions:list_requests")


def listed(person, name):
    """The subjects in a list of a person, as the page orders them."""
    from django.http import QueryDict

    from opinions.pages.lists import show_list

    return [row.subject for row in show_list(person, QueryDict(f"list={name}"))["page"].rows]


@pytest.fixture
def five(cast):
    """One request in each of five states."""
    steps.draft(cast, subject="Nháp")
    steps.submit(cast, subject="Trình")
    asked = steps.send(cast, subject="Đang lấy ý kiến")
    steps.answer(asked, cast.minister)
    closed = steps.send(cast, subject="Đã lấy ý kiến")
    steps.answer(closed, cast.minister, "other", "Cần làm rõ.")
    steps.close(closed)
    return cast


def test_what_waits_for_whom_and_who_has_answered(five):
    waiting = {
        "other_minister": ["Đang lấy ý kiến"],
        "third_minister": ["Đang lấy ý kiến"],
        "vice_chair": ["Trình", "Đang lấy ý kiến", "Đã lấy ý kiến"],
        "chair": ["Trình", "Đang lấy ý kiến", "Đã lấy ý kiến"],
        "secretary": ["Nháp", "Đã lấy ý kiến"],
    }
    answered = {"minister": ["Đã lấy ý kiến", "Đang lấy ý kiến"]}
    for who in CAST:
        assert sorted(listed(getattr(five, who), "waiting")) == sorted(waiting.get(who, []))
        assert listed(getattr(five, who), "answered") == answered.get(who, [])


def test_an_assistant_prepares_what_the_member_has_not_answered(cast):
    opinion_request = steps.send(cast)
    assert listed(cast.assistant, "waiting") == [opinion_request.subject]
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, steps.AGREE))
    actions.submit_answer(slip, by=cast.assistant)
    assert listed(cast.assistant, "waiting") == []


def test_a_stand_in_has_the_slip_in_the_list_only_where_the_form_lets_one_answer(cast):
    stand_in = factories.make_officer("Hồ Thị Kim", "secretary", cast.body)
    for name, allowed in (("Không thay", False), ("Có thay", True)):
        kind = factories.make_kind(cast.body, name=name, stand_ins_answer=allowed)
        slip = steps.slip_of(steps.send(cast, kind=kind, subject=name), cast.minister)
        slip.stand_in = stand_in.appointments.get()
        slip.save()
    assert listed(stand_in, "waiting") == ["Có thay"]


def test_open_closed_and_overdue(five):
    assert listed(five.secretary, "open") == ["Đang lấy ý kiến"]
    assert listed(five.secretary, "closed") == ["Đã lấy ý kiến"]
    assert listed(five.secretary, "overdue") == []
    closed = OpinionRequest.objects.get(subject="Đã lấy ý kiến")
    OpinionRequest.objects.filter(pk=closed.pk).update(process_by=clock.today() - timedelta(days=1))
    assert listed(five.secretary, "overdue") == ["Đã lấy ý kiến"]
    OpinionRequest.objects.filter(subject="Đang lấy ý kiến").update(deadline=clock.now())
    assert listed(five.secretary, "overdue") == ["Đang lấy ý kiến", "Đã lấy ý kiến"]
    assert listed(five.other_minister, "waiting") == []  # it no longer takes answers


def test_nobody_finds_by_a_list_what_she_may_not_see(five):
    for name in ("", *rules.RequestList.values):
        assert listed(five.outside_member, name) == []
        assert "Nháp" not in listed(five.minister, name)


def test_words_are_found_with_accents_and_without(cast):
    steps.draft(cast, subject="Nghị định về phí bảo hiểm y tế, sửa đổi 158/2025/NĐ-CP")
    for words in (
        "phí bảo hiểm",
        "phi bao hiem",
        "PHÍ Y TẾ",
        "158/2025/nđ-cp",
        "ba\u0309o hie\u0302\u0309m",  # typed on a keyboard that writes accents as letters of their own
        "%",
        "'",
    ):
        assert OpinionRequest.objects.matching(words=words).exists(), words
    for words in ("phì", "bảo hiểm xe", "bao hiễm"):  # another accent is another word
        assert not OpinionRequest.objects.matching(words=words).exists(), words


def test_a_changed_subject_is_found_by_its_new_words(cast):
    drafted = steps.draft(cast, subject="Phí cầu đường")
    actions.edit_request(
        drafted, by=cast.secretary, **{**edited(drafted), "subject": "Thuế đất", "revision": drafted.revision}
    )
    assert OpinionRequest.objects.matching(words="thue dat").exists()
    assert not OpinionRequest.objects.matching(words="cau duong").exists()


def edited(drafted):
    return {
        "proposal": drafted.proposal,
        "lead_agency": drafted.lead_agency,
        "deadline": drafted.deadline,
        "questions": [steps.QUESTION],
    }


def test_kind_agency_state_and_days_narrow_the_list(cast):
    other = factories.make_kind(cast.body, name="Biểu quyết")
    first = steps.send(cast, subject="Một")
    steps.send(cast, subject="Hai", kind=other, lead_agency=cast.health)
    OpinionRequest.objects.filter(pk=first.pk).update(opened_at=clock.now() - timedelta(days=40))

    def found(**chosen):
        return sorted(OpinionRequest.objects.matching(**chosen).values_list("subject", flat=True))

    today = clock.today()
    assert found(kind=other) == ["Hai"]
    assert found(agency=cast.finance) == ["Một"]
    assert found(state="draft") == []
    assert found(since=today, until=today) == ["Hai"]
    assert found(until=today - timedelta(days=1)) == ["Một"]
    assert found(since=date.min, until=date.max) == found()


def test_what_an_address_says_and_nobody_understands_is_left_out(cast, sign_in):
    steps.send(cast)
    nonsense = {"list": "x", "kind": "9999", "agency": "x", "since": "32/13/2026", "until": "", "before": "x"}
    response = sign_in(cast.secretary).get(PAGE, nonsense)
    assert response.status_code == 200
    assert steps.SUBJECT in response.content.decode()


def test_pages_by_deadline_neither_lose_nor_repeat_a_row(cast, sign_in):
    """Also where many have the same deadline."""
    for number in range(45):
        made = steps.begin(
            cast, subject=f"Việc {number:02}", deadline=clock.now() + timedelta(days=number // 9)
        )
        actions.draft_request(made, by=cast.secretary, questions=["Đồng ý?"])
    browser, address, seen = sign_in(cast.secretary), "?list=waiting", []
    pages = []
    while address:
        page = browser.get(PAGE + address).content.decode()
        pages.append(re.findall(r"Việc (\d\d)</a>", page))
        older = re.search(r'href="(\?[^"]*)" rel="next"', page) or re.search(
            r'href="([^"]*before=\d+)"', page
        )
        address = older.group(1).replace("&amp;", "&") if older else ""
        seen += pages[-1]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert seen == [f"{number:02}" for number in range(45)]
    back = re.search(r'href="([^"]*after=\d+)"', page).group(1).replace("&amp;", "&")
    assert re.findall(r"Việc (\d\d)</a>", browser.get(PAGE + back).content.decode()) == pages[1]


def test_the_tabs_say_how_many_wait(five, sign_in):
    page = strip_tags(sign_in(five.chair).get(PAGE).content.decode())
    assert re.search(r"Chờ tôi xử lý\s+3\b", page)


def test_the_list_asks_the_same_questions_for_one_row_and_for_many(cast, sign_in):
    browser = sign_in(cast.secretary)
    counts = []
    for more in (1, 15):
        for _ in range(more):
            steps.send(cast)
        for name in ("", "waiting", "overdue"):
            with CaptureQueriesContext(connection) as queries:
                browser.get(PAGE, {"list": name, "q": "nghi dinh"})
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


# Views of one's own


def test_a_view_is_saved_opened_replaced_and_removed(five, sign_in):
    browser = sign_in(five.chair)
    address = "?list=open&q=lấy+ý+kiến&page=2&before=7"
    page = browser.get(PAGE + address).content.decode()
    query = re.search(r'name="query" value="([^"]*)"', page).group(1).replace("&amp;", "&")
    response = browser.post(reverse("opinions:save_view"), {"name": "Đang xem", "query": query}, follow=True)
    view = SavedView.objects.get()
    assert view.query == "list=open&q=l%E1%BA%A5y+%C3%BD+ki%E1%BA%BFn"
    assert "Đang lấy ý kiến" in response.content.decode()
    assert f'aria-current="page">{view.name}' in response.content.decode()
    browser.post(reverse("opinions:save_view"), {"name": "Đang xem", "query": "list=closed&evil=1"})
    assert SavedView.objects.get().query == "list=closed"
    browser.post(reverse("opinions:remove_view", args=[view.pk]))
    assert not SavedView.objects.exists()
    assert list(AuditEvent.objects.filter(action__endswith="_view").values_list("action", flat=True)) == [
        "opinions.save_view",
        "opinions.save_view",
        "opinions.remove_view",
    ]


def test_a_view_without_a_name_is_asked_for_one(five, sign_in):
    response = sign_in(five.chair).post(reverse("opinions:save_view"), {"name": " ", "query": "list=open"})
    assert response.status_code == 422
    assert 'value="list=open"' in response.content.decode()


def test_a_view_is_its_owners_alone(five, sign_in):
    view = actions.save_view(SavedView(owner=five.chair, name="Của tôi", query="list=open"), by=five.chair)
    browser = sign_in(five.minister)
    assert "Của tôi" not in browser.get(PAGE).content.decode()
    assert browser.post(reverse("opinions:remove_view", args=[view.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.remove_view(view, by=five.minister)
    with pytest.raises(PermissionDenied):
        actions.save_view(SavedView(owner=five.chair, name="Khác"), by=five.minister)


def test_each_person_keeps_and_removes_views_of_her_own_and_of_nobody_else(cast):
    for keeper in CAST:
        view = SavedView(owner=getattr(cast, keeper), name="Của tôi")
        for person in CAST:
            expected = {"save_view", "remove_view"} if person == keeper else set()
            assert set(rules.VIEW.allowed(getattr(cast, person), view)) == expected, (keeper, person)


def test_a_view_keeps_only_filters_that_are_understood(cast, sign_in):
    page = sign_in(cast.chair).get(PAGE, {"list": "open", "agency": "999", "since": "x"}).content.decode()
    assert 'name="query" value="list=open"' in page


def test_views_stay_few(cast):
    for number in range(rules.lists.VIEWS_LIMIT):
        actions.save_view(SavedView(owner=cast.chair, name=f"Số {number}"), by=cast.chair)
    actions.save_view(SavedView(owner=cast.chair, name="Số 1", query="list=open"), by=cast.chair)
    with pytest.raises(Conflict):
        actions.save_view(SavedView(owner=cast.chair, name="Thêm"), by=cast.chair)


# For other systems


def test_the_api_gives_the_same_lists(five, sign_in):
    browser = sign_in(five.other_minister)
    address = reverse("opinion-request-list")

    def subjects(**chosen):
        return [row["subject"] for row in browser.get(address, chosen).json()["results"]]

    assert subjects(list="waiting") == ["Đang lấy ý kiến"]
    assert subjects(list="closed", q="da lay") == ["Đã lấy ý kiến"]
    assert subjects(agency=five.finance.pk, until="2020-01-01") == []
    for wrong in ({"list": "x"}, {"since": "32/13/2026"}, {"kind": 9999}):
        assert browser.get(address, wrong).status_code == 400


def test_the_api_keeps_views(five, sign_in):
    browser, address = sign_in(five.chair), reverse("saved-view-list")
    given = {"name": "Quá hạn", "list": "overdue", "since": "2026-11-01"}
    made = browser.post(address, given, content_type="application/json")
    assert (made.status_code, made.json()["query"]) == (201, "list=overdue&since=2026-11-01")
    assert [view["name"] for view in browser.get(address).json()["results"]] == ["Quá hạn"]
    assert (
        browser.post(address, {"name": "x", "list": "y"}, content_type="application/json").status_code == 400
    )
    assert sign_in(five.minister).get(f"{address}{made.json()['id']}/").status_code == 404
    assert sign_in(five.chair).delete(f"{address}{made.json()['id']}/").status_code == 204
