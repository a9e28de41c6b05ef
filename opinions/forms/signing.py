"""Signing an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opinions.models import AnswerSheet
from signatures.models import SigningCertificate


class SignAnswerForm(forms.Form):
    """Which key signs, and which paper the signer has had before her eyes: its SHA-256."""

    certificate = forms.ModelChoiceField(
        SigningCertificate.objects.none(),
        error_messages={
            "required": _("Choose the certificate that you sign with."),
            "invalid_choice": _("This certificate is not registered to you, or it is not valid today."),
        },
    )
    seen = forms.CharField(
        max_length=64, error_messages={"required": _("Wait until the paper is shown, then sign.")}
    )

    def __init__(self, data: Any, *, sheet: AnswerSheet, certificates: Any) -> None:
        super().__init__(data)
        self.sheet = sheet
        choice: Any = self.fields["certificate"]
        choice.queryset = certificates

    def clean_seen(self) -> str:
        seen: str = self.cleaned_data["seen"]
        if self.sheet.version is None or seen != self.sheet.version.sha256:
            raise forms.ValidationError(_("This is not the slip that is to be signed. Reload the page."))
        return seen
