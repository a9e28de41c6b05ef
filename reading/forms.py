"""What is typed in for folders and private papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.refusals import Refused
from documents.uploads import receive_paper
from people.models import User
from reading.models import Folder


class FolderForm(forms.ModelForm):
    class Meta:
        model = Folder
        fields = ["title"]


class OwnPaperForm(forms.Form):
    """The file is looked into before anything is kept of it."""

    upload = forms.FileField(label=_("File"))
    title = forms.CharField(
        label=_("Name of the paper"),
        max_length=500,
        required=False,
        help_text=_("Without one, the paper is called by the name of its file."),
    )

    def clean_upload(self) -> Any:
        try:
            return receive_paper(self.cleaned_data["upload"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class PeopleField(forms.ModelMultipleChoiceField):
    """Each with the office held, for two people may have one name."""

    def label_from_instance(self, person: Any) -> str:
        office = next(iter(person.appointments.all()), None)
        return f"{person} – {office.title}" if office else str(person)


class GivenPaperForm(forms.Form):
    """To whom a private paper is given, and why."""

    to = PeopleField(label=_("Give it to"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    because = forms.CharField(label=_("Why you give it"), max_length=200)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people
