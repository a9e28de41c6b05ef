"""Kinds of matters with what each requires, and the dossiers handed in."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from documents.rules import DocumentKind
from submissions import rules
from submissions.rules import SubmissionStatus


class MatterKindQuerySet(models.QuerySet):
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

    def __str__(self) -> str:
        return self.name


class SubmissionQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_submission)


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
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by_name = models.CharField(max_length=200, blank=True)
    submit_by = models.DateField(_("to be submitted by"), null=True, blank=True)
    removal_reason = models.TextField(_("reason for proposing removal"), blank=True)
    removal_proposed_at = models.DateTimeField(null=True, blank=True)
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
            )
        ]

    def __str__(self) -> str:
        return str(self.dossier)

    @property
    def body_id(self) -> int:
        return self.dossier.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.dossier
