"""Documents, their versions, the text of them, and who was given what."""

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import UNDER_WAY, WorkItem, WorkQuerySet, WorkState
from documents import rules
from documents.files.active_content import name_active_content
from documents.refusals import explain
from documents.rules import CopyKind, DocumentKind, Format, Urgency
from people.rules import Role


def object_name(sha256: str) -> str:
    """Where the storage keeps the bytes with this hash."""
    return f"objects/{sha256[:2]}/{sha256}"


class Document(models.Model):
    """A paper as the office speaks of it; what it says stands in its versions."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.OTHER)
    title = models.CharField(_("title"), max_length=500)
    number = models.CharField(_("number and notation"), max_length=60, blank=True)
    issued_by = models.CharField(_("issuing body"), max_length=200, blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    signer = models.CharField(_("signer"), max_length=200, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    attached_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("attachment to"),
    )
    attachment_place = models.PositiveSmallIntegerField(_("place among the attachments"), default=0)
    owner = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="own_documents"
    )  # a private paper: its owner's, and nobody else's before she gives it
    is_filed = models.BooleanField(default=False)  # goes with what stays on record: never discarded
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title or str(_("Refused paper"))

    @property
    def is_given(self) -> bool:
        return Distribution.objects.filter(version__document=self).exists()

    @property
    def is_private(self) -> bool:
        """Nobody but its owner knows of it yet, and the trail does not name it."""
        return self.owner_id is not None and not self.is_given


class VersionQuerySet(VisibleQuerySet, WorkQuerySet):  # type: ignore[override]
    sees = staticmethod(rules.sees_version)

    def kept(self) -> "VersionQuerySet":
        """Those whose bytes are in the storage."""
        return self.filter(refused_because="")

    def being_prepared(self) -> "VersionQuerySet":
        """The PDF for reading is still being made."""
        return self.filter(copies__kind=CopyKind.VIEW, copies__work_state__in=UNDER_WAY)


class DocumentVersion(WorkItem):
    """One version: bytes that never change, found by their SHA-256. The work owed is reading its text."""

    longest_run = timedelta(minutes=3)

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    file_name = models.CharField(_("file name"), max_length=255)
    format = models.CharField(_("format"), max_length=8, choices=Format, default=Format.PDF)
    reason = models.CharField(_("reason for the new version"), max_length=500, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    pages = models.PositiveIntegerField(_("pages"), null=True)
    active_content = models.JSONField(_("active content"), default=list)
    added_at = models.DateTimeField(default=clock.now)
    added_by_name = models.CharField(max_length=200)
    refused_because = models.CharField(max_length=40, blank=True)  # a code; the bytes are gone

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(name="one_version_a_number", fields=["document", "number"])]

    def __str__(self) -> str:
        return str(self.document)

    def get_absolute_url(self) -> str:
        return reverse("documents:read_version", args=[self.pk])

    @property
    def body_id(self) -> int:
        return self.document.body_id

    @property
    def trail_case(self) -> models.Model:
        """The dossier that it was first put into; where it lies in none, its document."""
        if paper := self.papers.select_related("dossier").order_by("pk").first():
            return paper.dossier
        issued = self.issued.select_related("issue__dossier").order_by("pk").first()
        return issued.issue.dossier if issued else self.document

    @property
    def is_own_paper(self) -> bool:
        """A private one."""
        return self.document.owner_id is not None

    @property
    def is_private(self) -> bool:
        return self.document.is_private

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    @property
    def refusal(self) -> str:
        """For people: why it is not accepted, and what to do. Empty while there is nothing against it."""
        if self.refused_because:
            return explain(self.refused_because)
        return explain(self.work_error) if self.work_state == WorkState.FAILED else ""

    def open_file(self) -> Any:
        """The original bytes."""
        return default_storage.open(self.storage_name, "rb")

    @property
    def active_words(self) -> list[str]:
        return name_active_content(self.active_content)

    @property
    def scan(self) -> Any:
        """The virus scan; None where no scanner has been set up."""
        return getattr(self, "virus_scan", None)

    @property
    def is_in_work(self) -> bool:
        """A page that shows it has news to wait for. A scanner that is silent is not waited for."""
        if self.refused_because:
            return False
        is_scanned_soon = self.scan is not None and self.scan.is_waiting and self._is_new
        copy = self.view_copy
        return self.is_waiting or is_scanned_soon or (copy is not None and copy.is_waiting)

    @property
    def _is_new(self) -> bool:
        return self.added_at > clock.now() - timedelta(minutes=5)

    @property
    def view_copy(self) -> Any:
        """The PDF that is made of it for reading, wanted or made; None where none is wanted."""
        return next((copy for copy in self.copies.all() if copy.kind == CopyKind.VIEW), None)

    @property
    def view(self) -> Any:
        """What is read page by page: the copy made for it, else the original when it is a PDF, else None."""
        copy = self.view_copy
        if copy is not None and copy.is_made:
            return copy
        return self if self.format == Format.PDF else None

    @property
    def view_sha256(self) -> str | None:
        return self.view.sha256 if self.view else None

    def open_view(self) -> Any:
        """The bytes of the view; None where there is none (yet)."""
        return self.view.open_file() if self.view else None


class DocumentText(models.Model):
    """The text of a version, page by page: derived, and made anew at need."""

    version = models.OneToOneField(DocumentVersion, models.CASCADE, related_name="text")
    pages = models.JSONField(default=list)
    folded = models.JSONField(default=list)  # the same in small letters without accents, for searching
    recognised_pages = models.JSONField(default=list)  # the numbers of those that were read off a picture

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"{self.version_id}"


class Distribution(models.Model):
    """The distribution list: who was given what, when and why. It is the right to read."""

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="distributions")
    reader = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="distributions")
    role = models.CharField(max_length=16, choices=Role, blank=True)
    body = models.ForeignKey("people.Body", models.PROTECT, null=True, related_name="+")
    because = models.CharField(_("reason"), max_length=200)
    given_by_name = models.CharField(_("given by"), max_length=200, blank=True)  # empty: by the clock's work
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        constraints = [
            models.CheckConstraint(
                name="given_to_a_person_or_an_office",
                condition=Q(reader__isnull=False, role="", body__isnull=True)
                | (Q(reader__isnull=True, body__isnull=False) & ~Q(role="")),
            ),
            models.UniqueConstraint(
                name="given_once_to_a_person", fields=["version", "reader"], condition=Q(reader__isnull=False)
            ),
            models.UniqueConstraint(
                name="given_once_to_an_office",
                fields=["version", "role", "body"],
                condition=Q(reader__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} → {self.reader_id or self.role}"


class PlaceQuerySet(models.QuerySet):
    def remember(
        self, user: Any, version: DocumentVersion, *, page: int, last_seen: int = 0, scale: str = ""
    ) -> None:
        """A convenience of the reader, no deed: whoever has opened the paper has a place in it."""
        furthest = Greatest("furthest_page", max(page, last_seen))
        self.filter(user=user, version=version).update(
            page=page, furthest_page=furthest, scale=scale, at=clock.now()
        )


class ReadingPlace(models.Model):
    """Where a person was reading, so that the paper opens there again."""

    user = models.ForeignKey("people.User", models.PROTECT, related_name="reading_places")
    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="reading_places")
    page = models.PositiveIntegerField(default=1)
    furthest_page = models.PositiveIntegerField(default=1)
    scale = models.CharField(max_length=12, blank=True)  # a number, "page-width" or "page-fit"
    at = models.DateTimeField(default=clock.now)
    first_opened_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(default=clock.now)  # the last opening that the trail tells of

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of reading")
        verbose_name_plural = _("places of reading")
        constraints = [models.UniqueConstraint(name="one_place_a_reader", fields=["user", "version"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version_id}: {self.page}"
