"""Whose notes, folders and comparisons these are."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook, any_of
from documents.rules import WITHOUT_PAGES, may_read_version
from people.rules import Role, is_self

LIBRARY_ROLES = tuple(role for role in Role if role != Role.SUBMITTER)  # who serve or belong to the body
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
    if {comparison.older.format, comparison.newer.format} & set(WITHOUT_PAGES):
        return gettext("Sound, film and signature files have no text that could be compared.")
    return None


def they_are_two(comparison: Any) -> str | None:
    if comparison.older.pk == comparison.newer.pk:
        return gettext("Choose two different papers to compare.")
    return None


COMPARISON = Rulebook(
    initial=None,
    rules={
        "compare_versions": Rule(may_read_both, guards=(they_are_two, both_are_kept, both_have_pages)),
        "record_comparison": Rule(is_worker, guards=(both_are_kept,)),
    },
)


def sees_note(user: Any) -> Q:
    """One's own, and those that were shared with one by name. No office sees notes."""
    return Q(owner=user) | Q(shares__reader=user)


def keeps_folder(user: Any, folder: Any) -> bool:
    """Everyone her own folders; the Office and the archivist the common library of their body."""
    if folder.owner_id is not None:
        return folder.owner_id == user.pk
    return user.holds(Role.SECRETARY, folder.body_id) or user.holds(Role.ARCHIVIST, folder.body_id)


def puts_paper(user: Any, place: Any) -> bool:
    return keeps_folder(user, place.folder) and may_read_version(user, place.version)


def takes_paper(user: Any, place: Any) -> bool:
    return keeps_folder(user, place.folder)


def paper_is_kept(place: Any) -> str | None:
    return place.version.refusal or None


def few_may_not_become_all(place: Any) -> str | None:
    """A paper with named readers is no paper for a common library."""
    if place.folder.body_id is not None and place.version.papers.filter(readers__isnull=False).exists():
        return gettext("Only named persons may read this paper, so it cannot lie in the common library.")
    return None


def library_is_of_its_body(place: Any) -> str | None:
    if place.folder.body_id not in (None, place.version.body_id):
        return gettext("This paper belongs to another body.")
    return None


FOLDER = Rulebook(
    initial=None,
    rules={
        "make_folder": Rule(keeps_folder),
        "rename_folder": Rule(keeps_folder),
        "remove_folder": Rule(keeps_folder),
    },
)

FOLDER_PAPER = Rulebook(
    initial=None,
    rules={
        "put_into_folder": Rule(
            puts_paper, guards=(paper_is_kept, library_is_of_its_body, few_may_not_become_all)
        ),
        "take_out_of_folder": Rule(takes_paper),
    },
)


def sees_folder(user: Any) -> Q:
    """One's own folders, and the common library of the bodies in which one holds an office."""
    return Q(owner=user) | Q(body__in=user.body_ids(*LIBRARY_ROLES))
