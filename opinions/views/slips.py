"""The slip of a member."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opinions import actions, rules
from opinions.forms.requests import ReasonForm
from opinions.forms.slips import AnswerForm, DissentForm, EntryForm
from opinions.models import OpinionSlip
from opinions.pages.slips import list_enterable, name_card
from opinions.views import signing
from opinions.views.finding import find, find_slip, show_answer, show_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def answer_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps in one place: what is chosen is shown once more, then sent. Nothing is sent by itself."""
    slip = find_slip(request, pk)
    step = request.POST.get("step", "review")
    form = AnswerForm(request.POST, request.FILES, slip=slip, takes_paper=step != "send")
    is_valid = form.is_valid()
    if not (form.is_late and rules.answers_slip(request.user, slip)):  # who is too late gets the words back
        rules.SLIP.check("keep_draft", request.user, slip)
    if form.is_late:
        return show_answer(request, slip, status=409, form=form)
    if form.cleaned_data.get("upload"):
        slip = actions.attach_paper(slip, by=request.user, upload=form.cleaned_data["upload"])
    if step == "detach":
        return _detach(request, slip)
    if not is_valid:
        return show_answer(request, slip, status=422, form=form)
    if step == "send":
        slip = actions.answer_slip(slip, by=request.user, answers=form.answers)
        return show_answer(request, slip) if request.htmx else _go_to(request, slip)
    slip = actions.keep_draft(slip, by=request.user, answers=form.answers)
    if step == "sign":
        return signing.begin(request, slip, form.answers)
    return show_answer(request, slip, form=form, is_review=step == "review", change=True)


def _detach(request: HttpRequest, slip: OpinionSlip) -> HttpResponse:
    """The words stay as they are; the paper goes."""
    form = AnswerForm(request.POST, slip=slip, complete=False)
    if form.is_valid():
        actions.keep_draft(slip, by=request.user, answers=form.answers)
    slip = actions.detach_paper(slip, by=request.user)
    return show_answer(request, slip, change=True)


def _go_to(request: HttpRequest, slip: OpinionSlip) -> HttpResponse:
    return redirect(f"{slip.get_absolute_url()}#{name_card(request.user, slip)}")


@require_POST
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being written is kept while it is written."""
    slip = find_slip(request, pk)
    form = AnswerForm(request.POST, slip=slip, complete=False)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.keep_draft(slip, by=request.user, answers=form.answers)
    return HttpResponse(status=204)


@form_page
def withdraw_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own: what will count afterwards."""
    slip = find_slip(request, pk)
    rules.SLIP.check("withdraw_answer", request.user, slip)
    if request.method == "POST":
        return _go_to(request, actions.withdraw_answer(slip, by=request.user))
    context = {"slip": slip, "opinion_request": slip.request, "silence_agrees": slip.request.silence_agrees}
    return render(request, "opinions/withdraw_answer.html", context)


@form_page
def reserve_dissent(request: HttpRequest, pk: int) -> HttpResponse:
    slip = find_slip(request, pk)
    rules.SLIP.check("reserve_dissent", request.user, slip)
    form = DissentForm(request.POST or None, initial={"words": slip.dissent})
    if request.method == "POST" and form.is_valid():
        return _go_to(request, actions.reserve_dissent(slip, by=request.user, **form.cleaned_data))
    context = {"slip": slip, "opinion_request": slip.request, "form": form}
    return render(request, "opinions/reserve_dissent.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD"])
def list_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom an officer may enter an answer that came on paper or by telephone."""
    opinion_request = find(request, pk)
    slips = list_enterable(request.user, opinion_request)
    if not slips:
        raise Http404
    return render(request, "opinions/list_entries.html", {"opinion_request": opinion_request, "slips": slips})


@form_page
def enter_answer(request: HttpRequest, pk: int) -> HttpResponse:
    slip = find_slip(request, pk)
    rules.SLIP.check("enter_answer", request.user, slip)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EntryForm(*sent, slip=slip)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.enter_answer(slip, by=request.user, **form.entry))
    context = {"slip": slip, "opinion_request": slip.request, "form": form}
    return render(request, "opinions/enter_answer.html", context, status=422 if form.is_bound else 200)


@require_POST
def draft_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The assistant saves the draft, and with the second button puts it before the member."""
    slip = find_slip(request, pk)
    form = AnswerForm(request.POST, slip=slip, complete="submit" in request.POST, answers_oneself=False)
    if not form.is_valid():
        return show_page(request, slip.request, status=422, draft_forms={slip.pk: form})
    slip = actions.draft_answer(slip, by=request.user, answers=form.answers)
    if "submit" in request.POST:
        actions.submit_answer(slip, by=request.user)
    return redirect(f"{slip.get_absolute_url()}#draft-{slip.pk}")


@form_page
def return_answer(request: HttpRequest, pk: int) -> HttpResponse:
    slip = find_slip(request, pk)
    rules.SLIP.check("return_answer", request.user, slip)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.return_answer(slip, by=request.user, **form.cleaned_data))
    context = {"slip": slip, "opinion_request": slip.request, "form": form}
    return render(request, "opinions/return_answer.html", context, status=422 if form.is_bound else 200)
