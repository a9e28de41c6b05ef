"""Where a paper stands among its signers."""

from typing import Any

from django import template

from documents.rules import Format
from signatures.models import SigningRequest
from signatures.rules.signing import may_have_signed

register = template.Library()


@register.simple_tag
def signing_of(version: Any, user: Any) -> dict[str, Any]:
    """The newest request for signatures that this person may see, or whether she may make one."""
    request = SigningRequest.objects.visible_to(user).filter(version=version).order_by("-pk").first()
    is_open = request is not None and request.status == "open"
    asks = version.format == Format.PDF and not version.refused_because and not version.is_own_paper
    return {
        "request": request,
        "may_ask": asks and not is_open and may_have_signed(user, SigningRequest(version=version)),
    }
