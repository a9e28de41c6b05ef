"""An entry of the trail in plain words."""

from django import template

from audit.models import AuditEvent
from audit.sentences import tell_action, tell_actor, tell_facts

register = template.Library()


@register.filter
def actor(event: AuditEvent) -> str:
    return tell_actor(event.actor_name, event.actor_id)


@register.filter
def sentence(event: AuditEvent) -> str:
    return tell_action(event.action)


@register.filter
def facts(event: AuditEvent) -> list[tuple[str, str]]:
    return tell_facts(event.details)
