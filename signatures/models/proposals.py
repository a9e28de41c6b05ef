"""A change of the trust that one administrator proposes and another one confirms, with what it would do."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import UNDER_WAY, WorkItem, WorkQuerySet, WorkState
from signatures import rules
from signatures.rules import ProposalKind, ProposalStatus, Verdict


class ProposalQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_proposal)

    def open(self) -> "ProposalQuerySet":
        return self.filter(status=ProposalStatus.OPEN)


class TrustProposal(models.Model):
    """Certificates to be trusted (`certificates`: PEM and use of each), or one whose trust is to end.

    `foreseen_under` names the trust beside which the foreseen verdicts were reached; every change of the
    trust has them reached anew, in the same transaction.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind)
    status = models.CharField(_("status"), max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    certificates: Any = models.JSONField(default=list)
    certificate = models.ForeignKey(
        "signatures.TrustedCertificate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals_to_end",
    )
    counts_from = models.DateTimeField(_("counts from"), null=True, blank=True)
    counts_until = models.DateTimeField(_("counts until"), null=True, blank=True)
    because = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.CharField(_("reason"), max_length=500, blank=True)
    foreseen_under = models.CharField(max_length=64, blank=True)

    confirmer_came_later = False  # set while it is being confirmed

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal on the trust")
        verbose_name_plural = _("proposals on the trust")
        constraints = [
            models.CheckConstraint(
                name="nobody_confirms_her_own",
                condition=~Q(status__in=[ProposalStatus.CONFIRMED, ProposalStatus.REJECTED])
                | Q(decided_by__isnull=False, proposed_by__isnull=False)
                & ~Q(decided_by=models.F("proposed_by")),
            ),
            models.UniqueConstraint(
                name="one_open_end_a_certificate",
                fields=["certificate"],
                condition=Q(status=ProposalStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("signatures:read_proposal", args=[self.pk])

    @property
    def is_foreseen(self) -> bool:
        """Every paper that the change may touch has been looked at."""
        return self.foreseen_under != "" and not self.foreseen.filter(work_state__in=UNDER_WAY).exists()


class ForeseenQuerySet(WorkQuerySet):
    def changing(self) -> "ForeseenQuerySet":
        """Papers about which people would be told another word."""
        done = self.filter(work_state=WorkState.DONE)
        return done.exclude(verdict_then=models.F("verdict_now"))


class ForeseenVerdict(WorkItem):
    """What would be found on one paper if the proposal were confirmed. Nothing of it counts."""

    longest_run = timedelta(minutes=3)

    proposal = models.ForeignKey(TrustProposal, models.PROTECT, related_name="foreseen")
    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="+")
    under = models.CharField(max_length=64)  # the trust of the day it was asked for
    signers = models.CharField(_("signers"), max_length=500, blank=True)
    verdict_now = models.CharField(_("verdict now"), max_length=12, choices=Verdict)
    verdict_then = models.CharField(_("verdict then"), max_length=12, choices=Verdict, blank=True)

    objects = ForeseenQuerySet.as_manager()

    class Meta:
        verbose_name = _("foreseen verdict")
        verbose_name_plural = _("foreseen verdicts")
        constraints = [
            models.UniqueConstraint(name="foreseen_once", fields=["proposal", "version"]),
        ]

    def __str__(self) -> str:
        return str(self.version)
