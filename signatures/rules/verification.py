"""Who has signatures checked, and the words for what is found."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import is_secretary


class Verdict(models.TextChoices):
    """The words for people. Only VALID is ever shown green."""

    VALID = "valid", _("valid")
    UNDECIDED = "undecided", _("cannot be decided yet")
    INVALID = "invalid", _("invalid")
    DESTROYED = "destroyed", _("signature destroyed")
    UNSIGNED = "unsigned", _("not signed")
    UNVERIFIABLE = "unverifiable", _("could not be checked")


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
        "record_verification": Rule(is_worker),
    },
)
