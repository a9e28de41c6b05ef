"""Whose notes, folders and comparisons these are."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook, any_of
from documents.rules import SOUND_AND_FILM, may_read_version
from people.rules import Role, is_self

SEALED_LIMIT = 96_000  # characters of one note, sealed: 64 KB of text and strokes
NOTES_ON_A_VERSION = 2_000
NOTES_OF_A_PERSON = 20_000
TOO_LONG = _("This note is too long to be kept. Divide it into two.")


def owns_note(user: Any, note: Any) -> bool:
    return note.owner_id == user.pk


NOTE = Rulebook(
    initial=None,
    rules={
        "share_note": Rule(owns_note),
        "take_back_note": Rule(owns_note),
    },
)

NOTES_OF_A_USER = Rulebook(
    initial=None,
    rules={
        "keep_notes_key": Rule(is_self),
        "begin_notes_anew": Rule(is_self),
        "announce_purge": Rule(is_clock),
        "purge_notes": Rule(any_of(is_clock, is_self)),
    },
)


def may_read_both(user: Any, comparison: Any) -> bool:
    return may_read_version(user, comparison.older) and may_read_version(user, comparison.newer)


def both_are_kept(comparison: Any) -> str | None:
    return comparison.older.refusal or comparison.newer.refusal or None


def both_have_pages(comparison: Any) -> str | None:
    if {comparison.older.format, comparison.newer.format} & set(SOUND_AND_FILM):
        return gettext("Sound and film have no text that could be compared.")
    return None


def they_are_two(comparison: Any) -> str | None:
    if comparison.older.pk == comparison.newer.pk:
        return gettext("Choose two different papers to compare.")
    return None


COMPARISON = Rulebook(
    initial=None,
    rules={
        "compare_versions": Rule(may_read_both, guards=(they_are_two, both_are_kept, both_have_pages)),
        "record_comparison": Rule(is_worker),
    },
)


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
