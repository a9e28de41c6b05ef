"""What follows from the count."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from opinions import actions, rules
from opinions.forms.requests import NoteForm
from opinions.forms.results import DecisionForm
from opinions.views.finding import find
from opinions.wording import word_decision

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def read_synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the synthesis: asks again while it is being made."""
    return render(request, "opinions/_synthesis.html", {"opinion_request": find(request, pk)})


@form_page
def refer_request(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = find(request, pk)
    rules.REQUEST.check("refer_request", request.user, opinion_request)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.refer_request(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, "opinions/refer_request.html", context, status=422 if form.is_bound else 200)


@form_page
def draft_decision(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = find(request, pk)
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
