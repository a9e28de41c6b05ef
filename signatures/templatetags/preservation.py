"""For pages about a version: how far it is preserved."""

from typing import Any

from django import template

from documents.models import DocumentVersion
from signatures.models import PreservedCopy

register = template.Library()


@register.simple_tag
def find_preservation(version: DocumentVersion) -> dict[str, Any]:
    """The newest copy there is, and the one that is being made; either may be None."""
    copies = PreservedCopy.objects.filter(version=version).order_by("-pk")
    newest = copies.exclude(sha256="").first()
    wanted = copies.filter(sha256="").first()
    if newest is not None and wanted is not None and wanted.pk < newest.pk:
        wanted = None
    return {"newest": newest, "wanted": wanted}
