"""Secret ballots: the box, its counters, and the ballots that browsers have sealed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.workflow import Conflict
from opinions import actions, rules
from opinions.ballots import publish
from opinions.forms.ballots import CountersForm, KeyForm, SealedForm
from opinions.models import BallotBox, BallotCounter
from opinions.pages.ballots import find_counter, is_closed, show_box
from opinions.views.finding import ask_reason, find, find_slip

form_page = require_http_methods(["GET", "HEAD", "POST"])


def find_box(request: HttpRequest, pk: int) -> BallotBox:
    boxes = BallotBox.objects.visible_to(request.user).select_related(
        "request__kind", "request__body", "request__rule_set"
    )
    boxes = boxes.prefetch_related("request__kind__answer_classes", "counters")
    return get_object_or_404(boxes, request=pk)


@require_safe
def read_box(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "opinions/box.html", show_box(request.user, find_box(request, pk)))


@require_safe
def export_box(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for `python -m verifier ballots`; there is none before the box is closed."""
    ballot_box = find_box(request, pk)
    if not is_closed(ballot_box):
        raise Http404
    name = f"hom-phieu-{pk}.json"
    return JsonResponse(
        publish(ballot_box), headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@form_page
def name_counters(request: HttpRequest, pk: int) -> HttpResponse:
    opinion_request = find(request, pk)
    rules.REQUEST.check("name_counters", request.user, opinion_request)
    form = CountersForm(request.POST or None, opinion_request=opinion_request)
    if request.method == "POST" and form.is_valid():
        named = actions.name_counters(opinion_request, by=request.user, **form.cleaned_data)
        return redirect(named.ballot_box)
    context = {"opinion_request": opinion_request, "form": form}
    return render(request, "opinions/name_counters.html", context, status=422 if form.is_bound else 200)


@require_POST
def offer_key_share(request: HttpRequest, pk: int) -> HttpResponse:
    counter = _find_own_counter(request, pk)
    actions.offer_key_share(counter, by=request.user, **_read(KeyForm(request.POST)))
    return JsonResponse({"url": counter.box.get_absolute_url()})


@require_POST
def give_decryption_share(request: HttpRequest, pk: int) -> HttpResponse:
    counter = _find_own_counter(request, pk)
    given = _read(SealedForm(request.POST))["sealed"]
    actions.give_decryption_share(counter, by=request.user, given=given)
    return JsonResponse({"url": counter.box.get_absolute_url()})


@require_POST
def cast_ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer names the tracker, which the browser compares with that of what it has sealed."""
    slip = find_slip(request, pk)
    ballot = _read(SealedForm(request.POST))["sealed"]
    slip = actions.cast_ballot(slip, by=request.user, ballot=ballot)
    return JsonResponse(
        {"url": slip.get_absolute_url(), "tracker": slip.sheets.counting().get().ballot.tracker}
    )


@form_page
def abandon_box(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "abandon_box")


def _find_own_counter(request: HttpRequest, pk: int) -> BallotCounter:
    counter = find_counter(request.user, find_box(request, pk))
    if counter is None:
        raise Http404
    return counter


def _read(form: Any) -> dict[str, Any]:
    """What a script of this system sends is always of the right form."""
    if not form.is_valid():
        raise Conflict(" ".join(error for errors in form.errors.values() for error in errors))
    return form.cleaned_data
