"""Another deadline."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.forms.fields import text
from opinions.models import OpinionRequest


class DeadlineForm(forms.Form):
    """More time, or less, and why."""

    deadline = forms.DateTimeField(label=_("New deadline"), widget=forms.DateTimeInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=rules.REASON_LIMIT,
        widget=text(3),
        help_text=_("Shown to the members with the new deadline."),
    )
    order = forms.CharField(
        label=_("Order for a deadline outside the rule"),
        max_length=300,
        required=False,
        help_text=_("Who ordered it, with number and date: letter 512/VPCP-TH, 20/11/2026."),
    )

    def __init__(self, *args: Any, opinion_request: OpinionRequest, **kwargs: Any) -> None:
        super().__init__(*args, initial={"deadline": opinion_request.deadline}, **kwargs)
        self.opinion_request = opinion_request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if deadline := cleaned.get("deadline"):
            order = cleaned.get("order", "")
            if fault := rules.find_fault_of_deadline(self.opinion_request, deadline, order=order):
                self.add_error("deadline", fault)
        return cleaned
