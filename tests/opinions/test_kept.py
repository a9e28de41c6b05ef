"""What was answered stays as it was, whoever has the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from opinions import actions
from opinions.models import Answer, AnswerSheet
from opinions.models.slips import ChosenOption
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast):
    opened = steps.send(cast, questions=[steps.CHOICE])
    slip = steps.slip_of(opened, cast.minister)
    return actions.answer_slip(slip, by=cast.minister, answers=steps.choose(opened, 0)).current_sheet


def is_refused(deed):
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        deed()
    return True


def test_what_an_answer_says_is_never_changed_or_deleted(sheet):
    answers, chosen = Answer.objects.filter(sheet=sheet), ChosenOption.objects.filter(answer__sheet=sheet)
    assert chosen.exists()
    assert is_refused(lambda: answers.update(reason="khác"))
    assert is_refused(lambda: answers.get().options.clear())
    assert is_refused(lambda: chosen.update(option=sheet.slip.request.questions.get().offered[1]))
    assert is_refused(lambda: chosen._raw_delete(chosen.db))
    assert is_refused(lambda: answers._raw_delete(answers.db))


@pytest.mark.parametrize(
    "change",
    [{"receipt": "AAAAA-AAAAA"}, {"given_at": None}, {"number": 9}, {"way": "telephone"}, {"issue": 9}],
    ids=str,
)
def test_a_sheet_says_for_ever_who_gave_it_when_and_how(cast, sheet, change):
    if "given_at" in change:
        change = {"given_at": sheet.given_at.replace(year=2020)}
    assert is_refused(lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(**change))
    assert is_refused(lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(given_by=cast.chair))


def test_a_sheet_is_never_deleted(sheet):
    sheets = AnswerSheet.objects.filter(pk=sheet.pk)
    assert is_refused(lambda: sheets._raw_delete(sheets.db))


def test_what_was_ended_never_counts_again(cast, sheet):
    actions.withdraw_answer(sheet.slip, by=cast.minister)
    assert is_refused(lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(standing="counts"))


@pytest.mark.parametrize("table", ["opinions_answer", "opinions_answersheet", "opinions_answer_options"])
def test_no_table_of_answers_is_emptied(sheet, table):
    def empty():
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")

    assert is_refused(empty)
