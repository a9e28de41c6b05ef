"""The matter, its questions, and reasons."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.forms.fields import UnlessItIsClear, text
from opinions.models import OpinionRequest
from people.models import Organisation

LONGEST = 10_000


class RequestForm(forms.Form):
    """The matter and its questions. A draft may be saved half-finished: only what it is about is required."""

    subject = forms.CharField(
        label=_("Subject"), max_length=500, widget=text(2), help_text=_("As it will stand on the slip.")
    )
    lead_agency = forms.ModelChoiceField(label=_("Lead agency"), queryset=None)
    deadline = forms.DateTimeField(label=_("Deadline"), widget=forms.DateTimeInput)
    proposal = forms.CharField(
        label=_("Proposal of the lead agency"),
        max_length=LONGEST,
        required=False,
        widget=text(5),
        help_text=_("What a member agrees to by agreeing, or by not answering."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_agency"].queryset = Organisation.objects.all()
        asked = self._read_questions() if self.is_bound else list(questions) or [""]
        for place, wording in enumerate(asked[: rules.QUESTIONS_LIMIT], 1):
            self.fields[f"question_{place}"] = UnlessItIsClear(
                label=_("Question %(place)s") % {"place": place},
                max_length=2000,
                initial=wording,
                widget=text(2),
            )

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions, in their order."""
        return [self[name] for name in self.fields if name.startswith("question_")]

    def rearranged(self, *, add: bool = False, remove: int = 0) -> "RequestForm":
        """The same text with one question more, or without one: for those without a script."""
        texts = [text for place, text in enumerate(self._read_questions(), 1) if place != remove]
        initial = {name: self[name].value() for name in self.fields if not name.startswith("question_")}
        return RequestForm(initial=initial, questions=[*texts, *([""] if add or not texts else [])])

    def deed(self) -> dict[str, Any]:
        """What the action asks for."""
        cleaned = {
            name: value for name, value in self.cleaned_data.items() if not name.startswith("question_")
        }
        return {**cleaned, "questions": [self.cleaned_data[field.name] for field in self.questions]}

    @property
    def typed(self) -> dict[str, str]:
        """As it stands in the fields, checked or not."""
        typed = {name: self.data[name] for name in self.fields if name in self.data}
        return {name: text.replace("\0", "")[:LONGEST] for name, text in typed.items()}

    def _read_questions(self) -> list[str]:
        names = [f"question_{place}" for place in range(1, rules.QUESTIONS_LIMIT + 1)]
        return [self.data[name] for name in names if name in self.data]

    @staticmethod
    def describe(opinion_request: OpinionRequest) -> "RequestForm":
        """The form with what is stored, or with what was typed since."""
        if typed := dict(opinion_request.unsaved):
            names = [f"question_{place}" for place in range(1, rules.QUESTIONS_LIMIT + 1)]
            asked = [typed.pop(name) for name in names if name in typed]
            return RequestForm(initial=typed, questions=asked)
        return RequestForm(
            initial={
                "subject": opinion_request.subject,
                "lead_agency": opinion_request.lead_agency_id,
                "deadline": opinion_request.deadline,
                "proposal": opinion_request.proposal,
                "revision": opinion_request.revision,
            },
            questions=[question.text for question in opinion_request.questions.all()]
            if opinion_request.pk
            else (),
        )


class ReasonForm(forms.Form):
    """Why something is given back or called back."""

    reason = forms.CharField(label=_("Reason"), max_length=rules.REASON_LIMIT, widget=text(4))


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the lead agency"), max_length=rules.REASON_LIMIT, required=False, widget=text(4)
    )
