"""What is typed and chosen when a paper comes in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.refusals import Refused
from documents.rules import MADE_HERE, DocumentKind
from documents.uploads import ReceivedPaper, receive_paper


class PdfField(forms.FileField):
    """Gives a `ReceivedPaper`; a file that cannot be taken is an error of this field, with the way out."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_empty_file", True)  # so that it is refused in our words
        options.setdefault("widget", forms.FileInput(attrs={"accept": "application/pdf,.pdf"}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> ReceivedPaper | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return receive_paper(upload)
        except Refused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


class PaperForm(forms.Form):
    """The fields of `documents.actions.add_paper`."""

    upload = PdfField(
        label=_("File (PDF)"),
        help_text=_("Papers with a secrecy marking must not be put into this system."),
        error_messages={"required": _("Choose a PDF file.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of paper"),
        choices=[(kind.value, kind.label) for kind in DocumentKind if kind not in MADE_HERE],
        initial=DocumentKind.OTHER,
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=500,
        required=False,
        help_text=_("Left empty, the name of the file is taken."),
    )


class PlaceForm(forms.Form):
    page = forms.IntegerField(min_value=1)
