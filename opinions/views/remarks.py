"""Settling the members' remarks, each on a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from opinions import actions, rules
from opinions.forms.remarks import ExplanationForm, SettlementForm, StanceForm
from opinions.models import Remark

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def explain_remark(request: HttpRequest, pk: int) -> HttpResponse:
    remark = _find(request, pk)
    blank = ExplanationForm.describe(remark)
    return _ask(request, remark, "explain_remark", ExplanationForm(request.POST or None), blank)


@form_page
def settle_remark(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(
        request, _find(request, pk), "settle_remark", SettlementForm(request.POST or None), SettlementForm()
    )


@form_page
def answer_settlement(request: HttpRequest, pk: int) -> HttpResponse:
    remark = _find(request, pk)
    blank = StanceForm.describe(remark)
    return _ask(request, remark, "answer_settlement", StanceForm(request.POST or None), blank)


def _find(request: HttpRequest, pk: int) -> Remark:
    return get_object_or_404(Remark.objects.visible_to(request.user).in_words(), pk=pk)


def _ask(request: HttpRequest, remark: Remark, name: str, form: Any, blank: Any) -> HttpResponse:
    """The remark as it was made, and the form; then back to its row in the table."""
    rules.REMARK.check(name, request.user, remark)
    if request.method == "POST" and form.is_valid():
        return redirect(getattr(actions, name)(remark, by=request.user, **form.cleaned_data))
    is_sent = request.method == "POST"
    context = {
        "remark": remark,
        "opinion_request": remark.request,
        "form": form if is_sent else blank,
    }
    return render(request, f"opinions/{name}.html", context, status=422 if is_sent else 200)
