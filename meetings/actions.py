"""Planning sessions and putting matters on their agendas."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import hold, lock
from core.workflow import Conflict
from documents import actions as documents
from documents.models import IssuedPaper
from meetings import rules
from meetings.models import AgendaItem, Meeting
from notifications import outbox
from opinions.models import OpinionRequest
from opinions.wording import in_figures, tidy
from people.models import Appointment, User
from people.rules import Role

MEMBERS = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.ASSISTANT)


@transaction.atomic
def plan_meeting(meeting: Meeting, *, by: Any) -> Meeting:
    """The office plans a session: which kind, when, where. What waits for a session is put on it by hand."""
    hold(meeting.body)
    rules.MEETING.check("plan_meeting", by, meeting)

    meeting.place = tidy(meeting.place)
    meeting.planned_at, meeting.planned_by_name = clock.now(), str(by)
    meeting.save()

    trail.record("meetings.plan_meeting", by=by, on=meeting, after=_describe(meeting))
    _tell_members(meeting, "meetings/meeting_planned")
    return meeting


@transaction.atomic
def edit_meeting(meeting: Meeting, *, by: Any, kind: str, starts_at: datetime, place: str) -> Meeting:
    """A session is moved, or meets elsewhere. Who is to come is told what has changed."""
    hold(meeting.body)
    meeting = lock(meeting)
    rules.MEETING.check("edit_meeting", by, meeting)

    before, was_at = _describe(meeting), (meeting.starts_at, meeting.place)
    meeting.kind, meeting.starts_at, meeting.place = kind, starts_at, tidy(place)
    if reason := rules.session_is_ahead(meeting) or rules.hour_is_free(meeting):
        raise Conflict(reason)
    if before == _describe(meeting):
        return meeting
    meeting.save()

    trail.record("meetings.edit_meeting", by=by, on=meeting, before=before, after=_describe(meeting))
    if was_at != (meeting.starts_at, meeting.place):
        _tell_members(meeting, "meetings/meeting_moved")
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: Any, reason: str) -> Meeting:
    """The session does not take place; its matters wait for another one."""
    hold(meeting.body)
    meeting = lock(meeting)
    rules.MEETING.check("cancel_meeting", by, meeting)
    if not tidy(reason):
        raise Conflict(_("Say why the session is cancelled."))

    meeting.cancellation_reason, meeting.cancelled_at = tidy(reason), clock.now()
    rules.MEETING.advance("cancel_meeting", meeting)
    meeting.save()
    put_back = [str(item) for item in meeting.items.order_by("place")]
    meeting.items.update(meeting=None, place=None)

    trail.record(
        "meetings.cancel_meeting", by=by, on=meeting, reason=meeting.cancellation_reason, matters=put_back
    )
    _tell_members(meeting, "meetings/meeting_cancelled")
    return meeting


@transaction.atomic
def take_up_request(opinion_request: OpinionRequest, *, by: Any) -> AgendaItem:
    """A matter that is not decided in writing comes before the next session: on its agenda where one is
    planned, else on the waiting list. Its dossier goes to the members who have not been given it yet."""
    hold(opinion_request.body)
    item = AgendaItem(
        body=opinion_request.body,
        subject=opinion_request.subject,
        lead_agency=opinion_request.lead_agency,
        dossier=opinion_request.dossier,
        opinion_request=opinion_request,
        reason=opinion_request.session_reason,
    )
    rules.AGENDA_ITEM.check("take_up_request", by, item)

    meeting = Meeting.objects.ahead().filter(body=item.body_id).first()
    if meeting is not None:
        item.meeting, item.place = meeting, meeting.items.count() + 1
    item.taken_up_at, item.taken_up_by_name = clock.now(), str(by)
    item.save()
    agency = _list_officers(item)
    _give_papers(item, by=by, to=agency)

    trail.record(
        "meetings.take_up_request",
        by=by,
        on=item,
        meeting=_name(meeting),
        place=item.place,
        reason=item.reason,
    )
    outbox.tell(
        {*User.objects.holding([*MEMBERS, Role.SECRETARY], item.body_id), *agency},
        "meetings/request_taken_up",
        url=item.get_absolute_url(),
        subject=item.subject,
        begins=in_figures(meeting.starts_at) if meeting else "",
    )
    return item


@transaction.atomic
def place_item(item: AgendaItem, *, by: Any, meeting: Meeting | None, place: int | None = None) -> AgendaItem:
    """The office puts a matter on an agenda, moves it, or puts it back to wait. The others close up."""
    hold(item.body)
    item = lock(item)
    rules.AGENDA_ITEM.check("place_item", by, item)
    if meeting is not None:
        meeting = lock(meeting)
        if reason := rules.meeting_takes_matters(meeting, item):
            raise Conflict(reason)

    before, was_on = _spell_place(item), item.meeting
    item.meeting, item.place = meeting, None
    if meeting is not None:
        item.place = _make_room(meeting, item, place)
    item.save(update_fields=["meeting", "place"])
    if was_on is not None and was_on != meeting:
        _close_up(was_on)
    if before == _spell_place(item):
        return item

    trail.record("meetings.place_item", by=by, on=item, before=before, after=_spell_place(item))
    return item


def _make_room(meeting: Meeting, item: AgendaItem, place: int | None) -> int:
    """The place wanted, or the last one; the others stand before and after it without a gap."""
    others = list(meeting.items.exclude(pk=item.pk).order_by("place"))
    wanted = min(max(place or len(others) + 1, 1), len(others) + 1)
    for number, other in enumerate(others, 1):
        new = number if number < wanted else number + 1
        if other.place != new:
            AgendaItem.objects.filter(pk=other.pk).update(place=new)
    return wanted


def _close_up(meeting: Meeting) -> None:
    for number, left in enumerate(meeting.items.order_by("place"), 1):
        if left.place != number:
            AgendaItem.objects.filter(pk=left.pk).update(place=number)


def _list_officers(item: AgendaItem) -> list[User]:
    """Of the lead agency: they present the matter."""
    offices = Appointment.objects.current().filter(
        body=item.body_id, organisation=item.lead_agency_id, role=Role.SUBMITTER
    )
    return list(User.objects.filter(pk__in=offices.values("user"), is_active=True))


def _give_papers(item: AgendaItem, *, by: Any, to: Iterable[User]) -> None:
    """What lies before the members, to every member of this day and her successors, and to the officers who
    present the matter; papers for named readers stay with those named."""
    because = _("Agenda: %(subject)s") % {"subject": item.subject}
    papers = IssuedPaper.objects.filter(issue=item.dossier.current_issue, is_restricted=False)
    versions = [paper.version for paper in papers.select_related("version")]
    synthesis = item.opinion_request.newest_synthesis
    if synthesis is not None and synthesis.version is not None:
        versions.append(synthesis.version)
    for version in versions:
        if not version.refused_because:
            documents.distribute_version(
                version, by=by, to=to, roles=[(Role.MEMBER, item.body)], because=because[:200]
            )


def _tell_members(meeting: Meeting, kind: str) -> None:
    outbox.tell(
        User.objects.holding(MEMBERS, meeting.body_id),
        kind,
        url=meeting.get_absolute_url(),
        body=meeting.body.name,
        begins=in_figures(meeting.starts_at),
        venue=meeting.place,
    )


def _describe(meeting: Meeting) -> dict[str, str]:
    return {
        "meeting_kind": str(meeting.kind),
        "begins": in_figures(meeting.starts_at),
        "venue": meeting.place,
    }


def _name(meeting: Meeting | None) -> str:
    return f"{timezone.localtime(meeting.starts_at):%H:%M, %d/%m/%Y}" if meeting else ""


def _spell_place(item: AgendaItem) -> dict[str, Any]:
    return {"meeting": _name(item.meeting), "place": item.place}
