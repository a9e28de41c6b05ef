"""The statistics as a workbook with every order, or as one table of text."""

import csv
import io
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from opinions.exports.xlsx import Book
from opinions.forms.statistics import GROUPS
from opinions.pages.statistics import list_header, list_rows
from opinions.statistics import count_by
from people.models import Body

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(body: Body, since: date, until: date) -> bytes:
    book = Book()
    title = f"{body.name}: {since:%d/%m/%Y} – {until:%d/%m/%Y}"
    for group, label in GROUPS.items():
        rows = list_rows(count_by(group, body, since, until))
        sheet = book.table(
            str(label)[:31], title, [str(label), *list_header()], (44, 12, 12, 12, 12, 14, 16, 20), rows
        )
        if rows:
            sheet.insert_chart(len(rows) + 5, 0, _chart(book, str(label)[:31], len(rows)))
    moment = timezone.make_aware(datetime.combine(until, time()))
    return book.finish(title=title, author=body.name, created=moment)


def write_table(body: Body, since: date, until: date, group: str) -> bytes:
    """With the mark by which office programs know the accents; a name is never read as a formula."""
    stored = io.StringIO()
    table = csv.writer(stored)
    table.writerow([str(GROUPS[group]), *list_header()])
    for row in list_rows(count_by(group, body, since, until)):
        table.writerow([_guard(value) for value in row])
    return b"\xef\xbb\xbf" + stored.getvalue().encode()


def _guard(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _chart(book: Book, sheet: str, count: int) -> object:
    chart = book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for column, colour in ((3, "#17693A"), (4, "#B7791F"), (5, "#D5DAE1")):
        chart.add_series(
            {
                "name": [sheet, 2, column],
                "categories": [sheet, 3, 0, count + 2, 0],
                "values": [sheet, 3, column, count + 2, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": _("In time, late, no answer")})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 140 + 26 * count})
    return chart
