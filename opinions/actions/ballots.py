"""Secret ballots: naming the counters, making the key, voting, and opening the box."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actors import CLOCK
from core.locks import hold, lock
from core.workflow import Conflict
from documents.actions import close_dossier
from notifications import outbox
from opinions import rules
from opinions.actions._closing import count_the_silent, store_outcome, tell_outcome
from opinions.actions._sheets import count_sheet, take, write_sheet
from opinions.ballots import add_up, check_share, open_box
from opinions.models import BallotBox, BallotCounter, OpinionRequest, OpinionSlip, SealedBallot
from opinions.wording import in_figures, tidy
from people.models import Appointment, User
from verifier.ballots.groups import BadBallot
from verifier.ballots.transcript import make_fingerprint, make_tracker

Sealed = Mapping[str, Any]  # as the browser made it; verifier/ballots says what it must be


@transaction.atomic
def name_counters(
    opinion_request: OpinionRequest, *, by: Any, counters: Sequence[Appointment]
) -> OpinionRequest:
    """A specialist names the counters (ban kiểm phiếu). Who stays one keeps the key that she has made."""
    opinion_request = lock(opinion_request)
    rules.REQUEST.check("name_counters", by, opinion_request)
    named = {office.user_id: office for office in counters if office.body_id == opinion_request.body_id}
    if not rules.FEWEST_COUNTERS <= len(named) <= rules.MOST_COUNTERS:
        raise Conflict(
            _("Name %(least)s to %(most)s counters.")
            % {"least": rules.FEWEST_COUNTERS, "most": rules.MOST_COUNTERS}
        )

    box, _made = BallotBox.objects.get_or_create(request=opinion_request)
    box.counters.exclude(user__in=named).delete()
    known = set(box.counters.values_list("user", flat=True))
    for place, (user, office) in enumerate(named.items(), 1):
        if user not in known:
            name = f"{office.title} {office.user.full_name}"
            BallotCounter.objects.create(box=box, user_id=user, name=name, place=place)

    trail.record(
        "opinions.name_counters",
        by=by,
        on=opinion_request,
        counters=[str(counter) for counter in box.counters.all()],
    )
    outbox.tell(
        User.objects.filter(pk__in=set(named) - known),
        "opinions/counter_named",
        url=box.get_absolute_url(),
        subject=opinion_request.subject,
        person=str(by),
    )
    return opinion_request


@transaction.atomic
def offer_key_share(counter: BallotCounter, *, by: Any, share: Sealed, locked: Sealed) -> BallotCounter:
    """A counter's browser has made her share of the key: the public half comes here with its proof, the
    private half under a code that only she has. A share made anew takes the place of the old one."""
    counter = _take_counter(counter)
    rules.COUNTER.check("offer_key_share", by, counter)
    try:
        check_share(counter, share)
    except BadBallot as fault:
        raise Conflict(_("This key cannot be used, and was not kept. Make another.")) from fault

    counter.share, counter.locked = dict(share), dict(locked)
    counter.offered_at = clock.now()
    counter.save()

    trail.record("opinions.offer_key_share", by=by, on=counter, key=make_fingerprint(counter.share["share"]))
    return counter


@transaction.atomic
def cast_ballot(slip: OpinionSlip, *, by: Any, ballot: Sealed) -> OpinionSlip:
    """A member's browser has sealed her vote. It counts once its proofs hold, and nobody here can read it.

    Until the deadline a new ballot takes the place of the old one. The same ballot sent twice is one ballot.
    """
    slip = take(slip)
    rules.SLIP.check("cast_ballot", by, slip)
    tracker = _track(ballot)
    if slip.current_sheet and slip.current_sheet.ballot.tracker == tracker:
        return slip
    box, number = open_box(slip.request.ballot_box), slip.sheets.count() + 1
    if ballot.get("number") != number:
        raise Conflict(
            _("Another ballot was sent from your page meanwhile. Load the page again and vote anew.")
        )
    try:
        box.read_ballot(ballot, slot=slip.pk, number=number)
    except BadBallot as fault:
        raise Conflict(
            _("This ballot cannot be counted, and was not kept. Load the page again and vote anew.")
        ) from fault

    sheet = write_sheet(slip, {}, by=by, receipt=_shorten(tracker))
    SealedBallot.objects.create(sheet=sheet, tracker=tracker, content=dict(ballot))
    count_sheet(slip, sheet)
    rules.SLIP.advance("cast_ballot", slip)
    slip.save()

    trail.record("opinions.cast_ballot", by=by, on=slip, tracker=tracker)
    return slip


@transaction.atomic
def close_box(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """At the deadline the clock closes the box. The counters open it; an empty one is counted at once."""
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("close_box", by, opinion_request)

    count_the_silent(opinion_request, by=by)
    opinion_request.closed_at = clock.now()
    rules.REQUEST.advance("close_box", opinion_request)
    opinion_request.save()

    box = opinion_request.ballot_box
    ballots = list(box.ballots.values_list("tracker", flat=True))
    trail.record("opinions.close_box", by=by, on=opinion_request, ballots=ballots, box=box.fingerprint)
    if not ballots:
        return count_box(opinion_request, by=by)
    outbox.tell(
        User.objects.filter(boxes_counted__box=box),
        "opinions/box_closed",
        url=box.get_absolute_url(),
        subject=opinion_request.subject,
        deadline=in_figures(opinion_request.deadline),
    )
    return opinion_request


@transaction.atomic
def give_decryption_share(counter: BallotCounter, *, by: Any, given: Sealed) -> BallotCounter:
    """A counter opens the sums with her key, in her browser, after that has checked every ballot. With the
    last one the box is counted."""
    counter = _take_counter(counter)
    rules.COUNTER.check("give_decryption_share", by, counter)
    box = open_box(counter.box)
    try:
        box.read_factors(counter.pk, add_up(box, counter.box.ballots), given)
    except BadBallot as fault:
        raise Conflict(_("This does not open the box. Load the page again and open it anew.")) from fault

    counter.given, counter.given_at = dict(given), clock.now()
    counter.save()

    trail.record("opinions.give_decryption_share", by=by, on=counter, share=make_fingerprint(counter.given))
    if not counter.box.counters.filter(given__isnull=True).exists():
        count_box(counter.request, by=CLOCK)
    return counter


@transaction.atomic
def count_box(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """All counters have opened the sums: the figures are known, and no single vote."""
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("count_box", by, opinion_request)

    outcome = store_outcome(opinion_request)
    box = opinion_request.ballot_box
    box.counted_at = clock.now()
    box.save(update_fields=["counted_at"])
    rules.REQUEST.advance("count_box", opinion_request)
    opinion_request.save()
    close_dossier(opinion_request.dossier, by=by)

    trail.record(
        "opinions.count_box",
        by=by,
        on=opinion_request,
        branch=opinion_request.branch,
        results=[result for _, result in outcome.results],
        box=box.fingerprint,
        rule_set=f"{opinion_request.rule_set.name} ({opinion_request.rule_set.source})",
    )
    tell_outcome(opinion_request, by=by)
    return opinion_request


@transaction.atomic
def abandon_box(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """A counter's key is lost, and nobody can open the box: those who preside end the collection without a
    result. The ballots stay sealed for good, and the matter is put to a vote again."""
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("abandon_box", by, opinion_request)

    opinion_request.withdrawal_reason, opinion_request.withdrawn_at = tidy(reason), clock.now()
    rules.REQUEST.advance("abandon_box", opinion_request)
    opinion_request.save()
    close_dossier(opinion_request.dossier, by=by)

    trail.record("opinions.abandon_box", by=by, on=opinion_request, reason=opinion_request.withdrawal_reason)
    members = User.objects.filter(slips__request=opinion_request)
    counters = User.objects.filter(boxes_counted__box__request=opinion_request)
    outbox.tell(
        {*members, *counters, opinion_request.drafted_by},
        "opinions/request_withdrawn",
        url=opinion_request.get_absolute_url(),
        subject=opinion_request.subject,
        deadline=in_figures(opinion_request.deadline),
        lead_agency=opinion_request.lead_agency.name,
        person=str(by),
    )
    return opinion_request


def _track(ballot: Sealed) -> str:
    try:
        return make_tracker(ballot)
    except UnicodeEncodeError as fault:  # half a character: no browser writes it
        raise Conflict(
            _("This ballot cannot be counted, and was not kept. Load the page again and vote anew.")
        ) from fault


def _shorten(tracker: str) -> str:
    """As it stands where there is little room; the whole one is on the list of the ballots."""
    return tracker[:11]


def _take_counter(counter: BallotCounter) -> BallotCounter:
    """The counter under her request: no two count the box at once, and none opens one that is not closed."""
    opinion_request = hold(counter.box.request)
    counter = lock(counter)
    counter.box.request = opinion_request
    return counter
