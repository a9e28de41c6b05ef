"""What administrators hand in: certificates, revocation data, addresses to ask, and their reasons."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatures.authorities import (
    LIMIT,
    Answer,
    Authority,
    Revocations,
    read_answer,
    read_certificates,
    read_list,
)
from signatures.models import RevocationSource, TrustedCertificate
from signatures.rules import CertificateUse, SourceKind
from verifier.pdf.trust import UnfitTrust

NOT_A_CERTIFICATE = _(
    "This is not a file of certificates of authorities (PEM, DER or PKCS#7), or one of them is no "
    "authority's. Choose another file."
)
NOT_A_LIST = _("This is not a revocation list, as PEM or DER. Choose another file.")
NOT_AN_ANSWER = _("This is not an answer (OCSP) on one certificate, as PEM or DER. Choose another file.")
SIGNATURES, TIMESTAMPS = "signatures", "timestamps"
USES = [
    (SIGNATURES, _("Signatures and seals")),
    (TIMESTAMPS, _("Time stamps only")),
]
EVERY = [
    (60, _("every hour")),
    (360, _("every six hours")),
    (1440, _("every day")),
    (10080, _("every week")),
]


def _day_field(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CertificateForm(forms.Form):
    file = forms.FileField(
        label=_("Certificates of authorities (PEM, DER or PKCS#7)"),
        error_messages={"required": _("Choose a file.")},
    )
    use = forms.ChoiceField(
        label=_("Trusted for"), choices=USES, initial=SIGNATURES, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "file" in cleaned and "use" in cleaned:
            try:
                cleaned["authorities"] = _read_authorities(_content(cleaned["file"]), cleaned["use"])
            except UnfitTrust:
                self.add_error("file", NOT_A_CERTIFICATE)
        return cleaned


class ProposeCertificatesForm(forms.Form):
    pem = forms.CharField(widget=forms.HiddenInput, max_length=400_000)
    use = forms.ChoiceField(widget=forms.HiddenInput, choices=USES)
    because = forms.CharField(
        label=_("Where the certificates are published, and why they are needed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say where the certificates are published.")},
    )
    counts_from = _day_field(
        _("Counts from"), _("Leave empty unless the authority worked under other rules before this day.")
    )
    counts_until = _day_field(
        _("Counts until"),
        _("Leave empty unless it is known already that what is signed after this day shall not count."),
    )
    compared = forms.BooleanField(
        label=_("I have compared each fingerprint with the one that the authority has published."),
        error_messages={"required": _("Compare the fingerprints first.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pem" in cleaned and "use" in cleaned:
            try:
                cleaned["authorities"] = _read_authorities(cleaned["pem"].encode(), cleaned["use"])
            except UnfitTrust:
                self.add_error(None, NOT_A_CERTIFICATE)
        return cleaned

    def clean_counts_from(self) -> datetime | None:
        return _begin_of(self.cleaned_data["counts_from"])

    def clean_counts_until(self) -> datetime | None:
        begin, end = self.cleaned_data.get("counts_from"), _begin_of(self.cleaned_data["counts_until"])
        if begin and end and end <= begin:
            raise ValidationError(_("The last day lies before the first."))
        return end


class ProposeEndForm(forms.Form):
    because = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the trust is to end.")},
    )
    counts_until = _day_field(
        _("Ends with this day"),
        _(
            "What is proven by a time stamp to have been signed before this day keeps counting. Leave empty "
            "when nothing of this authority shall count any more, for instance because its key was stolen."
        ),
    )

    def clean_counts_until(self) -> datetime | None:
        return _begin_of(self.cleaned_data["counts_until"])


class ConfirmProposalForm(forms.Form):
    compared = forms.BooleanField(
        label=_("I have seen what the change does, and have compared the fingerprints myself."),
        error_messages={"required": _("Compare the fingerprints first.")},
    )


class RejectProposalForm(forms.Form):
    because = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you do not agree.")},
    )


class RevocationListForm(forms.Form):
    file = forms.FileField(
        label=_("Revocation list (CRL, as PEM or DER)"), error_messages={"required": _("Choose a file.")}
    )

    def clean_file(self) -> Revocations:
        try:
            return read_list(_content(self.cleaned_data["file"]))
        except UnfitTrust:
            raise ValidationError(NOT_A_LIST) from None


class RevocationAnswerForm(forms.Form):
    file = forms.FileField(
        label=_("Answer on a certificate (OCSP, as PEM or DER)"),
        error_messages={"required": _("Choose a file.")},
    )

    def clean_file(self) -> Answer:
        try:
            return read_answer(_content(self.cleaned_data["file"]))
        except UnfitTrust:
            raise ValidationError(NOT_AN_ANSWER) from None


class SourceForm(forms.ModelForm):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Exactly this address is asked, and no other that it leads to."),
    )
    every_minutes = forms.TypedChoiceField(label=_("Asked"), choices=EVERY, coerce=int, initial=360)

    class Meta:
        model = RevocationSource
        fields = ("kind", "url", "authority", "every_minutes", "is_internal")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "authority": _("For answers on single certificates: the authority that has issued them."),
            "is_internal": _("Only then may the address lead to a computer of the internal network."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = SourceKind.choices  # without an empty one
        self.fields["authority"].queryset = (
            TrustedCertificate.objects.trusted().exclude(use=CertificateUse.TIMESTAMPS).order_by("subject")
        )
        self.fields["authority"].empty_label = _("Whoever has signed it, if trusted")

    def clean_url(self) -> str:
        address = urlsplit(self.cleaned_data["url"])
        if address.scheme not in ("http", "https") or address.username or address.password:
            raise ValidationError(
                _("Give an address that begins with http:// or https://, without password.")
            )
        return self.cleaned_data["url"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == SourceKind.ANSWER and not cleaned.get("authority"):
            self.add_error("authority", _("Say which authority the address answers for."))
        return cleaned


def _read_authorities(content: bytes, use: str) -> list[Authority]:
    authorities = read_certificates(content)
    if use == TIMESTAMPS:
        return [authority.serving(CertificateUse.TIMESTAMPS) for authority in authorities]
    return authorities


def _content(file: Any) -> bytes:
    if file.size > LIMIT:
        raise UnfitTrust("too large")
    return file.read()


def _begin_of(day: date | None) -> datetime | None:
    """Midnight at its beginning, in the time of the office."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
