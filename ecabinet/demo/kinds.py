"""In which forms the demonstration's bodies collect opinions in writing."""

from dataclasses import replace

from opinions import actions
from opinions.models import RequestKind
from opinions.standard_forms import find_form
from people.models import Body, User

TITLES = {"province": "PHIẾU GHI Ý KIẾN THÀNH VIÊN ỦY BAN NHÂN DÂN TỈNH"}


def enter_request_kinds(body: Body, keys: list[str], *, by: User) -> dict[str, RequestKind]:
    """The first is the usual one."""
    kinds = {}
    for place, key in enumerate(keys, 1):
        form = find_form(key)
        assert form is not None, key
        form = replace(form, title=TITLES.get(key, form.title), rules={**form.rules, "place": place})
        kind = actions.draft_kind(form.begin(body), by=by, classes=form.offer())
        kinds[key] = actions.confirm_kind(kind, by=by)
    return kinds
