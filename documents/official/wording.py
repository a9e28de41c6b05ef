"""How dates, lists and titles are written on official documents."""

from datetime import date, datetime, timedelta, timezone
from math import ceil
from textwrap import wrap

VIETNAM = timezone(timedelta(hours=7), "+07")
BLANK = "\u00a0"


def in_words(moment: date | datetime) -> str:
    """'ngày 05 tháng 02 năm 2026', with the hour before it when there is one."""
    hour = ""
    if isinstance(moment, datetime):
        moment = moment.astimezone(VIETNAM)
        hour = f"{moment:%H} giờ {moment:%M}, "
    month = f"{moment.month:02}" if moment.month < 3 else str(moment.month)
    return f"{hour}ngày {moment.day:02} tháng {month} năm {moment.year}"


def in_figures(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def ended(text: str, mark: str) -> str:
    """The text with this mark at its end instead of the one it has."""
    return text.rstrip(" .;/") + mark


def balanced(text: str, line: int) -> str:
    """The text in lines of like length, unless the writer has broken it; "về việc" stays together."""
    count = ceil(len(text) / line)
    if count < 2 or "\n" in text:
        return text
    whole = text.replace("về việc", f"về{BLANK}việc")
    for width in range(len(text) // count, line + 1):
        if len(lines := wrap(whole, width, break_long_words=False)) == count:
            return "\n".join(lines).replace(BLANK, " ")
    return text


def closed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """As a list is written: ';' between the lines, '.' at the end."""
    return tuple(ended(line, ";" if n < len(lines) else ".") for n, line in enumerate(lines, 1))


def dashed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"- {line}" for line in lines)
