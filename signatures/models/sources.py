"""Addresses of authorities that an administrator allows to be asked: no other is ever asked."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import UNDER_WAY, WorkItem, WorkQuerySet
from signatures import rules
from signatures.rules import SourceKind


class SourceQuerySet(VisibleQuerySet, WorkQuerySet):  # type: ignore[override]
    sees = staticmethod(rules.sees_certificate)

    def used(self) -> "SourceQuerySet":
        return self.filter(ended_at__isnull=True)

    def due(self) -> "SourceQuerySet":
        return self.used().exclude(work_state__in=UNDER_WAY).filter(next_at__lte=clock.now())


class RevocationSource(WorkItem):
    """One address, what it gives, and how the last asking went. The work owed is to ask it."""

    longest_run = timedelta(minutes=2)
    attempts_allowed = 1  # what is tried again is the whole asking, at its next time

    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind)
    url = models.URLField(_("address"), max_length=500)
    authority = models.ForeignKey(
        "signatures.TrustedCertificate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("authority"),
    )
    every_minutes = models.PositiveIntegerField(_("asked every (minutes)"), default=360)
    is_internal = models.BooleanField(_("stands in the internal network"), default=False)
    added_at = models.DateTimeField(default=clock.now)
    added_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    next_at = models.DateTimeField(_("asked next"), default=clock.now)
    succeeded_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failed"), null=True, blank=True)
    failure = models.CharField(max_length=40, blank=True)  # a code; the sentence stands in wording
    failures = models.PositiveIntegerField(default=0)  # in a row

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("address asked")
        verbose_name_plural = _("addresses asked")
        constraints = [
            models.UniqueConstraint(
                name="one_source_an_address",
                fields=["kind", "url"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.url
