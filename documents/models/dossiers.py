"""The dossier: its sections and papers, the issues put before the members, what is handed out on paper."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import UNDER_WAY, WorkState
from documents import rules
from documents.models.papers import DocumentVersion
from documents.rules import DossierStatus, ScanVerdict

ONLY_GROWS = pgtrigger.Protect(name="only_grows", operation=pgtrigger.Update | pgtrigger.Delete)


class DossierQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_dossier)

    def in_hands_of(self, user: Any) -> "DossierQuerySet":
        """Those that this person works on."""
        return self.filter(pk__in=Dossier._base_manager.filter(rules.is_in_hands_of(user)).values("pk"))

    def with_ledger_for(self, user: Any) -> "DossierQuerySet":
        """Those whose paper ledger this person may read."""
        return self.filter(rules.sees_ledger(user))


class Dossier(models.Model):
    """The folder that is put before the members with a matter."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="dossiers")
    title = models.CharField(_("title"), max_length=500)
    status = models.CharField(_("status"), max_length=8, choices=DossierStatus, default=DossierStatus.OPEN)
    prepared_by = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name=_("prepared by"),
    )  # the lead agency; empty where the Office makes the folder itself
    is_with_agency = models.BooleanField(default=False)  # the lead agency works on it, and not the Office
    sealed_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.TextField(_("reason for the correction"), blank=True)  # until the next issue
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:read_dossier", args=[self.pk])

    @property
    def current_issue(self) -> "DossierIssue | None":
        """What lies before the members now."""
        return self.issues.order_by("-number").first()


class Section(models.Model):
    """A part of the folder, with the papers that belong together."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="sections")
    title = models.CharField(_("title"), max_length=200)
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.title


class PaperQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_paper)

    def waiting(self) -> "PaperQuerySet":
        """Being read, or made readable."""
        return self.filter(
            Q(version__work_state__in=UNDER_WAY) | Q(version__in=DocumentVersion.objects.being_prepared())
        )

    def not_scanned(self) -> "PaperQuerySet":
        """What the virus scanner has not cleared; none where no scanner is set up."""
        if not settings.CLAMD_URL:
            return self.none()
        return self.exclude(version__virus_scan__verdict=ScanVerdict.CLEAN)

    def refused(self) -> "PaperQuerySet":
        return self.filter(Q(version__work_state=WorkState.FAILED) | ~Q(version__refused_because=""))


class DossierPaper(models.Model):
    """One paper at its place in the dossier: the copy that is worked on. Members see the issues of it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers")
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("section")
    )
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="papers")
    place = models.PositiveSmallIntegerField(_("place"))  # through all sections, from 1

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a dossier")
        verbose_name_plural = _("papers of dossiers")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_version_once_in_a_dossier", fields=["dossier", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.version}"


class NeedToKnow(models.Model):
    """Papers with such rows are given to these people of the members only."""

    paper = models.ForeignKey(DossierPaper, models.CASCADE, related_name="readers")
    reader = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("named reader")
        verbose_name_plural = _("named readers")
        constraints = [models.UniqueConstraint(name="named_once", fields=["paper", "reader"])]

    def __str__(self) -> str:
        return f"{self.paper_id} → {self.reader_id}"


class DossierIssue(models.Model):
    """The sealed manifest: what exactly was put before the members, by whom and when. It never changes.

    `manifest` is canonical JSON (RFC 8785: sorted keys, no white space, UTF-8), `sha256` that of its bytes.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField(_("issue"))
    sealed_at = models.DateTimeField(_("sealed at"))
    sealed_by_name = models.CharField(_("sealed by"), max_length=200)
    reason = models.TextField(_("reason for the new issue"), blank=True)
    manifest = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("issue of a dossier")
        verbose_name_plural = _("issues of dossiers")
        ordering = ["dossier", "number"]
        constraints = [models.UniqueConstraint(name="one_issue_a_number", fields=["dossier", "number"])]
        triggers = [ONLY_GROWS]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.number}"

    @property
    def body_id(self) -> int:
        return self.dossier.body_id

    @property
    def trail_case(self) -> Dossier:
        return self.dossier


class IssuedPaperQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_issued_paper)


class IssuedPaper(models.Model):
    """One line of the manifest. Pages are counted through the whole dossier."""

    issue = models.ForeignKey(DossierIssue, models.PROTECT, related_name="papers")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="issued")
    section_title = models.CharField(max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(_("place"))
    first_page = models.PositiveIntegerField(_("first page"), null=True)  # none for sound and film
    pages = models.PositiveIntegerField(_("pages"), default=0)
    is_restricted = models.BooleanField(default=False)  # for named readers only

    objects = IssuedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of an issue")
        verbose_name_plural = _("papers of issues")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(name="one_paper_a_place", fields=["issue", "place"])]
        triggers = [ONLY_GROWS]

    def __str__(self) -> str:
        return f"{self.place}. {self.version}"


class PaperSlotQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_slot)


class PaperSlot(models.Model):
    """A placeholder for what must not be in this system: "phát giấy, thu hồi sau họp", and no word of it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="slots")
    number = models.PositiveSmallIntegerField(_("number"))
    added_at = models.DateTimeField(default=clock.now)

    objects = PaperSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper handed out")
        verbose_name_plural = _("papers handed out")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="one_slot_a_number", fields=["dossier", "number"])]

    def __str__(self) -> str:
        return str(_("Paper handed out and collected after the session, no. %(number)s")) % {
            "number": self.number
        }

    @property
    def body_id(self) -> int:
        return self.dossier.body_id

    @property
    def trail_case(self) -> Dossier:
        return self.dossier


class CopyQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_copy)

    def out(self) -> "CopyQuerySet":
        """Those that have not come back."""
        return self.filter(returned_at__isnull=True)

    def overdue(self) -> "CopyQuerySet":
        """Not back although the matter is closed: collected after the session means then."""
        return self.out().filter(slot__dossier__closed_at__isnull=False)


class PaperCopy(models.Model):
    """One numbered copy on paper: to whom, when, and when it came back."""

    slot = models.ForeignKey(PaperSlot, models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField(_("copy number"))
    receiver = models.ForeignKey("people.User", models.PROTECT, related_name="paper_copies")
    handed_out_at = models.DateTimeField(_("handed out"), default=clock.now)
    handed_out_by_name = models.CharField(max_length=200)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    taken_back_by_name = models.CharField(max_length=200, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy on paper")
        verbose_name_plural = _("copies on paper")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_copy_a_number", fields=["slot", "number"]),
            models.CheckConstraint(
                name="a_copy_comes_back_to_someone",
                condition=Q(returned_at__isnull=True, taken_back_by_name="")
                | (Q(returned_at__isnull=False) & ~Q(taken_back_by_name="")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Copy %(copy)s of paper no. %(slot)s")) % {"copy": self.number, "slot": self.slot.number}

    @property
    def is_overdue(self) -> bool:
        return self.returned_at is None and self.slot.dossier.closed_at is not None

    @property
    def body_id(self) -> int:
        return self.slot.dossier.body_id

    @property
    def trail_case(self) -> Dossier:
        return self.slot.dossier
