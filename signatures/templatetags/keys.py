"""For pages on which a key signs."""

from django import template

from signatures import csp

register = template.Library()


@register.simple_tag
def agent_address() -> str:
    """Of the program for tokens on the signer's own computer."""
    return csp.agent_address()
