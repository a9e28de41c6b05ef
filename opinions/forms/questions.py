"""What is asked, as it is typed: questions, and the options of those that offer a choice.

Each button changes the rows on the server and shows the form again, so that it works without a script too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.forms.fields import UnlessItIsClear, text
from opinions.rules import QuestionForm

REARRANGING = (
    "add_question",
    "remove_question",
    "offer_options",
    "ask_positions",
    "add_option",
    "add_part",
    "remove_option",
)


@dataclass(frozen=True)
class TypedOption:
    text: str = ""
    is_part: bool = False  # of the option above that is none
    is_proposed: bool = False


@dataclass(frozen=True)
class TypedQuestion:
    text: str = ""
    form: str = QuestionForm.POSITIONS
    most: Any = 1
    options: tuple[TypedOption, ...] = ()

    @property
    def offers_options(self) -> bool:
        return self.form == QuestionForm.OPTIONS

    @classmethod
    def of(cls, asked: AskedQuestion) -> "TypedQuestion":
        options: list[TypedOption] = []
        for option in asked.options:
            options.append(TypedOption(option.text, is_proposed=option.is_proposed))
            options += (TypedOption(part.text, True, part.is_proposed) for part in option.parts)
        return cls(asked.text, asked.form, asked.max_choices, tuple(options))


@dataclass(frozen=True)
class OptionRow:
    """The fields of one option on the page."""

    key: str  # which question and which option a button means
    is_part: bool
    is_divided: bool  # into parts: then one of them is chosen instead
    text: Any
    level: Any
    proposed: Any


@dataclass(frozen=True)
class QuestionRow:
    number: int
    offers_options: bool
    text: Any
    form: Any
    most: Any = None
    options: list[OptionRow] = field(default_factory=list)
    may_grow: bool = True


class QuestionsForm(forms.Form):
    """A form that asks questions beside what else it has."""

    def __init__(self, *args: Any, questions: Iterable[TypedQuestion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed_questions = read_typed(self.data) if self.is_bound else list(questions)
        self.typed_questions = (self.typed_questions or [TypedQuestion()])[: rules.QUESTIONS_LIMIT]
        for number, question in enumerate(self.typed_questions, 1):
            self._add_fields(number, question)

    def _add_fields(self, number: int, question: TypedQuestion) -> None:
        label = _("Question %(place)s") % {"place": number}
        self.fields[f"question_{number}"] = UnlessItIsClear(
            label=label, max_length=2000, initial=question.text, widget=text(2)
        )
        self.fields[f"form_{number}"] = forms.CharField(
            required=False, initial=question.form, widget=forms.HiddenInput
        )
        if not question.offers_options:
            return
        self.fields[f"most_{number}"] = forms.IntegerField(
            label=_("How many options a member may choose at most"),
            min_value=1,
            max_value=rules.OPTIONS_LIMIT,
            initial=question.most,
        )
        for place, (option, label) in enumerate(_number(question.options), 1):
            key = f"{number}_{place}"
            words = _("Part %(place)s") if option.is_part else _("Option %(place)s")
            self.fields[f"option_{key}"] = UnlessItIsClear(
                label=words % {"place": label}, max_length=500, initial=option.text
            )
            self.fields[f"level_{key}"] = forms.CharField(
                required=False, initial="2" if option.is_part else "1", widget=forms.HiddenInput
            )
            self.fields[f"proposed_{key}"] = forms.BooleanField(
                label=_("Proposed by the lead agency"), required=False, initial=option.is_proposed
            )

    def hidden_fields(self) -> list[Any]:
        """Those at the head of the form; the rows of the questions have their own with them."""
        return [one for one in super().hidden_fields() if not one.name.startswith(("form_", "level_"))]

    @property
    def questions(self) -> list[QuestionRow]:
        """The fields of the questions, in their order."""
        return [self._row(number, question) for number, question in enumerate(self.typed_questions, 1)]

    def _row(self, number: int, question: TypedQuestion) -> QuestionRow:
        row = QuestionRow(number, question.offers_options, self[f"question_{number}"], self[f"form_{number}"])
        if not question.offers_options:
            return row
        options = [
            OptionRow(
                key=f"{number}.{place}",
                is_part=option.is_part,
                is_divided=_is_divided(question.options, place),
                text=self[f"option_{number}_{place}"],
                level=self[f"level_{number}_{place}"],
                proposed=self[f"proposed_{number}_{place}"],
            )
            for place, option in enumerate(question.options, 1)
        ]
        may_grow = len(options) < rules.OPTIONS_LIMIT
        return replace(row, most=self[f"most_{number}"], options=options, may_grow=may_grow)

    @property
    def may_ask_more(self) -> bool:
        return len(self.typed_questions) < rules.QUESTIONS_LIMIT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number, question in enumerate(self.typed_questions, 1):
            for place, option in enumerate(question.options, 1):
                if not option.text.strip() and _is_divided(question.options, place):
                    name = f"option_{number}_{place}"
                    self.add_error(name, gettext("Name the option that these are the parts of."))
        return cleaned

    def asked(self) -> list[AskedQuestion]:
        """What the action asks for; what was left empty is not asked."""
        return [
            AskedQuestion(
                self.cleaned_data[f"question_{number}"],
                question.form,
                self.cleaned_data.get(f"most_{number}", 1),
                tuple(_join_parts(question.options)),
            )
            for number, question in enumerate(self.typed_questions, 1)
        ]

    def rearranged_questions(self, asked_for: Mapping[str, str]) -> list[TypedQuestion] | None:
        """What was typed, with one row more or less as the button says; None where none was pressed."""
        name = next((name for name in REARRANGING if name in asked_for), None)
        if name is None:
            return None
        number, place = _read_key(asked_for[name])
        questions = list(self.typed_questions)
        if name == "add_question":
            return [*questions, TypedQuestion()]
        if not 1 <= number <= len(questions):
            return questions
        if name == "remove_question":
            return [question for n, question in enumerate(questions, 1) if n != number]
        questions[number - 1] = _rearrange(name, questions[number - 1], place)
        return questions


def read_typed(typed: Mapping[str, Any]) -> list[TypedQuestion]:
    """The questions as they stand in the fields, checked or not."""
    questions = []
    for number in range(1, rules.QUESTIONS_LIMIT + 1):
        if f"question_{number}" not in typed:
            continue
        offers = typed.get(f"form_{number}") == QuestionForm.OPTIONS
        options = [
            TypedOption(
                str(typed[f"option_{number}_{place}"]),
                typed.get(f"level_{number}_{place}") == "2",
                bool(typed.get(f"proposed_{number}_{place}")),
            )
            for place in range(1, rules.OPTIONS_LIMIT + 1)
            if f"option_{number}_{place}" in typed
        ]
        questions.append(
            TypedQuestion(
                str(typed[f"question_{number}"]),
                QuestionForm.OPTIONS if offers else QuestionForm.POSITIONS,
                typed.get(f"most_{number}", 1),
                tuple(_lift_orphans(options)) if offers else (),
            )
        )
    return questions


def _lift_orphans(options: list[TypedOption]) -> list[TypedOption]:
    """The first is no part: there is nothing above it."""
    return [replace(option, is_part=option.is_part and n > 0) for n, option in enumerate(options)]


def _number(options: Iterable[TypedOption]) -> Iterator[tuple[TypedOption, str]]:
    """1, 2, and its parts 2.1, 2.2."""
    option = part = 0
    for one in options:
        option, part = (option, part + 1) if one.is_part else (option + 1, 0)
        yield one, f"{option}.{part}" if one.is_part else f"{option}"


def _is_divided(options: tuple[TypedOption, ...], place: int) -> bool:
    return not options[place - 1].is_part and place < len(options) and options[place].is_part


def _rearrange(name: str, question: TypedQuestion, place: int) -> TypedQuestion:
    options = list(question.options)
    if name == "offer_options":
        return replace(question, form=QuestionForm.OPTIONS, options=(TypedOption(), TypedOption()))
    if name == "ask_positions":
        return TypedQuestion(question.text)
    if name == "add_option":
        options.append(TypedOption())
    elif 1 <= place <= len(options):
        end = place  # of the option with its parts
        while end < len(options) and options[end].is_part:
            end += 1
        if name == "add_part":
            options[place - 1] = replace(options[place - 1], is_proposed=False)
            options[end:end] = [TypedOption(is_part=True)]
        else:
            del options[place - 1 : place if options[place - 1].is_part else end]
    return replace(question, options=tuple(options[: rules.OPTIONS_LIMIT]))


def _join_parts(options: tuple[TypedOption, ...]) -> list[OfferedOption]:
    joined: list[OfferedOption] = []
    for option in options:
        if not option.text.strip():
            continue
        if option.is_part:
            part = OfferedOption(option.text, option.is_proposed)
            joined[-1] = replace(joined[-1], is_proposed=False, parts=(*joined[-1].parts, part))
        else:
            joined.append(OfferedOption(option.text, option.is_proposed))
    return joined


def _read_key(text: str) -> tuple[int, int]:
    """`2` is the second question, `2.3` its third option."""
    numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in text.split(".")[:2]]
    return numbers[0], numbers[1] if len(numbers) > 1 else 0
