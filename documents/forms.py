"""What the reader sends."""

from django import forms


class PlaceForm(forms.Form):
    page = forms.IntegerField(min_value=1)
    last_seen = forms.IntegerField(min_value=1, required=False)
    scale = forms.RegexField(r"^(page-width|page-fit|\d{1,2}(\.\d{1,2})?\+?)\Z", required=False)
