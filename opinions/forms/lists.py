"""What a list shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from opinions import rules


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
