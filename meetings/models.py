"""Sessions, and the matters on their agendas or waiting for one."""

from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from meetings import rules
from meetings.rules import MeetingKind, MeetingStatus


class MeetingQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_meeting)

    def ahead(self) -> "MeetingQuerySet":
        """Planned and not begun, the next first."""
        return self.filter(status=MeetingStatus.PLANNED, starts_at__gt=clock.now()).order_by(
            "starts_at", "pk"
        )

    def over(self) -> "MeetingQuerySet":
        """Begun or cancelled, the latest first."""
        begun = Q(starts_at__lte=clock.now()) | Q(status=MeetingStatus.CANCELLED)
        return self.filter(begun).order_by("-starts_at", "-pk")

    def with_matters(self) -> "MeetingQuerySet":
        return self.annotate(item_count=Count("items"))


class Meeting(models.Model):
    """A session of a body (phiên họp), as it is planned."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="meetings")
    status = models.CharField(
        _("status"), max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED
    )
    kind = models.CharField(
        _("kind of session"), max_length=10, choices=MeetingKind, default=MeetingKind.REGULAR
    )
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("venue"), max_length=200)
    planned_at = models.DateTimeField(default=clock.now)
    planned_by_name = models.CharField(max_length=200)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.TextField(_("reason for cancelling"), blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["body", "status", "starts_at"], name="meetings_by_time")]
        constraints = [
            models.UniqueConstraint(
                name="one_planned_meeting_a_time",
                fields=["body", "starts_at"],
                condition=Q(status=MeetingStatus.PLANNED),
            ),
            models.CheckConstraint(
                name="cancelled_means_reason_and_time",
                condition=Q(status=MeetingStatus.CANCELLED, cancelled_at__isnull=False)
                & ~Q(cancellation_reason="")
                | ~Q(status=MeetingStatus.CANCELLED) & Q(cancelled_at__isnull=True, cancellation_reason=""),
            ),
        ]

    def __str__(self) -> str:
        day = f"{timezone.localtime(self.starts_at):%d/%m/%Y}"
        return f"{self.get_kind_display().capitalize()}, {day}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_meeting", args=[self.pk])

    @property
    def is_ahead(self) -> bool:
        return self.status == MeetingStatus.PLANNED and self.starts_at > clock.now()

    @property
    def tone(self) -> str:
        return "navy" if self.is_ahead else "grey"


class AgendaItemQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_item)

    def waiting(self) -> "AgendaItemQuerySet":
        """For a session that is not planned yet, the longest waiting first."""
        return self.filter(meeting__isnull=True).order_by("taken_up_at", "pk")


class AgendaItem(models.Model):
    """A matter to be put before a session: on an agenda at its place, or on the waiting list."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="agenda_items")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="items")
    place = models.PositiveSmallIntegerField(_("place on the agenda"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=500)
    lead_agency = models.ForeignKey(
        "people.Organisation", models.PROTECT, related_name="agenda_items", verbose_name=_("lead agency")
    )
    dossier = models.ForeignKey("documents.Dossier", models.PROTECT, related_name="agenda_items")
    opinion_request = models.OneToOneField(
        "opinions.OpinionRequest", models.PROTECT, related_name="agenda_item"
    )
    reason = models.TextField(_("why it is put before a session"))
    taken_up_at = models.DateTimeField(default=clock.now)
    taken_up_by_name = models.CharField(max_length=200)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter on an agenda")
        verbose_name_plural = _("matters on agendas")
        ordering = ["meeting", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_matter_a_place",
                fields=["meeting", "place"],
                deferrable=models.Deferrable.DEFERRED,  # matters change places within one act
            ),
            models.CheckConstraint(
                name="on_an_agenda_means_a_place",
                condition=Q(meeting__isnull=True, place__isnull=True)
                | Q(meeting__isnull=False, place__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("meetings:read_item", args=[self.pk])

    @property
    def trail_case(self) -> Any:
        """Its story goes on from the request that it came from."""
        return self.opinion_request
