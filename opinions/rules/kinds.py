"""Who says in which forms a body collects opinions in writing."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.workflow import Rule, Rulebook
from opinions.rules.states import ReasonRule, Secrecy, SigningRule
from people.rules import Role, is_administrator


def is_not_confirmed(kind: Any) -> str | None:
    """A form in use is never changed: another follows it."""
    if kind.confirmed_at is not None:
        return gettext("This kind of request is in use. Enter a new one instead.")
    return None


def is_in_use(kind: Any) -> str | None:
    if kind.confirmed_at is None or kind.retired_at is not None:
        return gettext("This kind of request is not in use.")
    return None


def agreement_is_offered(kind: Any) -> str | None:
    """Whoever answers must be able to agree."""
    if not kind.answer_classes.filter(counts_as="agree").exists():
        return gettext("Offer at least one answer that counts as agreement.")
    return None


def objection_is_offered(kind: Any) -> str | None:
    """What nobody can oppose is no question."""
    if not kind.answer_classes.filter(counts_as="disagree").exists():
        return gettext("Offer at least one answer that counts as disagreement.")
    return None


def ballot_can_be_secret(kind: Any) -> str | None:
    """A name under the answer, or words by which its author is known, and the ballot is not secret."""
    if kind.secrecy == Secrecy.OPEN:
        return None
    if kind.signing == SigningRule.REQUIRED:
        return gettext("A ballot that may be secret cannot have to be signed.")
    required = kind.answer_classes.filter(reason=ReasonRule.REQUIRED)
    if kind.secrecy == Secrecy.SECRET and required.exists():
        return gettext("A secret ballot asks for no reasons: no answer may require one.")
    return None


def find_hindrance_of_kind(kind: Any) -> str | None:
    """Why it cannot be put in use as it is."""
    found = (guard(kind) for guard in (agreement_is_offered, objection_is_offered, ballot_can_be_secret))
    return next((reason for reason in found if reason), None)


KIND = Rulebook(
    initial=None,
    rules={
        "draft_kind": Rule(is_administrator),
        "edit_kind": Rule(is_administrator, guards=(is_not_confirmed,)),
        "confirm_kind": Rule(
            is_administrator,
            guards=(is_not_confirmed, find_hindrance_of_kind),
        ),
        "retire_kind": Rule(is_administrator, guards=(is_in_use,)),
    },
)


def sees_kind(user: Any) -> Q:
    """Everyone of the body; what is not confirmed yet, the administrator alone."""
    mine = Q(body__in=user.body_ids(), confirmed_at__isnull=False)
    return mine | Q(body__in=user.body_ids(Role.ADMINISTRATOR))
