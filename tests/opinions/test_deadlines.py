"""More time or less, and everyone who is reminded on the way: each once, none at night, none who answered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from notifications.models import Notification
from opinions import actions, rules, tasks
from opinions.models import DeadlineChange, OpinionRequest, Reminder
from opinions.rules import RequestStatus, RungKind
from people.models import Delegation
from people.rules import Role
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db

MEMBERS = ("chair", "vice_chair", "minister", "other_minister", "third_minister")


def told(kind):
    """Who was told so, in the order of telling."""
    notices = Notification.objects.filter(kind=f"opinions/{kind}").order_by("pk")
    return sorted(notices.values_list("recipient__full_name", flat=True))


def names(cast, *people):
    return sorted(getattr(cast, person).full_name for person in people)


def before(opinion_request, hours):
    return clock.at(opinion_request.deadline - timedelta(hours=hours))


def move(cast, opinion_request, working_days=5, **given):
    given.setdefault("deadline", factories.deadline_in(cast.rule_set, working_days))
    return actions.move_deadline(
        opinion_request, by=given.pop("by", cast.vice_chair), reason="Lũ lụt tại các tỉnh", **given
    )


# Moving


def test_whoever_presides_gives_more_time_and_everybody_is_told(cast):
    opinion_request = steps.send(cast)
    first = opinion_request.deadline
    moved = move(cast, opinion_request)
    assert moved.deadline == factories.deadline_in(cast.rule_set, 5) > first
    change = DeadlineChange.objects.get()
    assert (change.before, change.after, change.reason) == (first, moved.deadline, "Lũ lụt tại các tỉnh")
    others = [person for person in MEMBERS if person != "vice_chair"]
    assert told("deadline_moved") == names(cast, *others, "assistant", "secretary")
    trace = AuditEvent.objects.get(action="opinions.move_deadline")
    assert trace.details["reason"] == "Lũ lụt tại các tỉnh"


def test_less_time_within_the_rule(cast):
    opinion_request = move(cast, steps.send(cast), working_days=2)
    assert opinion_request.deadline == factories.deadline_in(cast.rule_set, 2)


def test_answers_stay_and_are_taken_until_the_new_deadline(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister)
    first = opinion_request.deadline
    opinion_request = move(cast, opinion_request)
    with clock.at(first + timedelta(hours=1)):
        tasks.close_overdue_requests()
        assert OpinionRequest.objects.get().status == RequestStatus.OPEN
        slip = steps.answer(opinion_request, cast.other_minister)
    assert slip.is_answered
    assert steps.slip_of(opinion_request, cast.minister).is_answered
    steps.close(opinion_request)
    assert opinion_request.slips.filter(status="answered").count() == 2


def test_beyond_the_rule_only_by_an_order_that_is_recorded(cast):
    opinion_request = steps.send(cast)
    late = factories.deadline_in(cast.rule_set, 8)
    with pytest.raises(Conflict, match="Without an order"):
        move(cast, opinion_request, deadline=late)
    moved = move(cast, opinion_request, deadline=late, order="Công văn 512/VPCP-TH")
    assert moved.deadline == late
    assert DeadlineChange.objects.get().order == "Công văn 512/VPCP-TH"


@pytest.mark.parametrize(
    ("deadline", "fault"),
    [
        (lambda request: request.deadline, "This is the deadline already"),
        (lambda request: clock.now() + timedelta(minutes=59), "at least one hour ahead"),
        (lambda request: clock.now() - timedelta(days=1), "at least one hour ahead"),
        (lambda request: clock.now() + timedelta(days=367), "within a year"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(cast, deadline, fault):
    opinion_request = steps.send(cast)
    with pytest.raises(Conflict, match=fault):
        move(cast, opinion_request, deadline=deadline(opinion_request), order="Công văn 512/VPCP-TH")
    assert not DeadlineChange.objects.exists()


def test_the_office_does_not_move_it_and_nobody_does_when_it_has_passed(cast):
    opinion_request = steps.send(cast)
    with pytest.raises(PermissionDenied):
        move(cast, opinion_request, by=cast.secretary)
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="deadline has passed"):
        move(cast, opinion_request)


def test_what_was_answered_stays_sealed_until_the_new_deadline(cast, sign_in):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.minister, "disagree", "Chưa đủ căn cứ")
    first = opinion_request.deadline
    opinion_request = move(cast, opinion_request)
    trail = reverse("audit:read_case", args=["opinions.opinionrequest", opinion_request.pk])
    with clock.at(first + timedelta(minutes=1)):
        assert AuditEvent.objects.get(action="opinions.answer_slip").is_sealed
        assert AuditEvent.objects.with_seals().get(action="opinions.answer_slip").is_sealed
        page = sign_in(cast.auditor).get(trail)
        assert page.status_code == 200
        assert "Chưa đủ căn cứ" not in page.content.decode()
    with clock.at(opinion_request.deadline + timedelta(minutes=1)):
        assert not AuditEvent.objects.get(action="opinions.answer_slip").is_sealed
        assert "Chưa đủ căn cứ" in sign_in(cast.auditor).get(trail).content.decode()


# The ladder up to the deadline


def test_who_has_not_answered_is_reminded_once_a_rung(cast):
    opinion_request = steps.send(cast)
    steps.answer(opinion_request, cast.other_minister)
    for _ in range(3):
        with before(opinion_request, 24):
            tasks.climb_ladders()
    assert told("answer_awaited") == names(cast, "chair", "vice_chair", "minister", "third_minister")
    assert told("answer_awaited_of_member") == names(cast, "assistant")
    rows = Reminder.objects.filter(kind=RungKind.REMINDER)
    assert {row.hours for row in rows} == {24}, "the one of 48 hours was overtaken"
    assert rows.filter(slip__isnull=False).count() == 4
    trace = AuditEvent.objects.get(action="opinions.remind_members")
    assert (trace.actor_name, trace.details["hours"], len(trace.details["members"])) == ("clock", 24, 4)


def test_who_answers_is_left_in_peace(cast):
    opinion_request = steps.send(cast)
    for person in MEMBERS:
        steps.answer(opinion_request, getattr(cast, person))
    with before(opinion_request, 4):
        tasks.climb_ladders()
    assert not Reminder.objects.exists()


def test_nobody_is_told_in_quiet_hours(cast):
    deadline = timezone.localtime(factories.deadline_in(cast.rule_set, 3)).replace(hour=10)
    opinion_request = steps.send(cast, deadline=deadline)
    with clock.at(deadline - timedelta(hours=24)):
        tasks.climb_ladders()
    with before(opinion_request, 4):  # six in the morning
        tasks.climb_ladders()
    assert set(Reminder.objects.values_list("hours", flat=True)) == {24}
    with before(opinion_request, 3):
        tasks.climb_ladders()
    assert {row.hours for row in Reminder.objects.filter(kind=RungKind.REMINDER)} == {24, 4}


def test_a_new_deadline_is_a_new_ladder(cast):
    opinion_request, later = steps.send(cast), factories.deadline_in(cast.rule_set, 5)
    with before(opinion_request, 4):
        tasks.climb_ladders()
        opinion_request = move(cast, opinion_request, deadline=later)
        tasks.climb_ladders()
    reminded = Reminder.objects.filter(kind=RungKind.REMINDER, slip__isnull=True)
    assert reminded.count() == 1, "the notice of the new deadline has just told them"
    with before(opinion_request, 4):
        tasks.climb_ladders()
    assert reminded.count() == 2


def test_a_rung_is_climbed_once_whoever_tries(cast):
    opinion_request = steps.send(cast)
    with before(opinion_request, 24):
        actions.remind_members(opinion_request, by=CLOCK)
        with pytest.raises(Conflict, match="nothing to remind of"):
            actions.remind_members(opinion_request, by=CLOCK)
        with pytest.raises(PermissionDenied):
            actions.remind_members(opinion_request, by=cast.secretary)


def test_a_stand_in_who_may_answer_is_reminded_with_the_member(cast):
    kind = factories.make_kind(cast.body, name="Phiếu của tỉnh", stand_ins_answer=True)
    office = cast.minister.appointments.get()
    Delegation.objects.create(
        appointment=office,
        delegate=cast.other_minister.appointments.get(),
        scope="answering",
        valid_from=clock.today(),
        valid_until=clock.today() + timedelta(days=30),
        order_number="12/QĐ-BTC",
        order_date=clock.today(),
        order_issuer="Bộ Tài chính",
    )
    opinion_request = steps.send(cast, kind=kind)
    assert steps.slip_of(opinion_request, cast.minister).stand_in is not None
    steps.answer(opinion_request, cast.other_minister)
    with before(opinion_request, 4):
        tasks.climb_ladders()
    assert told("answer_awaited_of_member") == names(cast, "assistant", "other_minister")


def test_the_follower_is_told_who_is_missing_and_who_has_not_opened_it(cast):
    opinion_request = steps.send(cast, follower=cast.secretary)
    steps.answer(opinion_request, cast.chair)
    actions.open_slip(steps.slip_of(opinion_request, cast.minister), by=cast.minister)
    for _ in range(2):
        with before(opinion_request, 8):
            tasks.climb_ladders()
    assert told("answers_missing") == names(cast, "secretary")
    context = Notification.objects.get(kind="opinions/answers_missing").context
    assert (context["missing"], context["unopened"]) == (4, 3)
    assert any(cast.minister.full_name in name for name in context["names"])


def test_a_follower_who_left_is_followed_by_the_office(cast):
    other = factories.make_officer("Ngô Thị Bích", Role.SECRETARY, cast.body)
    opinion_request = steps.send(cast, follower=other)
    other.appointments.update(valid_until=clock.today())
    with before(opinion_request, 8):
        tasks.climb_ladders()
    assert told("answers_missing") == names(cast, "secretary")


def test_a_follower_who_works_elsewhere_now_is_told_nothing(cast):
    other = factories.make_officer("Ngô Thị Bích", Role.SECRETARY, cast.body)
    opinion_request = steps.send(cast, follower=other)
    other.appointments.update(role=Role.SUBMITTER, organisation=cast.finance)
    with before(opinion_request, 8):
        tasks.climb_ladders()
    assert told("answers_missing") == names(cast, "secretary")


# After the deadline


def test_the_silent_are_told_what_silence_means(cast):
    opinion_request = steps.send(cast)
    for person in ("chair", "vice_chair", "other_minister", "third_minister"):
        steps.answer(opinion_request, getattr(cast, person))
    steps.close(opinion_request)
    for _ in range(2):
        with steps.after_the_deadline(opinion_request):
            tasks.climb_ladders()
    assert told("answer_missed") == names(cast, "minister")
    assert told("answer_missed_of_member") == names(cast, "assistant")
    notice = Notification.objects.get(kind="opinions/answer_missed")
    assert "counts as agreement" in notice.write("txt", link="", recipient=cast.minister, site_url="")


def test_what_ended_long_ago_is_left_alone(cast):
    opinion_request = steps.close(steps.send(cast))
    with clock.at(opinion_request.deadline + timedelta(days=2, minutes=1)):
        tasks.climb_ladders()
    assert told("answer_missed") == []


def days_from(day, number):
    return clock.at(factories.at_hour(day + timedelta(days=number), 9))


def test_the_office_is_reminded_of_a_result_before_its_day_and_after_it(cast):
    opinion_request = steps.close(steps.send(cast, follower=cast.secretary))
    with days_from(opinion_request.process_by, -10):
        tasks.climb_ladders()
    assert told("processing_due") == []
    with days_from(opinion_request.process_by, 0):
        tasks.climb_ladders()
        tasks.climb_ladders()
    assert told("processing_due") == names(cast, "secretary")
    with days_from(opinion_request.process_by, 5):
        tasks.climb_ladders()
        tasks.climb_ladders()
    assert told("processing_due") == names(cast, "chair", "secretary", "secretary", "vice_chair")


def test_the_lead_agency_is_reminded_of_its_report(cast):
    opinion_request = actions.refer_request(steps.close_with_opinions(cast), by=cast.chair)
    with days_from(opinion_request.report_by, 0):
        tasks.climb_ladders()
    assert told("report_due") == names(cast, "assistant", "minister", "secretary", "submitter")
    OpinionRequest.objects.update(reported_at=clock.now())
    with days_from(opinion_request.report_by, 5):
        tasks.climb_ladders()
    assert Reminder.objects.filter(kind=RungKind.REPORT_LATE).count() == 0, "it was handed in"


def test_one_request_that_fails_holds_up_no_other(cast, monkeypatch):
    first, second = steps.send(cast), steps.send(cast)
    real = actions.remind_members

    def remind_members(opinion_request, *, by):
        if opinion_request.pk == first.pk:
            raise RuntimeError
        return real(opinion_request, by=by)

    monkeypatch.setattr(actions, "remind_members", remind_members)
    with before(second, 24):
        tasks.climb_ladders()
    assert set(Reminder.objects.values_list("request", flat=True)) == {second.pk}


def test_the_round_costs_the_same_for_many(cast, django_assert_max_num_queries):
    for _ in range(4):
        steps.send(cast)
    with clock.at(clock.now() + timedelta(minutes=5)), django_assert_max_num_queries(9):
        tasks.climb_ladders()


# Opening


def test_the_first_look_of_the_member_is_known(cast, sign_in):
    opinion_request = steps.send(cast)
    for person in (cast.secretary, cast.assistant, cast.auditor):
        sign_in(person).get(opinion_request.get_absolute_url())
    assert steps.slip_of(opinion_request, cast.minister).opened_at is None
    sign_in(cast.minister).get(opinion_request.get_absolute_url())
    opened = steps.slip_of(opinion_request, cast.minister).opened_at
    assert opened is not None
    sign_in(cast.minister).get(opinion_request.get_absolute_url())
    assert steps.slip_of(opinion_request, cast.minister).opened_at == opened
    assert AuditEvent.objects.filter(action="opinions.open_slip").count() == 1
    with pytest.raises(Conflict, match="opened before"):
        actions.open_slip(steps.slip_of(opinion_request, cast.minister), by=cast.minister)


def test_when_it_is_over_nothing_is_opened_any_more(cast, sign_in):
    opinion_request = steps.close(steps.send(cast))
    assert sign_in(cast.minister).get(opinion_request.get_absolute_url()).status_code == 200
    assert steps.slip_of(opinion_request, cast.minister).opened_at is None
    assert "open_slip" not in rules.SLIP.allowed(cast.minister, steps.slip_of(opinion_request, cast.minister))
