"""The pages of a dossier on its way: each shows what is one's own, says what is missing, and leads on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from documents.rules import DocumentKind
from opinions.models import OpinionRequest
from people.models import User
from submissions import actions
from submissions.models import MatterKind, Submission
from tests.submissions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_english(cast):
    User.objects.update(language="en")


@pytest.fixture
def be(cast, sign_in):
    """`be("minister")` gives a browser of that person."""
    return lambda name: sign_in(getattr(cast, name))


def address(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"submissions:{name}", args=args) + (f"?{tail}" if tail else "")


def read(browser, url, status=200):
    answer = browser.get(url)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


LISTED = address("list_submissions")


# The list


def test_the_list_shows_each_her_own(cast, be):
    steps.prepare(cast, title="Đang soạn")
    steps.hand_in(cast, title="Đã trình")
    steps.hand_in(cast, by=cast.other_submitter, agency=cast.health, title="Của Bộ Y tế")
    seen = {
        "submitter": {"Đang soạn", "Đã trình"},
        "other_submitter": {"Của Bộ Y tế"},
        "secretary": {"Đang soạn", "Đã trình", "Của Bộ Y tế"},
        "chair": {"Đã trình", "Của Bộ Y tế"},
        "minister": set(),
        "outside_secretary": set(),
        "auditor": {"Đã trình", "Của Bộ Y tế"},
    }
    for name, wanted in seen.items():
        page = read(be(name), LISTED)
        assert {title for title in ("Đang soạn", "Đã trình", "Của Bộ Y tế") if title in page} == wanted, name


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "returned"}, {"Trả lại"}),
        ({"state": "late"}, {"Chậm"}),
        ({"state": "prepared"}, {"Mới"}),
        ({"q": "chậm"}, {"Chậm"}),
        ({"state": "accepted"}, set()),
        ({"state": "nonsense", "before": "x", "agency": "x"}, {"Trả lại", "Chậm", "Mới"}),
    ],
)
def test_the_list_is_filtered_by_its_address(cast, be, query, found):
    late = steps.hand_in_late(cast)
    actions.return_submission(steps.hand_in(cast, title="Trả lại"), by=cast.secretary, reason="Thiếu.")
    steps.prepare(cast, title="Mới")
    type(late.dossier).objects.filter(pk=late.dossier_id).update(title="Chậm")
    page = read(be("secretary"), address("list_submissions", **query)).partition("<tbody>")[2]
    assert {title for title in ("Trả lại", "Chậm", "Mới") if f">{title}<" in page} == found


def test_the_office_looks_at_one_agency(cast, be):
    steps.prepare(cast, title="Của Bộ Tài chính")
    steps.prepare(cast, by=cast.other_submitter, agency=cast.health, title="Của Bộ Y tế")
    page = read(be("secretary"), address("list_submissions", agency=cast.health.pk))
    assert "Của Bộ Y tế" in page and "Của Bộ Tài chính" not in page


def test_a_long_list_is_read_page_by_page_and_costs_the_same(cast, be, django_assert_num_queries):
    browser = be("secretary")
    steps.prepare(cast, title="Việc 0")
    with CaptureQueriesContext(connection) as few:
        read(browser, LISTED)
    for number in range(1, 23):
        steps.prepare(cast, title=f"Việc {number}")
    with django_assert_num_queries(len(few)):
        page = read(browser, LISTED)
    assert "Việc 22<" in page and "Việc 2<" not in page
    last_on_page = Submission.objects.order_by("-pk")[19].pk
    older = read(browser, address("list_submissions", before=last_on_page))
    assert "Việc 2<" in older and "Việc 3<" not in older
    newer = read(browser, address("list_submissions", after=Submission.objects.order_by("pk")[2].pk))
    assert "Việc 22<" in newer


def test_an_empty_list_says_what_will_come(be):
    assert "A dossier appears here" in read(be("submitter"), LISTED)


# Preparing


def form(kind, **fields):
    return {"title": "Về phí bảo hiểm y tế", "kind": kind.pk, "wanted_on": "", **fields}


def test_an_officer_begins_a_dossier_of_her_own_agency_alone(cast, be):
    kind, browser, new = steps.make_kind(cast), be("submitter"), address("prepare_submission")
    page = read(browser, new)
    assert "Bộ Tài chính" in page and "Bộ Y tế" not in page
    assert browser.post(new, form(kind, agency=cast.health.pk)).status_code == 422
    assert browser.post(new, form(kind, title=" ", agency=cast.finance.pk)).status_code == 422
    answer = browser.post(new, form(kind, agency=cast.finance.pk))
    submission = Submission.objects.get()
    assert answer.url == submission.get_absolute_url()
    assert submission.dossier.is_with_agency


def test_who_is_neither_officer_nor_office_begins_nothing(cast, be):
    for name in ("chair", "minister", "auditor", "nobody"):
        assert be(name).get(address("prepare_submission")).status_code == 403, name


def test_without_a_kind_the_page_says_who_enters_one(be):
    assert "The administrator of the Office enters them." in read(
        be("submitter"), address("prepare_submission")
    )


def test_a_day_that_has_passed_is_refused_with_the_reason(cast, be):
    kind = steps.make_kind(cast)
    past = (clock.today() - timedelta(days=1)).isoformat()
    answer = be("submitter").post(
        address("prepare_submission"), form(kind, agency=cast.finance.pk, wanted_on=past)
    )
    assert answer.status_code == 409
    assert "has passed" in answer.content.decode()


def test_title_kind_and_day_are_changed_on_one_page(cast, be):
    submission, browser = steps.prepare(cast), be("submitter")
    url = address("edit_submission", submission.pk)
    assert steps.TITLE in read(browser, url)
    other = steps.make_kind(cast, name="Báo cáo", required=["report"])
    assert browser.post(url, form(other, title="Tên khác")).url == submission.get_absolute_url()
    assert "“Report” is missing" in read(browser, submission.get_absolute_url())
    assert browser.post(url, form(other, title="")).status_code == 422
    assert be("secretary").get(url).status_code == 403


def test_a_kind_that_has_ended_is_still_offered_to_what_was_begun_under_it(cast, be):
    submission = steps.prepare(cast)
    MatterKind.objects.update(valid_until=clock.today() - timedelta(days=1))
    page = read(be("submitter"), address("edit_submission", submission.pk))
    assert f'value="{submission.kind_id}" selected' in page
    assert f'value="{submission.kind_id}"' not in read(be("submitter"), address("prepare_submission"))


# The page of a submission


def test_the_page_is_there_for_those_who_see_it(cast, be):
    submission = steps.hand_in(cast)
    seeing = {"submitter", "secretary", "chair", "auditor"}
    for name in (*seeing, "other_submitter", "minister", "outside_secretary"):
        may = name in seeing
        assert be(name).get(submission.get_absolute_url()).status_code == (200 if may else 404), name
        checklist = address("read_checklist", submission.pk)
        assert be(name).get(checklist).status_code == (200 if may else 404), name


def test_the_page_says_what_is_missing_until_nothing_is(cast, be):
    submission, browser = steps.prepare(cast), be("submitter")
    page = read(browser, submission.get_absolute_url())
    assert "3 points are missing" in page and "“Appraisal” is missing: add it." in page
    assert "Hand in to the Office" not in page
    hand_in = address("hand_in_submission", submission.pk)
    refused = browser.post(hand_in)
    assert refused.status_code == 409 and "“Appraisal” is missing" in refused.content.decode()
    for kind in submission.kind.required:
        steps.add(submission, kind)
    assert "Hand in to the Office" in read(browser, submission.get_absolute_url())
    assert "within 2 working days" in read(browser, hand_in)
    assert browser.post(hand_in).status_code == 302


def test_the_officer_works_on_the_papers_and_the_office_only_reads_them(cast, be):
    submission = steps.complete(cast)
    assert "dossier-editor" in read(be("submitter"), submission.get_absolute_url())
    page = read(be("secretary"), submission.get_absolute_url())
    assert "dossier-editor" not in page and "Tờ trình" in page


def test_those_who_preside_read_on_without_the_papers(cast, be):
    submission = steps.hand_in(cast)
    page = read(be("chair"), submission.get_absolute_url())
    assert "The papers are given to you when" in page
    assert "/papers/versions/" not in page and "Accept" not in page.partition("<main")[2].replace(
        "Accepted", ""
    )


def test_a_late_dossier_is_marked_everywhere_and_may_be_proposed_for_removal(cast, be):
    submission = steps.hand_in_late(cast)
    for name in ("submitter", "secretary", "chair"):
        for url in (submission.get_absolute_url(), LISTED):
            assert ">late<" in read(be(name), url), (name, url)
    propose = address("propose_removal", submission.pk)
    assert be("secretary").post(propose, {"reason": ""}).status_code == 422
    assert be("secretary").post(propose, {"reason": "Trình sau hạn 1 ngày."}).status_code == 302
    assert "Trình sau hạn 1 ngày." in read(be("chair"), submission.get_absolute_url())
    assert be("secretary").get(propose).status_code == 409


def test_the_office_returns_with_a_reason_that_the_agency_reads(cast, be):
    submission = steps.hand_in(cast)
    give_back = address("return_submission", submission.pk)
    assert be("secretary").post(give_back, {"reason": " "}).status_code == 422
    assert be("secretary").post(give_back, {"reason": "Thiếu\\nbáo cáo"}).status_code == 302
    page = read(be("submitter"), submission.get_absolute_url())
    assert "Returned by the Office" in page and "báo cáo" in page and "dossier-editor" in page
    for name in ("submitter", "chair"):
        assert be(name).get(give_back).status_code == 403


def test_the_office_accepts_and_drafts_a_request_with_the_dossier(cast, be):
    submission, office = steps.hand_in(cast), be("secretary")
    assert office.post(address("accept_submission", submission.pk)).status_code == 302
    draft = f"{reverse('opinions:draft_request')}?dossier={submission.dossier_id}"
    assert draft in read(office, submission.get_absolute_url())
    page = read(office, draft)
    assert steps.TITLE in page and f'value="{cast.finance.pk}" selected' in page
    typed = {
        "subject": steps.TITLE,
        "lead_agency": cast.finance.pk,
        "deadline": "2030-01-02T17:00",
        "proposal": "",
        "question_1": "Đồng ý?",
    }
    more = office.post(draft, {**typed, "add_question": "1"})
    assert f'action="{draft}"' in more.content.decode(), "a question more keeps the dossier"
    assert office.post(draft, typed).status_code == 302
    opinion_request = OpinionRequest.objects.get()
    assert opinion_request.dossier == submission.dossier
    assert opinion_request.get_absolute_url() in read(office, submission.get_absolute_url())
    assert office.get(draft).status_code == 409
    page = read(be("submitter"), submission.get_absolute_url())
    assert "is asking the members" in page and opinion_request.get_absolute_url() not in page


def test_a_dossier_that_one_does_not_see_is_drafted_from_by_nobody(cast, be):
    submission = steps.accept(cast)
    draft = reverse("opinions:draft_request")
    for name, dossier in (("outside_secretary", submission.dossier_id), ("secretary", 0), ("secretary", "x")):
        assert be(name).get(f"{draft}?dossier={dossier}").status_code == 404
    assert be("submitter").get(f"{draft}?dossier={submission.dossier_id}").status_code == 403


def test_the_page_costs_the_same_for_few_papers_and_for_many(cast, be, django_assert_num_queries):
    submission, office = steps.hand_in(cast), be("secretary")
    with CaptureQueriesContext(connection) as few:
        read(office, submission.get_absolute_url())
    for _ in range(15):
        steps.add(submission, DocumentKind.REPORT)
    with django_assert_num_queries(len(few)):
        read(office, submission.get_absolute_url())


# Kinds of matters


def new_kind(**fields):
    return {
        "name": "Việc khác",
        "source": "Nghị định 191/2026/NĐ-CP",
        "required": ["submission"],
        "summary_over_pages": 10,
        "summary_pages": 6,
        "lead_days": 3,
        "check_days": 1,
        "submit_days": 3,
        "valid_from": clock.today().isoformat(),
        **fields,
    }


def test_the_administrator_enters_ends_and_copies_kinds(cast, be):
    browser, new = be("administrator"), address("add_matter_kind", cast.body.pk)
    assert "No kind of matter yet" in read(browser, address("list_matter_kinds"))
    assert browser.post(new, new_kind(required=[])).status_code == 422
    assert browser.post(new, new_kind()).status_code == 302
    kind = MatterKind.objects.get()
    page = read(browser, address("list_matter_kinds"))
    assert "Việc khác" in page and "in force" in page
    assert browser.post(new, new_kind()).status_code == 409, "one of that name is in force"
    assert 'value="Việc khác"' in read(browser, f"{new}?like={kind.pk}")
    assert "Việc khác" not in read(browser, f"{new}?like=x")
    end = address("end_matter_kind", kind.pk)
    assert browser.post(end, {"last_day": "gestern"}).status_code == 422
    assert browser.post(end, {"last_day": (clock.today() - timedelta(days=1)).isoformat()}).status_code == 409
    assert browser.post(end, {"last_day": clock.today().isoformat()}).status_code == 302
    with clock.at(clock.now() + timedelta(days=1)):
        assert "Kinds that have ended" in read(browser, address("list_matter_kinds"))


def test_others_read_the_kinds_and_change_none(cast, be):
    kind = steps.make_kind(cast)
    for name in ("administrator", "secretary", "submitter", "outside_secretary", "nobody"):
        stranger = name.startswith("outside") or name == "nobody"
        page = read(be(name), address("list_matter_kinds"))
        assert (kind.name in page) == (not stranger), name
        if name != "administrator":
            status = 404 if stranger else 403
            assert be(name).get(address("add_matter_kind", cast.body.pk)).status_code == status, name
            assert be(name).get(address("end_matter_kind", kind.pk)).status_code == status, name
