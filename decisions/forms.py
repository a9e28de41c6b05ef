"""Shapes of input: the text of a resolution, a rule set, a public holiday."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from decisions.models import DayOff, RuleSet
from decisions.rules import CopyForm
from people.models import Appointment, Body
from people.rules import Role


class LinesField(forms.CharField):
    """One entry a line."""

    widget = forms.Textarea(attrs={"rows": 6})
    separator = r"\n"

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFC", super().to_python(value)).replace("\r\n", "\n")
        return [part.strip() for part in re.split(self.separator, text) if part.strip()]


class ArticlesField(LinesField):
    """An empty line between two articles; the lines of one stay together."""

    widget = forms.Textarea(attrs={"rows": 14})
    separator = r"\n\s*\n"

    def prepare_value(self, value: Any) -> Any:
        return "\n\n".join(value) if isinstance(value, list) else value


class ResolutionForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As it is printed below the kind of document."),
    )
    bases = LinesField(
        label=_("Legal bases"), help_text=_("One a line, in the order in which they are printed.")
    )
    articles = ArticlesField(
        label=_("Articles"),
        help_text=_("An empty line begins the next article; the numbers are printed by themselves."),
    )
    recipients = LinesField(label=_("Recipients"), required=False, help_text=_("One a line."))


class SignedResolutionForm(ResolutionForm):
    """Where the text will be signed digitally: an officer may put her initials to it before."""

    initials_by = forms.ModelChoiceField(
        label=_("Initials by"),
        queryset=None,
        required=False,
        empty_label=_("Nobody: the leader signs at once"),
        help_text=_("The officer who answers for the text signs at the end of it, before the leader."),
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Appointment.objects.current().filter(body=body, role=Role.SECRETARY)
        self.fields["initials_by"].queryset = officers.select_related("user").order_by("protocol_order", "pk")


class CopyChoiceForm(forms.Form):
    form = forms.ChoiceField(label=_("Form of the copy"), choices=CopyForm)


class IssueForm(forms.Form):
    issued_on = forms.DateField(
        label=_("Date of issue"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day on which it was signed."),
    )

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day > clock.today():
            raise forms.ValidationError(
                _("The date lies in the future. Enter the day on which it was signed.")
            )
        return day


class RuleSetForm(forms.ModelForm):
    class Meta:
        model = RuleSet
        fields = [
            "name",
            "source",
            "valid_from",
            "seats",
            "majority_basis",
            "majority_numerator",
            "majority_denominator",
            "quorum_numerator",
            "quorum_denominator",
            "tie",
            "silence",
            "abstention",
            "answer_days_min",
            "answer_days_max",
            "processing_days",
            "report_days",
            "publish_days",
            "paper_lead_days",
            "notes_kept_days",
            "resolutions_signed",
        ]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class DayOffForm(forms.ModelForm):
    class Meta:
        model = DayOff
        fields = ["day", "name"]
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if DayOff.objects.filter(body=self.instance.body, day=day).exists():
            raise forms.ValidationError(_("That day is entered already."))
        return day
