"""What someone has typed into the form of a new request and not saved yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class RequestBeginning(models.Model):
    """One a person and dossier; gone once the request is saved. Nobody else sees it."""

    person = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    body = models.ForeignKey("people.Body", models.PROTECT, related_name="+")
    dossier = models.ForeignKey("documents.Dossier", models.PROTECT, null=True, blank=True, related_name="+")
    typed = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("new request that is not saved yet")
        verbose_name_plural = _("new requests that are not saved yet")
        constraints = [
            models.UniqueConstraint(
                name="one_beginning_a_person", fields=["person", "dossier"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def trail_case(self) -> models.Model:
        return self.body
