"""The pages: each office sees what is theirs, strangers see nothing, forged requests change nothing."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from documents.models import DocumentVersion
from opinions import actions
from opinions.models import OpinionRequest, OpinionSlip
from opinions.rules import RequestStatus, SlipStatus
from people.models import User
from tests import factories
from tests.documents.samples import make_pdf
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, cast):
    """`visit(person)` gives a browser in which that person is signed in, and reads English."""
    User.objects.update(language="en")

    def visit_as(person):
        client.force_login(person)
        return client

    return visit_as


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def form_of(opinion_request, **more):
    questions = {f"question_{n}": q.text for n, q in enumerate(opinion_request.questions.all(), 1)}
    return {
        "subject": opinion_request.subject,
        "lead_agency": opinion_request.lead_agency_id,
        "deadline": opinion_request.deadline.strftime("%Y-%m-%dT%H:%M"),
        "proposal": opinion_request.proposal,
        "revision": opinion_request.revision,
        **questions,
        **more,
    }


def answers_of(opinion_request, position="agree", reason="", **more):
    fields = dict(more)
    for question in opinion_request.questions.all():
        fields |= {f"position_{question.pk}": position, f"reason_{question.pk}": reason}
    return fields


# The specialist


def test_a_request_is_drafted_filled_and_submitted(cast, visit):
    browser = visit(cast.secretary)
    new = {
        "subject": steps.SUBJECT,
        "lead_agency": cast.finance.pk,
        "deadline": factories.deadline_in(cast.rule_set).strftime("%Y-%m-%dT%H:%M"),
        "proposal": "Ban hành.",
        "question_1": steps.QUESTION,
    }
    response = browser.post(url("draft_request"), new)
    opinion_request = OpinionRequest.objects.get()
    assert response.url == opinion_request.get_absolute_url()
    upload = SimpleUploadedFile("to-trinh.pdf", make_pdf(), "application/pdf")
    edited = form_of(opinion_request, question_2="Và khi nào?")
    assert browser.post(url("edit_request", opinion_request.pk), edited).status_code == 302
    opinion_request.refresh_from_db()
    assert opinion_request.questions.count() == 2
    here = opinion_request.get_absolute_url()
    papers = reverse("documents:add_paper", args=[opinion_request.dossier_id])
    response = browser.post(papers, {"upload": upload, "kind": "submission", "next": here})
    assert response.url == f"{here}#dossier-editor"
    assert opinion_request.dossier.papers.count() == 1
    DocumentVersion.objects.update(work_state="done")  # by the worker
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert "To do" not in page
    browser.post(url("edit_request", opinion_request.pk), form_of(opinion_request, submit="1"))
    assert OpinionRequest.objects.get().status == RequestStatus.SUBMITTED


def test_the_page_says_what_is_missing(cast, visit):
    opinion_request = steps.draft(cast, questions=(), papers=0)
    page = text_of(visit(cast.secretary).get(opinion_request.get_absolute_url()))
    assert "Ask at least one question." in page
    assert "The dossier is empty" in page
    assert page.count("To do") == 2


def test_questions_come_and_go_without_a_script(cast, visit):
    opinion_request = steps.draft(cast, questions=["Một?", "Hai?"])
    browser, edit = visit(cast.secretary), url("edit_request", opinion_request.pk)
    more = browser.post(edit, form_of(opinion_request, add_question="1", subject="Chưa lưu"))
    assert 'name="question_3"' in text_of(more)
    assert "Chưa lưu" in text_of(more)
    fewer = text_of(browser.post(edit, form_of(opinion_request, remove_question="1")))
    assert 'name="question_2"' not in fewer
    assert "Hai?" in fewer
    assert OpinionRequest.objects.get().subject == steps.SUBJECT, "nothing was saved"


def test_what_is_typed_is_kept_and_shown_again(cast, visit):
    opinion_request = steps.draft(cast)
    browser = visit(cast.secretary)
    kept = browser.post(
        url("keep_changes", opinion_request.pk),
        form_of(opinion_request, subject="Đang gõ", question_2="Thêm?"),
    )
    assert kept.status_code == 204
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert "has typed and not saved yet" in page
    assert "Đang gõ" in page
    assert "Thêm?" in page
    browser.post(url("edit_request", opinion_request.pk), form_of(opinion_request, subject="Đã lưu"))
    assert "not saved yet" not in text_of(browser.get(opinion_request.get_absolute_url()))


def test_a_second_window_does_not_overwrite_the_first(cast, visit):
    opinion_request = steps.draft(cast)
    browser, edit = visit(cast.secretary), url("edit_request", opinion_request.pk)
    browser.post(edit, form_of(opinion_request, subject="Bản một"))
    response = browser.post(edit, form_of(opinion_request, subject="Bản hai"))
    assert response.status_code == 409
    assert "has just changed this request" in text_of(response)


def test_a_new_request_needs_a_subject_and_takes_more_questions(cast, visit):
    browser = visit(cast.secretary)
    response = browser.post(url("draft_request"), {"subject": "", "question_1": "Một?"})
    assert response.status_code == 422
    assert "Một?" in text_of(response)
    more = browser.post(url("draft_request"), {"subject": "Việc", "question_1": "Một?", "add_question": "1"})
    assert 'name="question_2"' in text_of(more)
    assert not OpinionRequest.objects.exists()


def test_without_rules_a_draft_can_be_begun_and_the_page_says_what_is_missing(cast, visit):
    cast.rule_set.delete()
    browser = visit(cast.secretary)
    assert browser.get(url("draft_request")).status_code == 200
    opinion_request = steps.draft(cast, deadline=factories.at_hour(clock.today() + timedelta(days=3)))
    assert "No confirmed rule set" in text_of(browser.get(url("read_checklist", opinion_request.pk)))
    assert browser.get(opinion_request.get_absolute_url()).status_code == 200


def test_a_submitted_dossier_shows_no_editor(cast, visit):
    opinion_request = steps.draft(cast)
    here = opinion_request.get_absolute_url()
    assert "dossier-editor" in text_of(visit(cast.secretary).get(here))
    actions.submit_request(opinion_request, by=cast.secretary)
    assert "dossier-editor" not in text_of(visit(cast.secretary).get(here))


# Those who preside


def test_the_approver_reads_and_sends(cast, visit):
    opinion_request = steps.submit(cast)
    browser = visit(cast.vice_chair)
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert "go to all 5 members at once" in page
    assert reverse("documents:read_version", args=[opinion_request.dossier.papers.get().version_id]) in page
    browser.post(url("approve_request", opinion_request.pk))
    assert OpinionRequest.objects.get().status == RequestStatus.OPEN


def test_returning_needs_a_reason(cast, visit):
    opinion_request = steps.submit(cast)
    browser, address = visit(cast.vice_chair), url("return_request", opinion_request.pk)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": ""}).status_code == 422
    browser.post(address, {"reason": "Thiếu báo cáo."})
    assert OpinionRequest.objects.get().return_reason == "Thiếu báo cáo."


def test_withdrawing_asks_on_a_page_of_its_own(cast, visit):
    opinion_request = steps.send(cast)
    browser, address = visit(cast.chair), url("withdraw_request", opinion_request.pk)
    assert "cannot be undone" in text_of(browser.get(address))
    browser.post(address, {"reason": "Bổ sung."})
    page = text_of(visit(cast.minister).get(opinion_request.get_absolute_url()))
    assert "This request was withdrawn" in page


# The member


def test_a_member_reads_answers_in_two_steps_and_gets_a_receipt(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser, address = visit(cast.minister), url("answer_slip", slip.pk)
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert "no answer counts as agreement" in page
    assert "17:00" in page
    assert "Nghị định 191/2026/NĐ-CP" in page
    review = browser.post(address, answers_of(opinion_request, "disagree", "Chưa đủ căn cứ.", step="review"))
    assert "You choose <strong>Disagree</strong>" in text_of(review)
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING, "nothing is sent yet"
    again = browser.post(address, answers_of(opinion_request, "disagree", "Chưa đủ căn cứ.", step="again"))
    assert "Chưa đủ căn cứ." in text_of(again)
    sent = browser.post(address, answers_of(opinion_request, "disagree", "Chưa đủ căn cứ.", step="send"))
    assert sent.status_code == 302
    slip.refresh_from_db()
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert slip.receipt in page
    assert "Change my opinion" in page


def test_with_htmx_only_the_part_with_the_answer_comes_back(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    fields = answers_of(opinion_request, step="send")
    response = visit(cast.minister).post(url("answer_slip", slip.pk), fields, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert text_of(response).lstrip().startswith('<section id="answer"')
    assert OpinionSlip.objects.get(pk=slip.pk).receipt in text_of(response)


def test_the_options_are_equal_and_none_is_chosen(cast, visit):
    opinion_request = steps.send(cast)
    page = text_of(visit(cast.minister).get(opinion_request.get_absolute_url()))
    options = re.findall(r'<label class="choice" for="[^"]+"><input type="radio"[^>]*>', page)
    assert len(options) == 3
    assert not any("checked" in option for option in options)
    assert len({re.sub(r'value="\w+"|id="[^"]+"|for="[^"]+"', "", option) for option in options}) == 1


@pytest.mark.parametrize(
    ("position", "reason"), [("disagree", ""), ("other", " "), ("", ""), ("abstain", "x")]
)
def test_an_incomplete_answer_comes_back_with_its_words(cast, visit, position, reason):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    fields = answers_of(opinion_request, position, reason, step="send")
    assert visit(cast.minister).post(url("answer_slip", slip.pk), fields).status_code == 422
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING


def test_after_the_deadline_the_words_are_given_back(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser = visit(cast.minister)
    fields = answers_of(opinion_request, "other", "Những lời đã soạn.", step="send")
    with steps.after_the_deadline(opinion_request):
        for headers in ({}, {"HX-Request": "true"}):
            response = browser.post(url("answer_slip", slip.pk), fields, headers=headers)
            assert response.status_code == 409
            assert "Những lời đã soạn." in text_of(response)
            assert "no longer takes answers" in text_of(response)
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING


def test_a_second_click_gives_the_same_receipt(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser, fields = visit(cast.minister), answers_of(opinion_request, step="send")
    browser.post(url("answer_slip", slip.pk), fields)
    first = OpinionSlip.objects.get(pk=slip.pk).receipt
    browser.post(url("answer_slip", slip.pk), fields)
    assert OpinionSlip.objects.get(pk=slip.pk).receipt == first


def test_unsent_words_are_there_again_and_after_the_close_too(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser = visit(cast.minister)
    kept = browser.post(url("keep_draft", slip.pk), answers_of(opinion_request, "other", "Viết dở"))
    assert kept.status_code == 204
    assert "Viết dở" in text_of(browser.get(opinion_request.get_absolute_url()))
    too_long = answers_of(opinion_request, "other", "x" * 5001)
    assert browser.post(url("keep_draft", slip.pk), too_long).status_code == 422
    assert "Viết dở" not in text_of(visit(cast.secretary).get(opinion_request.get_absolute_url()))
    steps.close(opinion_request)
    page = text_of(visit(cast.minister).get(opinion_request.get_absolute_url()))
    assert "kept but never sent" in page
    assert "Viết dở" in page


def test_the_assistants_draft_is_offered_and_never_sent_by_itself(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser = visit(cast.assistant)
    fields = answers_of(opinion_request, "other", "Đề nghị làm rõ nguồn lực.", submit="1")
    assert browser.post(url("draft_answer", slip.pk), fields).status_code == 302
    browser = visit(cast.minister)
    page = text_of(browser.get(opinion_request.get_absolute_url()))
    assert "Vũ Thu Trang has prepared an answer for you" in page
    used = text_of(browser.get(f"{opinion_request.get_absolute_url()}?draft={slip.pk}"))
    assert 'value="other"' in used
    assert "checked" in used
    assert "is told what to change" in text_of(browser.get(url("return_answer", slip.pk)))
    assert browser.post(url("return_answer", slip.pk), {"reason": " "}).status_code == 422
    browser.post(url("return_answer", slip.pk), {"reason": "Viết rõ hơn."})
    page = text_of(visit(cast.assistant).get(opinion_request.get_absolute_url()))
    assert "Viết rõ hơn." in page


def test_half_a_draft_is_saved_and_only_a_whole_one_is_put_before_the_member(cast, visit):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    browser, address = visit(cast.assistant), url("draft_answer", slip.pk)
    half = answers_of(opinion_request, "", "Mới có lý do")
    assert browser.post(address, half | {"submit": "1"}).status_code == 422
    assert browser.post(address, half | {"save": "1"}).status_code == 302
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.DRAFTED
    assert "Mới có lý do" in text_of(browser.get(opinion_request.get_absolute_url()))


# Collecting and result


def test_the_office_sees_who_has_answered_and_nobody_sees_what(cast, visit):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Lý do kín cho đến hạn.")
    page = text_of(visit(cast.secretary).get(url("read_progress", opinion_request.pk)))
    assert "1/5" in page
    assert "Nguyễn Hữu Đức" in page
    for person in (cast.secretary, cast.chair, cast.other_minister, cast.auditor):
        page = text_of(visit(person).get(opinion_request.get_absolute_url()))
        assert "Lý do kín" not in page, person
    page = text_of(visit(cast.other_minister).get(url("read_progress", opinion_request.pk)))
    assert "Nguyễn Hữu Đức" not in page


def test_the_result_names_figures_branch_rules_reasons_and_silence(cast, visit):
    opinion_request = steps.close_with_opinions(cast)
    page = text_of(visit(cast.other_minister).get(opinion_request.get_absolute_url()))
    assert "Case c of the rules" in page
    assert "<strong>4</strong> of 5 members in favour; 3 are needed" in page
    assert "No answer, counted as agreement" in page
    assert "Cần quy định rõ mức hỗ trợ." in page
    assert "4 members did not answer" in page
    assert "Quy chế làm việc của Chính phủ, Nghị định 191/2026/NĐ-CP" in page
    assert opinion_request.report_by.strftime("%d/%m") in page


def test_a_page_near_the_deadline_loads_again_when_the_clock_has_closed(cast, visit):
    opinion_request = steps.send(cast)
    browser, address = visit(cast.minister), url("watch_state", opinion_request.pk)
    assert address not in text_of(browser.get(opinion_request.get_absolute_url()))
    with clock.at(opinion_request.deadline - timedelta(minutes=5)):
        assert address in text_of(browser.get(opinion_request.get_absolute_url()))
    assert browser.get(f"{address}?seen=open").status_code == 204
    steps.close(opinion_request)
    assert browser.get(f"{address}?seen=open").headers["HX-Refresh"] == "true"


def test_the_synthesis_asks_again_until_it_is_made(cast, visit):
    opinion_request = steps.close_agreed(cast)
    page = text_of(visit(cast.secretary).get(url("read_synthesis", opinion_request.pk)))
    assert 'hx-trigger="every 2s"' in page


def test_the_opinions_are_passed_on(cast, visit):
    opinion_request = steps.close_with_opinions(cast)
    browser, address = visit(cast.vice_chair), url("refer_request", opinion_request.pk)
    assert browser.get(address).status_code == 200
    browser.post(address, {"note": "Báo cáo rõ."})
    assert OpinionRequest.objects.get().status == RequestStatus.REFERRED


def test_the_resolution_is_drafted_from_a_first_wording(cast, visit):
    opinion_request = steps.close_agreed(cast)
    browser, address = visit(cast.secretary), url("draft_decision", opinion_request.pk)
    page = text_of(browser.get(address))
    assert "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15" in page
    fields = {
        "subject": "Về phí bảo hiểm y tế",
        "bases": "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15\r\n\r\nTheo đề nghị của Bộ Tài chính",
        "articles": "Thông qua dự thảo.\r\nKèm theo hồ sơ.\r\n\r\nNghị quyết có hiệu lực từ ngày ký.",
        "recipients": "",
        "signer": cast.vice_chair.appointments.get().pk,
    }
    assert browser.post(address, fields | {"articles": " "}).status_code == 422
    browser.post(address, fields)
    resolution = OpinionRequest.objects.get().resolution
    assert resolution.articles == [
        "Thông qua dự thảo.\nKèm theo hồ sơ.",
        "Nghị quyết có hiệu lực từ ngày ký.",
    ]
    assert len(resolution.bases) == 2


# The list


def test_the_list_filters_and_turns_pages(cast, visit):
    for number in range(25):
        actions.draft_request(steps.begin(cast, subject=f"Việc số {number:02}"), by=cast.secretary)
    steps.send(cast, subject="Phiếu đang mở")
    browser = visit(cast.secretary)
    page = text_of(browser.get(url("list_requests")))
    assert page.count("Việc số") == 19
    older = re.search(r'href="(\?before=\d+)"', page).group(1)
    page = text_of(browser.get(url("list_requests") + older))
    assert page.count("Việc số") == 6
    newer = re.search(r'href="(\?after=\d+)"', page).group(1)
    assert text_of(browser.get(url("list_requests") + newer)).count("Việc số") == 19
    page = text_of(browser.get(url("list_requests"), {"state": "open"}))
    assert "Phiếu đang mở" in page
    assert "Việc số" not in page
    assert "Việc số 07" in text_of(browser.get(url("list_requests"), {"q": "số 07"}))
    assert browser.get(url("list_requests"), {"before": "x", "state": "?", "q": "%"}).status_code == 200
