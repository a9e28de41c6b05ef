"""The shape of what is typed in: required, type, length. What is allowed stands in the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decisions.forms import SignedResolutionForm
from decisions.tally import Position
from opinions import rules
from opinions.models import Answer, OpinionRequest, OpinionSlip, Question
from people.models import Appointment, Organisation
from people.rules import PRESIDING

LONGEST = 10_000


def _text(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class UnlessItIsClear(forms.CharField):
    """Required or not by what else is answered, so the form itself decides; no label calls it optional."""

    def validate(self, value: Any) -> None:
        """Nothing by itself."""


class PositionInADraft(forms.ChoiceField):
    """May be left open as yet."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class RequestForm(forms.Form):
    """The matter and its questions. A draft may be saved half-finished: only what it is about is required."""

    subject = forms.CharField(
        label=_("Subject"), max_length=500, widget=_text(2), help_text=_("As it will stand on the slip.")
    )
    lead_agency = forms.ModelChoiceField(label=_("Lead agency"), queryset=None)
    deadline = forms.DateTimeField(label=_("Deadline"), widget=forms.DateTimeInput)
    proposal = forms.CharField(
        label=_("Proposal of the lead agency"),
        max_length=LONGEST,
        required=False,
        widget=_text(5),
        help_text=_("What a member agrees to by agreeing, or by not answering."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_agency"].queryset = Organisation.objects.all()
        asked = self._read_questions() if self.is_bound else list(questions) or [""]
        for place, text in enumerate(asked[: rules.QUESTIONS_LIMIT], 1):
            self.fields[f"question_{place}"] = UnlessItIsClear(
                label=_("Question %(place)s") % {"place": place},
                max_length=2000,
                initial=text,
                widget=_text(2),
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

    reason = forms.CharField(label=_("Reason"), max_length=rules.REASON_LIMIT, widget=_text(4))


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the lead agency"), max_length=rules.REASON_LIMIT, required=False, widget=_text(4)
    )


@dataclass(frozen=True)
class AskedQuestion:
    """A question with the two fields of its answer."""

    question: Question
    position: Any
    reason: Any

    @property
    def chosen(self) -> str:
        """In words, for the second step."""
        return str(Answer.PositionChoice(self.position.value()).label) if self.position.value() else ""


class AnswerForm(forms.Form):
    """A position and a reason for each question. With `complete=False` it takes half a draft."""

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
        for question in slip.request.questions.all():
            known = (answers or {}).get(str(question.pk), {})
            self.fields[f"position_{question.pk}"] = (forms.ChoiceField if complete else PositionInADraft)(
                label=_("Your opinion") if answers_oneself else _("Opinion of the member"),
                choices=Answer.PositionChoice.choices,
                widget=forms.RadioSelect,
                initial=known.get("position"),
                error_messages={"required": _("Choose one of the options.")},
            )
            self.fields[f"reason_{question.pk}"] = UnlessItIsClear(
                label=_("Reason or opinion"),
                max_length=rules.REASON_LIMIT,
                widget=_text(4),
                initial=known.get("reason", ""),
                help_text=_("Required if you disagree or have another opinion."),
            )

    @property
    def asked(self) -> list[AskedQuestion]:
        return [
            AskedQuestion(question, self[f"position_{question.pk}"], self[f"reason_{question.pk}"])
            for question in self.slip.request.questions.all()
        ]

    @property
    def answers(self) -> dict[int, dict[str, str]]:
        """What the action asks for."""
        return {
            question.pk: {
                "position": self.cleaned_data[f"position_{question.pk}"],
                "reason": self.cleaned_data[f"reason_{question.pk}"],
            }
            for question in self.slip.request.questions.all()
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.slip.request.questions.all() if self.complete else ():
            position, name = cleaned.get(f"position_{question.pk}"), f"reason_{question.pk}"
            if (
                position not in (None, "", Position.AGREE)
                and not cleaned.get(name)
                and name not in self.errors
            ):
                self.add_error(name, _("Give the reason: it is required unless you agree."))
        if self.complete and (reason := rules.request_takes_answers(self.slip)):
            self.is_late = True
            self.add_error(None, reason)
        return cleaned


class DecisionForm(SignedResolutionForm):
    """The draft resolution, as text that the specialist works on, and who is to sign it."""

    signer = forms.ModelChoiceField(label=_("Signer"), queryset=None)

    def __init__(self, *args: Any, rule_set: Any, **kwargs: Any) -> None:
        super().__init__(*args, body=rule_set.body, **kwargs)
        offices = Appointment.objects.current().filter(body=rule_set.body, role__in=PRESIDING)
        self.fields["signer"].queryset = offices.select_related("user").order_by("protocol_order", "pk")
        if not rule_set.resolutions_signed:
            del self.fields["initials_by"]

    @staticmethod
    def describe(wording: Any, *, rule_set: Any) -> "DecisionForm":
        initial = {name: getattr(wording, name, None) for name in DecisionForm.base_fields}
        return DecisionForm(rule_set=rule_set, initial=initial)


class FilterForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=_("Words in the subject"), max_length=200, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *rules.RequestStatus.choices]
    )

    def chosen(self) -> dict[str, str]:
        """What is understood of the address; the rest is left out."""
        self.is_valid()
        return {"words": self.cleaned_data.get("q", ""), "state": self.cleaned_data.get("state", "")}
