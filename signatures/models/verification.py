"""Observations about the signatures on a paper."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.work import WorkItem, WorkQuerySet, WorkState
from signatures.rules import Verdict
from verifier.pdf.report import Report


class VerificationQuerySet(WorkQuerySet):
    def waiting(self) -> "VerificationQuerySet":
        return self.filter(work_state__in=[WorkState.QUEUED, WorkState.RUNNING])

    def newest(self) -> "VerificationQuerySet":
        """The last one that each version was given, done or not."""
        return self.order_by("version", "-pk").distinct("version")

    def decided(self) -> "VerificationQuerySet":
        """The newest finding on each version that still has its file."""
        done = self.filter(work_state=WorkState.DONE, version__refused_because="")
        return self.filter(pk__in=done.newest().values("pk"))


class Verification(WorkItem):
    """One look at the signatures of one version: when, with what trust, and everything that was found."""

    longest_run = timedelta(minutes=3)

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="verifications")
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True)
    report = models.JSONField(default=dict)  # signatures.verifier.Report as plain values
    trust_store = models.CharField(max_length=64, blank=True)  # SHA-256 over the trusted certificates
    checked_at = models.DateTimeField(_("checked at"), null=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        get_latest_by = "pk"
        indexes = [models.Index(fields=["version", "-id"], name="newest_verification")]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def body_id(self) -> int:
        return self.version.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.version.trail_case

    @property
    def evidence(self) -> Report | None:
        """What the verifier reported; None while there is no report."""
        return Report.from_json(self.report) if self.report else None

    @property
    def shown_verdict(self) -> str:
        """The word for people; empty while the check is under way."""
        return Verdict.UNVERIFIABLE if self.work_state == WorkState.FAILED else self.verdict
