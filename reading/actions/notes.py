"""The deeds around private notes. Writing them is none: what a person writes for herself is her own."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from documents.models import Document
from documents.rules import may_read_version
from notifications import outbox
from people.models import User
from reading import rules
from reading.models import Note, NoteQuerySet, NoteShare, NotesKey


@transaction.atomic
def keep_notes_key(
    user: User,
    *,
    by: Any,
    revision: int,
    locks: list[dict[str, Any]],
    public_key: dict[str, Any],
    private_key: dict[str, Any],
) -> NotesKey:
    """A person sets up her notes, or changes the passphrase or the recovery code.

    The pair of keys stays: only beginning anew makes another.
    """
    user = lock(user)
    rules.NOTES_OF_A_USER.check("keep_notes_key", by, user)
    key = NotesKey.objects.filter(user=user).first() or NotesKey(
        user=user, public_key=public_key, private_key=private_key, revision=0
    )
    if key.revision != revision or (revision and key.public_key != public_key):
        raise Conflict(
            _("The key to the notes has been changed on another device meanwhile. Open the page anew.")
        )

    key.locks, key.revision, key.changed_at = locks, revision + 1, clock.now()
    key.save()

    trail.record("reading.keep_notes_key", by=by, on=user)
    return key


@transaction.atomic
def begin_notes_anew(user: User, *, by: Any) -> int:
    """Passphrase and recovery code are both lost: the old notes can never be read again and are erased.

    So is what others have shared with this person; it was wrapped for the old key.
    """
    user = lock(user)
    rules.NOTES_OF_A_USER.check("begin_notes_anew", by, user)

    erased = _erase(Note.objects.of(user))
    NoteShare.objects.filter(reader=user).delete()
    NotesKey.objects.filter(user=user).delete()

    trail.record("reading.begin_notes_anew", by=by, on=user, notes=erased)
    return erased


@transaction.atomic
def share_note(note: Note, *, by: Any, reader: User, key: dict[str, Any]) -> NoteShare:
    """The owner gives one note to one named person, who may read the paper and has set up notes.

    `key` is the note's own key, wrapped in the owner's browser for that person alone.
    """
    note = lock(note)
    rules.NOTE.check("share_note", by, note)
    if reader.pk == by.pk or not reader.is_active or not may_read_version(reader, note.version):
        raise PermissionDenied(f"share_note: {reader} may not read the paper.")
    if not NotesKey.objects.filter(user=reader).exists():
        raise Conflict(_("%(person)s has not set up notes yet.") % {"person": reader})

    share, is_new = NoteShare.objects.update_or_create(note=note, reader=reader, defaults={"key": key})

    trail.record("reading.share_note", by=by, on=note.version, to=[str(reader)])
    if is_new:
        url = f"{note.version.get_absolute_url()}#notes"
        outbox.tell(
            [reader], "reading/note_shared", url=url, person=str(by), subject=note.version.document.title
        )
    return share


@transaction.atomic
def take_back_note(note: Note, *, by: Any, reader: User) -> Note:
    """The owner ends the sharing: from now on that person is no longer given the note."""
    note = lock(note)
    rules.NOTE.check("take_back_note", by, note)

    NoteShare.objects.filter(note=note, reader=reader).delete()

    trail.record("reading.take_back_note", by=by, on=note.version, to=[str(reader)])
    return note


@transaction.atomic
def announce_purge(owner: User, *, by: Any, document: Document, day: date) -> int:
    """A fortnight before notes are erased under the rules of the body, their owner is told the day."""
    rules.NOTES_OF_A_USER.check("announce_purge", by, owner)

    told = Note.objects.of(owner).filter(version__document=document, erased_from__isnull=True)
    count = told.update(erased_from=day)

    trail.record("reading.announce_purge", by=by, on=owner, notes=count, day=day.isoformat())
    outbox.tell(
        [owner],
        "reading/purge_announced",
        url=reverse("reading:my_notes"),
        subject=document.title,
        day=f"{day:%d/%m/%Y}",
    )
    return count


@transaction.atomic
def purge_notes(owner: User, *, by: Any, notes: NoteQuerySet) -> int:
    """Notes are erased for good: by their owner, or by the clock under the rules of the body.

    The trail keeps whose they were and how many, and nothing of which papers.
    """
    rules.NOTES_OF_A_USER.check("purge_notes", by, owner)

    erased = _erase(notes.of(owner))

    trail.record("reading.purge_notes", by=by, on=owner, notes=erased)
    return erased


def _erase(notes: NoteQuerySet) -> int:
    return notes.delete()[1].get("reading.Note", 0)
