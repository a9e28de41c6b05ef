"""Fields of their own kind."""

from typing import Any

from django import forms


def text(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class UnlessItIsClear(forms.CharField):
    """Required or not by what else is answered, so the form itself decides; no label calls it optional."""

    def validate(self, value: Any) -> None:
        """Nothing by itself."""


class OneOfThem(forms.RadioSelect):
    """For a choice of which only one may be taken: the value is a list all the same."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return data.getlist(name)


class PositionInADraft(forms.ChoiceField):
    """May be left open as yet."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)
