"""Who checks signatures and whose certificates are trusted."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role, is_secretary


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


def administers(user: Any, obj: Any) -> bool:
    return user.holds(Role.ADMINISTRATOR)


def is_not_under_way(verification: Any) -> str | None:
    if type(verification).objects.waiting().filter(version=verification.version_id).exists():
        return gettext("The signatures of this paper are being checked already.")
    return None


def bytes_are_kept(verification: Any) -> str | None:
    return verification.version.refusal if verification.version.refused_because else None


def is_still_trusted(certificate: Any) -> str | None:
    if certificate.trusted_until is not None:
        return gettext("This certificate is no longer trusted already.")
    return None


VERIFICATION = Rulebook(
    initial=None,
    rules={
        "order_verification": Rule(
            any_of(is_worker, is_secretary), guards=(is_not_under_way, bytes_are_kept)
        ),
        "record_verification": Rule(is_worker),
    },
)

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
