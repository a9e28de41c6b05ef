"""Putting the corrected dossier before the members: as it was asked, or asked anew."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.actions import AskedQuestion, asks_otherwise, read_questions
from opinions.forms.fields import text
from opinions.forms.questions import QuestionsForm, TypedQuestion
from opinions.models import OpinionRequest
from opinions.rules import QuestionForm


class AnswersThen(models.TextChoices):
    STAY = "stay", _("Answers given stay. Whoever has answered may answer anew until the deadline.")
    ANEW = "anew", _("The members are asked anew. Answers given so far are kept on record and count no more.")


class CorrectionForm(QuestionsForm):
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

    def __init__(self, *args: Any, opinion_request: OpinionRequest, **kwargs: Any) -> None:
        self.opinion_request = opinion_request
        super().__init__(*args, **kwargs)

    @staticmethod
    def describe(opinion_request: OpinionRequest) -> "CorrectionForm":
        """With what is asked now, and the reason for which the correction began."""
        questions = [TypedQuestion.of(asked) for asked in read_questions(opinion_request)]
        reason = opinion_request.dossier.correction_reason
        return CorrectionForm(
            initial={"reason": reason}, questions=questions, opinion_request=opinion_request
        )

    def rearranged(self, asked_for: Mapping[str, str]) -> "CorrectionForm | None":
        """The same with one row more or less, where a button asks for it."""
        if (questions := self.rearranged_questions(asked_for)) is None:
            return None
        initial = {name: self[name].value() for name in ("reason", "answers")}
        return CorrectionForm(initial=initial, questions=questions, opinion_request=self.opinion_request)

    @property
    def opens_questions(self) -> bool:
        """Whoever asks other questions sees them; the rest need not."""
        stored = [TypedQuestion.of(asked) for asked in read_questions(self.opinion_request)]
        return self.typed_questions != stored or self["answers"].value() == AnswersThen.ANEW

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        asked = self.asked()
        for number, question in enumerate(asked, 1):
            self._check_options(number, question)
        if not any(question.text.strip() for question in asked):
            self.add_error("question_1", gettext("Ask at least one question."))
        elif cleaned["answers"] == AnswersThen.STAY and asks_otherwise(self.opinion_request, asked):
            self.add_error(
                "answers",
                gettext("Other questions need new answers: choose that the members are asked anew."),
            )
        return cleaned

    def _check_options(self, number: int, question: AskedQuestion) -> None:
        """A choice is among two things at least, and never of more than there are."""
        if question.form != QuestionForm.OPTIONS or not question.text.strip():
            return
        offered = sum(len(option.parts) or 1 for option in question.options)
        if offered < 2:
            self.add_error(f"question_{number}", gettext("Offer at least two options."))
        elif question.max_choices > offered:
            self.add_error(
                f"most_{number}", gettext("There are only %(count)s options.") % {"count": offered}
            )

    def deed(self) -> dict[str, Any]:
        """What the action asks for."""
        anew = self.cleaned_data["answers"] == AnswersThen.ANEW
        return {
            "reason": self.cleaned_data["reason"],
            "voids_answers": anew,
            "questions": self.asked() if anew else None,
        }
