"""Writing down what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opinions.models import OpinionRequest, Option, Question
from opinions.rules import QuestionForm
from opinions.wording import tidy


@dataclass(frozen=True)
class OfferedOption:
    """One thing to choose, with its parts."""

    text: str
    is_proposed: bool = False
    parts: tuple["OfferedOption", ...] = ()


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is to be asked."""

    text: str
    form: str = QuestionForm.POSITIONS
    max_choices: int = 1
    options: tuple[OfferedOption, ...] = ()


Asked = Sequence[str | AskedQuestion]


def ask(opinion_request: OpinionRequest, questions: Asked) -> None:
    """The questions of the draft; nothing is written where they are the same."""
    wanted = _tidy_all(questions)
    if wanted == read_questions(opinion_request):
        return
    opinion_request.questions.all().delete()
    _write(opinion_request, wanted)


def asks_otherwise(opinion_request: OpinionRequest, questions: Asked) -> bool:
    """Whether these are other questions than those asked now."""
    return _tidy_all(questions) != read_questions(opinion_request)


def ask_anew(opinion_request: OpinionRequest, questions: Asked) -> None:
    """Other questions in a new issue; those of earlier issues stay on record with their answers."""
    wanted = _tidy_all(questions)
    if wanted == read_questions(opinion_request):
        return
    opinion_request.questions.update(dropped_in=opinion_request.issue)
    _write(opinion_request, wanted)


def read_questions(opinion_request: OpinionRequest) -> list[AskedQuestion]:
    """As they are asked now."""
    asked = []
    for question in opinion_request.questions.prefetch_related("options"):
        options = list(question.options.all())
        top = [option for option in options if option.parent_id is None]
        asked.append(
            AskedQuestion(
                question.text,
                question.form,
                question.max_choices,
                tuple(
                    OfferedOption(
                        option.text,
                        option.is_proposed,
                        tuple(
                            OfferedOption(part.text, part.is_proposed)
                            for part in options
                            if part.parent_id == option.pk
                        ),
                    )
                    for option in top
                ),
            )
        )
    return asked


def describe_questions(opinion_request: OpinionRequest) -> list[Any]:
    """For the trail: the text, and the options where there are any."""
    return [
        question.text
        if question.form == QuestionForm.POSITIONS
        else {"question": question.text, "at_most": question.max_choices, "options": _spell(question.options)}
        for question in read_questions(opinion_request)
    ]


def _spell(options: tuple[OfferedOption, ...]) -> list[Any]:
    return [
        {"option": option.text, "parts": _spell(option.parts)}
        if option.parts
        else {"option": option.text, "proposed": True}
        if option.is_proposed
        else option.text
        for option in options
    ]


def _tidy_all(questions: Asked) -> list[AskedQuestion]:
    asked = (AskedQuestion(question) if isinstance(question, str) else question for question in questions)
    return [
        AskedQuestion(
            tidy(question.text),
            str(question.form),
            question.max_choices if question.form == QuestionForm.OPTIONS else 1,
            _tidy_options(question.options) if question.form == QuestionForm.OPTIONS else (),
        )
        for question in asked
        if tidy(question.text)
    ]


def _tidy_options(options: tuple[OfferedOption, ...]) -> tuple[OfferedOption, ...]:
    return tuple(
        OfferedOption(tidy(option.text), option.is_proposed, _tidy_options(option.parts))
        for option in options
        if tidy(option.text)
    )


def _write(opinion_request: OpinionRequest, asked: list[AskedQuestion]) -> None:
    questions = Question.objects.bulk_create(
        Question(
            request=opinion_request,
            place=place,
            text=question.text,
            form=question.form,
            max_choices=question.max_choices,
        )
        for place, question in enumerate(asked, 1)
    )
    for question, wanted in zip(questions, asked, strict=True):
        place = 0
        for option in wanted.options:
            place += 1
            parent = Option.objects.create(
                question=question, place=place, text=option.text, is_proposed=option.is_proposed
            )
            for part in option.parts:
                place += 1
                Option.objects.create(
                    question=question,
                    parent=parent,
                    place=place,
                    text=part.text,
                    is_proposed=part.is_proposed,
                )
