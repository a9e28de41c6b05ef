"""What authorities say about revocation: handed in, or asked for at allowed addresses."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from signatures import actions, rules
from signatures.forms import RevocationAnswerForm, RevocationListForm, SourceForm
from signatures.models import RevocationSource


@require_http_methods(["GET", "POST"])
def add_revocation_list(request: HttpRequest) -> HttpResponseBase:
    rules.CERTIFICATE.check("add_revocation_list", request.user, None)
    form = RevocationListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.add_revocation_list(by=request.user, revocations=form.cleaned_data["file"])
        return redirect("signatures:list_certificates")
    return _page(request, "signatures/add_revocation_list.html", form)


@require_http_methods(["GET", "POST"])
def add_revocation_answer(request: HttpRequest) -> HttpResponseBase:
    rules.CERTIFICATE.check("add_revocation_answer", request.user, None)
    form = RevocationAnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.add_revocation_answer(by=request.user, answer=form.cleaned_data["file"])
        return redirect("signatures:list_certificates")
    return _page(request, "signatures/add_revocation_answer.html", form)


@require_http_methods(["GET", "POST"])
def add_source(request: HttpRequest) -> HttpResponseBase:
    rules.SOURCE.check("add_source", request.user, None)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.add_source(form.save(commit=False), by=request.user)
        return redirect("signatures:list_certificates")
    return _page(request, "signatures/add_source.html", form)


@require_http_methods(["GET", "POST"])
def end_source(request: HttpRequest, pk: int) -> HttpResponseBase:
    source = _find_source(request, pk)
    rules.SOURCE.check("end_source", request.user, source)
    if request.method == "POST":
        actions.end_source(source, by=request.user)
        return redirect("signatures:list_certificates")
    return render(request, "signatures/end_source.html", {"source": source})


@require_POST
def ask_source(request: HttpRequest, pk: int) -> HttpResponseBase:
    actions.ask_source(_find_source(request, pk), by=request.user)
    return redirect("signatures:list_certificates")


def _find_source(request: HttpRequest, pk: int) -> RevocationSource:
    return get_object_or_404(RevocationSource.objects.visible_to(request.user), pk=pk)


def _page(request: HttpRequest, template: str, form: object) -> HttpResponse:
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)
