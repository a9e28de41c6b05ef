"""The page of a ballot box, and the ballot on the page of a request."""

from typing import Any

from opinions import rules
from opinions.ballots import describe_box
from opinions.forms.ballots import BallotForm
from opinions.models import BallotBox, BallotCounter, OpinionRequest, OpinionSlip
from opinions.rules import RequestStatus, SheetStanding


def is_closed(ballot_box: BallotBox) -> bool:
    """From then on its ballots are public to all who see it."""
    return ballot_box.request.status == RequestStatus.COUNTING or ballot_box.request.is_counted


def show_ballot(user: Any, slip: OpinionSlip) -> dict[str, Any]:
    """The member's own vote: the form that her browser seals, or the tracker of what it has sealed."""
    opinion_request = slip.request
    if not opinion_request.is_secret:
        return {}
    may_vote = rules.SLIP.allows("cast_ballot", user, slip)
    sheet = slip.current_sheet
    return {
        "ballot": sheet.ballot if sheet else None,
        "may_vote": may_vote,
        "ballot_form": BallotForm(opinion_request=opinion_request) if may_vote else None,
        "ballot_number": slip.sheets.count() + 1,
        "manifest": describe_box(opinion_request.ballot_box) if may_vote else None,
    }


def show_box(user: Any, ballot_box: BallotBox) -> dict[str, Any]:
    """Who counts and whether they have their keys; the ballots, once nobody can put one in any more."""
    opinion_request = ballot_box.request
    counters = list(ballot_box.counters.all())
    mine = next((counter for counter in counters if counter.user_id == user.pk), None)
    asked = opinion_request.slips.filter(member=user.pk).first()
    return {
        "ballot_box": ballot_box,
        "opinion_request": opinion_request,
        "counters": counters,
        "mine": mine,
        "mine_allowed": rules.COUNTER.allowed(user, mine) if mine else [],
        "allowed": rules.REQUEST.allowed(user, opinion_request),
        "sees_request": OpinionRequest.objects.visible_to(user).filter(pk=opinion_request.pk).exists(),
        "is_closed": is_closed(ballot_box),
        "manifest": describe_box(ballot_box) if ballot_box.fingerprint else None,
        "ballots": list(ballot_box.ballots) if is_closed(ballot_box) else [],
        "own_ballot": _find_own(asked),
    }


def _find_own(slip: OpinionSlip | None) -> Any:
    sheet = (
        slip.sheets.filter(standing=SheetStanding.COUNTS).select_related("ballot").first() if slip else None
    )
    return sheet.ballot if sheet else None


def find_counter(user: Any, ballot_box: BallotBox) -> BallotCounter | None:
    return ballot_box.counters.filter(user=user.pk).first()
