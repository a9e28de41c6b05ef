"""What the reader sends."""

from django import forms


class PlaceForm(forms.Form):
    page = forms.IntegerField(min_value=1)
