"""Planning sessions and their agendas: Nghị định 191/2026/NĐ-CP, Điều 23 and 24."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.workflow import Rule, Rulebook, any_of
from opinions.rules import RequestStatus
from people.rules import VOTING, Role, is_secretary, presides

REASON_LIMIT = 5000


class MeetingKind(models.TextChoices):
    REGULAR = "regular", _("regular session")
    THEMATIC = "thematic", _("thematic session")
    AD_HOC = "ad_hoc", _("extraordinary session")


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


# Guards


def meeting_is_new(meeting: Any) -> str | None:
    return gettext("This session is planned already.") if meeting.pk is not None else None


def session_is_ahead(meeting: Any) -> str | None:
    if meeting.starts_at <= clock.now():
        return gettext("This session has begun already. Choose a later time.")
    return None


def hour_is_free(meeting: Any) -> str | None:
    """A body sits in one place at a time."""
    at_once = type(meeting).objects.filter(
        body=meeting.body_id, status=MeetingStatus.PLANNED, starts_at=meeting.starts_at
    )
    if at_once.exclude(pk=meeting.pk).exists():
        return gettext("Another session of this body begins at the same time.")
    return None


def item_is_ahead(item: Any) -> str | None:
    """What has been called in a session is no longer moved."""
    if item.meeting is not None and item.meeting.starts_at <= clock.now():
        return gettext("The session that this matter was put before has begun.")
    return None


def request_goes_to_a_session(item: Any) -> str | None:
    if item.opinion_request.status != RequestStatus.SESSION:
        return gettext("This opinion request was not referred to a session.")
    return None


def request_is_not_on_an_agenda(item: Any) -> str | None:
    if item.pk is not None or type(item).objects.filter(opinion_request=item.opinion_request_id).exists():
        return gettext("This matter is on an agenda or waits for one already.")
    return None


def meeting_takes_matters(meeting: Any, item: Any) -> str | None:
    """A planned session of the same body that has not begun."""
    if meeting.body_id != item.body_id or meeting.status != MeetingStatus.PLANNED:
        return gettext("Choose a planned session of this body.")
    return session_is_ahead(meeting)


MEETING = Rulebook(
    initial=MeetingStatus.PLANNED,
    rules={
        "plan_meeting": Rule(
            is_secretary,
            when={MeetingStatus.PLANNED},
            guards=(meeting_is_new, session_is_ahead, hour_is_free),
        ),
        "edit_meeting": Rule(is_secretary, when={MeetingStatus.PLANNED}, guards=(session_is_ahead,)),
        "cancel_meeting": Rule(
            any_of(is_secretary, presides),
            when={MeetingStatus.PLANNED},
            then=MeetingStatus.CANCELLED,
            guards=(session_is_ahead,),
        ),
    },
)

AGENDA_ITEM = Rulebook(
    initial=None,
    rules={
        # by whoever referred the request to a session
        "take_up_request": Rule(
            any_of(is_secretary, presides), guards=(request_goes_to_a_session, request_is_not_on_an_agenda)
        ),
        "place_item": Rule(is_secretary, guards=(item_is_ahead,)),
    },
)


# Who sees what

INVITED = (*VOTING, Role.ASSISTANT, Role.SECRETARY, Role.AUDITOR)


def sees_meeting(user: Any) -> Q:
    """The members, those who work for them, the Office and the auditors of the body."""
    return Q(body__in=user.body_ids(*INVITED))


def sees_item(user: Any) -> Q:
    """Whoever sees the sessions of the body, and the officers of the lead agency, who prepare the matter.
    With the matter they see what led to it: who decides in a session reads what was answered in writing."""
    seen = sees_meeting(user)
    for office in user.current_appointments:
        if office.role == Role.SUBMITTER:
            seen |= Q(lead_agency=office.organisation_id, body=office.body_id)
    return seen
