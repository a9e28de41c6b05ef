"""Secret ballots: who counts, when the box is opened, and what can be asked so."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.workflow import Rule, Rulebook
from opinions.rules.states import BEFORE_SENDING, QuestionForm, RequestStatus
from opinions.rules.who import sees_request

FEWEST_COUNTERS = 2
MOST_COUNTERS = 5
MOST_CHOICES = 24  # of all questions together: the proofs of each are checked before the ballot counts


def is_this_counter(user: Any, counter: Any) -> bool:
    return counter.user_id == user.pk


# Guards of requests


def ballot_is_secret(opinion_request: Any) -> str | None:
    if not opinion_request.is_secret:
        return gettext("This request is answered openly.")
    return None


def ballot_is_open(opinion_request: Any) -> str | None:
    """What is written on a slip can be read by who has the database: it is no way for a secret ballot."""
    if opinion_request.is_secret:
        return gettext("This is a secret ballot: it is sealed in the browser of the one who votes.")
    return None


def ballots_can_be_proved(opinion_request: Any) -> str | None:
    """Each ballot proves without being opened that it is a choice that the form allows."""
    if not opinion_request.is_secret:
        return None
    choices = 0
    for question in opinion_request.questions.all():
        if question.form != QuestionForm.OPTIONS:
            choices += len(opinion_request.classes)
            continue
        offered = question.offered
        choices += len(offered)
        parents = [option.parent_id for option in offered if option.parent_id]
        if len(set(parents)) < len(parents) and question.max_choices < len(offered):
            return gettext(
                "In a secret ballot the options of question %(number)s have no parts: offer each part as an "
                "option of its own."
            ) % {"number": question.place}
        if question.max_choices > len(offered):
            return gettext(
                "In a secret ballot question %(number)s cannot allow more options than it offers."
            ) % {"number": question.place}
    if choices > MOST_CHOICES:
        return gettext(
            "A secret ballot offers at most %(most)s answers in all; this one offers %(count)s."
        ) % {
            "most": MOST_CHOICES,
            "count": choices,
        }
    return None


def counting_is_prepared(opinion_request: Any) -> str | None:
    """Before a ballot can be sealed, the counters have made the key."""
    if not opinion_request.is_secret:
        return None
    if reason := ballots_can_be_proved(opinion_request):
        return reason
    counters = _list_counters(opinion_request)
    if len(counters) < FEWEST_COUNTERS:
        return gettext("Name at least %(least)s counters of the secret ballot.") % {"least": FEWEST_COUNTERS}
    if missing := [str(counter) for counter in counters if counter.share is None]:
        return gettext("These counters have not made their keys yet: %(names)s.") % {
            "names": ", ".join(missing)
        }
    return None


def box_is_opened(opinion_request: Any) -> str | None:
    """All counters together; where nobody has voted there is nothing to open."""
    missing = [str(counter) for counter in _list_counters(opinion_request) if counter.given is None]
    if missing and opinion_request.ballot_box.ballots.exists():
        return gettext("The box is not opened yet. Missing: %(names)s.") % {"names": ", ".join(missing)}
    return None


def _list_counters(opinion_request: Any) -> list[Any]:
    box = getattr(opinion_request, "ballot_box", None)
    return list(box.counters.all()) if box else []


# Guards of counters


def request_is_not_sent(counter: Any) -> str | None:
    if counter.request.status not in BEFORE_SENDING:
        return gettext("The request has been sent: its key stands.")
    return None


def box_is_closed(counter: Any) -> str | None:
    if counter.request.status != RequestStatus.COUNTING:
        return gettext("A box is opened once it is closed, and once only.")
    return None


def has_not_opened(counter: Any) -> str | None:
    if counter.given is not None:
        return gettext("You have given your share of the opening.")
    return None


# Guards of slips


def vote_is_secret(slip: Any) -> str | None:
    return ballot_is_secret(slip.request)


COUNTER = Rulebook(
    initial=None,
    rules={
        "offer_key_share": Rule(is_this_counter, guards=(request_is_not_sent,)),
        "give_decryption_share": Rule(is_this_counter, guards=(box_is_closed, has_not_opened)),
    },
)


def sees_box(user: Any) -> Q:
    """Its counters, and whoever sees the request."""
    requests = user.requests_drafted.model._base_manager.filter(sees_request(user))
    mine = user.boxes_counted.model._base_manager.filter(user=user.pk)
    return Q(pk__in=mine.values("box")) | Q(request__in=requests.values("pk"))
