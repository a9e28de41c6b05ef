"""Observations about the signatures on a paper."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet, WorkState
from signatures import rules
from signatures.rules import Cause, Verdict
from verifier.pdf.etsi import write_etsi_report
from verifier.pdf.report import Report


class VerificationQuerySet(WorkQuerySet):
    def waiting(self) -> "VerificationQuerySet":
        return self.filter(work_state__in=[WorkState.QUEUED, WorkState.RUNNING])

    def done(self) -> "VerificationQuerySet":
        return self.filter(work_state=WorkState.DONE)

    def with_evidence(self) -> "VerificationQuerySet":
        """Those that hold a report, their own or an earlier one that they found unchanged."""
        return self.done().exclude(report={}, same_as=None).select_related("same_as")

    def newest(self) -> "VerificationQuerySet":
        """The last one that each version was given, done or not."""
        return self.order_by("version", "-pk").distinct("version")

    def decided(self) -> "VerificationQuerySet":
        """The newest finding on each version that still has its file."""
        return self.filter(pk__in=self.done().filter(version__refused_because="").newest().values("pk"))

    def not_owed(self) -> "VerificationQuerySet":
        """Without those on versions that a worker owes a check already."""
        return self.exclude(version__in=Verification.objects.waiting().values("version"))


class ChangeQuerySet(VisibleQuerySet, VerificationQuerySet):  # type: ignore[override]
    sees = staticmethod(rules.sees_change)

    def changed(self) -> "ChangeQuerySet":
        return self.exclude(verdict_before="").exclude(verdict_before=models.F("verdict"))


class Verification(WorkItem):
    """One look at the signatures of one version: why, when, with what trust, and everything that was found.

    Rows are observations: a later one never changes an earlier one. Where a later look found the very same
    evidence, `same_as` names the observation that holds it.
    """

    longest_run = timedelta(minutes=3)
    shown_content: Any = None  # `content`, for a person who may read it (signatures.detached.show_content)

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="verifications")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, default=Cause.ADDED)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, blank=True)
    verdict_before = models.CharField(
        _("verdict before"), max_length=12, choices=Verdict, blank=True
    )  # of the look before; empty for the first
    report = models.JSONField(default=dict)  # signatures.verifier.Report as plain values
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    known = models.JSONField(default=list)  # verifier.again.KnownSignature of each, where all are valid
    holds_until = models.DateTimeField(null=True, blank=True)  # before, time alone changes nothing about it
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)  # of the bytes that were looked at
    content = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a signature file: the paper that it is about, where one was found
    preserved_copy = models.ForeignKey(
        "signatures.PreservedCopy", models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    policy = models.CharField(_("policy"), max_length=80, blank=True)  # version of the table of algorithms
    trust_store = models.CharField(max_length=64, blank=True)  # the fingerprint of a TrustSnapshot
    checked_at = models.DateTimeField(_("checked at"), null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        get_latest_by = "pk"
        indexes = [
            models.Index(fields=["version", "-id"], name="newest_verification"),
            models.Index(
                fields=["-id"],
                name="changed_verdicts",
                condition=~Q(verdict_before="") & ~Q(verdict_before=models.F("verdict")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def body_id(self) -> int:
        return self.version.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.version.trail_case

    @cached_property
    def evidence(self) -> Report | None:
        """What the verifier reported; None while there is no report."""
        plain = self.same_as.report if self.same_as is not None else self.report
        return Report.from_json(plain) if plain else None

    def write_etsi_report(self) -> bytes:
        """The evidence as ETSI TS 119 102-2 has it: the same bytes each time, made from what is stored."""
        assert self.evidence is not None and self.checked_at is not None
        return write_etsi_report(self.evidence, at=self.checked_at, trust_store=self.trust_store)

    @property
    def has_changed(self) -> bool:
        """Whether people were told another word before."""
        return self.verdict_before not in ("", self.verdict)

    @property
    def shown_verdict(self) -> str:
        """The word for people; empty while the check is under way."""
        return Verdict.UNVERIFIABLE if self.work_state == WorkState.FAILED else self.verdict
