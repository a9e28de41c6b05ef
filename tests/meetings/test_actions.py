"""Sessions and their agendas: who may do what, what lands where, and who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from documents.models import DocumentVersion, Dossier
from ecabinet.demo.rounds import COMMITMENTS
from ecabinet.demo.sessions import plan_sessions
from meetings import actions, rules
from meetings.models import AgendaItem, Meeting
from notifications.models import Notification
from opinions import actions as opinions
from people.rules import Role
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db


def begin(cast, days=3, **fields):
    fields.setdefault("body", cast.body)
    fields.setdefault("place", "Trụ sở Chính phủ")
    return Meeting(starts_at=clock.now() + timedelta(days=days), **fields)


def plan(cast, days=3, **fields):
    return actions.plan_meeting(begin(cast, days, **fields), by=cast.secretary)


def put(cast):
    """A matter of its own, put before the next session."""
    return AgendaItem.objects.get(opinion_request=steps.put_before_a_session(cast))


def place(cast, item, meeting, at=None):
    return actions.place_item(item, by=cast.secretary, meeting=meeting, place=at)


def agenda(meeting):
    return [item.pk for item in meeting.items.order_by("place")]


MEETING = {
    "planned": {
        "secretary": {"edit_meeting", "cancel_meeting"},
        "chair": {"cancel_meeting"},
        "vice_chair": {"cancel_meeting"},
    },
    "begun": {},
    "cancelled": {},
}


@pytest.mark.parametrize("moment", MEETING)
def test_who_may_do_what_with_a_session(cast, moment):
    meeting = plan(cast)
    if moment == "cancelled":
        actions.cancel_meeting(meeting, by=cast.chair, reason="Hoãn.")
    meeting.refresh_from_db()
    with clock.at(meeting.starts_at if moment == "begun" else clock.now()):
        found = {name: set(rules.MEETING.allowed(getattr(cast, name), meeting)) for name in CAST}
    assert {name: allowed for name, allowed in found.items() if allowed} == MEETING[moment]


@pytest.mark.parametrize("is_planned", [False, True])
def test_who_may_do_what_with_a_matter(cast, is_planned):
    meeting = plan(cast) if is_planned else None
    item = put(cast)
    found = {name: set(rules.AGENDA_ITEM.allowed(getattr(cast, name), item)) for name in CAST}
    assert {name: allowed for name, allowed in found.items() if allowed} == {"secretary": {"place_item"}}
    if meeting:
        with clock.at(meeting.starts_at + timedelta(hours=1)), pytest.raises(Conflict, match="has begun"):
            place(cast, item, None)


def test_a_session_is_planned_and_its_members_are_told(cast):
    meeting = plan(cast, place="  Phòng họp A ")
    assert (meeting.status, meeting.place) == ("planned", "Phòng họp A")
    told = {n.recipient for n in Notification.objects.filter(kind="meetings/meeting_planned")}
    members = {cast.chair, cast.vice_chair, cast.minister, cast.other_minister, cast.third_minister}
    assert told == members | {cast.assistant}
    assert AuditEvent.objects.get(action="meetings.plan_meeting").case_id == meeting.pk


@pytest.mark.parametrize("name", ["chair", "minister", "auditor", "outside_secretary", "nobody"])
def test_only_the_office_plans(cast, name):
    with pytest.raises(PermissionDenied):
        actions.plan_meeting(begin(cast), by=getattr(cast, name))
    assert not Meeting.objects.exists()


def test_a_session_lies_ahead_and_at_an_hour_of_its_own(cast):
    with pytest.raises(Conflict, match="begun already"):
        plan(cast, days=-1)
    with clock.at(clock.now()):
        plan(cast)
        with pytest.raises(Conflict, match="Another session"):
            plan(cast)
        later = plan(cast, days=4)
        with pytest.raises(Conflict, match="Another session"):
            actions.edit_meeting(
                later, by=cast.secretary, kind="regular", starts_at=begin(cast).starts_at, place="Nơi khác"
            )
    assert Meeting.objects.count() == 2


def test_a_session_is_moved(cast):
    meeting = plan(cast)
    when = meeting.starts_at + timedelta(days=1)
    actions.edit_meeting(meeting, by=cast.secretary, kind="thematic", starts_at=when, place=meeting.place)
    meeting.refresh_from_db()
    assert (meeting.kind, meeting.starts_at) == ("thematic", when)
    assert Notification.objects.filter(kind="meetings/meeting_moved", recipient=cast.minister).exists()
    actions.edit_meeting(meeting, by=cast.secretary, kind="thematic", starts_at=when, place=meeting.place)
    assert AuditEvent.objects.filter(action="meetings.edit_meeting").count() == 1, "nothing was changed"


# A matter comes from the written procedure


def test_a_matter_lands_on_the_next_session_in_the_same_act(cast):
    later, sooner = plan(cast, days=9), plan(cast, days=3)
    item = put(cast)
    assert (item.meeting, item.place) == (sooner, 1)
    assert item.reason == item.opinion_request.session_reason
    assert (item.subject, item.lead_agency) == (steps.SUBJECT, cast.finance)
    assert AuditEvent.objects.get(action="meetings.take_up_request").case_id == item.opinion_request_id
    told = {n.recipient for n in Notification.objects.filter(kind="meetings/request_taken_up")}
    assert {cast.minister, cast.assistant, cast.secretary, cast.submitter} <= told
    assert cast.other_submitter not in told
    assert agenda(later) == []


def test_it_waits_where_no_session_is_planned(cast):
    cancelled = plan(cast)
    actions.cancel_meeting(cancelled, by=cast.chair, reason="Hoãn.")
    item = put(cast)
    assert (item.meeting, item.place) == (None, None)
    assert list(AgendaItem.objects.waiting()) == [item]


def test_a_matter_is_taken_up_once_and_only_from_a_request_that_goes_to_a_session(cast):
    opinion_request = steps.put_before_a_session(cast)
    with pytest.raises(Conflict, match="already"):
        actions.take_up_request(opinion_request, by=cast.secretary)
    other = steps.close_with_a_remark(cast)
    with pytest.raises(Conflict, match="not referred to a session"):
        actions.take_up_request(other, by=cast.secretary)
    assert AgendaItem.objects.count() == 1


def test_a_member_who_was_never_asked_reads_the_dossier_of_the_session(cast):
    opinion_request = steps.close_with_a_remark(cast)
    newcomer = factories.make_officer("Lưu Văn Mới", Role.MEMBER, cast.body, organisation=cast.home)
    seen = Dossier.objects.visible_to(newcomer).filter(pk=opinion_request.dossier_id)
    assert not seen.exists()
    opinions.refer_to_session(opinion_request, by=cast.chair, reason="Cần thảo luận.")
    assert seen.exists()
    version = opinion_request.dossier.current_issue.papers.get().version
    assert DocumentVersion.objects.visible_to(newcomer).filter(pk=version.pk).exists()


# Places on an agenda


def test_matters_change_places_without_a_gap(cast):
    meeting = plan(cast)
    one, two, three = put(cast), put(cast), put(cast)
    assert agenda(meeting) == [one.pk, two.pk, three.pk]
    place(cast, three, meeting, at=1)
    assert agenda(meeting) == [three.pk, one.pk, two.pk]
    place(cast, three, meeting, at=99)
    assert agenda(meeting) == [one.pk, two.pk, three.pk]
    assert [item.place for item in meeting.items.order_by("place")] == [1, 2, 3]
    place(cast, one, None)
    assert agenda(meeting) == [two.pk, three.pk]
    assert [item.place for item in meeting.items.order_by("place")] == [1, 2]
    other = plan(cast, days=9)
    place(cast, two, other)
    assert (agenda(meeting), agenda(other)) == ([three.pk], [two.pk])
    events = AuditEvent.objects.filter(action="meetings.place_item").count()
    place(cast, AgendaItem.objects.get(pk=three.pk), meeting, at=1)
    assert AuditEvent.objects.filter(action="meetings.place_item").count() == events, "it stood there"


def test_a_matter_goes_only_on_a_planned_session_of_its_body(cast):
    item = put(cast)
    foreign = actions.plan_meeting(begin(cast, body=cast.province), by=cast.outside_secretary)
    cancelled = actions.cancel_meeting(plan(cast), by=cast.secretary, reason="Hoãn.")
    for meeting in (foreign, cancelled):
        with pytest.raises(Conflict, match="planned session of this body"):
            place(cast, item, meeting)
    with pytest.raises(PermissionDenied):
        actions.place_item(item, by=cast.minister, meeting=None)


def test_the_matters_of_a_cancelled_session_wait_for_another(cast):
    meeting = plan(cast)
    item = put(cast)
    with pytest.raises(Conflict, match="Say why"):
        actions.cancel_meeting(meeting, by=cast.secretary, reason=" ")
    actions.cancel_meeting(meeting, by=cast.vice_chair, reason="Trùng lịch công tác.")
    assert list(AgendaItem.objects.waiting()) == [item]
    event = AuditEvent.objects.get(action="meetings.cancel_meeting")
    assert (event.details["reason"], event.details["matters"]) == ("Trùng lịch công tác.", [steps.SUBJECT])
    assert Notification.objects.filter(kind="meetings/meeting_cancelled").count() == 6


def test_the_database_itself_keeps_places(cast):
    meeting = plan(cast)
    one = put(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=one.pk).update(place=None)
    assert agenda(meeting) == [one.pk]


# Reading

INVITED = {
    "chair",
    "vice_chair",
    "minister",
    "other_minister",
    "third_minister",
    "assistant",
    "secretary",
    "auditor",
}


def test_who_sees_sessions_and_matters(cast):
    meeting, item = plan(cast), put(cast)

    def see(row):
        found = type(row).objects
        return {name for name in CAST if found.visible_to(getattr(cast, name)).filter(pk=row.pk).exists()}

    assert see(meeting) == INVITED
    assert see(item) == INVITED | {"submitter"}, "the lead agency prepares the matter"


def test_the_demonstration_puts_a_matter_on_the_next_of_two_sessions(cast):
    subject = COMMITMENTS.subject[0].upper() + COMMITMENTS.subject[1:]
    closed = steps.close(steps.send(cast, subject=subject))
    now = closed.closed_at + timedelta(days=2)
    when = [now + timedelta(days=14), now + timedelta(days=7)]
    plan_sessions(cast.body, starts_at=when, by=cast.secretary, refers=cast.vice_chair, referred_at=now)
    item = AgendaItem.objects.get(opinion_request=closed)
    assert item.meeting.starts_at == when[1]
    assert Meeting.objects.count() == 2
