"""Who has signatures checked, and the words for what is found."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
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


class Cause(models.TextChoices):
    """Why somebody looked."""

    ADDED = "added", _("the paper came in")
    ASKED = "asked", _("the office asked for it")
    TRUST = "trust", _("the trust or the revocation data changed")
    PRESERVED = "preserved", _("a preserved copy was made")
    SCHEDULE = "schedule", _("regular check")
    BESIDE = "beside", _("another paper came into the dossier")


DEPENDING_ON_TRUST = (Verdict.VALID, Verdict.UNDECIDED, Verdict.INVALID)


def is_not_under_way(verification: Any) -> str | None:
    if type(verification).objects.waiting().filter(version=verification.version_id).exists():
        return gettext("The signatures of this paper are being checked already.")
    return None


def bytes_are_kept(verification: Any) -> str | None:
    return verification.version.refusal if verification.version.refused_because else None


VERIFICATION = Rulebook(
    initial=None,
    rules={
        "order_verification": Rule(
            any_of(is_worker, is_secretary), guards=(is_not_under_way, bytes_are_kept)
        ),
        "order_rechecks": Rule(is_clock),
        "record_verification": Rule(is_worker),
    },
)


def sees_change(user: Any) -> Q:
    """That a verdict changed: those who keep the records of the body, its office, and its auditors."""
    bodies = user.body_ids(Role.ARCHIVIST, Role.SECRETARY, Role.AUDITOR)
    return Q(version__document__body__in=bodies, version__document__owner__isnull=True)
