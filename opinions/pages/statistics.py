"""The statistics of a body: figures, bars, and the same as tables to take along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opinions.forms.statistics import GROUPS
from opinions.pages.charts import Part, stack
from opinions.statistics import Figures, count_all, count_by
from people.models import Body


@dataclass(frozen=True)
class Row:
    figures: Figures
    name: str
    parts: list[Part]
    time: str


def show_statistics(body: Body, since: date, until: date, group: str) -> dict[str, Any]:
    """Two queries: of all slips, and of each group."""
    whole = count_all(body, since, until)
    return {
        "body": body,
        "since": since,
        "until": until,
        "group": group,
        "groups": GROUPS.items(),
        "whole": _row(whole),
        "rows": [_row(figures) for figures in count_by(group, body, since, until)],
    }


def _row(figures: Figures) -> Row:
    parts = stack(
        [
            (_("In time"), figures.on_time, "green"),
            (_("Late"), figures.late, "amber"),
            (_("No answer"), figures.silent, "silent"),
        ],
        of=figures.asked,
    )
    return Row(figures, figures.name or _("Not known"), parts, word_hours(figures.hours))


def word_hours(hours: float | None) -> str:
    """As people say it: minutes, hours, or days."""
    if hours is None:
        return "–"
    if hours < 1:
        minutes = round(hours * 60)
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    if hours < 48:
        whole = round(hours)
        return ngettext("%(number)s hour", "%(number)s hours", whole) % {"number": whole}
    days = round(hours / 24)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def list_header() -> list[str]:
    return [
        _("Requests"),
        _("Slips"),
        _("In time"),
        _("Late"),
        _("No answer"),
        _("Share in time"),
        _("Median time to answer (hours)"),
    ]


def list_rows(rows: Iterable[Figures]) -> list[list[Any]]:
    """The figures as a table's rows, numbers as numbers."""
    return [
        [
            figures.name or _("Not known"),
            figures.requests,
            figures.asked,
            figures.on_time,
            figures.late,
            figures.silent,
            figures.share(figures.on_time),
            None if figures.hours is None else str(round(figures.hours, 1)),
        ]
        for figures in rows
    ]
