"""What the pages of sessions are made of: reads that join several models."""

from typing import Any

from documents.pages import describe_copy
from meetings import rules
from meetings.forms import PlaceForm
from meetings.models import AgendaItem, Meeting
from opinions.models import OpinionRequest
from opinions.pages.requests import tell_history
from opinions.pages.results import show_outcome
from people.models import Body
from people.rules import Role

PAST = 10


def find_bodies(user: Any) -> Any:
    """The bodies whose sessions this person plans."""
    return Body.objects.filter(pk__in=user.body_ids(Role.SECRETARY)).order_by("pk")


def list_meetings(user: Any) -> dict[str, Any]:
    """What is ahead, what waits, and what was last: a fixed number of queries."""
    meetings = Meeting.objects.visible_to(user).select_related("body").with_matters()
    waiting = AgendaItem.objects.visible_to(user).waiting().select_related("lead_agency")
    return {
        "ahead": list(meetings.ahead()),
        "past": list(meetings.over()[:PAST]),
        "waiting": list(waiting),
        "may_plan": bool(user.body_ids(Role.SECRETARY)),
    }


def describe_meeting(user: Any, meeting: Meeting) -> dict[str, Any]:
    """The agenda in its order; for the office also what waits."""
    allowed = rules.MEETING.allowed(user, meeting)
    items = AgendaItem.objects.visible_to(user).select_related("lead_agency", "opinion_request", "meeting")
    places = meeting.is_ahead and user.holds(Role.SECRETARY, meeting.body_id)
    return {
        "meeting": meeting,
        "allowed": allowed,
        "places_items": places,
        "items": list(items.filter(meeting=meeting).order_by("place")),
        "waiting": list(items.waiting().filter(body=meeting.body_id)) if places else [],
    }


def describe_item(user: Any, item: AgendaItem, form: Any = None) -> dict[str, Any]:
    """The matter with all that led to it. Who sees it on the agenda sees how it was answered in writing."""
    opinion_request = item.opinion_request
    allowed = rules.AGENDA_ITEM.allowed(user, item)
    context = {
        "item": item,
        "allowed": allowed,
        "opinion_request": opinion_request,
        "rule_set": opinion_request.rule_set,
        "sees_request": OpinionRequest.objects.visible_to(user).filter(pk=opinion_request.pk).exists(),
        "sees_meeting": item.meeting is not None
        and Meeting.objects.visible_to(user).filter(pk=item.meeting_id).exists(),
        "history": tell_history(opinion_request),
        "dossier": item.dossier,
        **describe_copy(user, item.dossier),
        **show_outcome(user, opinion_request, opinion_request.slips.all(), opinion_request.remarks.all()),
    }
    if "place_item" in allowed:
        context["form"] = form or PlaceForm(
            item=item, initial={"meeting": item.meeting_id, "place": item.place}
        )
    return context
