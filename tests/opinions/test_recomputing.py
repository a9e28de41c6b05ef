"""Every outcome follows from what is stored: the command says so, or names what does not."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from opinions.models import Answer, AnswerSheet, OpinionRequest, OpinionSlip, RequestKind, SealedBallot
from opinions.rules import SheetStanding, SlipStatus
from tests import factories
from tests.documents.samples import make_pdf, received
from tests.opinions import steps, voting
from tests.verifier.balloting import SMALL

pytestmark = pytest.mark.django_db


def recompute(*requests):
    out = StringIO()
    call_command("recompute_outcomes", *requests, stdout=out)
    return out.getvalue()


def differences():
    with pytest.raises(CommandError) as refusal:
        recompute()
    return str(refusal.value).splitlines()


@contextmanager
def past_the_triggers():
    """As who owns the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_the_clock_counted_follows_from_the_answers(cast):
    steps.close_agreed(cast)
    steps.close_with_opinions(cast)
    steps.answer(steps.send(cast), cast.minister)
    steps.draft(cast)
    assert recompute().startswith("2 stored outcomes follow from their answers and rules; 1 other requests")


def test_a_changed_figure_and_a_changed_outcome_are_named(cast):
    closed = steps.close_with_opinions(cast)
    question = closed.questions.get()
    question.result["other"], question.result["agree"] = 0, 1
    question.save()
    OpinionRequest.objects.update(branch="b")
    agree, other, outcome = differences()
    assert agree == f"{closed.pk} {closed}: question 1: agree: stored 1, from the answers 0"
    assert other == f"{closed.pk} {closed}: question 1: other: stored 0, from the answers 1"
    assert outcome == f"{closed.pk} {closed}: outcome: stored 'b', from the answers 'c'"


def test_an_answer_that_had_to_be_signed_and_was_not_is_named(cast):
    opinion_request = steps.send(cast, kind=factories.make_kind(cast.body, signing="required"))
    steps.enter(opinion_request, cast.minister, by=cast.secretary, way="paper", scan=received(make_pdf()))
    assert recompute()
    RequestKind.objects.update(signing="allowed")
    steps.answer(opinion_request, cast.other_minister)
    RequestKind.objects.update(signing="required")
    (fault,) = differences()
    assert fault.endswith(
        f"{cast.other_minister.full_name}: the answer was not signed, and here it has to be"
    )


def test_a_changed_answer_is_named(cast):
    """Whoever changes an answer in the database has to change the outcome too."""
    closed = steps.close_with_opinions(cast)
    with past_the_triggers():
        Answer.objects.update(taken=cast.kind.answer_classes.get(code="agree"))
    named = "\n".join(differences())
    assert "agree: stored 0, from the answers 1" in named
    assert "outcome: stored 'c', from the answers 'b'" in named
    assert str(closed) in named


def test_a_lost_question_result_is_named(cast):
    steps.close_agreed(cast)
    OpinionRequest.objects.get().questions.update(result=None)
    assert any("silent: stored None, from the answers 5" in line for line in differences())


def test_results_of_earlier_versions_have_no_figures_by_class(cast):
    closed = steps.close_with_opinions(cast)
    question = closed.questions.get()
    del question.result["classes"]
    question.save()
    assert recompute().startswith("1 stored outcomes")
    del question.result["needed"]
    question.save()
    assert differences() == [f"{closed.pk} {closed}: question 1: needed: stored None, from the answers 3"]


def test_who_left_office_without_an_answer_is_in_no_figure(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "other", "Cần làm rõ.")
    cast.third_minister.appointments.update(valid_until=factories.LONG_AGO)
    closed = steps.close(opinion_request)
    assert closed.questions.get().result["members"] == 4
    assert recompute().startswith("1 stored outcomes")
    OpinionSlip.objects.filter(member=cast.third_minister).update(status=SlipStatus.SILENT)
    assert any("members: stored 4, from the answers 5" in line for line in differences())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet, cast: {"standing": SheetStanding.VOIDED}, "no answer counts"),
        (lambda sheet, cast: {"issue": 2}, "the answer that counts is to issue 2, asked is issue 1"),
        (lambda sheet, cast: {"given_at": sheet.slip.request.deadline}, "not before the deadline"),
        (lambda sheet, cast: {"given_by": cast.vice_chair}, "who may not answer for this member"),
    ],
)
def test_an_answer_that_must_not_count_is_named_while_the_request_is_open(cast, change, said):
    opinion_request = steps.send(cast)
    slip = steps.answer(opinion_request, cast.minister)
    assert recompute()
    sheet = slip.current_sheet
    with past_the_triggers():
        AnswerSheet.objects.filter(pk=sheet.pk).update(**change(sheet, cast))
    (line,) = differences()
    assert line.startswith(f"{opinion_request.pk} {opinion_request}: {slip}: ")
    assert said in line


def test_a_stand_ins_answer_is_named_where_the_form_forbids_it(cast):
    factories.make_officer("Hồ Thị Kim", "member", cast.body)
    kind = factories.make_kind(cast.body, name="Có người thay", stand_ins_answer=True)
    opinion_request = steps.send(cast, kind=kind)
    slip = steps.slip_of(opinion_request, cast.minister)
    slip.stand_in = cast.other_minister.appointments.get()
    slip.save()
    answered = steps.slip_of(opinion_request, cast.minister)
    from opinions import actions

    actions.answer_slip(answered, by=cast.other_minister, answers=steps.give(opinion_request, steps.AGREE))
    assert recompute()
    type(kind).objects.filter(pk=kind.pk).update(stand_ins_answer=False)
    assert "who may not answer for this member" in differences()[0]


def test_a_missing_answer_and_a_missing_silence_are_named(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister)
    steps.close(opinion_request)
    with past_the_triggers():
        Answer.objects.all().delete()
    OpinionSlip.objects.filter(member=cast.chair).update(status=SlipStatus.PENDING)
    named = "\n".join(differences())
    assert "the answer is to questions []" in named
    assert "is neither an answer nor silence, though the answers are counted" in named


def test_a_secret_box_is_counted_again_from_its_ballots(cast, monkeypatch):
    monkeypatch.setattr("opinions.ballots.GROUP", SMALL)
    opinion_request = voting.send(cast)
    for person in (cast.chair, cast.minister, cast.other_minister):
        voting.vote(opinion_request, person, "disagree")
    voting.close(opinion_request)
    counted = voting.count(opinion_request)
    assert recompute().startswith("1 stored outcomes")
    question = counted.questions.get()
    question.result["silent_agree"] = False
    question.save()
    assert any("silent_agree: stored False, from the answers True" in line for line in differences())
    question.result["silent_agree"] = True
    question.save()
    with past_the_triggers():
        SealedBallot.objects.filter(sheet__slip__member=cast.chair).delete()
    assert any("ballot box: " in line for line in differences())


def test_single_requests_and_those_that_were_never_sent(cast):
    first, second = steps.close_agreed(cast), steps.close_agreed(cast)
    OpinionRequest.objects.filter(pk=second.pk).update(branch="c")
    assert recompute(str(first.pk)).startswith("1 stored outcomes")
    with pytest.raises(CommandError):
        recompute(str(second.pk))
    with pytest.raises(CommandError, match="No request with these numbers was ever sent"):
        recompute(str(steps.draft(cast).pk))
