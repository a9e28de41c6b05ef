"""What the shell of every page shows: where one may go, whose office it is, what is unread."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.rules import INVITED
from notifications.models import Notification
from people.models import Appointment, User
from people.rules import PRESIDING, VOTING, Role
from signatures.signing_pages import waiting_for


@dataclass(frozen=True)
class Page:
    """An entry of the navigation, for those who hold one of the offices (for everyone without any)."""

    label: Any
    name: str
    icon: str
    roles: tuple[str, ...] = ()


SIGNING = (
    *VOTING,
    Role.ASSISTANT,
    Role.SECRETARY,
    Role.SUBMITTER,
    Role.ARCHIVIST,
)  # who may be asked, or ask

PAGES = (
    Page(_("My desk"), "home", "house"),
    Page(
        _("Opinion requests"),
        "opinions:list_requests",
        "list-checks",
        (*VOTING, Role.ASSISTANT, Role.SECRETARY, Role.AUDITOR),
    ),
    Page(_("Sessions"), "meetings:list_meetings", "calendar", INVITED),
    Page(
        _("Statistics"),
        "opinions:read_statistics",
        "chart-column",
        (Role.SECRETARY, *PRESIDING, Role.AUDITOR),
    ),
    Page(
        _("Dossiers handed in"),
        "submissions:list_submissions",
        "folder-open",
        (Role.SUBMITTER, Role.SECRETARY, *PRESIDING, Role.AUDITOR),
    ),
    Page(_("Signing"), "signatures:list_signings", "pen-line", SIGNING),
    Page(_("My papers"), "reading:own_papers", "book-open"),
    Page(_("Archive"), "archive:search", "archive"),
    Page(_("Rule sets"), "decisions:list_rule_sets", "settings", (Role.SECRETARY, Role.ADMINISTRATOR)),
    Page(_("Kinds of requests"), "opinions:list_kinds", "list-tree", (Role.ADMINISTRATOR,)),
    Page(_("Kinds of matters"), "submissions:list_matter_kinds", "list", (Role.ADMINISTRATOR,)),
    Page(_("Trusted authorities"), "signatures:list_certificates", "shield-check", (Role.ADMINISTRATOR,)),
    Page(_("Trail"), "audit:search_trail", "scroll-text", (Role.AUDITOR,)),
    Page(_("People"), "people:list_people", "users"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Two queries a page: the offices of the person, which it needs anyway, and what waits."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"is_demo": settings.DEMO}
    offices: list[Appointment] = user.current_appointments
    main = offices[0] if offices else None
    unread, to_sign = _count_waiting(user)
    return {
        "is_demo": settings.DEMO,
        "navigation": _navigate(request, {office.role for office in offices}, to_sign),
        "body_name": main.body.name if main else "",
        "office_title": main.title if main else "",
        "support_phone": main.body.office_phone if main else "",
        "unread_count": unread,
        "acting_bar": _name_assisted(offices),
    }


def _count_waiting(user: Any) -> tuple[int, int]:
    """Unread notices, and papers to sign: both by one question."""
    unread = Notification.objects.visible_to(user).unread()
    to_sign = waiting_for(user)
    row = User.objects.filter(pk=user.pk).values_list(_count(unread), _count(to_sign))
    return row.get()


def _count(rows: QuerySet[Any]) -> Coalesce:
    alone = rows.order_by().select_related(None).annotate(all_of_them=Value(1)).values("all_of_them")
    return Coalesce(Subquery(alone.annotate(number=Count("pk")).values("number")), 0)


def _navigate(request: HttpRequest, roles: set[str], to_sign: int) -> list[dict[str, Any]]:
    """The page that one is on, or below, is marked."""
    pages = [page for page in PAGES if not page.roles or roles & set(page.roles)]
    counts = {"signatures:list_signings": to_sign}
    entries = [
        {
            "label": page.label,
            "url": reverse(page.name),
            "icon": page.icon,
            "count": counts.get(page.name, 0),
        }
        for page in pages
    ]
    below = [entry["url"] for entry in entries if request.path.startswith(entry["url"])]
    here = max(below, key=len, default=None)
    return [
        {**entry, "active": entry["url"] == here and (here != "/" or request.path == "/")}
        for entry in entries
    ]


def _name_assisted(offices: list[Appointment]) -> str:
    members = [office.assists for office in offices if office.assists is not None]
    if not members:
        return ""
    names = ", ".join(str(member) for member in members)
    return gettext("You work for %(members)s. You may prepare answers; the member sends them.") % {
        "members": names
    }
