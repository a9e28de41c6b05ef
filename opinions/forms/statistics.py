"""Of which body, of which days, in which order."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Body

GROUPS = {
    "period": _("By month"),
    "ministry": _("By ministry"),
    "member": _("By member"),
    "kind": _("By kind of request"),
    "agency": _("By lead agency"),
}


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class StatisticsForm(forms.Form):
    """All of it stands in the address."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Body"), empty_label=None, required=False)
    since = forms.DateField(label=_("Closed from"), required=False, widget=day_input())
    until = forms.DateField(label=_("Closed until"), required=False, widget=day_input())
    by = forms.ChoiceField(choices=list(GROUPS.items()), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies

    def clean_by(self) -> str:
        return self.cleaned_data["by"] or "period"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError({"until": gettext("The last day lies before the first.")})
        return cleaned
