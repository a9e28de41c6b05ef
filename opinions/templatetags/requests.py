"""From a dossier to the request that it belongs to."""

from collections.abc import Mapping
from typing import Any

from django import template

from documents.models import Dossier
from opinions.models import OpinionRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def show_card(context: Any, name: str, card: Mapping[str, Any]) -> str:
    """A fragment with what it shows; of several on one page each has its own."""
    with context.push(**card):
        return context.template.engine.get_template(name).render(context)


@register.simple_tag(takes_context=True)
def request_of(context: Any, dossier: Dossier) -> OpinionRequest | None:
    """The request that this dossier was put before the members with, if the reader may see it."""
    return OpinionRequest.objects.visible_to(context["request"].user).filter(dossier=dossier).first()
