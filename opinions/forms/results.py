"""What follows from the count."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decisions.forms import SignedResolutionForm
from people.models import Appointment
from people.rules import PRESIDING


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
