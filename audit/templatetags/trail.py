"""An entry of the trail in plain words."""

from typing import Any

from django import template
from django.db import models
from django.urls import reverse

from audit.models import AuditEvent
from audit.sentences import tell_action, tell_actor, tell_event

register = template.Library()


@register.filter
def actor(event: AuditEvent) -> str:
    return tell_actor(event.actor_name, event.actor_id)


@register.filter
def sentence(event: AuditEvent) -> str:
    return tell_action(event.action)


@register.filter
def facts(event: AuditEvent) -> list[tuple[str, str]]:
    return tell_event(event)


@register.simple_tag(takes_context=True)
def trail_of(context: dict[str, Any], case: models.Model) -> str:
    """The address of the case's trail, for auditors of its body; for all others nothing."""
    if case.body_id not in context["request"].user.audited_body_ids():
        return ""
    return reverse("audit:read_case", args=[case._meta.label_lower, case.pk])
