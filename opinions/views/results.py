"""What follows from the count."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from opinions import actions, rules
from opinions.forms.remarks import OfficeOpinionForm, ReportForm
from opinions.forms.requests import NoteForm
from opinions.forms.results import DecisionForm
from opinions.views.finding import ask_reason, find
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


@form_page
def report_on_opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead agency reports, and says whether to collect again."""
    opinion_request = find(request, pk)
    rules.REQUEST.check("report_on_opinions", request.user, opinion_request)
    form = ReportForm(request.POST) if request.method == "POST" else ReportForm.describe(opinion_request)
    if form.is_bound and form.is_valid():
        return redirect(actions.report_on_opinions(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, "opinions/report_on_opinions.html", context, status=422 if form.is_bound else 200)


@form_page
def record_office_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = find(request, pk)
    rules.REQUEST.check("record_office_opinion", request.user, opinion_request)
    initial = {"opinion": opinion_request.office_opinion}
    form = OfficeOpinionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.record_office_opinion(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(
        request, "opinions/record_office_opinion.html", context, status=422 if form.is_bound else 200
    )


@form_page
def collect_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen; then on to the new draft."""
    opinion_request = find(request, pk)
    if request.method == "POST":
        return redirect(actions.collect_again(opinion_request, by=request.user))
    rules.REQUEST.check("collect_again", request.user, opinion_request)
    return render(request, "opinions/collect_again.html", {"opinion_request": opinion_request})


@form_page
def refer_to_session(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "refer_to_session")
