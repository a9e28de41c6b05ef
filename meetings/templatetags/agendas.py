"""From an opinion request to the session that it was put before."""

from typing import Any

from django import template

from meetings.models import AgendaItem
from opinions.models import OpinionRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def agenda_item_of(context: Any, opinion_request: OpinionRequest) -> AgendaItem | None:
    """The matter as it stands on an agenda or waits for one, if the reader may see it."""
    items = AgendaItem.objects.visible_to(context["request"].user).select_related("meeting")
    return items.filter(opinion_request=opinion_request).first()
