"""Having the reading of a paper tried again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from documents import actions
from documents.models import DocumentVersion


@require_POST
def retry_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the page that the button stands on."""
    version = get_object_or_404(DocumentVersion.objects.visible_to(request.user), pk=pk)
    actions.retry_reading(version, by=request.user)
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return redirect(referer)
    return redirect(reverse("home"))
