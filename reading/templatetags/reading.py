"""What the reading room adds to the pages of papers."""

from typing import Any

from django import template

from documents.models import DocumentVersion

register = template.Library()


@register.inclusion_tag("reading/_versions.html", takes_context=True)
def versions_of(context: Any, version: DocumentVersion) -> dict[str, Any]:
    """The other versions of the paper that this person may read, each with what changed."""
    visible = DocumentVersion.objects.visible_to(context["user"]).kept()
    versions = visible.filter(document=version.document_id).order_by("-number")
    others = [other for other in versions if other.pk != version.pk]
    for other in others:
        pair = (other, version) if other.number < version.number else (version, other)
        other.pair = [each.pk for each in pair]
    return {"version": version, "others": others}
