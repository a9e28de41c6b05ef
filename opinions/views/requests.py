"""The request on its way to the members. One address shows it to all, each with what is theirs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinions import actions, rules
from opinions.forms.requests import RequestForm
from opinions.pages.drafts import (
    begin_request,
    check_draft,
    find_beginning,
    find_submission,
    show_answer_span,
)
from opinions.pages.progress import show_progress
from opinions.views.deadlines import note_opening
from opinions.views.finding import ask_reason, find, show_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def draft_request(request: HttpRequest) -> HttpResponse:
    """A specialist begins a request; the papers follow on its page, or are those of an accepted dossier."""
    submission = find_submission(request.user, request.GET.get("dossier"))
    opinion_request = begin_request(request.user, submission)
    rules.REQUEST.check("draft_request", request.user, opinion_request)
    beginning = find_beginning(request.user, opinion_request, submission)
    form = (
        RequestForm(request.POST, opinion_request=opinion_request)
        if request.method == "POST"
        else RequestForm.describe(opinion_request, beginning.typed)
    )
    context = {"form": form, "opinion_request": opinion_request, "submission": submission}
    context |= {"action": request.get_full_path(), "beginning": beginning, "keep": _address(request, "keep")}
    context |= show_answer_span(opinion_request)
    if changed := form.rearranged(request.POST):
        return render(request, "opinions/draft_request.html", context | {"form": changed})
    if not form.is_bound or not form.is_valid():
        return render(request, "opinions/draft_request.html", context, status=422 if form.is_bound else 200)
    deed = form.deed()
    questions = deed.pop("questions")
    for name, value in deed.items():
        setattr(opinion_request, name, value)
    return redirect(
        actions.draft_request(opinion_request, by=request.user, questions=questions, submission=submission)
    )


@require_POST
def keep_beginning(request: HttpRequest) -> HttpResponse:
    """What is being typed into a new request is kept while it is typed; `blank` begins anew."""
    submission = find_submission(request.user, request.GET.get("dossier"))
    opinion_request = begin_request(request.user, submission)
    beginning = find_beginning(request.user, opinion_request, submission)
    is_blank = "blank" in request.POST
    typed = {} if is_blank else RequestForm(request.POST, opinion_request=opinion_request).typed
    actions.keep_beginning(beginning, by=request.user, typed=typed)
    return redirect(_address(request, "draft")) if is_blank else HttpResponse(status=204)


@require_safe
def read_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one request, for this person. The member's first look is written down."""
    opinion_request = find(request, pk)
    note_opening(request.user, opinion_request)
    return show_page(request, opinion_request)


@require_POST
def edit_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: the text is saved with whatever else is asked for, so that no button loses what was typed."""
    opinion_request = find(request, pk)
    form = RequestForm(request.POST, opinion_request=opinion_request)
    rules.REQUEST.check("edit_request", request.user, opinion_request)
    if changed := form.rearranged(request.POST):
        return show_page(request, opinion_request, request_form=changed)
    if not form.is_valid():
        return show_page(request, opinion_request, status=422, request_form=form)
    opinion_request = actions.edit_request(opinion_request, by=request.user, **form.deed())
    if "submit" in request.POST:
        actions.submit_request(opinion_request, by=request.user)
    return redirect(opinion_request)


@require_POST
def keep_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being typed is kept while it is typed."""
    opinion_request = find(request, pk)
    typed = RequestForm(request.POST, opinion_request=opinion_request).typed
    actions.keep_changes(opinion_request, by=request.user, typed=typed)
    return HttpResponse(status=204)


@require_safe
def read_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing: asks again while a paper is being checked."""
    opinion_request = find(request, pk)
    return render(request, "opinions/_checklist.html", check_draft(request.user, opinion_request))


@form_page
def return_request(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "return_request")


@require_POST
def approve_request(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.approve_request(find(request, pk), by=request.user))


@form_page
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "withdraw_request")


@require_safe
def watch_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Near the deadline a page asks whether the clock has closed the request; then it loads again."""
    opinion_request = find(request, pk)
    if opinion_request.status == request.GET.get("seen"):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
def read_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has answered, for the office and the auditor."""
    opinion_request = find(request, pk)
    return render(request, "opinions/_progress.html", show_progress(request.user, opinion_request))


def _address(request: HttpRequest, name: str) -> str:
    """Of the new request that is being written, with the dossier that it takes."""
    address = reverse("opinions:keep_beginning" if name == "keep" else "opinions:draft_request")
    return f"{address}?{request.GET.urlencode()}" if request.GET else address
