"""The deadline of an open request, and whether its slips were opened."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from opinions import actions, rules
from opinions.forms.deadlines import DeadlineForm
from opinions.models import OpinionRequest
from opinions.pages.progress import show_span
from opinions.views.finding import find

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def move_deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own: what stands, what the rules allow, and why it is moved."""
    opinion_request = find(request, pk)
    rules.REQUEST.check("move_deadline", request.user, opinion_request)
    form = DeadlineForm(request.POST or None, opinion_request=opinion_request)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.move_deadline(opinion_request, by=request.user, **form.cleaned_data))
    context = {"opinion_request": opinion_request, "form": form, **show_span(opinion_request)}
    return render(request, "opinions/move_deadline.html", context, status=422 if form.is_bound else 200)


def note_opening(user: Any, opinion_request: OpinionRequest) -> None:
    """The first time that a member, or who answers for her, has the request before her."""
    if not opinion_request.is_open:
        return
    offices = [office.pk for office in user.current_appointments]
    unopened = opinion_request.slips.filter(Q(member=user) | Q(stand_in__in=offices), opened_at=None)
    for slip in unopened.select_related("stand_in", "request__kind"):
        if rules.SLIP.allows("open_slip", user, slip):
            actions.open_slip(slip, by=user)
