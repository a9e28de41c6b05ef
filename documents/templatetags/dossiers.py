"""The editor of a folder on the page of whatever the folder belongs to."""

from typing import Any

from django import template

from documents.editing import describe_editor
from documents.models import Dossier
from documents.paper_forms import PapersForm

register = template.Library()


@register.inclusion_tag("documents/_dossier_editor.html", takes_context=True)
def dossier_editor(context: Any, dossier: Dossier) -> dict[str, Any]:
    """`{% dossier_editor dossier %}`, on a page with `dossier-editor.css`, `order.js` and `upload.js`."""
    request = context["request"]
    return {
        **describe_editor(request.user, dossier),
        "papers_form": PapersForm(dossier=dossier),
        "editor_page": request.get_full_path(),
        "request": request,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
