"""What workers make from papers: all of it derived, and made anew at need."""

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.work import WorkItem, WorkQuerySet, WorkState
from documents.models.dossiers import Dossier, DossierIssue
from documents.models.papers import Document, DocumentVersion, object_name
from documents.refusals import explain
from documents.rules import BinderKind, CopyKind, ScanVerdict


class Rendering(WorkItem):
    """A PDF that a worker owes: `task` makes it from the object `target_id`, `version` is the result."""

    task = models.CharField(max_length=80)
    target_id = models.BigIntegerField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="renderings")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, blank=True, related_name="+")

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")
        indexes = [models.Index(fields=["task", "target_id"], name="renderings_of_an_object")]

    def __str__(self) -> str:
        return f"{self.task} {self.target_id}"


class DerivedCopy(WorkItem):
    """What a version is read by: a PDF of an office file, a scan with its text, pictures of the pages."""

    longest_run = timedelta(minutes=15)

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=8, choices=CopyKind)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)  # empty for pictures: one file a page
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    pages_done = models.PositiveIntegerField(default=0)  # while pictures are read: so many of them
    made_with = models.CharField(max_length=100, blank=True)  # the program and its version
    wanted_page = models.PositiveIntegerField(default=1)  # of pictures: the one that somebody waits for

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("derived copy")
        verbose_name_plural = _("derived copies")
        constraints = [models.UniqueConstraint(name="one_copy_a_kind", fields=["version", "kind"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"

    @property
    def is_made(self) -> bool:
        return self.work_state == WorkState.DONE and bool(self.sha256)

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    @property
    def problem(self) -> str:
        """For people: why there is none, or none that can be searched, and what to do."""
        return explain(self.work_error) if self.work_error and not self.is_waiting else ""

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")


class RecognisedPage(models.Model):
    """A page of a scan that has been read, until all of them are: what a crash does not take back."""

    copy = models.ForeignKey(DerivedCopy, models.CASCADE, related_name="recognised")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    layer = models.BinaryField()  # a PDF page with the words alone, unseen, each at its place

    class Meta:
        verbose_name = _("recognised page")
        verbose_name_plural = _("recognised pages")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="a_page_once_recognised", fields=["copy", "number"])]

    def __str__(self) -> str:
        return f"{self.copy_id}: {self.number}"


class VirusScan(WorkItem):
    """What the virus scanner said of a version; without a scanner the verdict stays "not scanned"."""

    version = models.OneToOneField(DocumentVersion, models.PROTECT, related_name="virus_scan")
    verdict = models.CharField(
        _("virus scan"), max_length=12, choices=ScanVerdict, default=ScanVerdict.NOT_SCANNED
    )
    engine = models.CharField(_("scanner and its data"), max_length=200, blank=True)
    found = models.CharField(_("found"), max_length=200, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("virus scan")
        verbose_name_plural = _("virus scans")

    def __str__(self) -> str:
        return f"{self.version_id} {self.verdict}"


class _Built(WorkItem):
    """A file that is made of an issue."""

    issue: Any  # a foreign key of each kind of its own
    longest_run = timedelta(minutes=15)

    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")

    @property
    def body_id(self) -> int:
        return self.issue.body_id

    @property
    def trail_case(self) -> Dossier:
        return self.issue.dossier


class Binder(_Built):
    """An issue as one file: built once for all who may read the same papers of it."""

    issue = models.ForeignKey(DossierIssue, models.PROTECT, related_name="binders")
    kind = models.CharField(max_length=4, choices=BinderKind)
    content_key = models.CharField(max_length=64)  # SHA-256 over the manifest's hash and the papers inside
    places = models.JSONField(default=list)  # of the papers inside
    pages = models.PositiveIntegerField(default=0)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("binder")
        verbose_name_plural = _("binders")
        constraints = [
            models.UniqueConstraint(name="built_once", fields=["issue", "kind", "content_key"]),
        ]

    def __str__(self) -> str:
        return f"{self.issue}, {self.get_kind_display()}"


class BinderCopy(_Built):
    """A binder marked with name, time and copy number for one reader."""

    issue = models.ForeignKey(DossierIssue, models.PROTECT, related_name="binder_copies")
    binder = models.ForeignKey(Binder, models.PROTECT, related_name="copies")
    reader = models.ForeignKey("people.User", models.PROTECT, related_name="binder_copies")
    number = models.PositiveIntegerField(_("copy number"))
    asked_at = models.DateTimeField(default=clock.now)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a binder")
        verbose_name_plural = _("copies of binders")
        constraints = [models.UniqueConstraint(name="one_binder_copy_a_number", fields=["issue", "number"])]

    def __str__(self) -> str:
        return f"{self.issue}, {self.number}"
