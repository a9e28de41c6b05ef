"""What administrators hand in: certificates and revocation lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from signatures.trust import LIMIT, Authority, Revocations, read_certificate, read_list
from verifier.pdf.trust import UnfitTrust

NOT_A_CERTIFICATE = _("This is not the certificate of an authority, as PEM or DER. Choose another file.")
NOT_A_LIST = _("This is not a revocation list, as PEM or DER. Choose another file.")


class CertificateForm(forms.Form):
    file = forms.FileField(
        label=_("Certificate of the authority (PEM or DER)"), error_messages={"required": _("Choose a file.")}
    )

    def clean_file(self) -> Authority:
        try:
            return read_certificate(_content(self.cleaned_data["file"]))
        except UnfitTrust:
            raise ValidationError(NOT_A_CERTIFICATE) from None


class ConfirmCertificateForm(forms.Form):
    pem = forms.CharField(widget=forms.HiddenInput, max_length=100_000)
    compared = forms.BooleanField(
        label=_("I have compared the fingerprint with the one that the authority has published."),
        error_messages={"required": _("Compare the fingerprint first.")},
    )

    def clean_pem(self) -> Authority:
        try:
            return read_certificate(self.cleaned_data["pem"].encode())
        except UnfitTrust:
            raise ValidationError(NOT_A_CERTIFICATE) from None


class RevocationListForm(forms.Form):
    file = forms.FileField(
        label=_("Revocation list (CRL, as PEM or DER)"), error_messages={"required": _("Choose a file.")}
    )

    def clean_file(self) -> Revocations:
        try:
            return read_list(_content(self.cleaned_data["file"]))
        except UnfitTrust:
            raise ValidationError(NOT_A_LIST) from None


def _content(file: Any) -> bytes:
    if file.size > LIMIT:
        raise UnfitTrust("too large")
    return file.read()
