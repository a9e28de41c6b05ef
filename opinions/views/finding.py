"""What the views share: finding what a person may see, and its page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from opinions import actions, rules
from opinions.forms.requests import ReasonForm
from opinions.forms.slips import AnswerForm
from opinions.models import OpinionRequest, OpinionSlip
from opinions.pages.requests import describe
from opinions.pages.slips import show_answer as describe_answer


def find(request: HttpRequest, pk: int) -> OpinionRequest:
    requests = OpinionRequest.objects.visible_to(request.user).select_related(
        "body__office",
        "kind",
        "lead_agency",
        "adviser",
        "follower",
        "dossier",
        "rule_set",
        "drafted_by",
        "approved_by",
        "synthesis",
        "resolution",
    )
    return get_object_or_404(
        requests.prefetch_related("questions__options__parts", "kind__answer_classes"), pk=pk
    )


def find_slip(request: HttpRequest, pk: int) -> OpinionSlip:
    slips = OpinionSlip.objects.visible_to(request.user).select_related(
        "member", "stand_in", "request__body", "request__rule_set", "request__kind"
    )
    return get_object_or_404(slips, pk=pk)


def show_page(
    request: HttpRequest, opinion_request: OpinionRequest, *, status: int = 200, **parts: Any
) -> HttpResponse:
    parts.setdefault("use_draft", request.GET.get("draft", ""))
    parts.setdefault("change", request.GET.get("change", ""))
    context = describe(request.user, opinion_request, **parts)
    return render(request, "opinions/request.html", context, status=status)


def show_answer(
    request: HttpRequest,
    slip: OpinionSlip,
    *,
    status: int = 200,
    form: AnswerForm | None = None,
    change: bool = False,
    is_review: bool = False,
) -> HttpResponse:
    """The whole page, or for htmx only the part with the answer."""
    if not request.htmx:
        parts = {"answer_form": form, "change": str(slip.pk) if change else "", "is_review": is_review}
        return show_page(request, find(request, slip.request_id), status=status, **parts)
    context = describe_answer(request.user, slip, form, change=change, is_review=is_review)
    context["opinion_request"] = slip.request
    return render(request, "opinions/_answer.html", context, status=status)


def ask_reason(request: HttpRequest, opinion_request: OpinionRequest, name: str) -> HttpResponse:
    """A page of its own for what cannot be undone: what will happen, and why."""
    rules.REQUEST.check(name, request.user, opinion_request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(getattr(actions, name)(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, f"opinions/{name}.html", context, status=422 if form.is_bound else 200)
