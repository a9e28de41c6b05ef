"""What the reader sends, and who keeps the ledger."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.rules import BinderKind
from people.models import Appointment


class PlaceForm(forms.Form):
    page = forms.IntegerField(min_value=1)
    last_seen = forms.IntegerField(min_value=1, required=False)
    scale = forms.RegexField(r"^(page-width|page-fit|\d{1,2}(\.\d{1,2})?\+?)\Z", required=False)


class CopyForm(forms.Form):
    """Who receives a copy on paper. Nothing can be written here about what the paper says."""

    receiver = forms.ChoiceField(label=_("Receiver"))

    def __init__(self, *args: Any, offices: Iterable[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(office.user_id): office.user for office in offices}
        names = {str(office.user_id): str(office) for office in offices}
        self.fields["receiver"].choices = [("", "—"), *names.items()]

    def clean_receiver(self) -> Any:
        return self.people[self.cleaned_data["receiver"]]


class BinderForm(forms.Form):
    """The dossier as one file: which."""

    COPY = "copy"  # with the reader's name on every page

    kind = forms.ChoiceField(choices=[*BinderKind.choices, (COPY, COPY)])
