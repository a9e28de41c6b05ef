"""Who says in which forms a body collects opinions in writing."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.workflow import Rule, Rulebook
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


KIND = Rulebook(
    initial=None,
    rules={
        "draft_kind": Rule(is_administrator),
        "edit_kind": Rule(is_administrator, guards=(is_not_confirmed,)),
        "confirm_kind": Rule(is_administrator, guards=(is_not_confirmed, agreement_is_offered)),
        "retire_kind": Rule(is_administrator, guards=(is_in_use,)),
    },
)


def sees_kind(user: Any) -> Q:
    """Everyone of the body; what is not confirmed yet, the administrator alone."""
    mine = Q(body__in=user.body_ids(), confirmed_at__isnull=False)
    return mine | Q(body__in=user.body_ids(Role.ADMINISTRATOR))
