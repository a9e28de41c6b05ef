"""Reading a paper and fetching its file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from documents import actions
from documents.forms import PlaceForm
from documents.models import DocumentVersion, ReadingPlace
from documents.serving import serve_version


@require_safe
def read_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the reader. It opens where this person was reading."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    context = {
        "version": version,
        "file_url": reverse("documents:download_version", args=[version.pk]),
        "place_url": reverse("documents:save_place", args=[version.pk]),
        "last_page": ReadingPlace.objects.get(user=request.user, version=version).page,
        "back_url": _where_from(request),
    }
    return render(request, "documents/read_version.html", context)


@require_safe
def download_version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The original bytes, for the reader; with `?save` as a file."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    return serve_version(request, version, as_attachment="save" in request.GET)


@require_POST
def save_place(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader tells the page that is on the screen."""
    version = _find_version(request, pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    ReadingPlace.objects.remember(request.user, version, min(form.cleaned_data["page"], version.pages or 1))
    return HttpResponse(status=204)


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    return get_object_or_404(versions, pk=pk)


def _where_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return reverse("home")
