"""What may be asked of the archive."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.search import Cursor, Filters
from archive.terms import LONGEST_QUERY, Query, parse
from documents.rules import DocumentKind
from people.models import Body


class SearchForm(forms.Form):
    """The state of a search stands in its address: it can be kept, sent and gone back to."""

    q = forms.CharField(
        label=_("Search the archive"),
        max_length=LONGEST_QUERY,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2199, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", ""), *DocumentKind.choices], required=False)
    after = forms.CharField(max_length=60, required=False)
    begun = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = Body.objects.filter(pk__in=user.body_ids())
        self.fields["body"] = forms.ModelChoiceField(
            label=_("Deciding body"), queryset=self.bodies, required=False
        )

    def clean_after(self) -> Cursor | None:
        text = self.cleaned_data["after"]
        if not text:
            return None
        try:
            return Cursor.read(text)
        except ValueError as forged:
            raise forms.ValidationError(_("There is no such page. Search again.")) from forged

    @property
    def query(self) -> Query:
        query = parse(self.cleaned_data["q"])
        return query.as_begun() if self.cleaned_data["begun"] else query

    @property
    def filters(self) -> Filters:
        chosen, body = self.cleaned_data, self.cleaned_data["body"]
        return Filters(year=chosen["year"], kind=chosen["kind"], body=body.pk if body else None)
