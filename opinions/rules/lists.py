"""What stands in which list of a person, and who keeps a list of her own."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.workflow import Rule, Rulebook
from opinions.rules.states import (
    AFTER_CLOSING,
    UNANSWERED,
    BranchChoice,
    RequestStatus,
    SlipStatus,
)
from people.rules import PRESIDING, VOTING, Role

VIEWS_LIMIT = 20
LIVE = (  # the states in which something is still to be done; their number does not grow with the years
    RequestStatus.DRAFT,
    RequestStatus.SUBMITTED,
    RequestStatus.OPEN,
    RequestStatus.COUNTING,
    RequestStatus.CLOSED,
    RequestStatus.REFERRED,
)


class RequestList(models.TextChoices):
    WAITING = "waiting", _("Waiting for me")
    ANSWERED = "answered", _("Answered by me")
    OPEN = "open", _("Collecting opinions")
    OVERDUE = "overdue", _("Overdue")
    CLOSED = "closed", _("Closed")


BY_DEADLINE = (RequestList.WAITING, RequestList.OPEN, RequestList.OVERDUE)  # the most urgent first


def in_list(name: str, user: Any) -> Q:
    """Of all that this person may see."""
    match name:
        case RequestList.WAITING:
            return _waits_for(user)
        case RequestList.ANSWERED:
            own = Q(member=user.pk) | Q(answered_by=user.pk)
            slips = user.slips.model._base_manager.filter(own, status=SlipStatus.ANSWERED)
            return Q(pk__in=slips.values("request"))
        case RequestList.OPEN:
            return Q(status__in=(RequestStatus.OPEN, RequestStatus.COUNTING))
        case RequestList.OVERDUE:
            return _is_overdue()
        case RequestList.CLOSED:
            return Q(status__in=AFTER_CLOSING)
    return Q()


def _waits_for(user: Any) -> Q:
    """An answer of hers or of a member whom she assists or stands in for; what she approves or decides on;
    what her office finishes and processes."""
    presided, served = user.body_ids(*PRESIDING), user.body_ids(Role.SECRETARY)
    differ = (BranchChoice.NO_MAJORITY, BranchChoice.AGREED_WITH_OPINIONS)
    return Q(status__in=LIVE) & (  # said once more, for the index of what is to be done
        Q(pk__in=_unanswered_slips(user).values("request"))
        | Q(body__in=presided, status=RequestStatus.SUBMITTED)
        | Q(body__in=presided, status=RequestStatus.CLOSED, branch__in=differ)
        | Q(body__in=served, status__in=(RequestStatus.DRAFT, RequestStatus.CLOSED))
    )


def _unanswered_slips(user: Any) -> Any:
    mine = Q(member=user.pk, request__body__in=user.body_ids(*VOTING))
    for office in user.assistances:
        prepares = Q(member=office.assists.user_id, request__body=office.body_id)
        mine |= prepares & ~Q(status=SlipStatus.SUBMITTED)
    if offices := [office.pk for office in user.current_appointments]:
        mine |= Q(stand_in__in=offices, request__kind__stand_ins_answer=True)
    slips = user.slips.model._base_manager.filter(mine, status__in=UNANSWERED)
    return slips.filter(request__status=RequestStatus.OPEN, request__deadline__gt=clock.now())


def _is_overdue() -> Q:
    """The day has passed by which the clock, the Office or the lead agency had to act."""
    today = clock.today()
    waits_for_report = Q(status=RequestStatus.REFERRED, reported_at__isnull=True)
    return Q(status__in=LIVE) & (
        Q(status__in=(RequestStatus.OPEN, RequestStatus.COUNTING), deadline__lte=clock.now())
        | Q(status=RequestStatus.CLOSED, process_by__lt=today)
        | waits_for_report & Q(report_by__lt=today)
    )


# Views of one's own


def keeps_view(user: Any, view: Any) -> bool:
    return view.owner_id == user.pk


def views_are_few(view: Any) -> str | None:
    others = view.owner.saved_views.exclude(name=view.name)
    if others.count() >= VIEWS_LIMIT:
        return gettext("You have saved %(limit)s views. Remove one first.") % {"limit": VIEWS_LIMIT}
    return None


VIEW = Rulebook(
    initial=None,
    rules={
        "save_view": Rule(keeps_view, guards=(views_are_few,)),
        "remove_view": Rule(keeps_view),
    },
)


def sees_view(user: Any) -> Q:
    """Hers alone."""
    return Q(owner=user.pk)
