"""Kinds of matters with what each requires, and the dossiers handed in."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from decisions.calendar import go_back_working_days
from documents.rules import DocumentKind
from people.models import Appointment, User
from people.rules import Role
from submissions import rules
from submissions.rules import LATE, WITH_THE_AGENCY, SubmissionStatus

END_OF_OFFICE_HOURS = time(17)


class MatterKindQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_matter_kind)

    def in_force(self, body: Any, on: date | None = None) -> "MatterKindQuerySet":
        """The kinds that the body knows on that day, today without one."""
        day = on or clock.today()
        begun = self.filter(body=body, valid_from__lte=day)
        return begun.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class MatterKind(models.Model):
    """What a dossier of this kind of matter must hold, and how long each step may take. Rules as data."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="matter_kinds")
    name = models.CharField(_("kind of matter"), max_length=200)
    source = models.CharField(_("legal source"), max_length=300)
    required = ArrayField(
        models.CharField(max_length=12, choices=DocumentKind), verbose_name=_("required papers"), default=list
    )
    summary_over_pages = models.PositiveSmallIntegerField(_("a summary is needed over … pages"), default=10)
    summary_pages = models.PositiveSmallIntegerField(_("most pages of the summary"), default=6)
    lead_days = models.PositiveSmallIntegerField(_("working days before the day it is dealt with"), default=3)
    check_days = models.PositiveSmallIntegerField(_("working days to return or accept"), default=1)
    submit_days = models.PositiveSmallIntegerField(_("working days to submit once accepted"), default=3)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)

    objects = MatterKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of matter")
        verbose_name_plural = _("kinds of matters")
        ordering = ["body", "name", "valid_from"]
        constraints = [
            models.CheckConstraint(
                name="kind_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_force(self) -> bool:
        today = clock.today()
        return self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)

    @property
    def has_ended(self) -> bool:
        return self.valid_until is not None and self.valid_until < clock.today()

    @property
    def required_names(self) -> list[str]:
        return [str(DocumentKind(kind).label) for kind in self.required]


class SubmissionQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_submission)

    def matching(self, *, words: str = "", state: str = "", agency: Any = None) -> "SubmissionQuerySet":
        """Those in a state (late ones in any), of a lead agency, with these words in the title."""
        found = self.filter(dossier__title__icontains=words) if words else self
        if agency is not None:
            found = found.filter(dossier__prepared_by=agency)
        if state == LATE:
            return found.filter(is_late=True)
        return found.filter(status=state) if state else found

    def due_soon(self, until: date) -> "SubmissionQuerySet":
        """Still with the lead agency, to be handed in by that day, and nobody was reminded yet."""
        waiting = self.filter(status__in=WITH_THE_AGENCY, reminded_at__isnull=True)
        return waiting.filter(due_on__gte=clock.today(), due_on__lte=until)

    def check_overdue(self) -> "SubmissionQuerySet":
        """Handed in, and neither returned nor accepted by its day; nobody was told yet."""
        waiting = self.filter(status=SubmissionStatus.HANDED_IN, overdue_told_at__isnull=True)
        return waiting.filter(check_by__lt=clock.today())


@dataclass(frozen=True)
class HeldPaper:
    """What the completeness of a dossier depends on."""

    kind: str
    pages: int


class Submission(models.Model):
    """One dossier on its way from the lead agency to the Office."""

    dossier = models.OneToOneField("documents.Dossier", models.PROTECT, related_name="submission")
    kind = models.ForeignKey(
        MatterKind, models.PROTECT, related_name="submissions", verbose_name=_("kind of matter")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SubmissionStatus, default=SubmissionStatus.PREPARED
    )
    wanted_on = models.DateField(_("to be dealt with on"), null=True, blank=True)
    due_on = models.DateField(_("to be handed in by"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    handed_in_by_name = models.CharField(max_length=200, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    check_by = models.DateField(_("to be returned or accepted by"), null=True, blank=True)
    return_reason = models.TextField(_("reason for returning"), blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_name = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by_name = models.CharField(max_length=200, blank=True)
    submit_by = models.DateField(_("to be submitted by"), null=True, blank=True)
    removal_reason = models.TextField(_("reason for proposing removal"), blank=True)
    removal_proposed_at = models.DateTimeField(null=True, blank=True)
    removal_proposed_by_name = models.CharField(max_length=200, blank=True)
    taken_up_at = models.DateTimeField(_("taken up"), null=True, blank=True)  # into a written procedure
    reminded_at = models.DateTimeField(null=True, blank=True)  # of the day to hand it in
    overdue_told_at = models.DateTimeField(null=True, blank=True)  # that it should have been checked
    created_by = models.ForeignKey("people.User", models.PROTECT, related_name="submissions")
    created_at = models.DateTimeField(default=clock.now)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.CheckConstraint(
                name="handed_in_by_someone",
                condition=Q(handed_in_at__isnull=True) | ~Q(handed_in_by_name=""),
            ),
            models.CheckConstraint(
                name="handed_in_means_time_and_check",
                condition=Q(status=SubmissionStatus.PREPARED)
                | Q(handed_in_at__isnull=False, check_by__isnull=False),
            ),
            models.CheckConstraint(
                name="accepted_means_person_and_time",
                condition=Q(accepted_at__isnull=True) | ~Q(accepted_by_name="") & Q(submit_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status", "check_by"], name="submissions_by_state")]

    def __str__(self) -> str:
        return str(self.dossier)

    def get_absolute_url(self) -> str:
        return reverse("submissions:read_submission", args=[self.pk])

    @cached_property
    def papers(self) -> list[HeldPaper]:
        """The papers in the dossier that can be counted on: none that was refused."""
        versions = self.dossier.papers.exclude(pk__in=self.dossier.papers.refused().values("pk"))
        rows = versions.values_list("version__document__kind", "version__pages")
        return [HeldPaper(kind, pages or 0) for kind, pages in rows]

    @property
    def agency(self) -> Any:
        """The lead agency."""
        return self.dossier.prepared_by

    def list_days_off(self) -> set[date]:
        return set(self.dossier.body.days_off.values_list("day", flat=True))

    def find_due_day(self) -> date | None:
        """The last day to hand it in: so many working days before the day it is to be dealt with."""
        if self.wanted_on is None:
            return None
        return go_back_working_days(self.wanted_on, self.kind.lead_days, self.list_days_off())

    def list_officers(self) -> list[User]:
        """Those who prepare dossiers for the lead agency; where it has none here, who has begun this one."""
        offices = Appointment.objects.current().filter(
            role=Role.SUBMITTER, body=self.dossier.body_id, organisation=self.dossier.prepared_by_id
        )
        officers = User.objects.filter(pk__in=offices.values("user"), is_active=True)
        return list(officers.order_by("pk")) or [self.created_by]

    @property
    def has_officers(self) -> bool:
        """Whether the lead agency can work on it here."""
        return any(officer.holds(Role.SUBMITTER, self.body_id) for officer in self.list_officers())

    @property
    def tone(self) -> str:
        return {
            SubmissionStatus.HANDED_IN: "navy",
            SubmissionStatus.RETURNED: "amber",
            SubmissionStatus.ACCEPTED: "green",
        }.get(SubmissionStatus(self.status), "grey")

    @property
    def is_with_the_agency(self) -> bool:
        return self.status in WITH_THE_AGENCY

    @property
    def deadline(self) -> datetime | None:
        """When the next step is due: handing in, checking, submitting; the end of that day's office hours."""
        day = {SubmissionStatus.HANDED_IN: self.check_by, SubmissionStatus.ACCEPTED: self.submit_by}.get(
            SubmissionStatus(self.status), self.due_on
        )
        if day is None or self.taken_up_at is not None:
            return None
        return timezone.make_aware(datetime.combine(day, END_OF_OFFICE_HOURS))

    @property
    def is_overdue(self) -> bool:
        """Not handed in although its day has passed."""
        return self.is_with_the_agency and self.due_on is not None and self.due_on < clock.today()

    @property
    def body_id(self) -> int:
        return self.dossier.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.dossier
