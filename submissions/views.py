"""The pages of a dossier on its way to the Office, and of the kinds of matters."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from people.models import Body
from submissions import actions, pages, rules
from submissions.forms import EndingForm, FilterForm, MatterKindForm, ReasonForm, SubmissionForm
from submissions.models import MatterKind, Submission

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def list_submissions(request: HttpRequest) -> HttpResponse:
    """All dossiers on their way that this person may see, the newest first."""
    form = FilterForm(request.GET, agencies=pages.find_agencies(request.user))
    chosen = form.chosen()
    state = chosen.pop("state")
    submissions = Submission.objects.visible_to(request.user).matching(**chosen)
    related = ("dossier__prepared_by", "kind")
    context = {
        "form": form,
        "tabs": pages.list_tabs(submissions, request.GET, state),
        "page": pages.turn(submissions.matching(state=state).select_related(*related), request.GET),
        "may_prepare": pages.may_prepare(request.user),
    }
    return render(request, "submissions/submissions.html", context)


@form_page
def prepare_submission(request: HttpRequest) -> HttpResponse:
    """An officer begins a dossier; its papers follow on its page."""
    if not pages.may_prepare(request.user):
        raise PermissionDenied("prepare_submission: neither a lead agency's officer nor the Office.")
    form = SubmissionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.prepare_submission(by=request.user, **form.cleaned_data))
    return render(
        request, "submissions/prepare_submission.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
def read_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Status, days, what is missing, and the papers."""
    submission = _find(request, pk)
    return render(request, "submissions/submission.html", pages.describe(request.user, submission))


@require_safe
def read_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing: asks again while a paper is being checked."""
    return render(
        request, "submissions/_checklist.html", pages.show_checklist(request.user, _find(request, pk))
    )


@form_page
def edit_submission(request: HttpRequest, pk: int) -> HttpResponse:
    submission = _find(request, pk)
    rules.SUBMISSION.check("edit_submission", request.user, submission)
    form = SubmissionForm(request.POST or None, user=request.user, submission=submission)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.edit_submission(submission, by=request.user, **form.cleaned_data))
    context = {"form": form, "submission": submission}
    return render(request, "submissions/edit_submission.html", context, status=422 if form.is_bound else 200)


@form_page
def hand_in_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen, and by when the Office answers; then it is handed in."""
    submission = _find(request, pk)
    if request.method == "POST":
        return redirect(actions.hand_in_submission(submission, by=request.user))
    rules.SUBMISSION.check("hand_in_submission", request.user, submission)
    context = {"submission": submission, "papers": pages.list_papers(request.user, submission)}
    return render(request, "submissions/hand_in_submission.html", context)


@form_page
def return_submission(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask_reason(request, pk, "return_submission")


@require_POST
def accept_submission(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.accept_submission(_find(request, pk), by=request.user))


@form_page
def propose_removal(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask_reason(request, pk, "propose_removal")


# Kinds of matters


@require_safe
def list_matter_kinds(request: HttpRequest) -> HttpResponse:
    return render(request, "submissions/matter_kinds.html", {"groups": pages.group_kinds(request.user)})


@form_page
def add_matter_kind(request: HttpRequest, body_id: int) -> HttpResponse:
    """A new kind begins blank, or with `?like=` as a copy of another."""
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    rules.MATTER_KIND.check("add_matter_kind", request.user, MatterKind(body=body))
    form = MatterKindForm(request.POST or None, body=body, initial=_copy_kind(request))
    if request.method == "POST" and form.is_valid():
        actions.add_matter_kind(form.save(commit=False), by=request.user)
        return redirect("submissions:list_matter_kinds")
    context = {"form": form, "body": body}
    return render(request, "submissions/add_matter_kind.html", context, status=422 if form.is_bound else 200)


@form_page
def end_matter_kind(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(MatterKind.objects.visible_to(request.user).select_related("body"), pk=pk)
    rules.MATTER_KIND.check("end_matter_kind", request.user, kind)
    form = EndingForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        actions.end_matter_kind(kind, by=request.user, **form.cleaned_data)
        return redirect("submissions:list_matter_kinds")
    context = {"form": form, "kind": kind}
    return render(request, "submissions/end_matter_kind.html", context, status=422 if form.is_bound else 200)


# What the views share


def _find(request: HttpRequest, pk: int) -> Submission:
    submissions = Submission.objects.visible_to(request.user).select_related(
        "dossier__body__office", "dossier__prepared_by", "kind", "created_by"
    )
    return get_object_or_404(submissions, pk=pk)


def _ask_reason(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A page of its own for what cannot be undone: what will happen, and why."""
    submission = _find(request, pk)
    rules.SUBMISSION.check(name, request.user, submission)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(getattr(actions, name)(submission, by=request.user, **form.cleaned_data))
    context = {"submission": submission, "form": form}
    return render(request, f"submissions/{name}.html", context, status=422 if form.is_bound else 200)


def _copy_kind(request: HttpRequest) -> dict[str, Any]:
    like = request.GET.get("like", "")
    kind = MatterKind.objects.visible_to(request.user).filter(pk=like if like.isdecimal() else 0).first()
    if kind is None:
        return {}
    return {name: getattr(kind, name) for name in MatterKindForm.Meta.fields if name != "valid_from"}
