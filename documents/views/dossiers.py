"""Working on a folder: its papers, their order, their descriptions, and who may read them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import actions, rules
from documents.editing import describe_editor, find_includable, find_place
from documents.models import DocumentVersion, Dossier, DossierPaper, Section
from documents.paper_forms import (
    DescribeForm,
    FindForm,
    IncludeForm,
    MoveForm,
    PapersForm,
    ReadersForm,
    ReplaceForm,
    SectionForm,
    SectionPlaceForm,
)

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def edit_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The folder as it lies on the desk of whoever works on it."""
    dossier = _find(request, pk)
    if request.htmx:
        return _show(request, dossier)
    return render(request, "documents/edit_dossier.html", {"dossier": dossier})


@require_POST
def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One file or many, without a script. (With one they come in pieces, and by the API.)"""
    dossier = _find(request, pk)
    rules.DOSSIER.check("add_paper", request.user, dossier)
    form = PapersForm(request.POST, request.FILES, dossier=dossier)
    if not form.is_valid():
        context = {"dossier": dossier, "papers_form": form, "next": _origin(request, dossier)}
        return render(request, "documents/add_paper.html", context, status=422)
    for paper in form.cleaned_data["papers"]:
        actions.add_paper(dossier, by=request.user, **paper)
    return redirect(f"{_origin(request, dossier)}#dossier-editor")


@form_page
def include_version(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper that is here already: found by its name or number, and put in without a copy."""
    dossier = _find(request, pk)
    rules.DOSSIER.check("include_version", request.user, dossier)
    if request.method == "POST" and (form := IncludeForm(request.POST, dossier=dossier)).is_valid():
        versions = DocumentVersion.objects.visible_to(request.user)
        version = get_object_or_404(versions, pk=form.cleaned_data["version"])
        section = form.cleaned_data["section"]
        actions.include_version(dossier, by=request.user, version=version, section=section)
        messages.success(request, _("“%(paper)s” is in the dossier.") % {"paper": version})
        return redirect(f"{_origin(request, dossier)}#dossier-editor")
    find = FindForm(request.GET)
    words = find.cleaned_data["q"] if find.is_valid() else ""
    context = {
        "dossier": dossier,
        "words": words,
        "found": find_includable(request.user, dossier, words) if words else [],
        "next": _origin(request, dossier),
    }
    return render(request, "documents/include_version.html", context)


# A paper


@form_page
def describe_paper(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _find_paper(request, pk)
    rules.DOSSIER.check("describe_paper", request.user, paper.dossier)
    form = DescribeForm(request.POST or None, paper=paper)
    if request.method == "POST" and form.is_valid():
        actions.describe_paper(paper, by=request.user, **form.cleaned_data)
        return _go_back(request, paper)
    return _ask(request, paper, "documents/describe_paper.html", form)


@form_page
def replace_paper(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _find_paper(request, pk)
    rules.DOSSIER.check("replace_paper", request.user, paper.dossier)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplaceForm(*posted, by=request.user, dossier=paper.dossier)
    if form.is_bound and form.is_valid():
        actions.replace_paper(paper, by=request.user, **form.cleaned_data)
        return _go_back(request, paper)
    return _ask(request, paper, "documents/replace_paper.html", form)


@form_page
def move_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The arrows and the mouse post a place; the page asks for one."""
    paper = _find_paper(request, pk)
    rules.DOSSIER.check("move_paper", request.user, paper.dossier)
    form = MoveForm(request.POST or None, dossier=paper.dossier)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, paper, "documents/move_paper.html", form)
    back = find_place(paper)
    moved = actions.move_paper(paper, by=request.user, **form.target())
    said = _("“%(paper)s” now stands at place %(place)s.") % {"paper": moved.version, "place": moved.place}
    if request.htmx:
        undo = {"paper": moved, "to": back} if moved.place != paper.place else None
        return _show(request, moved.dossier, said=said, undo=undo)
    messages.success(request, said)
    return _go_back(request, moved)


@form_page
def limit_readers(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _find_paper(request, pk)
    rules.DOSSIER.check("limit_readers", request.user, paper.dossier)
    form = ReadersForm(request.POST if request.method == "POST" else None, paper=paper)
    if form.is_bound and form.is_valid():
        actions.limit_readers(paper, by=request.user, **form.cleaned_data)
        return _go_back(request, paper)
    return _ask(request, paper, "documents/limit_readers.html", form)


@form_page
def remove_paper(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _find_paper(request, pk)
    rules.DOSSIER.check("remove_paper", request.user, paper.dossier)
    if request.method == "POST":
        actions.remove_paper(paper, by=request.user)
        messages.success(request, _("“%(paper)s” was taken out of the dossier.") % {"paper": paper.version})
        return _go_back(request, paper, to="dossier-editor")
    return _ask(request, paper, "documents/remove_paper.html", None)


# A section


@require_POST
def add_section(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, form = _find(request, pk), SectionForm(request.POST)
    rules.DOSSIER.check("add_section", request.user, dossier)
    if not form.is_valid():
        return _show(request, dossier, status=422, section_form=form)
    actions.add_section(dossier, by=request.user, **form.cleaned_data)
    return _show(request, dossier, said=_("The section was added at the end."))


@require_POST
def rename_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    found, form = _find_section(request, pk, section), SectionForm(request.POST)
    rules.DOSSIER.check("rename_section", request.user, found.dossier)
    if not form.is_valid():
        return _show(request, found.dossier, status=422, said=_("A section needs a heading."))
    actions.rename_section(found, by=request.user, **form.cleaned_data)
    return _show(request, found.dossier, said=_("The section has its new heading."))


@require_POST
def move_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    found, form = _find_section(request, pk, section), SectionPlaceForm(request.POST)
    rules.DOSSIER.check("move_section", request.user, found.dossier)
    if form.is_valid():
        actions.move_section(found, by=request.user, **form.cleaned_data)
    return _show(request, found.dossier, said=_("The section was moved with its papers."))


@require_POST
def remove_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    found = _find_section(request, pk, section)
    actions.remove_section(found, by=request.user)
    return _show(request, found.dossier, said=_("The heading is gone. Its papers stand without a section."))


# What the views share


def _find(request: HttpRequest, pk: int) -> Dossier:
    dossiers = Dossier.objects.visible_to(request.user).in_hands_of(request.user)
    return get_object_or_404(dossiers.select_related("body"), pk=pk)


def _find_paper(request: HttpRequest, pk: int) -> DossierPaper:
    dossiers = Dossier.objects.in_hands_of(request.user)
    papers = DossierPaper.objects.visible_to(request.user).filter(dossier__in=dossiers)
    return get_object_or_404(papers.select_related("dossier__body", "version__document", "section"), pk=pk)


def _find_section(request: HttpRequest, pk: int, section: int) -> Section:
    sections = Section.objects.select_related("dossier__body").filter(dossier=_find(request, pk))
    return get_object_or_404(sections, pk=section)


def _show(
    request: HttpRequest, dossier: Dossier, *, status: int = 200, said: str = "", **more: Any
) -> HttpResponse:
    """The papers anew for a script; the page that one came from for all others."""
    if not request.htmx:
        if said:
            messages.success(request, said)
        return redirect(f"{_origin(request, dossier)}#dossier-editor")
    context = describe_editor(request.user, dossier) | {"said": said, **more}
    context["editor_page"] = _origin(request, dossier)
    answer = render(request, "documents/_dossier_papers.html", context, status=status)
    if request.method == "POST":
        answer["HX-Trigger"] = "dossier-changed"
    return answer


def _ask(request: HttpRequest, paper: DossierPaper, template: str, form: Any) -> HttpResponse:
    """A page of its own for one paper."""
    context = {"paper": paper, "form": form, "next": _origin(request, paper.dossier)}
    return render(request, template, context, status=422 if form is not None and form.is_bound else 200)


def _go_back(request: HttpRequest, paper: DossierPaper, to: str = "") -> HttpResponse:
    return redirect(f"{_origin(request, paper.dossier)}#{to or f'paper-{paper.pk}'}")


def _origin(request: HttpRequest, dossier: Dossier) -> str:
    """The page that the editor stands on: its own, or that of the matter that the folder belongs to."""
    told = request.POST.get("next") or request.GET.get("next")
    if request.htmx:
        told = request.htmx.current_url_abs_path
    elif told is None and request.method == "POST":
        told = request.headers.get("Referer")
    here = {request.get_host()}
    if told and url_has_allowed_host_and_scheme(told, here, require_https=request.is_secure()):
        return told.partition("#")[0]
    return reverse("documents:edit_dossier", args=[dossier.pk])
