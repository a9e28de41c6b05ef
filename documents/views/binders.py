"""The dossier as one file: ordered, watched while it is built, taken."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from documents import actions, pages, rules
from documents.binders.issue_files import name_file
from documents.forms import BinderForm
from documents.models import Binder, BinderCopy, Dossier
from documents.rules import BinderKind
from documents.serving import StoredFile, serve_file

ZIP = "application/zip"


@require_safe
def read_binders(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the files: the page asks again while one is being built."""
    return _show(request, _find(request, pk))


@require_POST
def order_binder(request: HttpRequest, pk: int) -> HttpResponse:
    """As one PDF, as a ZIP, or as a copy of one's own."""
    dossier = _find(request, pk)
    form = BinderForm(request.POST)
    if not form.is_valid():
        return _show(request, dossier, status=422)
    if form.cleaned_data["kind"] == BinderForm.COPY:
        actions.order_binder_copy(dossier.current_issue, by=request.user)
    else:
        actions.order_binder(dossier.current_issue, by=request.user, kind=form.cleaned_data["kind"])
    return _show(request, dossier) if request.htmx else redirect(f"{dossier.get_absolute_url()}#binders")


@require_safe
def download_binder(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whoever was not given every paper inside finds nothing here."""
    binders = Binder.objects.filter(issue__dossier__in=_dossiers(request)).select_related("issue__dossier")
    binder = get_object_or_404(binders, pk=pk)
    if not rules.reads_binder(request.user, binder):
        raise Http404
    actions.open_binder(binder, by=request.user)
    if binder.kind == BinderKind.ZIP:
        file = StoredFile(binder.sha256, binder.size, name_file(binder.issue, "zip"), ZIP)
    else:
        file = StoredFile(binder.sha256, binder.size, name_file(binder.issue, "pdf"))
    return serve_file(request, file, as_attachment=True)


@require_safe
def download_binder_copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its reader's alone."""
    copies = BinderCopy.objects.filter(reader=request.user).select_related("issue__dossier")
    copy = actions.open_binder_copy(get_object_or_404(copies, pk=pk), by=request.user)
    file = StoredFile(copy.sha256, copy.size, name_file(copy.issue, "pdf", copy.number))
    return serve_file(request, file, as_attachment=True)


def _dossiers(request: HttpRequest) -> Any:
    return Dossier.objects.visible_to(request.user)


def _find(request: HttpRequest, pk: int) -> Any:
    """What was never put before anyone is bound for no one."""
    dossier = get_object_or_404(_dossiers(request), pk=pk)
    if dossier.current_issue is None:
        raise Http404
    return dossier


def _show(request: HttpRequest, dossier: Any, *, status: int = 200) -> HttpResponse:
    context = {"dossier": dossier, **pages.describe_binders(request.user, dossier.current_issue)}
    return render(request, "documents/_binders.html", context, status=status)
