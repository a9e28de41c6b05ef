"""Putting the corrected dossier before the members: as it was asked, or asked anew."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.actions import AskedQuestion, OfferedOption
from opinions.forms.fields import UnlessItIsClear, text
from opinions.rules import QuestionForm

PART, PROPOSED = "-", "*"


class AnswersThen(models.TextChoices):
    STAY = "stay", _("Answers given stay. Whoever has answered may answer anew until the deadline.")
    ANEW = "anew", _("The members are asked anew. Answers given so far are kept on record and count no more.")


class CorrectionForm(forms.Form):
    """The reason, what becomes of the answers, and the questions as they are to be asked from now on."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=rules.REASON_LIMIT,
        widget=text(3),
        help_text=_("Shown to all readers of the dossier."),
    )
    answers = forms.ChoiceField(
        label=_("What becomes of the answers given so far"),
        choices=AnswersThen,
        widget=forms.RadioSelect,
        initial=AnswersThen.STAY,
    )

    def __init__(self, *args: Any, asked: Sequence[AskedQuestion], reason: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial={"reason": reason}, **kwargs)
        self.asked = list(asked)
        for place, question in enumerate(self.asked, 1):
            self._add_question(place, question)
        if len(self.asked) < rules.QUESTIONS_LIMIT:
            self.fields["question_new"] = UnlessItIsClear(
                label=_("One question more"), max_length=2000, widget=text(2)
            )

    def _add_question(self, place: int, question: AskedQuestion) -> None:
        label = _("Question %(place)s") % {"place": place}
        self.fields[f"question_{place}"] = UnlessItIsClear(
            label=label, max_length=2000, initial=question.text, widget=text(2)
        )
        if question.form != QuestionForm.OPTIONS:
            return
        self.fields[f"options_{place}"] = UnlessItIsClear(
            label=_("Options of question %(place)s") % {"place": place},
            initial=write_options(question.options),
            widget=text(6),
            help_text=_(
                "One on each line. A line that begins with - is a part of the option above it; "
                "a line that begins with * is proposed by the lead agency."
            ),
        )
        self.fields[f"most_{place}"] = forms.IntegerField(
            label=_("Options that may be chosen in question %(place)s, at most") % {"place": place},
            min_value=1,
            max_value=rules.OPTIONS_LIMIT,
            initial=question.max_choices,
        )

    @property
    def question_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(("question_", "options_", "most_"))]

    @property
    def wanted(self) -> list[AskedQuestion]:
        """As they stand in the fields; what was emptied is asked no more."""
        given = self.cleaned_data
        questions = []
        for place, question in enumerate(self.asked, 1):
            if not (wording := given.get(f"question_{place}", "").strip()):
                continue
            if question.form == QuestionForm.OPTIONS:
                options = read_options(given.get(f"options_{place}", ""))
                most = given.get(f"most_{place}") or 1
                questions.append(AskedQuestion(wording, QuestionForm.OPTIONS, most, options))
            else:
                questions.append(AskedQuestion(wording))
        if more := given.get("question_new", "").strip():
            questions.append(AskedQuestion(more))
        return questions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if not self.wanted:
            self.add_error("question_1", gettext("Ask at least one question."))
        elif cleaned["answers"] == AnswersThen.STAY and self.is_changed:
            self.add_error(
                "answers",
                gettext("Other questions need new answers: choose that the members are asked anew."),
            )
        for place, question in enumerate(self.asked, 1):
            if question.form == QuestionForm.OPTIONS and cleaned.get(f"question_{place}"):
                self._check_options(f"options_{place}", cleaned.get(f"options_{place}", ""))
        return cleaned

    @property
    def is_changed(self) -> bool:
        return any(name in self.changed_data for name in self.fields if name not in ("reason", "answers"))

    def _check_options(self, name: str, lines: str) -> None:
        options = read_options(lines)
        number = sum(1 + len(option.parts) for option in options)
        if len(options) < 2 and number < 3:
            self.add_error(name, gettext("Offer at least two options."))
        elif number > rules.OPTIONS_LIMIT:
            self.add_error(
                name, gettext("At most %(limit)s options can be offered.") % {"limit": rules.OPTIONS_LIMIT}
            )

    def deed(self) -> dict[str, Any]:
        """What the action asks for."""
        anew = self.cleaned_data["answers"] == AnswersThen.ANEW
        return {
            "reason": self.cleaned_data["reason"],
            "voids_answers": anew,
            "questions": self.wanted if anew else None,
        }


def write_options(options: Sequence[OfferedOption]) -> str:
    """One on each line, as they are edited."""
    lines = []
    for option in options:
        lines.append(_write(option))
        lines += [f"{PART} {_write(part)}" for part in option.parts]
    return "\n".join(lines)


def read_options(lines: str) -> tuple[OfferedOption, ...]:
    """A part without an option above it is an option itself."""
    options: list[OfferedOption] = []
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        is_part = line.startswith(PART) and bool(options)
        option = _read(line.lstrip(PART).strip())
        if not option.text:
            continue
        if is_part:
            above = options[-1]
            options[-1] = OfferedOption(above.text, above.is_proposed, (*above.parts, option))
        else:
            options.append(option)
    return tuple(options)


def _write(option: OfferedOption) -> str:
    return f"{PROPOSED} {option.text}" if option.is_proposed else option.text


def _read(line: str) -> OfferedOption:
    return OfferedOption(line.lstrip(PROPOSED).strip()[:500], line.startswith(PROPOSED))
