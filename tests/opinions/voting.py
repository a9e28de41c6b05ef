"""The steps of a secret ballot, each by calling the action. The browsers are played by verifier/ballots."""

from core.actors import CLOCK
from opinions import actions, ballots
from opinions.models import BallotBox, OpinionRequest, OpinionSlip
from tests import factories
from tests.opinions import steps
from verifier.ballots.shares import offer_share, open_sums

LOCKED = {"kind": "code", "iv": "AAAA", "data": "BBBB", "salt": "CCCC"}
SECRETS: dict[int, int] = {}  # what the counters' browsers keep to themselves


def draft(cast, **fields):
    """With two counters named, the Minister of Finance and the Minister of Health, who vote too."""
    fields.setdefault("kind", factories.make_kind(cast.body, secrecy="either"))
    drafted = steps.draft(cast, is_secret=True, **fields)
    return name_counters(cast, drafted)


def name_counters(cast, opinion_request, *people):
    people = people or (cast.minister, cast.other_minister)
    counters = [person.appointments.get() for person in people]
    return actions.name_counters(opinion_request, by=cast.secretary, counters=counters)


def make_share(counter):
    secret = SECRETS[counter.pk] = ballots.GROUP.draw()
    return offer_share(ballots.GROUP, counter.box.code, counter.pk, secret)


def make_key(counter):
    return actions.offer_key_share(counter, by=counter.user, share=make_share(counter), locked=LOCKED)


def make_keys(opinion_request):
    for counter in opinion_request.ballot_box.counters.all():
        make_key(counter)


def send(cast, **fields):
    """Open, before every member, with a key of two counters."""
    drafted = draft(cast, **fields)
    make_keys(drafted)
    actions.submit_request(drafted, by=cast.secretary)
    return actions.approve_request(drafted, by=cast.vice_chair)


def box_of(opinion_request):
    return ballots.open_box(BallotBox.objects.get(request=opinion_request.pk))


def seal(opinion_request, person, *chosen):
    """The ballot of this person: for each question a position, or the options in a list."""
    slip, box = steps.slip_of(opinion_request, person), box_of(opinion_request)
    codes = [[each] if isinstance(each, str) else [str(one) for one in each] for each in chosen]
    wanted = {asked.id: code for asked, code in zip(box.questions, codes, strict=True)}
    return box.seal_ballot(wanted, slot=slip.pk, number=slip.sheets.count() + 1)


def vote(opinion_request, person, *chosen):
    slip = steps.slip_of(opinion_request, person)
    return actions.cast_ballot(slip, by=person, ballot=seal(opinion_request, person, *(chosen or ("agree",))))


def close(opinion_request):
    with steps.after_the_deadline(opinion_request):
        return actions.close_box(opinion_request, by=CLOCK)


def make_opening(counter, box, sums):
    return open_sums(ballots.GROUP, box.fingerprint, counter.pk, SECRETS[counter.pk], sums)


def open_with(counter):
    opinion_request = counter.box.request
    box = box_of(opinion_request)
    sums = ballots.add_up(box, counter.box.ballots)
    return actions.give_decryption_share(counter, by=counter.user, given=make_opening(counter, box, sums))


def count(opinion_request):
    for counter in BallotBox.objects.get(request=opinion_request.pk).counters.all():
        open_with(counter)
    return OpinionRequest.objects.get(pk=opinion_request.pk)


def again(slip):
    return OpinionSlip.objects.get(pk=slip.pk)
