"""The lists of requests."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from opinions import rules
from opinions.forms.lists import FilterForm, ViewForm
from opinions.models import OpinionRequest, RequestKind, SavedView
from people.models import Organisation
from people.rules import Role
from submissions.pages import Page

PAGE_SIZE = 20
COUNTED = (rules.RequestList.WAITING, rules.RequestList.OPEN, rules.RequestList.OVERDUE)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int | None
    is_chosen: bool


def read_filters(user: Any, query: Any) -> FilterForm:
    """The filters offer what this person has to do with: the forms and agencies of her bodies' requests."""
    seen = OpinionRequest.objects.filter(body__in=user.body_ids())
    return FilterForm(
        query,
        kinds=RequestKind.objects.visible_to(user).filter(confirmed_at__isnull=False),
        agencies=Organisation.objects.filter(pk__in=seen.values("lead_agency")),
    )


def show_list(user: Any, query: Any, view_form: Any = None) -> dict[str, Any]:
    """One list of this person, with what else there is to choose."""
    form = read_filters(user, query)
    found = OpinionRequest.objects.visible_to(user).matching(**form.chosen())
    name = form.chosen_list
    views = list(SavedView.objects.visible_to(user))
    return {
        "form": form,
        "tabs": list_tabs(user, found, query, name),
        "page": turn(found.filter(rules.in_list(name, user)), query, by_deadline=name in rules.BY_DEADLINE),
        "is_by_deadline": name in rules.BY_DEADLINE,
        "views": views,
        "shown_view": next((view for view in views if view.query == form.query), None),
        "view_form": view_form or ViewForm(initial={"query": form.query}),
        "may_draft": bool(user.body_ids(Role.SECRETARY)),
    }


def list_tabs(user: Any, found: Any, query: Any, chosen: str) -> list[Tab]:
    """The lists, with the number where something is to be done. Only what is still going on is counted, so
    that ten years of decided requests do not weigh on it."""
    wanted = {name: Count("pk", filter=rules.in_list(name, user)) for name in COUNTED}
    counts = found.filter(status__in=rules.LIVE).aggregate(**{f"in_{k}": v for k, v in wanted.items()})
    lists = [(name.value, str(name.label)) for name in rules.RequestList]
    return [
        Tab(label, _address(query, list=name), counts.get(f"in_{name}") or None, name == chosen)
        for name, label in [*lists, ("", _("All"))]
    ]


def turn(requests: Any, query: Any, *, by_deadline: bool = False) -> Page:
    """Twenty a page by key, each with its progress, so that the hundredth page costs what the first does.

    The newest first; or the earliest deadline first, where something waits to be done.
    """
    rows = requests.select_related("lead_agency", "body", "kind").with_progress()
    following, preceding = _number(query.get("before")), _number(query.get("after"))
    forth, back = (("deadline", "pk"), ("-deadline", "-pk")) if by_deadline else (("-pk",), ("pk",))
    if preceding and (mark := _find_mark(requests, preceding, by_deadline)):
        found = list(rows.filter(_beyond(mark, later=not by_deadline)).order_by(*back)[: PAGE_SIZE + 1])
        has_newer, has_older = len(found) > PAGE_SIZE, True
        found = found[:PAGE_SIZE][::-1]
    else:
        mark = _find_mark(requests, following, by_deadline) if following else None
        if mark:
            rows = rows.filter(_beyond(mark, later=by_deadline))
        found = list(rows.order_by(*forth)[: PAGE_SIZE + 1])
        has_newer, has_older = bool(mark), len(found) > PAGE_SIZE
        found = found[:PAGE_SIZE]
    return Page(
        found,
        newer=_address(query, after=found[0].pk) if found and has_newer else "",
        older=_address(query, before=found[-1].pk) if found and has_older else "",
    )


def _find_mark(requests: Any, pk: int, by_deadline: bool) -> tuple[Any, ...] | None:
    """The place of a row in the order: its key, and its deadline where that comes first."""
    if not by_deadline:
        return (pk,)
    return requests.model.objects.filter(pk=pk).values_list("deadline", "pk").first()


def _beyond(mark: tuple[Any, ...], *, later: bool) -> Q:
    """Those behind this place, or before it."""
    sign = "gt" if later else "lt"
    if len(mark) == 1:
        return Q(**{f"pk__{sign}": mark[0]})
    deadline, pk = mark
    beside = Q(**{"deadline": deadline, f"pk__{sign}": pk})
    return Q(**{f"deadline__{sign}": deadline}) | beside


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(query: Any, **changes: Any) -> str:
    """This list with something changed; it begins at its first page."""
    query = query.copy()
    for name in ("before", "after", *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value})
    return f"?{query.urlencode()}"
