"""The slip: drafts that count for nothing, the answer that counts, the receipt."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from core.actors import CLOCK
from core.workflow import Conflict
from notifications.models import Notification
from opinions import actions
from opinions.models import Answer, OpinionSlip
from opinions.rules import REASON_LIMIT, SlipStatus
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(cast):
    return steps.send(cast)


@pytest.fixture
def slip(cast, opened):
    return steps.slip_of(opened, cast.minister)


def trace(action):
    return AuditEvent.objects.filter(action=f"opinions.{action}")


def test_a_member_answers_and_gets_a_receipt(cast, opened):
    slip = steps.answer(opened, cast.minister, "disagree", "  Chưa đủ nguồn lực. ")
    answer = slip.answers[0]
    assert (slip.status, answer.position, answer.reason) == ("answered", "disagree", "Chưa đủ nguồn lực.")
    assert slip.answered_by == cast.minister
    assert len(slip.receipt) == 11
    event = trace("answer_slip").get()
    assert event.details["before"] == []
    assert event.details["after"] == [
        {"question": steps.QUESTION, "position": "disagree", "reason": "Chưa đủ nguồn lực."}
    ]
    assert event.case_id == opened.pk
    assert event.body_id == cast.body.pk


def test_a_second_answer_replaces_the_first_and_the_trail_keeps_both(cast, opened):
    first = steps.answer(opened, cast.minister, "disagree", "Chưa rõ.")
    second = steps.answer(opened, cast.minister, "agree")
    assert second.answers[0].position == "agree"
    assert second.receipt != first.receipt
    before, after = trace("answer_slip").order_by("pk").last().details["before"], second.current_answers
    assert before[0]["position"] == "disagree"
    assert next(iter(after.values()))["position"] == "agree"


def test_the_same_answer_again_is_the_same_answer(cast, opened):
    first = steps.answer(opened, cast.minister, "other", "Cần lộ trình.")
    again = steps.answer(opened, cast.minister, "other", "Cần lộ trình.")
    assert (again.receipt, again.answered_at) == (first.receipt, first.answered_at)
    assert trace("answer_slip").count() == 1


@pytest.mark.parametrize(
    ("position", "reason", "refusal"),
    [
        ("disagree", "", "Give the reason"),
        ("other", "   ", "Give the reason"),
        ("abstain", "vì", "positions offered"),
        ("", "", "positions offered"),
        ("agree", "x" * (REASON_LIMIT + 1), "at most"),
    ],
)
def test_an_incomplete_answer_is_refused(cast, opened, position, reason, refusal):
    with pytest.raises(Conflict, match=refusal):
        steps.answer(opened, cast.minister, position, reason)
    assert not Answer.objects.exists()
    assert not trace("answer_slip").exists()


def test_every_question_is_answered_and_no_other(cast):
    opened = steps.send(cast, questions=["Một?", "Hai?"])
    slip = steps.slip_of(opened, cast.minister)
    both = steps.give(opened, steps.AGREE, steps.AGREE)
    first = dict([next(iter(both.items()))])
    for answers in ({}, first, both | {10**6: {"position": "agree", "reason": ""}}):
        with pytest.raises(Conflict, match="every question"):
            actions.answer_slip(slip, by=cast.minister, answers=answers)
    assert len(actions.answer_slip(slip, by=cast.minister, answers=both).answers) == 2


@pytest.mark.parametrize(
    "name", ["chair", "other_minister", "assistant", "secretary", "auditor", "outside_member", "nobody"]
)
def test_nobody_answers_for_a_member(cast, slip, name):
    with pytest.raises(PermissionDenied):
        actions.answer_slip(slip, by=getattr(cast, name), answers=steps.give(slip.request, steps.AGREE))
    assert OpinionSlip.objects.get(pk=slip.pk).status == SlipStatus.PENDING


def test_nobody_answers_after_the_deadline_even_before_the_clock_comes(cast, opened):
    with steps.after_the_deadline(opened), pytest.raises(Conflict, match="deadline has passed"):
        steps.answer(opened, cast.minister)


def test_the_database_itself_wants_one_answer_an_officer_with_a_reason_and_a_receipt(cast, opened, slip):
    sheets = steps.answer(opened, cast.minister).sheets
    with pytest.raises(IntegrityError), transaction.atomic():
        sheets.create(number=2, issue=1, standing="counts", given_by=cast.minister, receipt="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        sheets.create(number=2, issue=1, standing="replaced", way="paper", given_by=cast.minister)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionSlip.objects.filter(pk=steps.slip_of(opened, cast.chair).pk).update(status="answered")


# The assistant


def test_an_assistant_drafts_and_the_member_sends(cast, opened, slip):
    answers = steps.give(opened, ("other", "Đề nghị làm rõ."))
    actions.draft_answer(slip, by=cast.assistant, answers=answers)
    drafted = actions.submit_answer(slip, by=cast.assistant)
    assert drafted.status == SlipStatus.SUBMITTED
    assert drafted.drafted_answers[0].reason == "Đề nghị làm rõ."
    assert not Answer.objects.exists(), "a draft is no answer"
    assert Notification.objects.filter(kind="opinions/answer_submitted").get().recipient == cast.minister
    slip = actions.answer_slip(drafted, by=cast.minister, answers=answers)
    assert slip.status == SlipStatus.ANSWERED
    assert slip.answered_by == cast.minister
    with pytest.raises(Conflict):
        actions.draft_answer(slip, by=cast.assistant, answers=answers)


def test_the_member_gives_the_draft_back(cast, opened, slip):
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opened, steps.AGREE))
    actions.submit_answer(slip, by=cast.assistant)
    slip = actions.return_answer(slip, by=cast.minister, reason="Nêu rõ căn cứ.")
    assert (slip.status, slip.return_reason) == (SlipStatus.RETURNED, "Nêu rõ căn cứ.")
    assert Notification.objects.filter(kind="opinions/answer_returned").get().recipient == cast.assistant
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opened, steps.AGREE))
    assert actions.submit_answer(slip, by=cast.assistant).return_reason == ""
    assert trace("return_answer").get().details == {}, "the words are between the two of them"


def test_an_assistant_drafts_for_her_own_member_alone(cast, opened):
    other = steps.slip_of(opened, cast.other_minister)
    for person in (cast.assistant, cast.minister, cast.secretary, cast.nobody):
        with pytest.raises(PermissionDenied):
            actions.draft_answer(other, by=person, answers=steps.give(opened, steps.AGREE))


def test_a_member_returns_only_what_was_put_before_her(cast, slip):
    with pytest.raises(Conflict):
        actions.return_answer(slip, by=cast.minister, reason="Chưa.")


# The member's own unsent words


def test_unsent_words_are_kept_for_the_member_and_recorded_once_without_them(cast, opened, slip):
    actions.keep_draft(slip, by=cast.minister, answers=steps.give(opened, ("other", "Tôi cho rằng")))
    slip = actions.keep_draft(
        slip, by=cast.minister, answers=steps.give(opened, ("other", "Tôi cho rằng nên"))
    )
    assert slip.status == SlipStatus.PENDING
    (kept,) = slip.find_unsent(cast.minister).content.values()
    assert kept["reason"] == "Tôi cho rằng nên"
    assert trace("keep_draft").get().details == {}
    slip = actions.answer_slip(slip, by=cast.minister, answers=steps.give(opened, steps.AGREE))
    assert slip.find_unsent(cast.minister) is None


def test_nobody_else_keeps_words_on_a_members_slip(cast, opened, slip):
    for person in (cast.assistant, cast.secretary, cast.chair):
        with pytest.raises(PermissionDenied):
            actions.keep_draft(slip, by=person, answers=steps.give(opened, steps.AGREE))


# Silence


def test_silence_is_counted_by_the_clock_after_the_deadline_only(cast, opened, slip):
    with pytest.raises(Conflict, match="has not come"):
        actions.count_silence([slip], by=CLOCK)
    with steps.after_the_deadline(opened):
        with pytest.raises(PermissionDenied):
            actions.count_silence([slip], by=cast.secretary)
        assert actions.count_silence([slip], by=CLOCK)[0].status == SlipStatus.SILENT
    assert trace("count_silence").get().details == {"counts_as": "agrees"}
