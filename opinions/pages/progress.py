"""Who has answered so far, and who is told of what by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opinions import rules
from opinions.ladder import Rung, RungKind
from opinions.models import OpinionRequest, Reminder
from opinions.rules import SlipStatus


@dataclass(frozen=True)
class Step:
    """A rung of the ladder: when it comes, or whom it was told."""

    rung: Rung
    told_at: datetime | None
    told: int
    is_next: bool = False

    @property
    def is_reminder(self) -> bool:
        return self.rung.kind == RungKind.REMINDER

    @property
    def is_escalation(self) -> bool:
        return self.rung.kind == RungKind.ESCALATION


def show_progress(user: Any, opinion_request: OpinionRequest) -> dict[str, Any]:
    """Who has answered, who has opened it; the answers stay closed until the deadline."""
    slips = opinion_request.slips.select_related("member").order_by("place", "pk")
    follows = rules.follows_request(user, opinion_request)
    rows = list(slips.visible_to(user)) if follows else []
    counts = list(slips.values_list("status", "opened_at"))
    answered = sum(status == SlipStatus.ANSWERED for status, _ in counts)
    opened = sum(status in rules.UNANSWERED and at is not None for status, at in counts)
    return {
        "opinion_request": opinion_request,
        "progress": rows if len(rows) == len(counts) else [],
        "answered_count": answered,
        "opened_count": opened,
        "unopened_count": len(counts) - answered - opened,
        "asked_count": len(counts),
        "ladder": show_ladder(opinion_request) if follows else [],
    }


def show_ladder(opinion_request: OpinionRequest) -> list[Step]:
    """The reminders of the deadline in force: those that were told, and those to come."""
    told: dict[tuple[str, int], list[Reminder]] = {}
    for row in opinion_request.reminders.filter(deadline=opinion_request.deadline):
        told.setdefault((row.kind, row.hours), []).append(row)
    steps = []
    for rung in rules.plan_ladder(opinion_request):
        rows = told.get((rung.kind, rung.hours), [])
        at = rows[0].told_at if rows else None
        steps.append(Step(rung, at, sum(row.slip_id is not None for row in rows)))
    return _mark_next(steps)


def _mark_next(steps: list[Step]) -> list[Step]:
    """What was overtaken by a later one is left out; the first to come is marked."""
    last = max((place for place, step in enumerate(steps) if step.told_at), default=-1)
    shown = [step for place, step in enumerate(steps) if step.told_at or place > last]
    coming = next((step for step in shown if step.told_at is None), None)
    return [Step(step.rung, step.told_at, step.told, is_next=step is coming) for step in shown]


def show_span(opinion_request: OpinionRequest) -> dict[str, Any]:
    """The days between which the rules allow its deadline."""
    earliest, latest = rules.span_of_deadline(opinion_request)
    return {"earliest": earliest, "latest": latest, "rule_set": opinion_request.rule_set}
