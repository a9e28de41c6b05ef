"""The pages around an answer: options, a paper, entries by the office, taking back, reserving, stand-ins."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from ecabinet import desk
from opinions import actions, rules
from opinions.models import OpinionRequest, OpinionSlip
from people.actions import grant_delegation
from people.models import User
from people.rules import DelegationScope, Role
from tests import factories
from tests.documents.samples import make_pdf
from tests.opinions import steps

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def url(name, slip):
    return reverse(f"opinions:{name}", args=[slip.pk])


def file(name="phụ lục.pdf"):
    return SimpleUploadedFile(name, make_pdf(), "application/pdf")


def text_of(response):
    return response.content.decode()


@pytest.fixture
def choosing(cast):
    return steps.send(cast, questions=[steps.CHOICE])


# Options


def test_options_with_parts_are_chosen_shown_once_more_and_sent(cast, choosing, sign_in):
    slip, question = steps.slip_of(choosing, cast.minister), choosing.questions.get()
    keep, later = question.offered[0], question.offered[2]
    browser = sign_in(cast.minister)
    page = text_of(browser.get(choosing.get_absolute_url()))
    assert 'data-most="2"' in page
    assert "Tăng mức phí" in page
    sent = {f"options_{question.pk}": [keep.pk, later.pk], f"reason_{question.pk}": ""}
    review = text_of(browser.post(url("answer_slip", slip), sent, headers=HTMX))
    assert "Giữ mức phí hiện hành; Tăng mức phí: từ năm 2028" in review
    browser.post(url("answer_slip", slip), {**sent, "step": "send"})
    slip = OpinionSlip.objects.get(pk=slip.pk)
    assert slip.current_answers[str(question.pk)]["options"] == sorted([keep.pk, later.pk])


@pytest.mark.parametrize(
    ("places", "told"), [((0, 3, 4), "tối đa 2 phương án"), ((), "Đề nghị chọn một phương án")]
)
def test_too_many_options_or_none_are_told_at_the_field(cast, choosing, sign_in, places, told):
    slip, question = steps.slip_of(choosing, cast.minister), choosing.questions.get()
    sent = {f"options_{question.pk}": [question.offered[place].pk for place in places]}
    answer = sign_in(cast.minister).post(url("answer_slip", slip), sent, headers=HTMX)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not slip.sheets.exists()


def test_parts_of_one_option_count_as_one(cast, choosing, sign_in):
    slip, question = steps.slip_of(choosing, cast.minister), choosing.questions.get()
    sent = {f"options_{question.pk}": [question.offered[place].pk for place in (0, 1, 2)], "step": "send"}
    sign_in(cast.minister).post(url("answer_slip", slip), sent)
    assert OpinionSlip.objects.get(pk=slip.pk).is_answered


# The paper


@pytest.fixture
def slip(cast):
    return steps.slip_of(steps.send(cast), cast.minister)


def agree(slip, **more):
    question = slip.request.questions.get()
    return {f"position_{question.pk}": "agree", f"reason_{question.pk}": "", **more}


def test_a_paper_is_kept_at_the_first_step_and_goes_with_the_second(cast, slip, sign_in):
    browser = sign_in(cast.minister)
    review = text_of(browser.post(url("answer_slip", slip), agree(slip, upload=file()), headers=HTMX))
    assert "phụ lục.pdf" in review
    sent = text_of(browser.post(url("answer_slip", slip), agree(slip, step="send"), headers=HTMX))
    assert "phụ lục.pdf" in sent
    version = OpinionSlip.objects.get(pk=slip.pk).current_sheet.attachment
    assert browser.get(version.get_absolute_url()).status_code == 200
    others = (cast.secretary, cast.other_minister, cast.auditor, cast.assistant)
    for other in others:
        assert sign_in(other).get(version.get_absolute_url()).status_code == 404
    steps.close(slip.request)
    for other in others:
        browser = sign_in(other)
        assert version.get_absolute_url() in text_of(browser.get(slip.get_absolute_url()))
        assert browser.get(version.get_absolute_url()).status_code == 200


def test_the_paper_stays_while_the_words_are_wrong_and_goes_when_it_is_taken_away(cast, slip, sign_in):
    browser, question = sign_in(cast.minister), slip.request.questions.get()
    wrong = {f"position_{question.pk}": "other", "upload": file()}
    answer = browser.post(url("answer_slip", slip), wrong, headers=HTMX)
    assert answer.status_code == 422
    assert "phụ lục.pdf" in text_of(answer)
    half = {f"position_{question.pk}": "other", f"reason_{question.pk}": "Đang viết", "step": "detach"}
    without = text_of(browser.post(url("answer_slip", slip), half, headers=HTMX))
    assert "phụ lục.pdf" not in without
    assert "Đang viết" in without


def test_what_is_no_paper_is_told_at_the_field(cast, slip, sign_in):
    sent = agree(slip, upload=SimpleUploadedFile("a.pdf", b"MZ no pdf at all", "application/pdf"))
    answer = sign_in(cast.minister).post(url("answer_slip", slip), sent, headers=HTMX)
    assert answer.status_code == 422
    assert slip.find_attachment(cast.minister) is None


# The office enters


def test_the_office_enters_what_came_on_paper(cast, slip, sign_in):
    browser = sign_in(cast.secretary)
    assert url("enter_answer", slip) in text_of(
        browser.get(reverse("opinions:list_entries", args=[slip.request_id]))
    )
    sent = agree(slip, way="paper", entry_reason="Gửi qua văn thư.")
    answer = browser.post(url("enter_answer", slip), sent)
    assert answer.status_code == 422
    assert "Tải lên bản quét của văn bản." in text_of(answer)
    browser.post(url("enter_answer", slip), {**sent, "scan": file("công văn.pdf")})
    slip = OpinionSlip.objects.get(pk=slip.pk)
    assert slip.current_sheet.entered_by == cast.secretary
    page = text_of(sign_in(cast.minister).get(slip.get_absolute_url()))
    assert "Gửi qua văn thư." in page
    assert str(cast.secretary) in page


def test_nobody_else_finds_the_entries(cast, slip, sign_in):
    for person in (cast.minister, cast.auditor, cast.chair):
        browser = sign_in(person)
        assert browser.get(reverse("opinions:list_entries", args=[slip.request_id])).status_code == 404
        assert browser.get(url("enter_answer", slip)).status_code in (403, 404)


# Taking back and reserving


def test_a_member_takes_back_and_still_sees_what_she_had_said(cast, slip, sign_in):
    steps.answer(slip.request, cast.minister, "other", "Cần lộ trình.")
    browser = sign_in(cast.minister)
    assert "không được tính nữa" in text_of(browser.get(url("withdraw_answer", slip)))
    answer = browser.post(url("withdraw_answer", slip), follow=True)
    assert "Cần lộ trình." in text_of(answer)
    assert "1 ý kiến trước đây, vẫn được lưu" in text_of(answer)
    assert not OpinionSlip.objects.get(pk=slip.pk).is_answered


def test_a_member_reserves_her_opinion_and_it_stands_in_the_result(cast, slip, sign_in):
    steps.answer(slip.request, cast.minister, "other", "Cần lộ trình.")
    browser = sign_in(cast.minister)
    assert browser.post(url("reserve_dissent", slip), {"words": " "}).status_code == 422
    browser.post(url("reserve_dissent", slip), {"words": "Tôi bảo lưu về mức phí."})
    page = slip.request.get_absolute_url()
    assert "Tôi bảo lưu về mức phí." in text_of(browser.get(page))
    assert "Tôi bảo lưu về mức phí." not in text_of(sign_in(cast.other_minister).get(page))
    steps.close(slip.request)
    assert "Tôi bảo lưu về mức phí." in text_of(sign_in(cast.other_minister).get(page))


# Stand-ins


@pytest.fixture
def deputy(cast):
    """The register names a deputy for the Minister of Finance's slips."""
    person = factories.make_officer(
        "Hồ Đức Thắng", Role.SUBMITTER, cast.body, title="Thứ trưởng Bộ Tài chính", organisation=cast.finance
    )
    grant_delegation(
        cast.minister.appointments.get(),
        by=cast.administrator,
        delegate=person.appointments.get(),
        scope=DelegationScope.ANSWERING,
        valid_from=clock.today(),
        valid_until=clock.today() + timedelta(days=30),
        order_number="15/QĐ-BTC",
        order_date=clock.today(),
        order_issuer="Bộ trưởng Bộ Tài chính",
    )
    return User.objects.get(pk=person.pk)


def test_where_the_form_lets_her_a_stand_in_answers_under_her_own_name(cast, deputy, sign_in):
    type(cast.kind).objects.update(stand_ins_answer=True)
    slip = steps.slip_of(steps.send(cast), cast.minister)
    (task,) = [task for task in desk.list_tasks(deputy).tasks if task.subject == slip.request.subject]
    assert task.url.endswith(f"#answer-{slip.pk}")
    browser = sign_in(deputy)
    page = text_of(browser.get(slip.get_absolute_url()))
    assert "Đồng chí cho ý kiến thay thành viên này" in page
    browser.post(url("answer_slip", slip), agree(slip, step="send"))
    slip = OpinionSlip.objects.get(pk=slip.pk)
    assert (slip.answered_by, slip.current_sheet.given_by) == (deputy, deputy)
    assert str(deputy) in text_of(sign_in(cast.minister).get(slip.get_absolute_url()))


def test_the_unsent_words_of_the_two_stay_apart(cast, deputy, sign_in):
    type(cast.kind).objects.update(stand_ins_answer=True)
    opened = steps.send(cast)
    slip = steps.slip_of(opened, cast.minister)
    actions.keep_draft(slip, by=cast.minister, answers=steps.give(opened, ("other", "Chỉ mình tôi đọc.")))
    actions.keep_draft(slip, by=deputy, answers=steps.give(opened, ("other", "Lời người thay.")))
    page = text_of(sign_in(deputy).get(slip.get_absolute_url()))
    assert "Lời người thay." in page
    assert "Chỉ mình tôi đọc." not in page
    assert "Chỉ mình tôi đọc." in text_of(sign_in(cast.minister).get(slip.get_absolute_url()))


def test_where_the_form_forbids_it_a_stand_in_sees_nothing(cast, deputy, sign_in):
    slip = steps.slip_of(steps.send(cast), cast.minister)
    assert slip.stand_in.user == deputy
    assert not OpinionRequest.objects.visible_to(deputy).exists()
    assert not desk.list_tasks(deputy).tasks
    browser = sign_in(deputy)
    assert browser.get(slip.get_absolute_url()).status_code == 404
    assert browser.post(url("answer_slip", slip), agree(slip, step="send")).status_code == 404
    assert rules.SLIP.allowed(deputy, slip) == []


# For other systems


def test_other_systems_attach_answer_reserve_and_take_back(cast, slip, client):
    client.force_login(cast.minister)
    deeds = f"/api/slips/{slip.pk}"
    assert client.post(f"{deeds}/attach/", {"upload": file()}).status_code == 200
    answers = [{"question": slip.request.questions.get().pk, "position": "other", "reason": "Cần lộ trình."}]
    answered = client.post(f"{deeds}/answer/", {"answers": answers}, "application/json").json()
    assert answered["attachment"]
    dissent = client.post(f"{deeds}/dissent/", {"words": "Bảo lưu."}, "application/json").json()
    assert dissent["dissent"] == "Bảo lưu."
    client.force_login(cast.secretary)
    seen = client.get(f"{deeds}/").json()
    assert (seen["dissent"], seen["attachment"]) == ("", None), "hers alone until the count"
    assert client.post(f"{deeds}/withdraw/").status_code == 403
    client.force_login(cast.minister)
    assert client.post(f"{deeds}/detach/").status_code == 200
    assert client.post(f"{deeds}/withdraw/").json()["status"] == "pending"


def test_other_systems_enter_what_came_by_telephone_and_on_paper(cast, slip, client):
    client.force_login(cast.secretary)
    answers = [{"question": slip.request.questions.get().pk, "position": "agree"}]
    entry = {"answers": answers, "way": "telephone", "reason": "Không có mạng."}
    entered = client.post(f"/api/slips/{slip.pk}/enter/", entry, "application/json")
    assert entered.status_code == 200, entered.content
    paper = {"answers": json.dumps(answers), "way": "paper", "reason": "Gửi công văn."}
    assert client.post(f"/api/slips/{slip.pk}/enter/", paper).status_code == 400, "no scan"
    assert client.post(f"/api/slips/{slip.pk}/enter/", {**paper, "upload": file()}).status_code == 200
    assert OpinionSlip.objects.get(pk=slip.pk).current_sheet.way == "paper"
    bad = {**paper, "answers": "{", "upload": file()}
    assert client.post(f"/api/slips/{slip.pk}/enter/", bad).status_code == 400
    for shapeless in ("[]", "1", "null"):
        sent = client.post(f"/api/slips/{slip.pk}/enter/", shapeless, "application/json")
        assert sent.status_code == 400, shapeless
