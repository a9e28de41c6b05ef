"""Moving the deadline of an open request, and what the clock tells on the ladder of reminders."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import hold, lock
from core.workflow import Conflict
from notifications import outbox
from opinions import rules
from opinions.ladder import Rung, RungKind
from opinions.models import (
    DeadlineChange,
    OpinionRequest,
    OpinionSlip,
    Reminder,
    find_assistants,
    find_stand_ins,
)
from opinions.rules import SlipStatus
from opinions.wording import in_figures, tidy
from people.models import Appointment, User
from people.rules import PRESIDING, VOTING, Role

NAMES_IN_A_NOTICE = 20


@transaction.atomic
def move_deadline(
    opinion_request: OpinionRequest, *, by: Any, deadline: datetime, reason: str, order: str = ""
) -> OpinionRequest:
    """The chair or a vice chair gives the members more time, or less: within the days that the rules allow,
    or by an order that is recorded. Answers given stay, and can be changed until the new deadline.

    It waits for the answers that are being written down; what they say stays sealed until the new deadline.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("move_deadline", by, opinion_request)
    if fault := rules.find_fault_of_deadline(opinion_request, deadline, order=order):
        raise Conflict(fault)

    before = opinion_request.deadline
    DeadlineChange.objects.create(
        request=opinion_request,
        before=before,
        after=deadline,
        reason=tidy(reason),
        order=tidy(order),
        changed_by_name=str(by),
    )
    opinion_request.deadline = deadline
    opinion_request.save(update_fields=["deadline"])
    trail.keep_sealed(opinion_request, until=deadline)

    trail.record(
        "opinions.move_deadline",
        by=by,
        on=opinion_request,
        before=in_figures(before),
        after=in_figures(deadline),
        reason=tidy(reason),
        order=tidy(order),
    )
    office = User.objects.holding([Role.SECRETARY, *PRESIDING], opinion_request.body_id)
    outbox.tell(
        {*_list_asked(opinion_request), *office, *_find_follower(opinion_request)} - {by},
        "opinions/deadline_moved",
        url=opinion_request.get_absolute_url(),
        subject=opinion_request.subject,
        person=str(by),
        before=in_figures(before),
        deadline=in_figures(deadline),
        is_later=deadline > before,
    )
    return opinion_request


@transaction.atomic
def remind_members(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """The clock reminds the members who have not answered, and those who prepare or answer for them."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("remind_members", by, opinion_request)

    rung = rules.find_due_rung(opinion_request, RungKind.REMINDER)
    slips = _list_missing(opinion_request)
    _climb(opinion_request, rung, slips)

    trail.record(
        "opinions.remind_members",
        by=by,
        on=opinion_request,
        hours=rung.hours,
        members=[str(slip) for slip in slips],
    )
    _tell_both(
        opinion_request,
        slips,
        "opinions/answer_awaited",
        "opinions/answer_awaited_of_member",
        hours=ceil((opinion_request.deadline - clock.now()).total_seconds() / 3600),
        silence_agrees=opinion_request.silence_agrees,
    )
    return opinion_request


@transaction.atomic
def escalate_request(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """The clock tells the follow-up person who is still missing, and who has not even opened it."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("escalate_request", by, opinion_request)

    slips = _list_missing(opinion_request)
    _climb(opinion_request, rules.find_due_rung(opinion_request, RungKind.ESCALATION))
    follower = _find_follower(opinion_request)

    trail.record(
        "opinions.escalate_request",
        by=by,
        on=opinion_request,
        told=[str(person) for person in follower],
        members=[str(slip) for slip in slips],
    )
    outbox.tell(
        follower,
        "opinions/answers_missing",
        url=f"{opinion_request.get_absolute_url()}#progress",
        subject=opinion_request.subject,
        deadline=in_figures(opinion_request.deadline),
        missing=len(slips),
        unopened=sum(slip.opened_at is None for slip in slips),
        names=[str(slip) for slip in slips[:NAMES_IN_A_NOTICE]],
        others=max(0, len(slips) - NAMES_IN_A_NOTICE),
    )
    return opinion_request


@transaction.atomic
def tell_silent(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """After the deadline the clock tells those who were silent what their silence counts as."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("tell_silent", by, opinion_request)

    slips = list(
        opinion_request.slips.filter(status=SlipStatus.SILENT).select_related("member", "stand_in__user")
    )
    _climb(opinion_request, rules.find_due_rung(opinion_request, RungKind.MISSED), slips)

    trail.record("opinions.tell_silent", by=by, on=opinion_request, members=[str(slip) for slip in slips])
    _tell_both(
        opinion_request,
        slips,
        "opinions/answer_missed",
        "opinions/answer_missed_of_member",
        silence_agrees=opinion_request.silence_agrees,
    )
    return opinion_request


@transaction.atomic
def remind_of_result(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """The clock reminds the Office of a result that it has to process, and the lead agency of its report: on
    the working day before, and once more when the day has passed, then those who preside too."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("remind_of_result", by, opinion_request)

    rung = rules.find_due_follow_up(opinion_request)
    _climb(opinion_request, rung)
    of_report = rung.kind in (RungKind.REPORT, RungKind.REPORT_LATE)
    is_late = rung.kind in (RungKind.PROCESSING_LATE, RungKind.REPORT_LATE)
    people = set(_find_follower(opinion_request))
    if of_report:
        people |= set(_list_lead_agency(opinion_request))
    if is_late:
        people |= set(User.objects.holding([Role.SECRETARY, *PRESIDING], opinion_request.body_id))

    trail.record(
        "opinions.remind_of_result",
        by=by,
        on=opinion_request,
        because=str(rung.kind),
        told=sorted(str(person) for person in people),
    )
    outbox.tell(
        people,
        "opinions/report_due" if of_report else "opinions/processing_due",
        url=f"{opinion_request.get_absolute_url()}#result",
        subject=opinion_request.subject,
        lead_agency=opinion_request.lead_agency.name,
        day=f"{opinion_request.report_by if of_report else opinion_request.process_by:%d/%m/%Y}",
        is_late=is_late,
    )
    return opinion_request


def _climb(opinion_request: OpinionRequest, rung: Rung | None, slips: Iterable[OpinionSlip] = ()) -> None:
    """Written down in the same transaction: neither lost nor told twice. The row without a slip says that
    the rung was climbed, whoever has answered meanwhile."""
    assert rung is not None  # the rule has just found it
    Reminder.objects.bulk_create(
        Reminder(
            request=opinion_request,
            slip=slip,
            kind=rung.kind,
            hours=rung.hours,
            deadline=opinion_request.deadline,
        )
        for slip in [None, *slips]
    )


def _tell_both(
    opinion_request: OpinionRequest, slips: list[OpinionSlip], of_own: str, of_member: str, **facts: Any
) -> None:
    """The members and their stand-ins are told of what they have to answer; assistants of the member."""
    context = {
        "url": opinion_request.get_absolute_url(),
        "subject": opinion_request.subject,
        "deadline": in_figures(opinion_request.deadline),
        **facts,
    }
    members = {slip.member for slip in slips}
    assistants = set(find_assistants(opinion_request.body_id, members)) - members
    outbox.tell(members, of_own, **context)
    acting = {slip.stand_in.user for slip in slips if slip.stand_in} & find_stand_ins(opinion_request)
    outbox.tell(assistants | acting - members, of_member, **context)


def _list_missing(opinion_request: OpinionRequest) -> list[OpinionSlip]:
    """Who has not answered and holds the office still, in protocol order."""
    offices = Appointment.objects.current().filter(body=opinion_request.body_id, role__in=VOTING)
    slips = opinion_request.slips.unanswered().filter(member__in=offices.values("user"))
    return list(slips.select_related("member", "stand_in__user"))


def _list_asked(opinion_request: OpinionRequest) -> set[User]:
    """Every member, who prepares the answers, and who may give them."""
    members = set(User.objects.filter(slips__request=opinion_request))
    assistants = find_assistants(opinion_request.body_id, members)
    return members | set(assistants) | find_stand_ins(opinion_request)


def _find_follower(opinion_request: OpinionRequest) -> list[User]:
    """The follow-up person, else who drafted the request, while in office; else the whole Office."""
    office = list(User.objects.holding([Role.SECRETARY], opinion_request.body_id))
    for person in (opinion_request.follower, opinion_request.drafted_by):
        if person is not None and person.is_active and person.holds(Role.SECRETARY, opinion_request.body_id):
            return [person]
    return office


def _list_lead_agency(opinion_request: OpinionRequest) -> Iterable[User]:
    """Its officers, and the member who heads it."""
    offices = Appointment.objects.current().filter(
        body=opinion_request.body_id, organisation=opinion_request.lead_agency_id
    )
    return User.objects.filter(pk__in=offices.values("user"), is_active=True)
