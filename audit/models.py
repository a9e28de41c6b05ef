"""One table that only grows."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import rules
from core import clock
from core.models import VisibleQuerySet


class AuditEventQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_event)

    def of_cases(self, cases: list[models.Model]) -> "AuditEventQuerySet":
        """Everything that happened to these objects and to what belongs to them, in order."""
        wanted = models.Q(pk=None)
        for case in cases:
            wanted |= models.Q(case_type=case._meta.label_lower, case_id=case.pk)
        return self.filter(wanted).order_by("pk")


class AuditEvent(models.Model):
    """Names are copied and no foreign key is kept: the trail outlives what it tells of."""

    at = models.DateTimeField(_("time"), default=clock.now)
    action = models.CharField(_("action"), max_length=80)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("person"), max_length=200)
    body_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=80)
    target_id = models.BigIntegerField()
    target_name = models.CharField(_("object"), max_length=500)
    case_type = models.CharField(max_length=80)
    case_id = models.BigIntegerField()
    details = models.JSONField(default=dict)
    sealed_until = models.DateTimeField(null=True)  # nobody reads the details before

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        indexes = [
            models.Index(fields=["case_type", "case_id", "id"], name="audit_by_case"),
            models.Index(fields=["body_id", "id"], name="audit_by_body"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the trail';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M:%S} {self.actor_name}: {self.action} {self.target_name}"

    @property
    def is_sealed(self) -> bool:
        return self.sealed_until is not None and self.sealed_until > clock.now()
