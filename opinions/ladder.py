"""When who is reminded: the ladder of one request, worked out from its times alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db import models
from django.utils.translation import gettext_lazy as _

MORNING = time(8)  # when what is due on a day is told
LEEWAY = timedelta(minutes=30)  # before quiet hours begin: the clock may be late by a round


class RungKind(models.TextChoices):
    """What is told on the ladder of reminders."""

    REMINDER = "reminder", _("reminder to those who have not answered")
    ESCALATION = "escalation", _("who is missing, to the follow-up person")
    MISSED = "missed", _("no answer by the deadline")
    PROCESSING = "processing", _("result to be processed soon")
    PROCESSING_LATE = "processing_late", _("result not processed in time")
    REPORT = "report", _("report of the lead agency due soon")
    REPORT_LATE = "report_late", _("report of the lead agency late")


@dataclass(frozen=True)
class QuietHours:
    """From one time of the day until another, over midnight where it is earlier; the same twice is never."""

    start: time
    end: time

    def cover(self, moment: datetime) -> bool:
        at = moment.time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def wait(self, moment: datetime) -> datetime:
        """The same moment, or the end of the quiet hours that it falls into."""
        if not self.cover(moment):
            return moment
        end = datetime.combine(moment.date(), self.end, moment.tzinfo)
        return end if end > moment else end + timedelta(days=1)

    def come_before(self, moment: datetime) -> datetime:
        """The same moment, or one shortly before the quiet hours that it falls into."""
        if not self.cover(moment):
            return moment
        start = datetime.combine(moment.date(), self.start, moment.tzinfo)
        if start > moment:
            start -= timedelta(days=1)
        awake = start - self.wait(start - timedelta(days=1))
        return start - min(LEEWAY, awake / 2)


@dataclass(frozen=True)
class Rung:
    """Something to be told at a moment. `hours`: so long before the deadline, as the kind of request says."""

    kind: RungKind
    at: datetime
    hours: int = 0


def plan_reminders(
    begins: datetime, deadline: datetime, hours: Iterable[int], quiet: QuietHours
) -> list[Rung]:
    """The reminders of those who have not answered, the first first.

    What falls into quiet hours waits for their end; where that is too late, it comes before they begin. What
    would come before the members were told of the request itself is left out, and of two that would come
    together, or in the wrong order, the one nearer to the deadline stays.
    """
    rungs: list[Rung] = []
    for before in sorted({number for number in hours if number > 0}):
        at = place(deadline - timedelta(hours=before), deadline, quiet)
        if begins < at and (not rungs or at < rungs[-1].at):
            rungs.append(Rung(RungKind.REMINDER, at, before))
    return rungs[::-1]


def plan_escalation(begins: datetime, deadline: datetime, hours: int, quiet: QuietHours) -> Rung | None:
    """When the follow-up person is told who is missing: half-way, where less time than that was given."""
    if hours <= 0:
        return None
    at = place(deadline - timedelta(hours=hours), deadline, quiet)
    if at <= begins:
        at = place(begins + (deadline - begins) / 2, deadline, quiet)
    return Rung(RungKind.ESCALATION, at, hours) if begins < at else None


def place(wanted: datetime, deadline: datetime, quiet: QuietHours) -> datetime:
    """The moment nearest to the wanted one at which people may be told, and before the deadline."""
    at = quiet.wait(wanted)
    return at if at < deadline else quiet.come_before(wanted)


def plan_missed(deadline: datetime, quiet: QuietHours) -> Rung:
    """After the deadline the silent are told what their silence means."""
    return Rung(RungKind.MISSED, quiet.wait(deadline))


def plan_day(kind: RungKind, day: date, quiet: QuietHours, zone: tzinfo) -> Rung:
    """What is told on a day is told in the morning."""
    return Rung(kind, quiet.wait(datetime.combine(day, MORNING, zone)))


def find_due(rungs: Iterable[Rung], now: datetime) -> Rung | None:
    """The last that has come: whoever was silenced by a fault is told once, and not three times."""
    return max((rung for rung in rungs if rung.at <= now), key=lambda rung: rung.at, default=None)
