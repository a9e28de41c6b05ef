"""One's own papers, what was given to one, folders, and the common library."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import actions as documents
from documents.models import Document, DocumentVersion
from documents.rules import OWN_PAPER, VERSION
from reading import pages, rules
from reading.actions import folders as actions
from reading.forms import FolderForm, GivenPaperForm, OwnPaperForm
from reading.models import Folder, FolderPaper

form_page = require_http_methods(["GET", "HEAD", "POST"])


# One's own papers


@form_page
def own_papers(request: HttpRequest) -> HttpResponse:
    """The papers that nobody else sees; a new one is kept here too."""
    form = OwnPaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = _begin_document(request)
        document.title = form.cleaned_data["title"]
        documents.keep_own_paper(document, by=request.user, upload=form.cleaned_data["upload"])
        messages.success(request, _("The paper is kept. Nobody but you sees it."))
        return redirect("reading:own_papers")
    sheet = pages.turn(pages.find_own_papers(request.user), request.GET)
    may_keep = OWN_PAPER.allows("keep_own_paper", request.user, _begin_document(request))
    context = {"form": form, "sheet": sheet, "may_keep": may_keep, "tab": "own"}
    return render(request, "reading/own_papers.html", context, status=422 if form.is_bound else 200)


def _begin_document(request: HttpRequest) -> Document:
    """Filed under the body of the owner's first office, for its auditor's count and nothing else."""
    offices = request.user.current_appointments
    return Document(owner=request.user, body_id=offices[0].body_id if offices else None)


@form_page
def give_own_paper(request: HttpRequest, pk: int) -> HttpResponse:
    version = _find_own_paper(request, pk)
    words = request.GET.get("q", "").strip()
    people = pages.find_colleagues(request.user, "" if request.POST else words)
    form = GivenPaperForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        documents.give_own_paper(version, by=request.user, **form.cleaned_data)
        messages.success(request, _("The paper has been given, and its readers are told."))
        return redirect("reading:own_papers")
    readers = version.distributions.filter(reader__isnull=False).select_related("reader").order_by("pk")
    context = {"form": form, "version": version, "readers": readers, "words": words}
    return render(request, "reading/give_own_paper.html", context, status=422 if form.is_bound else 200)


@form_page
def discard_own_paper(request: HttpRequest, pk: int) -> HttpResponse:
    version = _find_own_paper(request, pk)
    if request.method == "POST":
        documents.discard_own_paper(version, by=request.user)
        messages.success(request, _("The paper was discarded."))
        return redirect("reading:own_papers")
    return render(request, "reading/discard_own_paper.html", {"version": version})


def _find_own_paper(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).kept().select_related("document")
    return get_object_or_404(versions, pk=pk, document__owner=request.user)


# What was given to one


@require_safe
def given_papers(request: HttpRequest) -> HttpResponse:
    """By whom, why and when, the newest first."""
    sheet = pages.turn(pages.find_given_papers(request.user), request.GET)
    return render(request, "reading/given_papers.html", {"sheet": sheet, "tab": "given"})


# Folders and the common library


@require_safe
def list_folders(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "reading/folders.html",
        {"folders": pages.find_folders(request.user), "tab": "folders"},
    )


@require_safe
def read_library(request: HttpRequest) -> HttpResponse:
    """The common library of each body that one serves or belongs to."""
    kept = {body.pk for body in pages.find_kept_bodies(request.user)}
    libraries = [
        {"body": body, "folders": pages.find_folders(request.user, body), "may_keep": body.pk in kept}
        for body in pages.find_library_bodies(request.user)
    ]
    return render(request, "reading/library.html", {"libraries": libraries, "tab": "library"})


@form_page
def make_folder(request: HttpRequest) -> HttpResponse:
    """`?body=3` for one of that body's common library."""
    folder = _begin_folder(request)
    rules.FOLDER.check("make_folder", request.user, folder)
    form = FolderForm(request.POST or None, instance=folder)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.make_folder(folder, by=request.user))
    context = {"form": form, "folder": folder}
    return render(request, "reading/make_folder.html", context, status=422 if form.is_bound else 200)


def _begin_folder(request: HttpRequest) -> Folder:
    asked = request.GET.get("body", "")
    if not asked:
        return Folder(owner=request.user)
    bodies = {str(body.pk): body for body in pages.find_library_bodies(request.user)}
    if asked not in bodies:
        raise Http404
    return Folder(body=bodies[asked])


@require_safe
def read_folder(request: HttpRequest, pk: int) -> HttpResponse:
    folder = _find_folder(request, pk)
    context = {
        "folder": folder,
        "sheet": pages.turn(pages.find_folder_papers(request.user, folder), request.GET),
        "allowed": rules.FOLDER.allowed(request.user, folder),
        "tab": "library" if folder.is_library else "folders",
    }
    return render(request, "reading/folder.html", context)


@form_page
def rename_folder(request: HttpRequest, pk: int) -> HttpResponse:
    folder = _find_folder(request, pk)
    rules.FOLDER.check("rename_folder", request.user, folder)
    form = FolderForm(request.POST or None, instance=folder)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.rename_folder(folder, by=request.user, **form.cleaned_data))
    context = {"form": form, "folder": folder}
    return render(request, "reading/rename_folder.html", context, status=422 if form.is_bound else 200)


@form_page
def remove_folder(request: HttpRequest, pk: int) -> HttpResponse:
    folder = _find_folder(request, pk)
    rules.FOLDER.check("remove_folder", request.user, folder)
    if request.method == "POST":
        actions.remove_folder(folder, by=request.user)
        messages.success(request, _("The folder was removed. Its papers are kept where else they are."))
        return redirect("reading:read_library" if folder.is_library else "reading:list_folders")
    return render(request, "reading/remove_folder.html", {"folder": folder})


@form_page
def put_into_folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Into which folder; for the common library it is asked once more, for all will read it."""
    version = _find_version(request, pk)
    if request.method == "GET" or not request.POST.get("folder"):
        return _choose_folder(request, version)
    folder = _find_folder(request, request.POST["folder"])
    rules.FOLDER_PAPER.check("put_into_folder", request.user, FolderPaper(folder=folder, version=version))
    if folder.is_library and "sure" not in request.POST:
        VERSION.check("distribute_version", request.user, version)
        return render(request, "reading/put_into_library.html", {"version": version, "folder": folder})
    actions.put_into_folder(folder, by=request.user, version=version)
    messages.success(request, _("The paper lies in the folder “%(folder)s”.") % {"folder": folder})
    return redirect(folder)


def _choose_folder(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    kept = pages.find_kept_bodies(request.user) if _may_hand_out(request, version) else []
    context = {
        "version": version,
        "folders": pages.find_folders(request.user),
        "libraries": [
            {"body": body, "folders": pages.find_folders(request.user, body)}
            for body in kept
            if body.pk == version.body_id
        ],
        "lies_in": set(version.folders.values_list("folder", flat=True)),
    }
    return render(request, "reading/put_into_folder.html", context)


def _may_hand_out(request: HttpRequest, version: DocumentVersion) -> bool:
    return VERSION.allows("distribute_version", request.user, version)


@require_POST
def take_out_of_folder(request: HttpRequest, pk: int) -> HttpResponse:
    folders = Folder.objects.visible_to(request.user).values("pk")
    place = get_object_or_404(
        FolderPaper.objects.select_related("folder", "version"), pk=pk, folder__in=folders
    )
    actions.take_out_of_folder(place, by=request.user)
    return redirect(reverse("reading:read_folder", args=[place.folder_id]))


def _find_folder(request: HttpRequest, pk: Any) -> Any:
    number = int(pk) if str(pk).isdecimal() and len(str(pk)) < 19 else 0
    return get_object_or_404(Folder.objects.visible_to(request.user), pk=number)


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).kept().select_related("document__body")
    return get_object_or_404(versions, pk=pk)
