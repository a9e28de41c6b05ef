"""Who checks signatures and whose certificates are trusted."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from people.rules import Role


class Verdict(models.TextChoices):
    """The words for people. Only VALID is ever shown green."""

    VALID = "valid", _("valid")
    UNDECIDED = "undecided", _("cannot be decided yet")
    INVALID = "invalid", _("invalid")
    DESTROYED = "destroyed", _("signature destroyed")
    UNSIGNED = "unsigned", _("not signed")
    UNVERIFIABLE = "unverifiable", _("could not be checked")


class CertificateUse(models.TextChoices):
    ROOT = "root", _("Root authority")
    ISSUER = "issuer", _("Issuing authority")
    TIMESTAMP = "timestamp", _("Timestamp authority")


def administers(user: Any, obj: Any) -> bool:
    return user.holds(Role.ADMINISTRATOR)


VERIFICATION = Rulebook(initial=None, rules={"record_verification": Rule(is_worker)})

CERTIFICATE = Rulebook(
    initial=None,
    rules={
        "trust_certificate": Rule(administers),
        "distrust_certificate": Rule(administers),
    },
)


def sees_certificate(user: Any) -> Q:
    """Whom the house trusts is no secret within the house."""
    return Q() if user.current_appointments else Q(pk=None)
