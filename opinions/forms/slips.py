"""The answer of a member."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.forms.fields import PositionInADraft, UnlessItIsClear, text
from opinions.models import OpinionSlip, Question
from opinions.rules import QuestionForm


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with the fields of its answer: a position or options, and words."""

    question: Question
    said: Any
    reason: Any

    @property
    def sent(self) -> list[Any]:
        """The values that stand in the field."""
        value = self.said.value() or []
        return list(value) if isinstance(value, list | tuple) else [value]

    @property
    def chosen(self) -> str:
        """In words, for the second step."""
        wanted = {str(one) for one in self.sent}
        return "; ".join(str(label) for key, label in self.said.field.choices if str(key) in wanted)


class AnswerForm(forms.Form):
    """A position or options and a reason for each question. With `complete=False` it takes half a draft."""

    def __init__(
        self,
        data: Any = None,
        *,
        slip: OpinionSlip,
        complete: bool = True,
        answers_oneself: bool = True,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.slip, self.complete, self.is_late = slip, complete, False
        self.asked_for = list(slip.request.questions.prefetch_related("options__parent"))
        label = _("Your opinion") if answers_oneself else _("Opinion of the member")
        for question in self.asked_for:
            known = (answers or {}).get(str(question.pk), {})
            self.fields[self._name(question)] = self._make_field(question, label, known)
            self.fields[f"reason_{question.pk}"] = UnlessItIsClear(
                label=_("Reason or opinion"),
                max_length=rules.REASON_LIMIT,
                widget=text(4),
                initial=known.get("reason", ""),
                help_text=self._explain_reason(question),
            )

    def _make_field(self, question: Question, label: Any, known: Mapping[str, Any]) -> forms.Field:
        if question.form == QuestionForm.OPTIONS:
            return forms.TypedMultipleChoiceField(
                label=label,
                choices=[(option.pk, str(option)) for option in question.offered],
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                required=self.complete,
                initial=known.get("options", ()),
                help_text=ngettext(
                    "Choose at most %(most)s option.",
                    "Choose at most %(most)s options.",
                    question.max_choices,
                )
                % {"most": question.max_choices},
                error_messages={"required": _("Choose one of the options.")},
            )
        offered = [(code, str(taken)) for code, taken in self.slip.request.classes.items()]
        return (forms.ChoiceField if self.complete else PositionInADraft)(
            label=label,
            choices=offered,
            widget=forms.RadioSelect,
            initial=known.get("position"),
            error_messages={"required": _("Choose one of the options.")},
        )

    def _explain_reason(self, question: Question) -> str:
        """For which answers a reason is required, by their words."""
        demanding = [
            f"“{taken}”"
            for taken in self.slip.request.classes.values()
            if taken.reason == rules.ReasonRule.REQUIRED
        ]
        if question.form == QuestionForm.OPTIONS or not demanding:
            return ""
        return gettext("Required with: %(answers)s.") % {"answers": ", ".join(demanding)}

    @staticmethod
    def _name(question: Question) -> str:
        return f"{'options' if question.form == QuestionForm.OPTIONS else 'position'}_{question.pk}"

    @property
    def asked(self) -> list[AnsweredQuestion]:
        return [
            AnsweredQuestion(question, self[self._name(question)], self[f"reason_{question.pk}"])
            for question in self.asked_for
        ]

    @property
    def answers(self) -> dict[int, dict[str, Any]]:
        """What the action asks for."""
        answers: dict[int, dict[str, Any]] = {}
        for question in self.asked_for:
            said = self.cleaned_data[self._name(question)]
            kind = "options" if question.form == QuestionForm.OPTIONS else "position"
            answers[question.pk] = {kind: said, "reason": self.cleaned_data[f"reason_{question.pk}"]}
        return answers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.asked_for if self.complete else ():
            self._check(question, cleaned)
        if self.complete and (reason := rules.request_takes_answers(self.slip)):
            self.is_late = True
            self.add_error(None, reason)
        return cleaned

    def _check(self, question: Question, cleaned: Mapping[str, Any]) -> None:
        """What is missing is told at its field."""
        name, words = self._name(question), f"reason_{question.pk}"
        said = cleaned.get(name)
        if question.form == QuestionForm.OPTIONS:
            if said and (fault := rules.choice_is_allowed(question, said)):
                self.add_error(name, fault)
            return
        taken = self.slip.request.classes.get(said or "")
        if taken and words not in self.errors and rules.reason_is_missing(taken, cleaned.get(words, "")):
            self.add_error(
                words, gettext("Give the reason: it is required for “%(position)s”.") % {"position": taken}
            )
