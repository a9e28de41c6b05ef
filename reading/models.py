"""Private notes that only their owner's key opens, folders, and comparisons of versions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.locks import lock
from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet
from documents.models import DocumentVersion
from reading import rules


class NotesKey(models.Model):
    """The keys to a person's notes as her own devices wrapped them: none of this opens anything here."""

    user = models.OneToOneField("people.User", models.PROTECT, related_name="notes_key")
    public_key = models.JSONField()  # JWK, ECDH P-256: for notes that others share with her
    private_key = models.JSONField()  # its other half, encrypted under the notes key
    locks = models.JSONField(default=list)  # the notes key, wrapped: once by the passphrase, once by the code
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("key to notes")
        verbose_name_plural = _("keys to notes")

    def __str__(self) -> str:
        return f"{self.user_id}"


@dataclass(frozen=True)
class Keeping:
    """What became of a note that a device sent: kept, stale, gone, or carried by another device already."""

    outcome: str
    note: "Note | None"


class NoteQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_note)

    @transaction.atomic
    def keep(
        self, owner: Any, version: Any, pk: UUID, *, revision: int, carried_from: Any = None, **sealed: Any
    ) -> Keeping:
        """Private writing is no deed. A repeat changes nothing, and nothing newer is overwritten."""
        if revision == 0:
            note = self.model(pk=pk, owner=owner, version=version, carried_from=carried_from, **sealed)
            if carried_from is not None and lock(carried_from).was_carried:
                return self._carried(version, pk, carried_from)
            self.bulk_create([note], ignore_conflicts=True)
            if carried_from is not None:
                self.filter(pk=carried_from.pk).update(was_carried=True)
        stored = self.select_for_update().filter(pk=pk, owner=owner, version=version).first()
        if stored is None:
            return Keeping("gone", None)
        if stored.sealed == sealed["sealed"]:
            return Keeping("kept", stored)
        if stored.revision != revision:
            return Keeping("stale", stored)
        stored.sealed, stored.key = sealed["sealed"], sealed["key"]
        stored.revision, stored.changed_at = revision + 1, clock.now()
        stored.save(update_fields=["sealed", "key", "revision", "changed_at"])
        return Keeping("kept", stored)

    def _carried(self, version: Any, pk: UUID, carried_from: Any) -> Keeping:
        found = self.filter(carried_from=carried_from, version=version).first()
        return Keeping("kept" if found and found.pk == pk else "carried", found)

    def of(self, owner: Any) -> "NoteQuerySet":
        return self.filter(owner=owner)

    def waiting_to_follow(self, owner: Any, version: Any) -> "NoteQuerySet":
        """Notes of this person on earlier versions of the document that have not followed yet."""
        return self.of(owner).filter(
            version__document=version.document_id, version__number__lt=version.number, was_carried=False
        )


class Note(models.Model):
    """One highlight, drawing or text on a paper. What it says and where it stands is in `sealed` alone."""

    id = models.UUIDField(
        primary_key=True, default=uuid4
    )  # given by the device, so that a repeat changes nothing
    owner = models.ForeignKey("people.User", models.PROTECT, related_name="notes")
    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="notes")
    sealed = models.JSONField()  # {iv, data}: AES-256-GCM under the note's own key
    key = models.JSONField()  # the note's own key, wrapped by the owner's notes key
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )  # the same note on an earlier version
    was_carried = models.BooleanField(default=False)  # to a later version, even if it was deleted there
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    erased_from = models.DateField(null=True, blank=True)  # the day that its owner was told of

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(name="carried_once_to_a_version", fields=["carried_from", "version"])
        ]
        indexes = [models.Index(fields=["owner", "version"], name="notes_of_a_reader")]

    def __str__(self) -> str:
        return f"{self.pk}"


class NoteShare(models.Model):
    """A note given to a named person: its key, wrapped for her alone."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="shares")
    reader = models.ForeignKey("people.User", models.PROTECT, related_name="notes_shared_with")
    key = models.JSONField()
    shared_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("shared note")
        verbose_name_plural = _("shared notes")
        constraints = [models.UniqueConstraint(name="shared_once", fields=["note", "reader"])]

    def __str__(self) -> str:
        return f"{self.note_id} → {self.reader_id}"


class FolderQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_folder)


class Folder(models.Model):
    """A person's own folder, or a part of the common library of a body."""

    owner = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="folders")
    body = models.ForeignKey("people.Body", models.PROTECT, null=True, blank=True, related_name="library")
    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(default=clock.now)

    objects = FolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="of_a_person_or_of_a_body",
                condition=Q(owner__isnull=False, body__isnull=True)
                | Q(owner__isnull=True, body__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reading:read_folder", args=[self.pk])

    @property
    def is_library(self) -> bool:
        return self.body_id is not None

    @property
    def is_private(self) -> bool:
        """What a person calls her folders, and what lies in them, is nobody's matter."""
        return self.owner_id is not None


class FolderPaper(models.Model):
    folder = models.ForeignKey(Folder, models.PROTECT, related_name="papers")
    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="folders")
    added_at = models.DateTimeField(default=clock.now)
    added_by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("paper in a folder")
        verbose_name_plural = _("papers in folders")
        constraints = [models.UniqueConstraint(name="once_in_a_folder", fields=["folder", "version"])]

    def __str__(self) -> str:
        return f"{self.folder_id}: {self.version_id}"


class ComparisonQuerySet(WorkQuerySet):
    def visible_to(self, user: Any) -> "ComparisonQuerySet":
        """Of papers that this person may read, both of them."""
        seen = DocumentVersion.objects.visible_to(user).kept().values("pk")
        return self.filter(older__in=seen, newer__in=seen)


class Comparison(WorkItem):
    """What changed from one version to another, worked out once."""

    longest_run = timedelta(minutes=10)

    older = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="+")
    newer = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="+")
    result = models.JSONField(default=dict)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        constraints = [models.UniqueConstraint(name="compared_once", fields=["older", "newer"])]

    def __str__(self) -> str:
        if self.older.document_id == self.newer.document_id:
            return f"{self.newer} ({self.older.number} → {self.newer.number})"
        return f"{self.older} → {self.newer}"

    def get_absolute_url(self) -> str:
        return reverse("reading:compare_versions", args=[self.older_id, self.newer_id])

    @property
    def body_id(self) -> int:
        return self.newer.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.newer.trail_case
