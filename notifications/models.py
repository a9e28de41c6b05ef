"""Notices, and their way out of the house."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet, WorkState
from notifications import rules


class NotificationQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_notification)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One line for one person: what happened and where to look. The words are made when it is read."""

    recipient = models.ForeignKey("people.User", models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=80)  # "opinions/request_opened": templates/mail/<kind>.subject.txt
    url = models.CharField(max_length=300)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("time"), default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["recipient", "read_at", "-id"], name="notices_of_a_person")]

    def __str__(self) -> str:
        """For the trail and for support: whose it is; what it says is for the recipient."""
        return str(self.recipient)

    @property
    def body_id(self) -> int | None:
        return self.recipient.body_id

    @property
    def subject(self) -> str:
        """In the language in force."""
        return self.write("subject.txt").strip()

    def write(self, part: str, **more: Any) -> str:
        """The subject, the text or the HTML of this notice. Only in HTML are `<` and `&` marked up."""
        context = {**self.context, "url": self.url, **more}
        template: Any = get_template(f"mail/{self.kind}.{part}")
        return template.template.render(Context(context, autoescape=part == "html"))


class DeliveryQuerySet(WorkQuerySet):
    def due(self) -> "DeliveryQuerySet":
        """Stalled, and rested after a failure for 2, 4, 8 … minutes: a mail server is not flooded."""
        due = Q(pk=None)
        for attempts in range(Delivery.attempts_allowed):
            due |= Q(
                work_attempts=attempts, queued_at__lt=clock.now() - timedelta(minutes=2 ** max(attempts, 1))
            )
        return self.stalled().filter(due | Q(work_state=WorkState.RUNNING))


class Delivery(WorkItem):
    """One way out for one notice."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    attempts_allowed = 8

    notification = models.ForeignKey(Notification, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(name="one_delivery_a_channel", fields=["notification", "channel"])
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.notification_id}"
