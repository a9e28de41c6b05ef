"""In which forms a body collects opinions in writing: drafted, confirmed for good, retired."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from opinions import rules
from opinions.models import AnswerClass, RequestKind

FIELDS = (
    "name",
    "place",
    "title",
    "first_question",
    "secrecy",
    "signing",
    "decided_by",
    "silence",
    "stand_ins_answer",
    "remind_before",
    "escalate_before",
    "quiet_from",
    "quiet_until",
)


@transaction.atomic
def draft_kind(kind: RequestKind, *, by: Any, classes: Sequence[AnswerClass]) -> RequestKind:
    """The administrator enters a kind of request with the answers that it offers. Nobody uses it yet."""
    rules.KIND.check("draft_kind", by, kind)

    kind.save()
    _offer(kind, classes)

    trail.record("opinions.draft_kind", by=by, on=kind, after=_describe(kind))
    return kind


@transaction.atomic
def edit_kind(
    kind: RequestKind, *, by: Any, fields: Mapping[str, Any], classes: Sequence[AnswerClass]
) -> RequestKind:
    """The administrator changes a kind that is not in use yet."""
    kind = lock(kind)
    rules.KIND.check("edit_kind", by, kind)

    before = _describe(kind)
    for name in FIELDS:
        if name in fields:
            setattr(kind, name, fields[name])
    kind.save()
    kind.answer_classes.all().delete()
    _offer(kind, classes)

    trail.record("opinions.edit_kind", by=by, on=kind, before=before, after=_describe(kind))
    return kind


@transaction.atomic
def confirm_kind(kind: RequestKind, *, by: Any) -> RequestKind:
    """The administrator puts a kind in use. From here on it stays as it is: another follows it."""
    kind = lock(kind)
    rules.KIND.check("confirm_kind", by, kind)

    kind.confirmed_at, kind.confirmed_by_name = clock.now(), str(by)
    kind.save()

    trail.record("opinions.confirm_kind", by=by, on=kind, after=_describe(kind))
    return kind


@transaction.atomic
def retire_kind(kind: RequestKind, *, by: Any) -> RequestKind:
    """No new request is drafted in this kind; those that were sent in it keep it."""
    kind = lock(kind)
    rules.KIND.check("retire_kind", by, kind)

    kind.retired_at, kind.retired_by_name = clock.now(), str(by)
    kind.save()

    trail.record("opinions.retire_kind", by=by, on=kind, name=kind.name)
    return kind


def _offer(kind: RequestKind, classes: Sequence[AnswerClass]) -> None:
    codes = [offered.code for offered in classes]
    if len(set(codes)) < len(codes):
        raise Conflict(_("Two answers have the same code."))
    for place, offered in enumerate(classes, 1):
        offered.pk, offered.kind, offered.place = None, kind, place
    AnswerClass.objects.bulk_create(classes)


def _describe(kind: RequestKind) -> dict[str, Any]:
    """For the trail: everything by which a request of this kind is judged."""
    described: dict[str, Any] = {name: _spell(getattr(kind, name)) for name in FIELDS}
    described["answers"] = [
        {
            "code": offered.code,
            "label": offered.label,
            "counts_as": offered.counts_as,
            "reason": offered.reason,
            "raises_remark": offered.raises_remark,
            "calls_session": offered.calls_session,
        }
        for offered in kind.answer_classes.all()
    ]
    return described


def _spell(value: Any) -> Any:
    return value if isinstance(value, (str, int, list)) else str(value)
