"""The slip of a member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opinions import actions, rules
from opinions.forms.requests import ReasonForm
from opinions.forms.slips import AnswerForm
from opinions.views.finding import find_slip, show_answer, show_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def answer_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps in one place: what is chosen is shown once more, then sent. Nothing is sent by itself."""
    slip = find_slip(request, pk)
    form, step = AnswerForm(request.POST, slip=slip), request.POST.get("step", "review")
    is_valid = form.is_valid()
    if not (form.is_late and slip.member_id == request.user.pk):  # who is too late gets the words back
        rules.SLIP.check("answer_slip", request.user, slip)
    if not is_valid:
        return show_answer(request, slip, status=409 if form.is_late else 422, form=form)
    if step == "send":
        slip = actions.answer_slip(slip, by=request.user, answers=form.answers)
        return show_answer(request, slip) if request.htmx else redirect(f"{slip.get_absolute_url()}#answer")
    slip = actions.keep_draft(slip, by=request.user, answers=form.answers)
    return show_answer(request, slip, form=form, is_review=step == "review", change=True)


@require_POST
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being written is kept while it is written."""
    slip = find_slip(request, pk)
    form = AnswerForm(request.POST, slip=slip, complete=False)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.keep_draft(slip, by=request.user, answers=form.answers)
    return HttpResponse(status=204)


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
