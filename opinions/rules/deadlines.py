"""Moving the deadline, and the ladder of reminders up to it and beyond."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from core import clock
from decisions.calendar import add_working_days, go_back_working_days
from opinions import ladder
from opinions.ladder import QuietHours, Rung, RungKind
from opinions.rules.states import UNANSWERED, RequestStatus

TIME_TO_ANSWER = timedelta(hours=1)
LONGEST_TIME = timedelta(days=366)  # by whatever order: until it what was answered is sealed
TOLD_OF_SILENCE_WITHIN = timedelta(days=2)  # what a new installation finds from long ago is left alone


def deadline_can_be_kept(deadline: datetime) -> str | None:
    """Another deadline may be ordered; but neither one that nobody can keep nor one that never comes."""
    if deadline < clock.now() + TIME_TO_ANSWER:
        return gettext("The deadline must lie at least one hour ahead: the members must be able to answer.")
    if deadline > clock.now() + LONGEST_TIME:
        return gettext("The deadline must lie within a year.")
    return None


def find_fault_of_deadline(opinion_request: Any, deadline: datetime, *, order: str = "") -> str | None:
    """Within 2 to 5 working days of the sending (Điều 15(5)(b)), unless it was ordered otherwise; and never
    so near that nobody could answer."""
    if deadline == opinion_request.deadline:
        return gettext("This is the deadline already.")
    if fault := deadline_can_be_kept(deadline):
        return fault
    earliest, latest = span_of_deadline(opinion_request)
    if order.strip() or earliest <= timezone.localdate(deadline) <= latest:
        return None
    return gettext(
        "Without an order the deadline must lie between %(earliest)s and %(latest)s (%(rule)s, counted from "
        "the day of sending)."
    ) % {
        "earliest": f"{earliest:%d/%m/%Y}",
        "latest": f"{latest:%d/%m/%Y}",
        "rule": opinion_request.rule_set.name,
    }


def span_of_deadline(opinion_request: Any) -> tuple[date, date]:
    """The days between which the rules allow the deadline of what was sent."""
    span: tuple[date, date] = opinion_request.rule_set.span_of_answer_days(
        timezone.localdate(opinion_request.opened_at)
    )
    return span


# The ladder


def quiet_hours(opinion_request: Any) -> QuietHours:
    return QuietHours(opinion_request.kind.quiet_from, opinion_request.kind.quiet_until)


def plan_ladder(opinion_request: Any) -> list[Rung]:
    """All that is told by itself up to the deadline in force and just after it, in order."""
    kind, quiet = opinion_request.kind, quiet_hours(opinion_request)
    begins, deadline = _last_told(opinion_request), timezone.localtime(opinion_request.deadline)
    rungs = ladder.plan_reminders(begins, deadline, kind.remind_before, quiet)
    if escalation := ladder.plan_escalation(begins, deadline, kind.escalate_before, quiet):
        rungs.append(escalation)
    rungs.append(ladder.plan_missed(deadline, quiet))
    return sorted(rungs, key=lambda rung: rung.at)


def _last_told(opinion_request: Any) -> datetime:
    """When the members were last told of the request by itself: the ladder begins anew after it."""
    told = [change.changed_at for change in opinion_request.deadline_changes.all()]
    told += [issue.issued_at for issue in opinion_request.issues.all()]
    return timezone.localtime(max([opinion_request.opened_at, *told]))


def find_due_rung(opinion_request: Any, kind: RungKind) -> Rung | None:
    """What is to be told now and was not told yet; in quiet hours nothing is."""
    now = timezone.localtime(clock.now())
    if quiet_hours(opinion_request).cover(now):
        return None
    rung = ladder.find_due([rung for rung in _plan(opinion_request, kind) if rung.kind == kind], now)
    return None if rung is None or _is_told(opinion_request, rung) else rung


def _plan(opinion_request: Any, kind: RungKind) -> list[Rung]:
    if kind in FOLLOW_UPS:
        return [_plan_follow_up(opinion_request, kind)]
    return plan_ladder(opinion_request)


def _is_told(opinion_request: Any, rung: Rung) -> bool:
    """This one, or one nearer to the deadline."""
    told = opinion_request.reminders.filter(kind=rung.kind, deadline=opinion_request.deadline)
    return bool(told.filter(hours__lte=rung.hours).exists())


# What is due after the count

FOLLOW_UPS = {
    RungKind.PROCESSING: ("process_by", RequestStatus.CLOSED),
    RungKind.PROCESSING_LATE: ("process_by", RequestStatus.CLOSED),
    RungKind.REPORT: ("report_by", RequestStatus.REFERRED),
    RungKind.REPORT_LATE: ("report_by", RequestStatus.REFERRED),
}
LATE = (RungKind.PROCESSING_LATE, RungKind.REPORT_LATE)


def _plan_follow_up(opinion_request: Any, kind: RungKind) -> Rung:
    """On the working day before the day, and on the one after it."""
    name, _state = FOLLOW_UPS[kind]
    day, days_off = getattr(opinion_request, name), opinion_request.rule_set.list_days_off()
    turn = add_working_days if kind in LATE else go_back_working_days
    return ladder.plan_day(
        kind, turn(day, 1, days_off), quiet_hours(opinion_request), timezone.get_current_timezone()
    )


def find_due_follow_up(opinion_request: Any) -> Rung | None:
    """The day that the Office or the lead agency is to be reminded of now."""
    for kind, (day, state) in FOLLOW_UPS.items():
        if opinion_request.status != state or getattr(opinion_request, day) is None:
            continue
        if (rung := find_due_rung(opinion_request, kind)) and not _is_overtaken(opinion_request, kind):
            return rung
    return None


def _is_overtaken(opinion_request: Any, kind: RungKind) -> bool:
    """Nobody is told that a day comes when it has passed; nor that a report is late that was handed in."""
    if kind in (RungKind.REPORT, RungKind.REPORT_LATE) and opinion_request.reported_at is not None:
        return True
    day: date = getattr(opinion_request, FOLLOW_UPS[kind][0])
    return kind not in LATE and clock.today() > day


# Guards


def members_are_to_be_reminded(opinion_request: Any) -> str | None:
    return _nothing_to_tell(
        find_due_rung(opinion_request, RungKind.REMINDER) and _misses_somebody(opinion_request)
    )


def follower_is_to_be_told(opinion_request: Any) -> str | None:
    return _nothing_to_tell(
        find_due_rung(opinion_request, RungKind.ESCALATION) and _misses_somebody(opinion_request)
    )


def silent_are_to_be_told(opinion_request: Any) -> str | None:
    is_recent = opinion_request.deadline > clock.now() - TOLD_OF_SILENCE_WITHIN
    return _nothing_to_tell(is_recent and find_due_rung(opinion_request, RungKind.MISSED))


def result_is_awaited(opinion_request: Any) -> str | None:
    return _nothing_to_tell(find_due_follow_up(opinion_request))


def _misses_somebody(opinion_request: Any) -> bool:
    return bool(opinion_request.slips.filter(status__in=UNANSWERED).exists())


def _nothing_to_tell(what: Any) -> str | None:
    return None if what else gettext("There is nothing to remind of.")
