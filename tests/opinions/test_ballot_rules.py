"""Who may do what with a secret ballot when, written by hand; and what its pages and the API answer."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from core.actors import CLOCK
from ecabinet.desk import list_tasks
from opinions import actions, ballots, rules
from opinions.models import OpinionRequest
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps, voting
from tests.verifier.balloting import SMALL
from verifier.ballots.published import check_published

pytestmark = pytest.mark.django_db

DRAFTING = {"draft_request", "edit_request", "keep_changes", "name_counters"}


@pytest.fixture(autouse=True)
def seal_in_a_small_group(monkeypatch):
    monkeypatch.setattr(ballots, "GROUP", SMALL)


def complete(cast):
    drafted = voting.draft(cast)
    voting.make_keys(drafted)
    return drafted


def vote_and_close(cast):
    sent = voting.send(cast)
    voting.vote(sent, cast.minister, "disagree")
    voting.vote(sent, cast.chair)
    return voting.close(sent)


def abandon(cast):
    return actions.abandon_box(vote_and_close(cast), by=cast.chair, reason="Mất mã.")


MOMENTS = {
    "draft": voting.draft,
    "draft with keys": complete,
    "open": voting.send,
    "deadline passed": voting.send,
    "box closed": vote_and_close,
    "counted": lambda cast: voting.count(vote_and_close(cast)),
    "abandoned": abandon,
}
MOVING = {"withdraw_request", "move_deadline"}
REQUEST = {
    "draft": {"secretary": DRAFTING},
    "draft with keys": {"secretary": DRAFTING | {"submit_request"}},
    "open": {"secretary": {"correct_dossier"}, "chair": MOVING, "vice_chair": MOVING},
    "deadline passed": {"clock": {"close_box"}},
    "box closed": {"chair": {"abandon_box"}, "vice_chair": {"abandon_box"}},
    "abandoned": {},
}
# The Minister of Finance is a counter and a voter, the chair a voter.
COUNTER = {
    "draft": {"offer_key_share"},
    "draft with keys": {"offer_key_share"},
    "open": set(),
    "deadline passed": set(),
    "box closed": {"give_decryption_share"},
    "counted": set(),
    "abandoned": set(),
}
SLIP = {"open": {"minister": {"open_slip", "cast_ballot"}}, "box closed": {}, "counted": {}}


def everyone(cast):
    return {**{name: getattr(cast, name) for name in CAST}, "clock": CLOCK}


def list_allowed(cast, rulebook, obj):
    found = {name: set(rulebook.allowed(person, obj)) for name, person in everyone(cast).items()}
    return {name: allowed for name, allowed in found.items() if allowed}


@pytest.mark.parametrize("moment", REQUEST)
def test_who_may_do_what_with_a_secret_request(cast, moment):
    opinion_request = OpinionRequest.objects.get(pk=MOMENTS[moment](cast).pk)
    moved = (
        steps.after_the_deadline(opinion_request)
        if moment == "deadline passed"
        else translation.override("en")
    )
    with moved:
        assert list_allowed(cast, rules.REQUEST, opinion_request) == REQUEST[moment]


@pytest.mark.parametrize("moment", COUNTER)
def test_who_may_do_what_as_a_counter(cast, moment):
    opinion_request = MOMENTS[moment](cast)
    counter = opinion_request.ballot_box.counters.get(user=cast.minister)
    counter.box.request.refresh_from_db()
    expected = {"minister": COUNTER[moment]} if COUNTER[moment] else {}
    assert list_allowed(cast, rules.COUNTER, counter) == expected


@pytest.mark.parametrize("moment", SLIP)
def test_who_may_do_what_with_a_secret_slip(cast, moment):
    slip = steps.slip_of(MOMENTS[moment](cast), cast.minister)
    slip.request.refresh_from_db()
    assert list_allowed(cast, rules.SLIP, slip) == SLIP[moment]


# The desk


def test_the_desk_of_a_counter_has_the_key_and_the_box(cast):
    def list_mine():
        user = type(cast.archivist).objects.get(pk=cast.archivist.pk)
        return [task.verb for task in list_tasks(user).tasks]

    drafted = voting.draft(cast)
    voting.name_counters(cast, drafted, cast.minister, cast.archivist)
    assert list_mine() == ["Make your key for the secret ballot"]
    voting.make_keys(drafted)
    assert list_mine() == []
    actions.submit_request(drafted, by=cast.secretary)
    sent = actions.approve_request(drafted, by=cast.chair)
    voting.vote(sent, cast.chair)
    voting.close(sent)
    assert list_mine() == ["Open the ballot box"]


def test_nobody_prepares_a_secret_vote(cast):
    voting.send(cast)
    assert not [task for task in list_tasks(cast.assistant).tasks if "Prepare" in task.verb]


# Pages


def get(client, person, name, pk):
    client.force_login(person)
    return client.get(reverse(f"opinions:{name}", args=[pk]))


@pytest.fixture
def page(client, cast):
    client.cookies["django_language"] = "en"

    def read(person, name, pk):
        person.language = "en"
        person.save(update_fields=["language"])
        return get(client, person, name, pk)

    return read


def test_the_secretary_names_the_counters_on_a_page(cast, page, client):
    drafted = steps.draft(cast, is_secret=True, kind=factories.make_kind(cast.body, secrecy="either"))
    assert "Đặng Văn Ước" in page(cast.secretary, "name_counters", drafted.pk).content.decode()
    address = reverse("opinions:name_counters", args=[drafted.pk])
    one, two = (person.appointments.get().pk for person in (cast.minister, cast.archivist))
    assert client.post(address, {"counters": [one]}).status_code == 422
    assert client.post(address, {"counters": [one, two]}).status_code == 302
    assert {counter.user for counter in drafted.ballot_box.counters.all()} == {cast.minister, cast.archivist}
    assert page(cast.minister, "name_counters", drafted.pk).status_code == 404


def test_the_page_of_the_box_is_for_counters_and_who_sees_the_request(cast, page):
    drafted = voting.draft(cast)
    assert "Make my key" in page(cast.minister, "read_box", drafted.pk).content.decode()
    assert "Make my key" not in page(cast.secretary, "read_box", drafted.pk).content.decode()
    for person in (cast.third_minister, cast.nobody, cast.chair):
        assert page(person, "read_box", drafted.pk).status_code == 404


def test_the_ballots_are_listed_once_the_box_is_closed(cast, page):
    sent = voting.send(cast)
    voting.vote(sent, cast.minister)
    tracker = sent.ballot_box.ballots.get().tracker
    assert tracker in page(cast.minister, "read_box", sent.pk).content.decode()
    assert tracker not in page(cast.secretary, "read_box", sent.pk).content.decode()
    assert page(cast.secretary, "export_box", sent.pk).status_code == 404
    voting.close(sent)
    assert tracker in page(cast.third_minister, "read_box", sent.pk).content.decode()
    exported = json.loads(page(cast.third_minister, "export_box", sent.pk).content)
    assert check_published(exported, group=SMALL).holds
    assert page(cast.nobody, "export_box", sent.pk).status_code == 404


def test_a_voter_finds_the_form_then_the_tracker(cast, page):
    sent = voting.send(cast)
    shown = page(cast.minister, "read_request", sent.pk).content.decode()
    assert "<secret-ballot" in shown and "data-autosave" not in shown
    voting.vote(sent, cast.minister)
    shown = page(cast.minister, "read_request", sent.pk).content.decode()
    assert sent.ballot_box.ballots.get().tracker in shown
    voting.vote(sent, cast.chair)
    voting.close(sent)
    counted = voting.count(sent)
    for person in (cast.minister, cast.third_minister, cast.secretary):
        assert page(person, "read_request", counted.pk).status_code == 200


def test_a_script_puts_the_ballot_in_and_is_told_the_tracker(cast, page, client):
    sent = voting.send(cast)
    slip = steps.slip_of(sent, cast.minister)
    client.force_login(cast.minister)
    address = reverse("opinions:cast_ballot", args=[slip.pk])
    asked = {"HTTP_ACCEPT": "application/json"}
    for bad in ("", "x", "[]", "{}"):
        assert client.post(address, {"sealed": bad}, **asked).status_code == 409
    ballot = voting.seal(sent, cast.minister, "agree")
    answer = client.post(address, {"sealed": json.dumps(ballot)}, **asked)
    assert answer.status_code == 200
    assert answer.json()["tracker"] == sent.ballot_box.ballots.get().tracker


def test_counters_send_keys_and_openings_by_script(cast, client):
    drafted = voting.draft(cast)
    counter = drafted.ballot_box.counters.get(user=cast.minister)
    locked = {"kind": "code", "kdf": "HKDF-SHA256", "iterations": 0, "salt": "AA", "iv": "AA", "data": "AA"}
    key = {"share": json.dumps(voting.make_share(counter)), "locked": json.dumps(locked)}
    address = reverse("opinions:offer_key_share", args=[drafted.pk])
    asked = {"HTTP_ACCEPT": "application/json"}
    client.force_login(cast.secretary)
    assert client.post(address, key, **asked).status_code == 404
    client.force_login(cast.minister)
    assert client.post(address, {**key, "locked": "{}"}, **asked).status_code == 409
    assert client.post(address, key, **asked).json()["url"] == reverse("opinions:read_box", args=[drafted.pk])
    voting.make_key(drafted.ballot_box.counters.get(user=cast.other_minister))
    actions.submit_request(drafted, by=cast.secretary)
    sent = actions.approve_request(drafted, by=cast.chair)
    voting.vote(sent, cast.chair)
    closed = voting.close(sent)
    box = voting.box_of(closed)
    opening = voting.make_opening(counter, box, ballots.add_up(box, closed.ballot_box.ballots))
    address = reverse("opinions:give_decryption_share", args=[closed.pk])
    assert client.post(address, {"sealed": json.dumps(opening)}, **asked).status_code == 200
    assert client.post(address, {"sealed": json.dumps(opening)}, **asked).status_code == 409


def test_other_systems_vote_and_read_the_box(cast, client):
    sent = voting.send(cast)
    slip = steps.slip_of(sent, cast.minister)
    client.force_login(cast.minister)
    box = client.get(f"/api/opinion-requests/{sent.pk}/box/").json()
    assert box["manifest"]["box"] == sent.ballot_box.code and box["ballots"] == []
    ballot = voting.seal(sent, cast.minister, "agree")
    answer = client.post(f"/api/slips/{slip.pk}/ballot/", {"ballot": ballot}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "answered"
    voting.close(sent)
    assert len(client.get(f"/api/opinion-requests/{sent.pk}/box/").json()["ballots"]) == 1


def test_those_who_preside_give_a_lost_box_up(cast, page, client):
    closed = vote_and_close(cast)
    assert page(cast.secretary, "abandon_box", closed.pk).status_code == 403
    assert page(cast.chair, "abandon_box", closed.pk).status_code == 200
    address = reverse("opinions:abandon_box", args=[closed.pk])
    assert client.post(address, {"reason": "Một ủy viên mất mã."}).status_code == 302
    assert OpinionRequest.objects.get(pk=closed.pk).status == "withdrawn"
