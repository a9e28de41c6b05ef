"""The pages of sessions and their agendas."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import actions, pages, rules
from meetings.forms import MeetingForm, PlaceForm, ReasonForm
from meetings.models import AgendaItem, Meeting

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def list_meetings(request: HttpRequest) -> HttpResponse:
    """What is ahead, and what waits for a session."""
    return render(request, "meetings/meetings.html", pages.list_meetings(request.user))


@form_page
def plan_meeting(request: HttpRequest) -> HttpResponse:
    bodies = pages.find_bodies(request.user)
    if not bodies:
        raise PermissionDenied("plan_meeting: no office of any body.")
    form = MeetingForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.plan_meeting(form.save(commit=False), by=request.user))
    return render(request, "meetings/plan_meeting.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def read_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A session with its agenda."""
    return render(request, "meetings/meeting.html", pages.describe_meeting(request.user, _find(request, pk)))


@form_page
def edit_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _find(request, pk)
    rules.MEETING.check("edit_meeting", request.user, meeting)
    form = MeetingForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.edit_meeting(meeting, by=request.user, **form.cleaned_data))
    context = {"form": form, "meeting": meeting}
    return render(request, "meetings/edit_meeting.html", context, status=422 if form.is_bound else 200)


@form_page
def cancel_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes of the matters, and why; then it is cancelled."""
    meeting = _find(request, pk)
    rules.MEETING.check("cancel_meeting", request.user, meeting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.cancel_meeting(meeting, by=request.user, **form.cleaned_data))
    context = {"form": form, "meeting": meeting, "item_count": meeting.items.count()}
    return render(request, "meetings/cancel_meeting.html", context, status=422 if form.is_bound else 200)


@require_safe
def read_item(request: HttpRequest, pk: int) -> HttpResponse:
    """A matter with its whole history."""
    item = _find_item(request, pk)
    return render(request, "meetings/item.html", pages.describe_item(request.user, item))


@require_POST
def place_item(request: HttpRequest, pk: int) -> HttpResponse:
    """From the agenda or from the matter's own page; back to the one it came from."""
    item = _find_item(request, pk)
    form = PlaceForm(request.POST, item=item)
    if not form.is_valid():
        rules.AGENDA_ITEM.check("place_item", request.user, item)
        return render(
            request, "meetings/item.html", pages.describe_item(request.user, item, form), status=422
        )
    item = actions.place_item(item, by=request.user, **form.cleaned_data)
    return redirect(item.meeting if "stay" in request.POST and item.meeting else item)


def _find(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body"), pk=pk)


def _find_item(request: HttpRequest, pk: int) -> AgendaItem:
    items = AgendaItem.objects.visible_to(request.user).select_related(
        "meeting",
        "body",
        "lead_agency",
        "dossier",
        "opinion_request__body__office",
        "opinion_request__kind",
        "opinion_request__lead_agency",
        "opinion_request__rule_set",
        "opinion_request__drafted_by",
        "opinion_request__approved_by",
        "opinion_request__synthesis",
        "opinion_request__resolution",
        "opinion_request__dossier",
    )
    return get_object_or_404(items, pk=pk)
