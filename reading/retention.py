"""How long private notes are kept: for the days after the matter is closed that the rules of the body say."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from decisions.models import RuleSet
from documents.models import Dossier

NOTICE = timedelta(days=14)  # nobody's notes are erased without being told so long before


def find_dossiers(document: Any) -> list[Dossier]:
    """All dossiers in which the document lies or has lain."""
    found = Q(papers__version__document=document) | Q(issues__papers__version__document=document)
    return list(Dossier.objects.filter(found).select_related("body").distinct().order_by("pk"))


def find_kept_days(document: Any) -> int | None:
    """The days of the rules in force today, for telling the reader; none where no dossier holds the paper."""
    days = [_kept_days(dossier, None) for dossier in find_dossiers(document)]
    return max((day for day in days if day is not None), default=None)


def find_due_day(document: Any) -> date | None:
    """The day from which notes on the document may be erased; none while a dossier of it is not closed."""
    due = [_due_day(dossier) for dossier in find_dossiers(document)]
    return None if not due or None in due else max(day for day in due if day is not None)


def _due_day(dossier: Dossier) -> date | None:
    if dossier.closed_at is None:
        return None
    closed_on = timezone.localdate(dossier.closed_at)
    days = _kept_days(dossier, closed_on)
    return None if days is None else closed_on + timedelta(days=days)


def _kept_days(dossier: Dossier, on: date | None) -> int | None:
    """Under the rules of the day of closing; without rules nothing is erased."""
    try:
        return RuleSet.objects.in_force(dossier.body, on).notes_kept_days
    except RuleSet.DoesNotExist:
        return None
