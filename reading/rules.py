"""Whose notes, folders and comparisons these are."""

from typing import Any

from django.db.models import Q

from people.rules import Role


def sees_note(user: Any) -> Q:
    """One's own, and those that were shared with one by name. No office sees notes."""
    return Q(owner=user) | Q(shares__reader=user)


def sees_folder(user: Any) -> Q:
    """One's own folders, and the common library of the bodies in which one holds an office."""
    return Q(owner=user) | Q(body__in=user.body_ids())


def keeps_library(user: Any, folder: Any) -> bool:
    """The office keeps the common library of its body; everyone her own folders."""
    if folder.owner_id is not None:
        return folder.owner_id == user.pk
    return user.holds(Role.SECRETARY, folder.body_id) or user.holds(Role.ARCHIVIST, folder.body_id)
