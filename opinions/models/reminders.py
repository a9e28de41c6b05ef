"""What was told by itself on the ladder of reminders."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from opinions import rules
from opinions.ladder import RungKind
from opinions.models.requests import OpinionRequest
from opinions.models.slips import OpinionSlip
from opinions.rules import RequestStatus, SlipStatus


class Reminder(models.Model):
    """A rung of the ladder that was climbed, for a slip or the request: never twice for one deadline."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="reminders")
    slip = models.ForeignKey(OpinionSlip, models.PROTECT, null=True, blank=True, related_name="reminders")
    kind = models.CharField(_("what"), max_length=16, choices=RungKind)
    hours = models.PositiveSmallIntegerField(_("hours before"), default=0)
    deadline = models.DateTimeField(_("deadline"))  # the one it was for
    told_at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["told_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_reminder_a_slip_and_rung", fields=["slip", "kind", "hours", "deadline"]
            ),
            models.UniqueConstraint(
                name="one_notice_a_request_and_rung",
                fields=["request", "kind", "hours", "deadline"],
                condition=Q(slip__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.slip or self.request}"

    @property
    def body_id(self) -> int:
        return self.request.body_id

    @property
    def trail_case(self) -> Any:
        return self.request


# Of which requests somebody may have to be told now: the rules say whether.

LOOKING_AHEAD = timedelta(days=14)  # more than any row of days off; the rule itself counts working days


def find_awaited() -> "QuerySet[OpinionRequest]":
    """Open, with members who have not answered."""
    open_ones = OpinionRequest.objects.filter(status=RequestStatus.OPEN, deadline__gt=clock.now())
    missing = OpinionSlip.objects.unanswered().filter(request=OuterRef("pk"))
    return _with_ladder(open_ones.filter(Exists(missing)))


def find_missed() -> "QuerySet[OpinionRequest]":
    """Closed lately, with members who were silent and were not told so."""
    closed = OpinionRequest.objects.filter(
        status__in=(RequestStatus.COUNTING, *rules.AFTER_CLOSING),
        deadline__gt=clock.now() - rules.TOLD_OF_SILENCE_WITHIN,
    )
    silent = OpinionSlip.objects.filter(request=OuterRef("pk"), status=SlipStatus.SILENT)
    return _with_ladder(closed.filter(Exists(silent)).exclude(_was_told(RungKind.MISSED)))


def find_followed_up() -> "QuerySet[OpinionRequest]":
    """With a result to be processed or a report to be handed in, near its day or after it."""
    until = clock.today() + LOOKING_AHEAD
    processed = Q(status=RequestStatus.CLOSED, process_by__lte=until) & ~_was_told(RungKind.PROCESSING_LATE)
    reported = Q(status=RequestStatus.REFERRED, report_by__lte=until, reported_at__isnull=True)
    return _with_ladder(
        OpinionRequest.objects.filter(processed | reported & ~_was_told(RungKind.REPORT_LATE))
    )


def _was_told(kind: RungKind) -> Q:
    return Q(
        Exists(Reminder.objects.filter(request=OuterRef("pk"), kind=kind, deadline=OuterRef("deadline")))
    )


def _with_ladder(requests: "QuerySet[OpinionRequest]") -> "QuerySet[OpinionRequest]":
    """With all that the ladder is worked out from, the most urgent first."""
    found = requests.select_related("kind", "rule_set__body").order_by("deadline", "pk")
    return found.prefetch_related("deadline_changes", "issues")
