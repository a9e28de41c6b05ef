"""A correction of substance: asked anew, the earlier answers kept and shown beside the new ones."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from core.workflow import Conflict
from notifications.models import Notification
from opinions import actions
from opinions.actions import AskedQuestion, OfferedOption
from opinions.forms.corrections import CorrectionForm
from opinions.models import AnswerSheet, OpinionSlip, Question
from opinions.rules import SheetStanding, SlipStatus
from tests.opinions import steps

pytestmark = pytest.mark.django_db

NEW = "Đồng chí có đồng ý với mức phí 4,5% không?"


@pytest.fixture(autouse=True)
def read_english(cast):
    type(cast.secretary).objects.update(language="en")
    for person in vars(cast).values():
        if hasattr(person, "language"):
            person.language = "en"


def correct(cast, opinion_request, papers=1, reason="Sai mức phí"):
    opinion_request = actions.correct_dossier(opinion_request, by=cast.secretary, reason=reason)
    for _ in range(papers):
        steps.make_paper(opinion_request.dossier, title="Dự thảo sửa đổi")
    return opinion_request


def ask_anew(cast, opinion_request, papers=1, questions=(NEW,)):
    return actions.reissue_dossier(
        correct(cast, opinion_request, papers), by=cast.secretary, voids_answers=True, questions=questions
    )


def test_answers_are_voided_kept_and_asked_anew(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Mức phí quá cao")
    opinion_request = ask_anew(cast, opinion_request)
    slip = steps.slip_of(opinion_request, cast.minister)
    assert (slip.status, slip.receipt, slip.answers) == (SlipStatus.PENDING, "", [])
    sheet = AnswerSheet.objects.get()
    assert (sheet.standing, sheet.issue, sheet.ended_because) == (SheetStanding.VOIDED, 1, "Sai mức phí")
    assert [question.text for question in opinion_request.questions.all()] == [NEW]
    steps.answer(opinion_request, cast.minister)
    closed = steps.close(opinion_request)
    assert closed.questions.get().result["disagree"] == 0, "only the second answer is counted"
    assert AnswerSheet.objects.count() == 2


def test_everyone_is_told_once_that_it_is_asked_anew(cast):
    ask_anew(cast, steps.send(cast))
    told = Notification.objects.filter(kind="opinions/answers_asked_anew")
    people = ("chair", "vice_chair", "minister", "other_minister", "third_minister", "assistant")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(getattr(cast, p).pk for p in people)
    assert not Notification.objects.filter(kind="documents/dossier_changed").exists()


def test_only_the_questions_may_be_wrong(cast):
    opinion_request = ask_anew(cast, steps.send(cast), papers=0)
    assert opinion_request.issue == 2
    assert opinion_request.dossier.current_issue.number == 1, "no paper changed"
    trace = AuditEvent.objects.get(action="opinions.reissue_dossier")
    assert (trace.details["reason"], trace.details["questions"]) == ("Sai mức phí", [NEW])


@pytest.mark.parametrize("questions", [None, (steps.QUESTION,)])
def test_without_any_change_nobody_is_asked_anew(cast, questions):
    opinion_request = correct(cast, steps.send(cast), papers=0)
    with pytest.raises(Conflict, match="neither a paper nor a question"):
        actions.reissue_dossier(opinion_request, by=cast.secretary, voids_answers=True, questions=questions)


def test_the_words_of_a_draft_are_carried_to_the_question_in_its_place(cast):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, ("other", "Căn cứ 1")))
    actions.submit_answer(slip, by=cast.assistant)
    opinion_request = ask_anew(cast, opinion_request)
    slip = OpinionSlip.objects.get(pk=slip.pk)
    question = opinion_request.questions.get()
    assert slip.status == SlipStatus.PENDING, "what was put before her answers another question"
    assert slip.draft == {str(question.pk): {"position": "", "reason": "Căn cứ 1"}}


def test_a_draft_to_the_same_questions_stays(cast):
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, ("other", "Căn cứ 1")))
    ask_anew(cast, opinion_request, questions=None)
    slip.refresh_from_db()
    assert (slip.status, len(slip.draft)) == (SlipStatus.DRAFTED, 1)


# On the pages


def test_the_office_asks_anew_by_the_form(cast, sign_in):
    opinion_request = correct(cast, steps.send(cast), papers=0)
    steps.answer(opinion_request, cast.minister)
    client = sign_in(cast.secretary)
    page = client.get(opinion_request.get_absolute_url()).content.decode()
    assert "So far 1 member has answered" in page
    address = reverse("opinions:reissue_dossier", args=[opinion_request.pk])
    stays = client.post(address, {"reason": "Sai", "answers": "stay", "question_1": NEW})
    assert stays.status_code == 422
    assert "Other questions need new answers" in stays.content.decode()
    empty = client.post(address, {"reason": "Sai", "answers": "anew", "question_1": " "})
    assert "Ask at least one question" in empty.content.decode()
    sent = client.post(
        address, {"reason": "Sai", "answers": "anew", "question_1": NEW, "question_2": "Câu hỏi thêm?"}
    )
    assert sent.url == opinion_request.get_absolute_url()
    assert [q.text for q in Question.objects.filter(request=opinion_request)] == [NEW, "Câu hỏi thêm?"]


def test_a_member_sees_her_earlier_answer_beside_the_new_one(cast, sign_in):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Mức phí quá cao")
    steps.answer(opinion_request, cast.other_minister, "other", "Chờ báo cáo")
    opinion_request = ask_anew(cast, opinion_request)
    page = sign_in(cast.minister).get(opinion_request.get_absolute_url()).content.decode()
    assert "You are asked anew" in page
    assert "Mức phí quá cao" in page
    assert "Chờ báo cáo" not in page
    steps.answer(opinion_request, cast.minister)
    page = sign_in(cast.minister).get(opinion_request.get_absolute_url()).content.decode()
    assert "You are asked anew" not in page


def test_until_the_count_each_reads_only_the_own_answers(cast, sign_in):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Mức phí quá cao")
    opinion_request = ask_anew(cast, opinion_request)
    steps.answer(opinion_request, cast.minister)
    address = reverse("opinions:read_issues", args=[opinion_request.pk])
    for person, reads in ((cast.minister, True), (cast.secretary, False), (cast.other_minister, False)):
        page = sign_in(person).get(address).content.decode()
        assert ("Mức phí quá cao" in page) is reads, person
        assert NEW in page and steps.QUESTION in page
    assert sign_in(cast.nobody).get(address).status_code == 404
    steps.close(opinion_request)
    for person in (cast.secretary, cast.other_minister, cast.auditor):
        assert "Mức phí quá cao" in sign_in(person).get(address).content.decode(), person


def test_what_a_member_took_back_is_not_shown_to_the_others(cast, sign_in):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Lời đã rút lại.")
    actions.withdraw_answer(steps.slip_of(opinion_request, cast.minister), by=cast.minister)
    steps.close(opinion_request)
    page = sign_in(cast.other_minister).get(reverse("opinions:read_issues", args=[opinion_request.pk]))
    assert "Lời đã rút lại." not in page.content.decode()


def test_the_page_of_issues_costs_the_same_for_many(cast, sign_in, django_assert_max_num_queries):
    opinion_request = steps.send(cast)
    for person in (cast.minister, cast.other_minister, cast.third_minister, cast.chair):
        steps.answer(opinion_request, person)
    opinion_request = ask_anew(cast, opinion_request)
    steps.close(opinion_request)
    client = sign_in(cast.secretary)
    with django_assert_max_num_queries(24):
        client.get(reverse("opinions:read_issues", args=[opinion_request.pk]))


# Questions with options


def test_the_options_of_a_question_are_corrected_too(cast, sign_in):
    options = (OfferedOption("Phương án 1"), OfferedOption("Phương án 2"))
    asked = AskedQuestion("Chọn phương án nào?", "options", 1, options)
    opinion_request = correct(cast, steps.send(cast, questions=(asked,)), papers=0)
    given = {"reason": "Thiếu một phương án", "answers": "anew", "question_1": asked.text, "most_1": "2"}
    given |= {"form_1": "options", "option_1_1": "Phương án 1", "option_1_2": "Phương án 3"}
    lacking = CorrectionForm({**given, "option_1_2": ""}, opinion_request=opinion_request)
    assert lacking.errors["question_1"] == ["Offer at least two options."]
    greedy = CorrectionForm({**given, "most_1": "3"}, opinion_request=opinion_request)
    assert greedy.errors["most_1"] == ["There are only 2 options."]
    form = CorrectionForm(given, opinion_request=opinion_request)
    assert form.is_valid(), form.errors
    opinion_request = actions.reissue_dossier(opinion_request, by=cast.secretary, **form.deed())
    question = opinion_request.questions.get()
    assert [option.text for option in question.options.all()] == ["Phương án 1", "Phương án 3"]
    assert [o.text for o in Question.ever.get(dropped_in=2).options.all()] == ["Phương án 1", "Phương án 2"]


def test_a_choice_that_is_none_is_not_put_before_the_members(cast):
    opinion_request = correct(cast, steps.send(cast), papers=0)
    none = AskedQuestion("Chọn?", "options", 1, (OfferedOption("A"),))
    with pytest.raises(Conflict, match="at least two options"):
        actions.reissue_dossier(opinion_request, by=cast.secretary, voids_answers=True, questions=(none,))
    opinion_request.refresh_from_db()
    assert opinion_request.issue == 1


def test_a_button_adds_a_row_without_a_script(cast, sign_in):
    opinion_request = correct(cast, steps.send(cast), papers=0)
    address = reverse("opinions:reissue_dossier", args=[opinion_request.pk])
    given = {"reason": "Sai", "answers": "anew", "question_1": NEW, "add_question": "1"}
    page = sign_in(cast.secretary).post(address, given)
    assert page.status_code == 200
    assert len(page.context["reissue_form"].questions) == 2
    assert page.context["reissue_form"]["reason"].value() == "Sai"
    assert opinion_request.questions.get().text == steps.QUESTION, "nothing is sent yet"
