"""How the members of a body answer: in time, late or not at all, and how long it takes them. Never what.

Read from the slips of requests that were counted. An answer is late when it was first given after the
deadline that the request was sent with, in the time by which it was extended.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract, TruncMonth

from opinions.models import AnswerSheet, DeadlineChange, OpinionSlip
from opinions.rules import AFTER_CLOSING, SheetStanding, SlipStatus
from people.models import Appointment, Body
from people.rules import VOTING

NEVER_GIVEN = (SheetStanding.TO_SIGN, SheetStanding.DROPPED)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figures:
    """Of a group of slips, or of all."""

    name: str
    requests: int
    asked: int
    on_time: int
    late: int
    silent: int
    hours: float | None  # from sending to the first answer: half took longer

    @property
    def answered(self) -> int:
        return self.on_time + self.late

    def share(self, count: int) -> float:
        return count / self.asked if self.asked else 0.0


# What the figures can be put in order by: the field of a slip, and how its values are named.
GROUPS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "period": ("month", lambda month: f"{month:%m/%Y}"),
    "ministry": ("ministry", str),
    "member": ("member__full_name", str),
    "kind": ("request__kind__name", str),
    "agency": ("request__lead_agency__name", str),
}


def count_all(body: Body, since: date, until: date) -> Figures:
    found = _slips(body, since, until).aggregate(**_figures())
    return _describe("", found)


def count_by(group: str, body: Body, since: date, until: date) -> list[Figures]:
    """The figures of each group in one query; by period in its order, else the most slips first."""
    field, name = GROUPS[group]
    rows = _slips(body, since, until).values(field).annotate(**_figures()).order_by(field)
    figures = [_describe(name(row[field]) if row[field] else "", row) for row in rows]
    if group == "period":
        return figures
    return sorted(figures, key=lambda found: (-found.asked, found.name))


def _slips(body: Body, since: date, until: date) -> QuerySet[Any]:
    """Each with its month, its ministry, when it was first answered, and whether that was late."""
    sheets = AnswerSheet.objects.filter(slip=OuterRef("pk")).exclude(standing__in=NEVER_GIVEN)
    changes = DeadlineChange.objects.filter(request=OuterRef("request")).order_by("changed_at", "pk")
    offices = Appointment.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef("request__opened_at__date")),
        user=OuterRef("member"),
        body=body,
        role__in=VOTING,
        valid_from__lte=OuterRef("request__opened_at__date"),
    )
    answered = OpinionSlip.objects.filter(
        request__body=body,
        request__status__in=AFTER_CLOSING,
        request__closed_at__date__gte=since,
        request__closed_at__date__lte=until,
    ).exclude(status=SlipStatus.RELEASED)
    slips = answered.annotate(
        first_given=Case(
            When(status=SlipStatus.ANSWERED, then=Subquery(sheets.order_by("number").values("given_at")[:1])),
            output_field=DateTimeField(),
        ),
        first_deadline=Coalesce(Subquery(changes.values("before")[:1]), F("request__deadline")),
        month=TruncMonth("request__closed_at"),
        ministry=Subquery(offices.order_by("protocol_order", "pk").values("organisation__name")[:1]),
    )
    return slips.annotate(
        hours=ExpressionWrapper(
            Extract(ExpressionWrapper(F("first_given") - F("request__opened_at"), DurationField()), "epoch")
            / Value(3600.0),
            FloatField(),
        )
    )


def _figures() -> dict[str, Any]:
    answered = Q(status=SlipStatus.ANSWERED)
    late = answered & Q(first_given__gt=F("first_deadline"))
    return {
        "requests": Count("request", distinct=True),
        "asked": Count("pk"),
        "answered": Count("pk", filter=answered),
        "late": Count("pk", filter=late),
        "silent": Count("pk", filter=Q(status=SlipStatus.SILENT)),
        "median": Median("hours"),
    }


def _describe(name: str, row: dict[str, Any]) -> Figures:
    return Figures(
        name=name,
        requests=row["requests"],
        asked=row["asked"],
        on_time=row["answered"] - row["late"],
        late=row["late"],
        silent=row["silent"],
        hours=row["median"],
    )


def this_year(today: date) -> tuple[date, date]:
    return date(today.year, 1, 1), today


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked for; without them, this year until today."""
    first, last = this_year(today)
    until = until or last
    year_before = date.fromordinal(max(1, until.toordinal() - 364))
    return since or (first if until >= first else year_before), until
