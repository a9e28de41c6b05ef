"""Secret ballots: who counts, and the fields of a vote that never leave the browser unsealed."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.models import OpinionRequest, Question
from opinions.rules import QuestionForm
from people.models import Appointment


class OfficeChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, office: Any) -> str:
        return f"{office.user.full_name}, {office.title}"


class CountersForm(forms.Form):
    """The counters: people who hold an office in the body, members or not."""

    counters = OfficeChoice(
        label=_("Counters"),
        queryset=Appointment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of them are needed to open the box. Name people who do not answer to one another."),
    )

    def __init__(self, *args: Any, opinion_request: OpinionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Appointment.objects.current().filter(body=opinion_request.body_id, user__is_active=True)
        one_each = offices.order_by("user", "protocol_order", "pk").distinct("user").values("pk")
        self.fields["counters"].queryset = (
            Appointment.objects.filter(pk__in=one_each)
            .select_related("user")
            .order_by("protocol_order", "user__full_name")
        )

    def clean_counters(self) -> list[Appointment]:
        named = list(self.cleaned_data["counters"])
        if not rules.FEWEST_COUNTERS <= len(named) <= rules.MOST_COUNTERS:
            raise forms.ValidationError(
                gettext("Name %(least)s to %(most)s counters.")
                % {"least": rules.FEWEST_COUNTERS, "most": rules.MOST_COUNTERS}
            )
        return named


class BallotForm(forms.Form):
    """Only shown: what is chosen in it is sealed in the browser, and no field of it is ever sent."""

    def __init__(self, *, opinion_request: OpinionRequest) -> None:
        super().__init__()
        self.asked_for = list(opinion_request.questions.prefetch_related("options__parent"))
        for question in self.asked_for:
            self.fields[f"choice_{question.pk}"] = self._make_field(opinion_request, question)

    def _make_field(self, opinion_request: OpinionRequest, question: Question) -> forms.Field:
        if question.form == QuestionForm.OPTIONS:
            most = ngettext(
                "Choose at most %(most)s option.", "Choose at most %(most)s options.", question.max_choices
            ) % {"most": question.max_choices}
            return forms.MultipleChoiceField(
                label=_("Your vote"),
                choices=[(str(option.pk), str(option)) for option in question.offered],
                widget=forms.CheckboxSelectMultiple,
                help_text=most,
            )
        return forms.ChoiceField(
            label=_("Your vote"),
            choices=[(code, str(taken)) for code, taken in opinion_request.classes.items()],
            widget=forms.RadioSelect,
        )

    @property
    def asked(self) -> list[tuple[Question, forms.BoundField]]:
        return [(question, self[f"choice_{question.pk}"]) for question in self.asked_for]


class SealedField(forms.JSONField):
    """An object as a browser of this system makes it: nothing that cannot be read, stored and written."""

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
            is_whole = "\\u0000" not in json.dumps(found)
            json.dumps(found, ensure_ascii=False).encode()  # no half characters
        except (ValueError, RecursionError):
            is_whole = False
        if not is_whole or not isinstance(found, dict):
            raise forms.ValidationError(gettext("This is not what a browser of this system sends."))
        return found


class SealedForm(forms.Form):
    """What a browser sends: a sealed ballot, or a share of the opening."""

    sealed = SealedField()


class KeyForm(forms.Form):
    """A counter's share of the key, and the locked half."""

    share = SealedField()
    locked = SealedField()

    def clean_locked(self) -> dict[str, Any]:
        locked: dict[str, Any] = self.cleaned_data["locked"]
        whole = {"kind", "kdf", "iterations", "salt", "iv", "data"}
        if set(locked) != whole or len(str(locked)) > 2000:
            raise forms.ValidationError(gettext("This is not a locked key."))
        return locked
