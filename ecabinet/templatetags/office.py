"""How the office writes dates, times left, shares and sizes, and how a form's controls are drawn."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms, template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import clock

register = template.Library()

SOON = timedelta(hours=48)


def _weekday(day: date) -> str:
    return (
        pgettext("weekday", "Monday"),
        pgettext("weekday", "Tuesday"),
        pgettext("weekday", "Wednesday"),
        pgettext("weekday", "Thursday"),
        pgettext("weekday", "Friday"),
        pgettext("weekday", "Saturday"),
        pgettext("weekday", "Sunday"),
    )[day.weekday()]


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


@register.filter
def vn_date(day: date | datetime | None) -> str:
    """27/11/2026"""
    if not day:
        return ""
    if isinstance(day, datetime):
        day = _local(day)
    return f"{day:%d/%m/%Y}"


@register.filter
def vn_datetime(moment: datetime | None) -> str:
    """17:00, 27/11/2026"""
    return f"{_local(moment):%H:%M, %d/%m/%Y}" if moment else ""


@register.filter
def vn_time(moment: datetime | None) -> str:
    """17:00:42, for receipts and the trail."""
    return f"{_local(moment):%H:%M:%S}" if moment else ""


@register.filter
def vn_long(moment: datetime | None) -> str:
    """17:00 thứ Sáu 27/11, with the year when it is not the present one."""
    if not moment:
        return ""
    moment = _local(moment)
    year = "" if moment.year == clock.today().year else f"/{moment:%Y}"
    return _("%(time)s %(weekday)s %(day)s") % {
        "time": f"{moment:%H:%M}",
        "weekday": _weekday(moment),
        "day": f"{moment:%d/%m}{year}",
    }


@dataclass(frozen=True)
class Deadline:
    words: str
    tone: str
    absolute: str


@register.filter
def deadline(moment: datetime | None) -> Deadline | None:
    """The time left in words, and the tone of its tag: amber from 48 hours, red when it has passed."""
    if not moment:
        return None
    left = moment - clock.now()
    if left < timedelta(0):
        return Deadline(_("overdue by %(time)s") % {"time": _span(-left)}, "red", vn_long(moment))
    tone = "amber" if left <= SOON else "navy"
    return Deadline(_("%(time)s left") % {"time": _span(left)}, tone, vn_long(moment))


def _span(span: timedelta) -> str:
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}


@register.filter
def file_size(size: int | None) -> str:
    """312 KB, 4,2 MB"""
    if size is None:
        return ""
    if size < 1024 * 1024:
        return f"{number_format(max(1, round(size / 1024)), 0)} KB"
    return f"{number_format(size / 1024 / 1024, 1)} MB"


@register.filter
def percent(part: int, whole: int) -> str:
    """48% of the whole; one place after the comma when it is needed."""
    if not whole:
        return "–"
    share = part * 100 / whole
    return f"{number_format(share, 0 if share == int(share) else 1)}%"


@register.simple_tag
def present() -> datetime:
    """The time of the office at this moment."""
    return clock.now()


@register.filter
def kind_of_control(field: forms.BoundField) -> str:
    """Which of the few shapes a field takes: choices, check, file, text."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "text"


@register.simple_tag
def control(field: forms.BoundField, hint: bool = False) -> str:
    """The field's own control, told which hint and which error describe it."""
    attributes = {"class": f"control {field.field.widget.attrs.get('class', '')}".strip()}
    described_by = [f"{field.auto_id}_hint"] if hint else []
    if field.errors:
        described_by.append(f"{field.auto_id}_error")
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        attributes["class"] = ""
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":  # Django's own height
        attributes["rows"] = "5"
    if isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    return field.as_widget(attrs=attributes)
