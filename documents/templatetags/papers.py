"""What may be done about a paper, beside its state."""

from typing import Any

from django import template

from documents import rules
from documents.models import DocumentVersion

register = template.Library()


@register.simple_tag(takes_context=True)
def may_retry(context: dict[str, Any], version: DocumentVersion) -> bool:
    """No question to the database while nothing has gone wrong."""
    copy = version.view_copy
    if not version.refusal and not (copy and copy.problem):
        return False
    return rules.VERSION.allows("retry_reading", context["request"].user, version)
