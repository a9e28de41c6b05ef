"""What a list shows."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.models import RequestKind, SavedView
from people.models import Organisation

FILTERS = ("list", "q", "state", "kind", "agency", "since", "until")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilterForm(forms.Form):
    """The list and its filters stand in its address: it can be kept, sent and gone back to."""

    list = forms.ChoiceField(
        choices=[("", _("All")), *rules.RequestList.choices], required=False, widget=forms.HiddenInput
    )
    q = forms.CharField(label=_("Words in the subject"), max_length=200, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *rules.RequestStatus.choices]
    )
    kind = forms.ModelChoiceField(
        RequestKind.objects.none(), label=_("Kind of request"), required=False, empty_label=_("All")
    )
    agency = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Lead agency"), required=False, empty_label=_("All")
    )
    since = forms.DateField(label=_("Sent from"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Sent until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, kinds: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset, self.fields["agency"].queryset = kinds, agencies

    def chosen(self) -> dict[str, Any]:
        """What is understood of the address; the rest is left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": cleaned.get("q", ""),
            "state": cleaned.get("state", ""),
            "kind": cleaned.get("kind"),
            "agency": cleaned.get("agency"),
            "since": cleaned.get("since"),
            "until": cleaned.get("until"),
        }

    @property
    def chosen_list(self) -> str:
        return self.cleaned_data.get("list", "")

    @property
    def is_narrowed(self) -> bool:
        """By one of the filters that are folded away."""
        return any(self.cleaned_data.get(name) for name in ("kind", "agency", "since", "until"))

    @property
    def query(self) -> str:
        """The filters that say something and are understood, in one order: what a saved view keeps."""
        return spell_query({name: self.data[name] for name in FILTERS if self.cleaned_data.get(name)})


def spell_query(chosen: Any) -> str:
    return urlencode([(name, chosen[name]) for name in FILTERS if chosen.get(name)])


class ViewForm(forms.ModelForm):
    """The name under which a list is kept, with its filters as they stood in the address."""

    class Meta:
        model = SavedView
        fields = ["name", "query"]
        widgets = {"query": forms.HiddenInput}

    def clean_query(self) -> str:
        """Filters alone, and nothing else that an address may hold."""
        return spell_query(QueryDict(self.cleaned_data["query"]))
