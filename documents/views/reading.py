"""Reading a paper in its dossier, and fetching its file."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents import actions
from documents.changes import find_change
from documents.dossier_search import search_versions
from documents.forms import PlaceForm
from documents.models import DerivedCopy, DocumentVersion, Dossier, ReadingPlace
from documents.queries import ListedPaper, find_dossier_of, find_reading_list
from documents.serving import serve_version, serve_view
from documents.viewing import ViewState, count_pages, find_state


@require_safe
def read_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the reader. It opens where this person was reading."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    state = find_state(version)
    if request.htmx and state != ViewState.WAITING:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the copy to read is ready meanwhile
    context = {
        "version": version,
        "state": state,
        "place": ReadingPlace.objects.get(user=request.user, version=version),
        "pages": count_pages(version),
        "change": find_change(request.user, version),
        **_show_dossier(request, version),
    }
    context["back_url"] = _way_back(request, context["dossier"])
    return render(request, "documents/read_version.html", context)


@require_safe
def download_version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The original bytes; with `?save` as a file."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    return serve_version(request, version, as_attachment="save" in request.GET)


@require_safe
def view_version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the reader draws: the PDF that was made of the paper, or the paper itself."""
    version = actions.open_version(_find_version(request, pk), by=request.user)
    if isinstance(version.view, DerivedCopy):
        return serve_view(request, version.view)
    return serve_version(request, version, as_attachment=False)


@require_POST
def save_place(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader tells what is on the screen."""
    version = _find_version(request, pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    last = count_pages(version) or 1
    ReadingPlace.objects.remember(
        request.user,
        version,
        page=min(form.cleaned_data["page"], last),
        last_seen=min(form.cleaned_data["last_seen"] or 1, last),
        scale=form.cleaned_data["scale"],
    )
    return HttpResponse(status=204)


@require_safe
def open_dossier_page(request: HttpRequest, pk: int) -> HttpResponse:
    """`?page=147`, a page of the whole dossier, opens the paper that it stands in."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    papers = find_reading_list(request.user, dossier)
    asked = re.fullmatch(r"\s*h?\s*(\d{1,6})\s*", request.GET.get("page", ""), re.ASCII | re.IGNORECASE)
    page = int(asked[1]) if asked else 0
    paper = papers.at_page(page)
    if paper is None:
        messages.info(
            request,
            _("Page %(page)s of the dossier is in no paper that you may read.") % {"page": page or "–"},
        )
        return redirect(_where_from(request))
    return redirect(f"{_paper_url(paper, dossier)}#page={page - (paper.first_page or 1) + 1}")


@require_safe
def open_next_unread(request: HttpRequest, pk: int) -> HttpResponse:
    """The first paper of the dossier that this person has not opened; the first of all when there is none."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    papers = find_reading_list(request.user, dossier)
    paper = papers.next_unread() or next(iter(papers), None)
    return redirect(_paper_url(paper, dossier)) if paper else redirect(dossier)


@require_safe
def search_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The words in all papers of the dossier that this person may read."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    papers = find_reading_list(request.user, dossier)
    words = request.GET.get("q", "").strip()
    context = {"dossier": dossier, "papers": papers, "words": words, "hits": _search(papers, words)}
    return render(request, "documents/search_dossier.html", context)


def _show_dossier(request: HttpRequest, version: DocumentVersion) -> dict[str, Any]:
    """The list beside the paper, and the ways from this paper to others. A paper may lie in no dossier."""
    dossier = find_dossier_of(request.user, version, request.GET.get("dossier", ""))
    if dossier is None:
        return {"dossier": None}
    papers = find_reading_list(request.user, dossier)
    if papers.find(version) is None and dossier.papers.visible_to(request.user).filter(version=version):
        papers = find_reading_list(request.user, dossier, in_work=True)  # put in since the last issue
    words = request.GET.get("q", "").strip()
    context = {"dossier": dossier, "papers": papers, "words": words, "hits": _search(papers, words)}
    here = papers.find(version)
    if here is None:
        return {**context, "replaced_by": papers.newer_than(version), "unread": papers.next_unread()}
    return {
        **context,
        "here": here,
        "paper_before": papers.before(here),
        "paper_after": papers.after(here),
        "unread": papers.next_unread(here),
    }


def _search(papers: Any, words: str) -> list[dict[str, Any]]:
    """With each paper its hits, and to each hit its page of the dossier."""
    listed = {paper.version.pk: paper for paper in papers}
    found = search_versions([paper.version for paper in papers], words) if words else []
    return [
        {
            "paper": listed[hits.version_id],
            "hits": hits,
            "pages": [(hit, _dossier_page(listed[hits.version_id], hit.page)) for hit in hits.pages],
        }
        for hits in found
    ]


def _dossier_page(paper: ListedPaper, page: int) -> int | None:
    return paper.first_page + page - 1 if paper.first_page else None


def _paper_url(paper: ListedPaper, dossier: Dossier) -> str:
    return f"{reverse('documents:read_version', args=[paper.version.pk])}?dossier={dossier.pk}"


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    return get_object_or_404(versions, pk=pk)


def _way_back(request: HttpRequest, dossier: Dossier | None) -> str:
    """Where the reading began. Whoever comes from another paper goes back to the dossier, not to that."""
    origin = _where_from(request)
    papers = reverse("documents:read_version", args=[0]).removesuffix("0/")
    if request.headers.get("Referer") and not urlsplit(origin).path.startswith(papers):
        return origin
    return dossier.get_absolute_url() if dossier else reverse("home")


def _where_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return reverse("home")
