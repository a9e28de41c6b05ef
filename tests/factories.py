"""The least that a test needs. Later states are reached by calling the actions."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core import clock
from decisions.models import RuleSet
from opinions.models import AnswerClass, RequestKind
from people.models import Appointment, Body, Organisation, User
from people.rules import Role

_numbers = count(1)
LONG_AGO = date(2026, 1, 1)
PASSWORD = "một mật khẩu dài"


def make_organisation(name: str = "Bộ Tài chính", **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name, code=fields.pop("code", f"G{next(_numbers):02}"), **fields)


def make_body(name: str = "Chính phủ", kind: str = Body.Kind.GOVERNMENT, **fields: Any) -> Body:
    office = fields.pop("office", None) or make_organisation("Văn phòng Chính phủ")
    return Body.objects.create(
        name=name, kind=kind, office=office, notation=fields.pop("notation", "CP"), place="Hà Nội", **fields
    )


def make_user(full_name: str = "Nguyễn Văn An", **fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        fields.pop("username", f"user{number}"),
        fields.pop("email", f"user{number}@example.vn"),
        PASSWORD,
        full_name=full_name,
        **fields,
    )


def appoint(user: User, role: str, body: Body, **fields: Any) -> Appointment:
    fields.setdefault("organisation", body.office)
    fields.setdefault("title", str(Role(role).label))
    fields.setdefault("valid_from", LONG_AGO)
    return Appointment.objects.create(user=user, role=role, body=body, **fields)


def make_officer(full_name: str, role: str, body: Body, **fields: Any) -> User:
    """A person with one office."""
    user = make_user(full_name)
    appoint(user, role, body, **fields)
    return user


def make_rule_set(body: Body, **fields: Any) -> RuleSet:
    fields.setdefault("name", "Quy chế làm việc của Chính phủ")
    fields.setdefault("source", "Nghị định 191/2026/NĐ-CP")
    fields.setdefault("valid_from", LONG_AGO)
    return RuleSet.objects.create(body=body, confirmed_at=clock.now(), confirmed_by_name="test", **fields)


def make_kind(body: Body, classes: Any = None, **fields: Any) -> RequestKind:
    """A form of request in use: agree, disagree, other opinion, unless `classes` says otherwise."""
    fields.setdefault("name", "Phiếu lấy ý kiến")
    fields.setdefault("title", "PHIẾU LẤY Ý KIẾN THÀNH VIÊN CHÍNH PHỦ")
    kind = RequestKind.objects.create(body=body, confirmed_at=clock.now(), confirmed_by_name="test", **fields)
    AnswerClass.objects.bulk_create(
        AnswerClass(kind=kind, place=place, **answer) for place, answer in enumerate(classes or USUAL, 1)
    )
    return kind


USUAL = (
    {"code": "agree", "label": "Đồng ý", "label_en": "Agree", "counts_as": "agree"},
    {
        "code": "disagree",
        "label": "Không đồng ý",
        "label_en": "Disagree",
        "counts_as": "disagree",
        "reason": "required",
        "raises_remark": True,
    },
    {
        "code": "other",
        "label": "Ý kiến khác",
        "label_en": "Other opinion",
        "counts_as": "other",
        "reason": "required",
        "raises_remark": True,
    },
)


def at_hour(day: date, hour: int = 17) -> datetime:
    """That day at a full hour, office time."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def deadline_in(rule_set: RuleSet, working_days: int = 3) -> datetime:
    """17:00 on the n-th working day from today."""
    from decisions.calendar import add_working_days

    return at_hour(add_working_days(clock.today(), working_days, rule_set.list_days_off()))


def days(number: float) -> timedelta:
    return timedelta(days=number)
