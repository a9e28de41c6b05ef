"""Pages of the archive: the search, the register, and a case as it was decided."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from archive import actions, rules
from archive.forms import SearchForm
from archive.models import EvidenceBundle
from archive.pages import describe_evidence
from archive.queries import list_register, show_case
from archive.search import Summary, summarise
from archive.search import search as find
from audit.models import AuditEvent
from decisions.models import Resolution
from documents.rules import DocumentKind
from documents.serving import StoredFile, serve_file

ZIP = "application/zip"
CHECKER = settings.BASE_DIR / "verifier" / "page" / "check.html"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One field for everything; without a question, the register."""
    form = SearchForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "archive/search.html", {"form": form, "counts_url": ""}, status=422)
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": any(form.filters),
        "unfiltered_url": _drop(request),
    }
    if form.query:
        context |= _find(request, form)
    else:
        resolutions, following = list_register(request.user, form.filters, form.cleaned_data["after"])
        context |= {
            "register": resolutions,
            "next_url": _address(request, after=following) if following else "",
        }
    return render(request, "archive/search.html", context)


def _find(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    page = find(form.query, request.user, form.filters, form.cleaned_data["after"])
    context: dict[str, Any] = {
        "page": page,
        "is_first_page": form.cleaned_data["after"] is None,
        "next_url": _address(request, after=page.next, begun=page.query.begun) if page.next else "",
        "counts_url": _address(request, reverse("archive:count_hits"), begun=page.query.begun),
        "with_counts_url": _address(request, counts=True, begun=page.query.begun),
    }
    if "counts" in request.GET:
        context |= _counts(request, form, summarise(page.query, request.user, form.filters))
    return context


@require_safe
def count_hits(request: HttpRequest) -> HttpResponse:
    """How many there are, of what kind and year: dearer than a page, so it comes after it."""
    form = SearchForm(request.GET, user=request.user)
    if not form.is_valid():
        return render(request, "archive/search.html", {"form": form}, status=422)
    summary = summarise(form.query, request.user, form.filters)
    return render(request, "archive/_counts.html", _counts(request, form, summary))


def _counts(request: HttpRequest, form: SearchForm, summary: Summary) -> dict[str, Any]:
    filters = form.filters
    names = dict(form.bodies.values_list("pk", "name"))
    return {
        "summary": summary,
        "years": _links(request, "year", filters.year, {year: year for year in summary.years}, summary.years),
        "kinds": _links(request, "kind", filters.kind, dict(DocumentKind.choices), summary.kinds),
        "bodies": _links(request, "body", filters.body, names, summary.bodies) if len(names) > 1 else [],
    }


def _links(
    request: HttpRequest, name: str, chosen: Any, words: dict[Any, Any], counts: dict[Any, int]
) -> list[dict[str, Any]]:
    """Each value with its count; the chosen one leads back to all."""
    return [
        {
            "words": words.get(value, value),
            "count": count,
            "is_chosen": value == chosen,
            "url": _address(request, None, **{name: None if value == chosen else value}),
        }
        for value, count in counts.items()
    ]


def _address(request: HttpRequest, path: str | None = None, **changes: Any) -> str:
    """This search with something changed; a change begins at the first page."""
    wanted = request.GET.copy()
    for name in ("after", "begun", "counts"):
        wanted.pop(name, None)
    for name, value in changes.items():
        wanted.pop(name, None)
        if value:
            wanted[name] = "1" if value is True else str(value)
    return f"{path or reverse('archive:search')}?{wanted.urlencode()}"


def _drop(request: HttpRequest) -> str:
    return _address(request, year=None, kind=None, body=None)


@require_safe
def read_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry of the register, with the case that led to it."""
    resolutions = Resolution.objects.visible_to(request.user).issued()
    related = ("body", "document", "lead_agency", "rule_set", "signer__user", "dossier")
    resolution = get_object_or_404(resolutions.select_related(*related), pk=pk)
    context = {
        "resolution": resolution,
        "case": show_case(resolution, request.user),
        "has_trail": AuditEvent.objects.visible_to(request.user).of_cases([resolution]).exists(),
        **describe_evidence(request.user, resolution),
    }
    return render(request, "archive/read_resolution.html", context)


@require_safe
def read_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the bundles: the page asks again while one is being made."""
    return _show_evidence(request, _find_decision(request, pk))


@require_POST
def order_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    resolution = _find_decision(request, pk)
    actions.order_evidence(resolution, by=request.user)
    if request.htmx:
        return _show_evidence(request, resolution)
    return redirect(f"{reverse('archive:read_resolution', args=[pk])}#evidence")


@require_safe
def download_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Each office takes the bundles that were made for it."""
    bundles = EvidenceBundle.objects.visible_to(request.user).select_related("resolution")
    bundle = actions.open_evidence(get_object_or_404(bundles, pk=pk), by=request.user)
    file = StoredFile(bundle.sha256, bundle.size, bundle.file_name, ZIP)
    return serve_file(request, file, as_attachment=True)


@require_safe
def download_checker(request: HttpRequest) -> HttpResponseBase:
    """The page that checks bundles without this system: to be kept, and opened from a file."""
    return FileResponse(CHECKER.open("rb"), as_attachment=True, filename="kiem-tra-goi-chung-cu.html")


def _find_decision(request: HttpRequest, pk: int) -> Resolution:
    """For those who keep the evidence of its body; for others there is nothing here."""
    resolution = get_object_or_404(Resolution.objects.visible_to(request.user).issued(), pk=pk)
    if not rules.keeps_evidence(request.user, resolution):
        raise Http404
    return resolution


def _show_evidence(request: HttpRequest, resolution: Resolution) -> HttpResponse:
    context = {"resolution": resolution, **describe_evidence(request.user, resolution)}
    return render(request, "archive/_evidence.html", context)
