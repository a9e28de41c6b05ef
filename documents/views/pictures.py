"""A paper page by page as pictures: for a browser without scripts, or one that cannot draw PDF."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from documents import actions
from documents.models import DocumentText, DocumentVersion, ReadingPlace
from documents.pictures import MEDIA_TYPE, find_picture, order_pictures
from documents.queries import find_dossier_of, find_reading_list
from documents.viewing import count_pages


@require_safe
def read_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page with its text below; it is drawn when somebody asks for it."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    last = count_pages(version)
    if not 1 <= number <= last:
        raise Http404
    picture = find_picture(version, number)
    work = None if picture else order_pictures(version, number)
    ReadingPlace.objects.remember(request.user, version, page=number)
    text = DocumentText.objects.filter(version=version).first()
    dossier = find_dossier_of(request.user, version, request.GET.get("dossier", ""))
    here = find_reading_list(request.user, dossier).find(version) if dossier else None
    context = {
        "version": version,
        "number": number,
        "last": last,
        "picture": picture,
        "work": work,
        "text": text.pages[number - 1] if text and len(text.pages) >= number else "",
        "dossier": dossier,
        "dossier_page": here.first_page + number - 1 if here and here.first_page else None,
    }
    return render(request, "documents/read_page.html", context)


@require_safe
def show_picture(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The picture of a page, where it is drawn."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    picture = find_picture(version, number)
    if picture is None:
        raise Http404
    response = FileResponse(default_storage.open(picture, "rb"), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "private, max-age=600"
    return response


def _find_version(request: HttpRequest, pk: int) -> DocumentVersion:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    return get_object_or_404(versions, pk=pk)
