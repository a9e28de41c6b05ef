"""The notes of a person: sealed rows for her browser, and the page on which she keeps house over them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.work import UNDER_WAY
from documents.models import Document, DocumentText, DocumentVersion
from people.models import User
from reading import rules
from reading.actions import notes as actions
from reading.models import Note, NoteShare, NotesKey
from reading.queries import find_possible_readers
from reading.retention import find_due_day, find_kept_days
from reading.serializers import NoteIn, NotesKeyIn, PortionIn, ShareIn, TakeBackIn, read_json

EXPORTED_AT_ONCE = 500


# Sealed rows for the browser


@require_GET
def list_notes(request: HttpRequest, version_id: int) -> HttpResponse:
    """All that the reader of one version needs: one's own notes, those shared, those that wait to follow."""
    version = _find_version(request, version_id)
    mine = Note.objects.of(request.user).prefetch_related("shares__reader")
    shared = NoteShare.objects.filter(reader=request.user, note__version=version)
    waiting = Note.objects.waiting_to_follow(request.user, version).select_related("version")
    return JsonResponse(
        {
            "notes": [_show(note) for note in mine.filter(version=version).order_by("created_at", "pk")],
            "shared": [
                _show_shared(share)
                for share in shared.select_related("note__owner__notes_key").order_by("shared_at", "pk")
            ],
            "earlier": [
                {**_show(note), "version_number": note.version.number}
                for note in waiting.order_by("created_at", "pk")
            ],
            "kept_days": find_kept_days(version.document),
            "erased_from": find_due_day(version.document),
        }
    )


@require_http_methods(["PUT", "DELETE"])
def keep_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Private writing: the same id twice is the same note; an old revision overwrites nothing."""
    if request.method == "DELETE":
        return _delete(request, pk)
    shape = NoteIn(data=read_json(request))
    if not shape.is_valid():
        return _refuse(shape)
    given = shape.validated_data
    version = _find_version(request, given["version"])
    if Note.objects.filter(pk=pk).exclude(owner=request.user, version=version).exists():
        return HttpResponse(status=404)
    if given["revision"] == 0 and (reason := _is_full(request.user, version)):
        return JsonResponse({"error": reason}, status=422)
    source = given.get("carried_from") and get_object_or_404(
        Note.objects.of(request.user).filter(
            version__document=version.document_id, version__number__lt=version.number
        ),
        pk=given["carried_from"],
    )
    kept = Note.objects.keep(
        request.user,
        version,
        pk,
        revision=given["revision"],
        carried_from=source or None,
        sealed=given["sealed"],
        key=given["key"],
    )
    status = {"kept": 200, "gone": 410}.get(kept.outcome, 409)
    return JsonResponse({"outcome": kept.outcome, "note": kept.note and _show(kept.note)}, status=status)


@require_http_methods(["GET", "PUT"])
def keep_notes_key(request: HttpRequest) -> HttpResponse:
    """The wrapped keys of the person who asks: fetched to be unlocked, or kept."""
    if request.method == "PUT":
        shape = NotesKeyIn(data=read_json(request))
        if not shape.is_valid():
            return _refuse(shape)
        return JsonResponse(
            _show_key(actions.keep_notes_key(request.user, by=request.user, **shape.validated_data))
        )
    key = NotesKey.objects.filter(user=request.user).first()
    return JsonResponse(_show_key(key) if key else {"revision": 0})


@require_GET
def read_text(request: HttpRequest, version_id: int) -> HttpResponse:
    """The text of each page, so that notes find their place in a new version."""
    version = _find_version(request, version_id)
    text = DocumentText.objects.filter(version=version).first()
    is_awaited = text is None and version.work_state in UNDER_WAY
    return JsonResponse({"pages": text.pages if text else None, "is_awaited": is_awaited})


@require_GET
def export_notes(request: HttpRequest) -> HttpResponse:
    """One's own notes, still sealed, in portions: `?after=` the last that was got."""
    wanted = PortionIn(data=request.GET)
    if not wanted.is_valid():
        return _refuse(wanted)
    notes = Note.objects.of(request.user).select_related("version__document").order_by("pk")
    if "document" in wanted.validated_data:
        notes = notes.filter(version__document=wanted.validated_data["document"])
    if "after" in wanted.validated_data:
        notes = notes.filter(pk__gt=wanted.validated_data["after"])
    page = list(notes.prefetch_related("shares__reader")[:EXPORTED_AT_ONCE])
    return JsonResponse(
        {
            "notes": [
                {
                    **_show(note),
                    "document": note.version.document.title,
                    "number": note.version.document.number,
                    "version_number": note.version.number,
                }
                for note in page
            ],
            "next": str(page[-1].pk) if len(page) == EXPORTED_AT_ONCE else None,
        }
    )


# Sharing


@require_GET
def find_readers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """People to whom a note may be given: those who may read the paper."""
    note = get_object_or_404(Note.objects.of(request.user), pk=pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    people = find_possible_readers(note.version, request.user, words)
    return JsonResponse({"people": [_show_person(person) for person in people]})


@require_POST
def share_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = get_object_or_404(Note.objects.of(request.user), pk=pk)
    shape = ShareIn(data=read_json(request))
    if not shape.is_valid():
        return _refuse(shape)
    reader = get_object_or_404(
        User.objects.visible_to(request.user), pk=shape.validated_data["reader"], is_active=True
    )
    actions.share_note(note, by=request.user, reader=reader, key=shape.validated_data["key"])
    return JsonResponse(_show(note))


@require_POST
def take_back_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = get_object_or_404(Note.objects.of(request.user), pk=pk)
    shape = TakeBackIn(data=read_json(request))
    if not shape.is_valid():
        return _refuse(shape)
    share = get_object_or_404(note.shares.select_related("reader"), reader=shape.validated_data["reader"])
    actions.take_back_note(note, by=request.user, reader=share.reader)
    return JsonResponse(_show(note))


# The page of one's own notes


@require_GET
def my_notes(request: HttpRequest) -> HttpResponse:
    """Which papers hold notes, how many and since when. What they say is read in the browser alone."""
    mine = Q(versions__notes__owner=request.user)
    papers = (
        Document.objects.filter(mine)
        .annotate(
            notes=Count("versions__notes", filter=mine),
            last=Max("versions__notes__changed_at", filter=mine),
            erased=Max("versions__notes__erased_from", filter=mine),
            version=Max("versions", filter=mine),
        )
        .order_by("-last", "pk")
    )
    key = NotesKey.objects.filter(user=request.user).first()
    return render(request, "reading/my_notes.html", {"papers": papers, "key": key})


def purge_notes(request: HttpRequest, document_id: int | None = None) -> HttpResponse:
    """All notes, or those on one paper: asked once more, then erased for good."""
    rules.NOTES_OF_A_USER.check("purge_notes", request.user, request.user)
    notes = Note.objects.of(request.user)
    document = None
    if document_id is not None:
        document = get_object_or_404(
            Document.objects.filter(versions__notes__owner=request.user).distinct(), pk=document_id
        )
        notes = notes.filter(version__document=document)
    if request.method != "POST":
        return render(request, "reading/purge_notes.html", {"document": document, "count": notes.count()})
    erased = actions.purge_notes(request.user, by=request.user, notes=notes)
    messages.success(
        request,
        ngettext("%(count)s note is erased.", "%(count)s notes are erased.", erased) % {"count": erased},
    )
    return redirect("reading:my_notes")


def begin_notes_anew(request: HttpRequest) -> HttpResponse:
    """Both the passphrase and the recovery code are lost: nobody can open the old notes again."""
    rules.NOTES_OF_A_USER.check("begin_notes_anew", request.user, request.user)
    if request.method != "POST":
        count = Note.objects.of(request.user).count()
        return render(request, "reading/begin_notes_anew.html", {"count": count})
    actions.begin_notes_anew(request.user, by=request.user)
    messages.success(request, _("The old notes are erased. Choose a new passphrase when you write the next."))
    return redirect("reading:my_notes")


# Parts


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document")
    return get_object_or_404(versions, pk=pk)


def _delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What another device has changed meanwhile is not deleted unseen."""
    note = get_object_or_404(Note.objects.of(request.user), pk=pk)
    if request.GET.get("revision", str(note.revision)) != str(note.revision):
        return JsonResponse({"outcome": "stale", "note": _show(note)}, status=409)
    note.delete()
    return HttpResponse(status=204)


def _is_full(user: Any, version: Any) -> str:
    mine = Note.objects.of(user)
    if mine.filter(version=version).count() >= rules.NOTES_ON_A_VERSION:
        return _("This paper holds as many of your notes as can be kept. Delete some that are not needed.")
    if mine.count() >= rules.NOTES_OF_A_PERSON:
        return _("You have as many notes as can be kept. Erase those on papers that are settled.")
    return ""


def _refuse(shape: Any) -> HttpResponse:
    errors = shape.errors
    too_long = "max_length" in [error.code for error in errors.get("sealed", {}).get("data", [])]
    words = str(rules.TOO_LONG) if too_long else _("The server could not take this. Open the page anew.")
    return JsonResponse({"error": words}, status=413 if too_long else 422)


def _show(note: Note) -> dict[str, Any]:
    return {
        "id": note.pk,
        "version": note.version_id,
        "sealed": note.sealed,
        "key": note.key,
        "revision": note.revision,
        "created_at": note.created_at,
        "changed_at": note.changed_at,
        "carried_from": note.carried_from_id,
        "shared_with": [{"id": share.reader_id, "name": str(share.reader)} for share in note.shares.all()],
    }


def _show_shared(share: NoteShare) -> dict[str, Any]:
    note = share.note
    return {
        "id": note.pk,
        "version": note.version_id,
        "sealed": note.sealed,
        "key": share.key,
        "changed_at": note.changed_at,
        "owner": {
            "id": note.owner_id,
            "name": str(note.owner),
            "public_key": note.owner.notes_key.public_key,
        },
    }


def _show_person(person: Any) -> dict[str, Any]:
    key = getattr(person, "notes_key", None)
    return {"id": person.pk, "name": str(person), "title": person.title, "public_key": key and key.public_key}


def _show_key(key: NotesKey) -> dict[str, Any]:
    return {
        "revision": key.revision,
        "public_key": key.public_key,
        "private_key": key.private_key,
        "locks": key.locks,
    }
