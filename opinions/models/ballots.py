"""Secret ballots: the box of a request, those who count it, and the sealed ballots in it."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from opinions import rules
from opinions.models.requests import OpinionRequest
from opinions.models.slips import NEVER_CHANGED, NEVER_EMPTIED, AnswerSheet
from opinions.rules import SheetStanding


def make_code() -> str:
    return uuid4().hex


class BoxQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_box)


class BallotBox(models.Model):
    """Hòm phiếu: the ballots of one request, opened by all its counters together or not at all."""

    request = models.OneToOneField(OpinionRequest, models.PROTECT, related_name="ballot_box")
    code = models.CharField(max_length=32, unique=True, default=make_code)  # bound into keys and ballots
    made_at = models.DateTimeField(default=clock.now)
    fingerprint = models.CharField(_("fingerprint of the box"), max_length=64, blank=True)  # once it is sent
    counted_at = models.DateTimeField(null=True, blank=True)

    objects = BoxQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot box")
        verbose_name_plural = _("ballot boxes")

    def __str__(self) -> str:
        return str(self.request)

    def get_absolute_url(self) -> str:
        return reverse("opinions:read_box", args=[self.request_id])

    @property
    def body_id(self) -> int:
        return self.request.body_id

    @property
    def ballots(self) -> "models.QuerySet[SealedBallot]":
        """Those that count: one a voter, in the order of the members."""
        counting = SealedBallot.objects.filter(
            sheet__slip__request=self.request_id, sheet__standing=SheetStanding.COUNTS
        )
        return counting.select_related("sheet__slip__member").order_by("sheet__slip__place", "sheet__slip")

    @property
    def fingerprint_in_groups(self) -> str:
        """As people compare it: the first 64 bits, four letters at a time."""
        return " ".join(self.fingerprint[start : start + 4] for start in range(0, 16, 4))


class BallotCounter(models.Model):
    """One of the counters (ban kiểm phiếu), with a share of the key that she alone can use."""

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="counters")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="boxes_counted")
    name = models.CharField(_("name"), max_length=300)
    place = models.PositiveSmallIntegerField()
    share = models.JSONField(null=True, blank=True)  # the public half with its proof
    locked = models.JSONField(null=True, blank=True)  # the private half under a code that only she has
    offered_at = models.DateTimeField(null=True, blank=True)
    given = models.JSONField(null=True, blank=True)  # her share of the opening, with its proof
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("counter of a ballot box")
        verbose_name_plural = _("counters of ballot boxes")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_counter_a_person", fields=["box", "user"]),
            models.CheckConstraint(
                name="a_key_is_whole",
                condition=Q(share__isnull=True, locked__isnull=True, offered_at__isnull=True)
                | Q(share__isnull=False, locked__isnull=False, offered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="opened_by_who_has_a_key",
                condition=Q(given__isnull=True, given_at__isnull=True)
                | Q(given__isnull=False, given_at__isnull=False, share__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def request(self) -> OpinionRequest:
        return self.box.request

    @property
    def body_id(self) -> int:
        return self.box.body_id

    @property
    def trail_case(self) -> Any:
        return self.box.request


class SealedBallot(models.Model):
    """A ballot as it came from the voter's browser. Nobody can read the vote in it; it is only added up."""

    sheet = models.OneToOneField(AnswerSheet, models.PROTECT, related_name="ballot")
    tracker = models.CharField(_("tracker of the ballot"), max_length=23, unique=True)
    content = models.JSONField()

    class Meta:
        verbose_name = _("sealed ballot")
        verbose_name_plural = _("sealed ballots")
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    def __str__(self) -> str:
        return self.tracker
