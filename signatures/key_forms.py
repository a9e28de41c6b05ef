"""What is handed in about keys: certificates, the answers of keys, pictures of signatures and seals."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.models import Body, Organisation
from people.rules import Role
from signatures.keys import remote
from signatures.keys.certificates import SignerCertificate, UnfitCertificate, read_signer_certificate
from signatures.keys.pictures import Picture, UnfitPicture, read_picture
from signatures.rules import KeyWay

LONGEST_VALUE = 4096  # base64 of RSA-16384, which nobody has
CHOOSE_A_FILE = {"required": _("Choose a file.")}


class ClaimForm(forms.Form):
    """What a script read from the token, the service or the key file."""

    way = forms.ChoiceField(choices=[(way.value, way.label) for way in KeyWay if way != KeyWay.SERVER])
    certificate = forms.CharField(max_length=100_000)  # base64 of DER
    key_name = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_certificate(self) -> SignerCertificate:
        try:
            content = base64.b64decode(self.cleaned_data["certificate"], validate=True)
            return read_signer_certificate(content)
        except binascii.Error:
            raise ValidationError(_("This is not a certificate, as PEM or DER.")) from None
        except UnfitCertificate as unfit:
            raise ValidationError(str(unfit)) from None

    def clean(self) -> dict[str, Any]:
        """A key of the service is hers where the service says so: nobody tries PINs on a colleague's."""
        cleaned: dict[str, Any] = super().clean() or {}
        key_name, certificate = cleaned.get("key_name", ""), cleaned.get("certificate")
        is_remote = cleaned.get("way") == KeyWay.REMOTE and certificate is not None
        if is_remote and not remote.holds(self.user, key_name, certificate.der):
            self.add_error("key_name", _("The signing service does not hold this key under your name."))
        return cleaned


class AnswerForm(forms.Form):
    """The value that a key made."""

    value = forms.CharField(max_length=LONGEST_VALUE)

    def clean_value(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["value"], validate=True)
        except binascii.Error:
            raise ValidationError(_("The signature arrived damaged. Try again.")) from None


class UnlockForm(forms.Form):
    """Passed through to the signing service; never kept."""

    pin = forms.CharField(label=_("PIN"), max_length=64, required=False, strip=False)
    otp = forms.CharField(label=_("One-time code"), max_length=64, required=False)


class SealCertificateForm(forms.Form):
    field_order = ["organisation"]

    key_name = forms.CharField(
        label=_("Name of the key in the security module"),
        max_length=200,
        error_messages={"required": _("Enter the name that the key has in the module.")},
    )
    file = forms.FileField(label=_("Certificate of the seal (PEM or DER)"), error_messages=CHOOSE_A_FILE)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = _choose_from(organisations)
        self.order_fields(self.field_order)

    def clean_file(self) -> SignerCertificate:
        return _read_certificate(self.cleaned_data["file"])


class ImageForm(forms.Form):
    """The picture, and how wide it stands on paper. Its height follows from the picture."""

    file = forms.FileField(label=_("Picture (PNG with a clear ground)"), error_messages=CHOOSE_A_FILE)
    width_mm = forms.DecimalField(
        label=_("Width on paper in millimetres"), min_value=10, max_value=80, max_digits=5, decimal_places=1
    )

    is_seal = False

    def clean_file(self) -> Picture:
        file = self.cleaned_data["file"]
        try:
            return read_picture(_content(file), is_seal=self.is_seal)
        except UnfitPicture as unfit:
            raise ValidationError(str(unfit)) from None

    @property
    def height_mm(self) -> Any:
        picture, width = self.cleaned_data["file"], self.cleaned_data["width_mm"]
        return round(width * picture.height / picture.width, 1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"file", "width_mm"} <= set(cleaned) and not 5 <= self.height_mm <= 80:
            self.add_error(
                "width_mm", _("On paper the picture would be lower than 5 mm or higher than 80 mm.")
            )
        return cleaned


class SealImageForm(ImageForm):
    field_order = ["organisation"]
    is_seal = True

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = _choose_from(organisations)
        self.order_fields(self.field_order)


def organisations_of(administrator: Any) -> Any:
    """Whose seals she looks after."""
    bodies = Body.objects.filter(pk__in=administrator.body_ids(Role.ADMINISTRATOR))
    return Organisation.objects.filter(pk__in=bodies.values("office")).order_by("name", "pk")


def _choose_from(organisations: Any) -> Any:
    return forms.ModelChoiceField(
        organisations,
        label=_("Organisation"),
        widget=forms.RadioSelect,
        empty_label=None,
        initial=organisations.first(),
    )


def _read_certificate(file: Any) -> SignerCertificate:
    try:
        return read_signer_certificate(_content(file))
    except UnfitCertificate as unfit:
        raise ValidationError(str(unfit)) from None


def _content(file: Any) -> bytes:
    """As much as any of these may have, and one byte more."""
    return bytes(file.read(1024 * 1024 + 1))
