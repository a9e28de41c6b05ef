"""Whose certificates the house trusts, and who says so."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.workflow import Rule, Rulebook
from people.rules import Role


class CertificateUse(models.TextChoices):
    ROOT = "root", _("Root authority")
    ISSUER = "issuer", _("Issuing authority")


def administers(user: Any, obj: Any) -> bool:
    return user.holds(Role.ADMINISTRATOR)


def is_still_trusted(certificate: Any) -> str | None:
    if certificate.trusted_until is not None:
        return gettext("This certificate is no longer trusted already.")
    return None


CERTIFICATE = Rulebook(
    initial=None,
    rules={
        "trust_certificate": Rule(administers),
        "distrust_certificate": Rule(administers, guards=(is_still_trusted,)),
        "add_revocation_list": Rule(administers),
    },
)


def sees_certificate(user: Any) -> Q:
    """Whom the house trusts is no secret within the house."""
    return Q() if user.current_appointments else Q(pk=None)
