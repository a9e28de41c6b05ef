"""What a person keeps of her lists."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from opinions import rules


class ViewQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_view)


class SavedView(models.Model):
    """A list of requests with its filters, under a name of one's own."""

    owner = models.ForeignKey("people.User", models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(max_length=2500, blank=True)  # the filters, as they stand in the address
    saved_at = models.DateTimeField(default=clock.now)

    objects = ViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(name="one_view_a_name", fields=["owner", "name"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('opinions:list_requests')}?{self.query}"

    @property
    def body_id(self) -> Any:
        return self.owner.body_id
