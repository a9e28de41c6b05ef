"""How django-allauth behaves in an office."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many failed attempts for this account. Wait five minutes, or call the secretariat."
        ),
        "username_password_mismatch": _("The user name or the password is not right."),
        "email_password_mismatch": _("The e-mail or the password is not right."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody registers herself: accounts are made by the administrator."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"e-Cabinet: {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never from the request's own host, which a stranger chooses."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL.rstrip("/") + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the recipient's language."""
        recipient = User.objects.filter(email__iexact=email).first()
        language = recipient.language if recipient else translation.get_language()
        with translation.override(language):
            super().send_mail(
                template_prefix, email, {**context, "site_url": settings.SITE_URL, "recipient": recipient}
            )

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of the authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
        }
        return [
            {**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)
        ]

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """Failures are counted by account, whether it was named by user name or by e-mail.

        A cabinet room sits behind one address: one member's mistakes must not lock out the others.
        """
        typed = str(credentials.get("email") or credentials.get("username") or "").lower()
        account = (
            User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed))
            .values_list("pk", flat=True)
            .first()
        )
        return f"account:{account}" if account else f"unknown:{typed}"


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("This code is not right.")}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Key %(number)s") % {"number": number}
