"""The forms of signing in, with our words and without django-allauth's words inside the fields."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

PASSWORD_RULE = _("At least 10 characters, and not one that is easily guessed. A sentence is best.")
CODE_RULE = _("Six digits from the app, or one of your recovery codes.")


class PlainFields:
    """A label above each field, nothing that stands for a label inside it."""

    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(PlainFields, account.LoginForm):
    labels: ClassVar = {"login": _("User name or e-mail"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class ReauthenticateForm(PlainFields, account.ReauthenticateForm):
    labels: ClassVar = {"password": _("Password")}


class ChangePasswordForm(PlainFields, account.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    hints: ClassVar = {"password1": PASSWORD_RULE}


class SetPasswordForm(PlainFields, account.SetPasswordForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password, once more")}
    hints: ClassVar = {"password1": PASSWORD_RULE}


class ResetPasswordForm(PlainFields, account.ResetPasswordForm):
    labels: ClassVar = {"email": _("E-mail")}


class ResetPasswordKeyForm(PlainFields, account.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password, once more")}
    hints: ClassVar = {"password1": PASSWORD_RULE}


class CodeForm(PlainFields, mfa.AuthenticateForm):
    labels: ClassVar = {"code": _("Code")}
    hints: ClassVar = {"code": CODE_RULE}


class ReauthenticateCodeForm(PlainFields, mfa.ReauthenticateForm):
    labels: ClassVar = {"code": _("Code")}
    hints: ClassVar = {"code": CODE_RULE}


class ActivateAppForm(PlainFields, totp.ActivateTOTPForm):
    labels: ClassVar = {"code": _("Code shown by the app")}
    hints: ClassVar = {"code": _("Six digits.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(PlainFields, webauthn.AddWebAuthnForm):
    labels: ClassVar = {
        "name": _("Name of the key"),
        "passwordless": _("Sign in with this key alone, without a password"),
    }
    hints: ClassVar = {
        "name": _("So that you tell it from others: “Office tablet”."),
        "passwordless": _("The device then asks for your fingerprint, your face or a PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditPasskeyForm(PlainFields, webauthn.EditWebAuthnForm):
    labels: ClassVar = {"name": _("Name of the key")}
