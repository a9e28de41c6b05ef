"""The pages of the written procedure. One address shows a request to all, each with what is theirs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinions import actions, pages, rules
from opinions.forms import (
    AnswerForm,
    DecisionForm,
    FilterForm,
    NoteForm,
    ReasonForm,
    RequestForm,
)
from opinions.models import OpinionRequest, OpinionSlip
from opinions.wording import word_decision

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    """All requests that this person may see, the newest first, by state and words."""
    form = FilterForm(request.GET)
    requests = OpinionRequest.objects.visible_to(request.user).matching(**form.chosen())
    page = pages.turn(requests, request.GET)
    context = {"form": form, "page": page, "may_draft": bool(pages.find_bodies(request.user))}
    return render(request, "opinions/requests.html", context)


@form_page
def draft_request(request: HttpRequest) -> HttpResponse:
    """A specialist begins a request; the papers follow on its page, or are those of an accepted dossier."""
    submission = pages.find_submission(request.user, request.GET.get("dossier"))
    opinion_request = pages.begin_request(request.user, submission)
    rules.REQUEST.check("draft_request", request.user, opinion_request)
    form = RequestForm(request.POST) if request.method == "POST" else RequestForm.describe(opinion_request)
    context = {"form": form, "opinion_request": opinion_request, "submission": submission}
    context |= {"action": request.get_full_path(), **pages.show_answer_span(opinion_request)}
    if changed := _rearrange(request, form):
        return render(request, "opinions/draft_request.html", context | {"form": changed})
    if not form.is_bound or not form.is_valid():
        return render(request, "opinions/draft_request.html", context, status=422 if form.is_bound else 200)
    deed = form.deed()
    questions = deed.pop("questions")
    for name in ("subject", "proposal", "lead_agency", "deadline"):
        setattr(opinion_request, name, deed[name])
    return redirect(
        actions.draft_request(opinion_request, by=request.user, questions=questions, submission=submission)
    )


@require_safe
def read_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one request, for this person."""
    return _page(request, _find(request, pk))


@require_POST
def edit_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: the text is saved with whatever else is asked for, so that no button loses what was typed."""
    opinion_request, form = _find(request, pk), RequestForm(request.POST)
    rules.REQUEST.check("edit_request", request.user, opinion_request)
    if changed := _rearrange(request, form):
        return _page(request, opinion_request, request_form=changed)
    if not form.is_valid():
        return _page(request, opinion_request, status=422, request_form=form)
    opinion_request = actions.edit_request(opinion_request, by=request.user, **form.deed())
    if "submit" in request.POST:
        actions.submit_request(opinion_request, by=request.user)
    return redirect(opinion_request)


@require_POST
def keep_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being typed is kept while it is typed."""
    actions.keep_changes(_find(request, pk), by=request.user, typed=RequestForm(request.POST).typed)
    return HttpResponse(status=204)


@require_safe
def read_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing: asks again while a paper is being checked."""
    opinion_request = _find(request, pk)
    return render(request, "opinions/_checklist.html", pages.check_draft(request.user, opinion_request))


@form_page
def return_request(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask_reason(request, _find(request, pk), "return_request")


@require_POST
def approve_request(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.approve_request(_find(request, pk), by=request.user))


@form_page
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask_reason(request, _find(request, pk), "withdraw_request")


@form_page
def correct_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask_reason(request, _find(request, pk), "correct_dossier")


@require_POST
def reissue_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected dossier goes to its readers; without another reason with that of the correction."""
    opinion_request, form = _find(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, opinion_request, status=422, reissue_form=form)
    return redirect(actions.reissue_dossier(opinion_request, by=request.user, **form.cleaned_data))


@require_safe
def watch_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Near the deadline a page asks whether the clock has closed the request; then it loads again."""
    opinion_request = _find(request, pk)
    if opinion_request.status == request.GET.get("seen"):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
def read_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has answered, for the office and the auditor."""
    opinion_request = _find(request, pk)
    return render(request, "opinions/_progress.html", pages.show_progress(request.user, opinion_request))


@require_safe
def read_synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the synthesis: asks again while it is being made."""
    return render(request, "opinions/_synthesis.html", {"opinion_request": _find(request, pk)})


@form_page
def refer_request(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = _find(request, pk)
    rules.REQUEST.check("refer_request", request.user, opinion_request)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.refer_request(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, "opinions/refer_request.html", context, status=422 if form.is_bound else 200)


@form_page
def draft_decision(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = _find(request, pk)
    rules.REQUEST.check("draft_decision", request.user, opinion_request)
    if request.method == "POST":
        form = DecisionForm(request.POST, rule_set=opinion_request.rule_set)
    else:
        form = DecisionForm.describe(word_decision(opinion_request), rule_set=opinion_request.rule_set)
    if not form.is_bound or not form.is_valid():
        context = {"opinion_request": opinion_request, "form": form}
        return render(request, "opinions/draft_decision.html", context, status=422 if form.is_bound else 200)
    opinion_request = actions.draft_decision(opinion_request, by=request.user, **form.cleaned_data)
    return redirect(opinion_request.resolution)


# Slips


@require_POST
def answer_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps in one place: what is chosen is shown once more, then sent. Nothing is sent by itself."""
    slip = _find_slip(request, pk)
    form, step = AnswerForm(request.POST, slip=slip), request.POST.get("step", "review")
    is_valid = form.is_valid()
    if not (form.is_late and slip.member_id == request.user.pk):  # who is too late gets the words back
        rules.SLIP.check("answer_slip", request.user, slip)
    if not is_valid:
        return _answer(request, slip, status=409 if form.is_late else 422, form=form)
    if step == "send":
        slip = actions.answer_slip(slip, by=request.user, answers=form.answers)
        return _answer(request, slip) if request.htmx else redirect(f"{slip.get_absolute_url()}#answer")
    slip = actions.keep_draft(slip, by=request.user, answers=form.answers)
    return _answer(request, slip, form=form, is_review=step == "review", change=True)


@require_POST
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being written is kept while it is written."""
    slip = _find_slip(request, pk)
    form = AnswerForm(request.POST, slip=slip, complete=False)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.keep_draft(slip, by=request.user, answers=form.answers)
    return HttpResponse(status=204)


@require_POST
def draft_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The assistant saves the draft, and with the second button puts it before the member."""
    slip = _find_slip(request, pk)
    form = AnswerForm(request.POST, slip=slip, complete="submit" in request.POST, answers_oneself=False)
    if not form.is_valid():
        return _page(request, slip.request, status=422, draft_forms={slip.pk: form})
    slip = actions.draft_answer(slip, by=request.user, answers=form.answers)
    if "submit" in request.POST:
        actions.submit_answer(slip, by=request.user)
    return redirect(f"{slip.get_absolute_url()}#draft-{slip.pk}")


@form_page
def return_answer(request: HttpRequest, pk: int) -> HttpResponse:
    slip = _find_slip(request, pk)
    rules.SLIP.check("return_answer", request.user, slip)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.return_answer(slip, by=request.user, **form.cleaned_data))
    context = {"slip": slip, "opinion_request": slip.request, "form": form}
    return render(request, "opinions/return_answer.html", context, status=422 if form.is_bound else 200)


# What the views share


def _find(request: HttpRequest, pk: int) -> OpinionRequest:
    requests = OpinionRequest.objects.visible_to(request.user).select_related(
        "body__office",
        "lead_agency",
        "dossier",
        "rule_set",
        "drafted_by",
        "approved_by",
        "synthesis",
        "resolution",
    )
    return get_object_or_404(requests.prefetch_related("questions"), pk=pk)


def _find_slip(request: HttpRequest, pk: int) -> OpinionSlip:
    slips = OpinionSlip.objects.visible_to(request.user).select_related(
        "member", "request__body", "request__rule_set"
    )
    return get_object_or_404(slips, pk=pk)


def _page(
    request: HttpRequest, opinion_request: OpinionRequest, *, status: int = 200, **parts: Any
) -> HttpResponse:
    parts.setdefault("use_draft", "draft" in request.GET)
    parts.setdefault("change", "change" in request.GET)
    context = pages.describe(request.user, opinion_request, **parts)
    return render(request, "opinions/request.html", context, status=status)


def _answer(
    request: HttpRequest,
    slip: OpinionSlip,
    *,
    status: int = 200,
    form: AnswerForm | None = None,
    **parts: Any,
) -> HttpResponse:
    """The whole page, or for htmx only the part with the answer."""
    if not request.htmx:
        return _page(request, _find(request, slip.request_id), status=status, answer_form=form, **parts)
    context = pages.show_answer(request.user, slip, form, **parts) | {"opinion_request": slip.request}
    return render(request, "opinions/_answer.html", context, status=status)


def _ask_reason(request: HttpRequest, opinion_request: OpinionRequest, name: str) -> HttpResponse:
    """A page of its own for what cannot be undone: what will happen, and why."""
    rules.REQUEST.check(name, request.user, opinion_request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(getattr(actions, name)(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, f"opinions/{name}.html", context, status=422 if form.is_bound else 200)


def _rearrange(request: HttpRequest, form: RequestForm) -> RequestForm | None:
    """A question more or less, for those without a script."""
    if "add_question" in request.POST:
        return form.rearranged(add=True)
    if request.POST.get("remove_question", "").isdigit():
        return form.rearranged(remove=int(request.POST["remove_question"]))
    return None
