"""Secret ballots: who voted is known, what the members chose together is known, who chose what is not."""

import copy
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from decisions.tally import Silence, Tie
from opinions import actions, ballots, rules, tasks
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.counting import find_differences
from opinions.models import BallotBox, BallotCounter, OpinionRequest, SealedBallot
from opinions.rules import QuestionForm, RequestStatus, SheetStanding, SlipStatus
from tests import factories
from tests.conftest import CAST
from tests.opinions import steps, voting
from tests.verifier.balloting import SMALL
from verifier.ballots.published import check_published

pytestmark = pytest.mark.django_db

OPTIONS = AskedQuestion(
    "Chọn người", QuestionForm.OPTIONS, 2, tuple(OfferedOption(f"Người {number}") for number in range(1, 4))
)


@pytest.fixture(autouse=True)
def seal_in_a_small_group(monkeypatch):
    monkeypatch.setattr(ballots, "GROUP", SMALL)


def read_result(opinion_request):
    return opinion_request.questions.get().result


# The whole way


def test_the_figures_are_those_of_an_open_vote(cast):
    """Two agree, one disagrees, one has another opinion, the vice chair is silent and so agrees."""
    opinion_request = voting.send(cast)
    for person, position in [
        (cast.chair, "agree"),
        (cast.minister, "disagree"),
        (cast.other_minister, "other"),
        (cast.third_minister, "agree"),
    ]:
        voting.vote(opinion_request, person, position)
    assert voting.close(opinion_request).status == RequestStatus.COUNTING
    counted = voting.count(opinion_request)

    assert counted.status == RequestStatus.CLOSED and counted.branch == "c" and counted.closed_at
    result = read_result(counted)
    assert result["classes"] == {"agree": 2, "disagree": 1, "other": 1}
    assert (result["silent"], result["in_favour"], result["members"]) == (1, 3, 5)
    assert not counted.remarks.exists()
    assert list(find_differences(counted)) == []
    check = check_published(ballots.publish(counted.ballot_box), group=SMALL)
    assert check.holds and check.counted[counted.questions.get().pk]["disagree"] == 1


def test_options_are_counted(cast):
    opinion_request = voting.send(cast, questions=("Đồng ý?", OPTIONS))
    first, second, third = opinion_request.questions.last().options.all()
    voting.vote(opinion_request, cast.chair, "agree", [first.pk, second.pk])
    voting.vote(opinion_request, cast.minister, "agree", [third.pk])
    voting.close(opinion_request)
    counted = voting.count(opinion_request)
    figures = counted.questions.last().result
    assert figures["chosen"] == {str(first.pk): 1, str(second.pk): 1, str(third.pk): 1}
    assert figures["silent"] == 3 and list(find_differences(counted)) == []


def test_a_tie_is_no_majority_for_nobody_knows_the_chairs_vote(cast):
    cast.rule_set.__class__.objects.filter(pk=cast.rule_set.pk).update(tie=Tie.CHAIR, silence=Silence.NOTHING)
    cast.third_minister.appointments.update(valid_until=clock.today() - timedelta(days=1))
    opinion_request = voting.send(cast)
    for person, position in [
        (cast.chair, "agree"),
        (cast.vice_chair, "agree"),
        (cast.minister, "disagree"),
        (cast.other_minister, "disagree"),
    ]:
        voting.vote(opinion_request, person, position)
    voting.close(opinion_request)
    result = read_result(voting.count(opinion_request))
    assert result["is_tie"] and not result["chair_decided"] and result["branch"] == "a"


def test_an_empty_box_is_counted_at_once(cast):
    closed = voting.close(voting.send(cast))
    assert closed.status == RequestStatus.CLOSED
    assert read_result(closed)["silent"] == 5
    assert list(find_differences(closed)) == []


def test_the_clock_closes_the_box(cast):
    opinion_request = voting.send(cast)
    voting.vote(opinion_request, cast.minister)
    with steps.after_the_deadline(opinion_request):
        tasks.close_overdue_requests()
    closed = OpinionRequest.objects.get(pk=opinion_request.pk)
    assert closed.status == RequestStatus.COUNTING
    assert steps.slip_of(closed, cast.chair).status == SlipStatus.SILENT


# What is kept


def test_nothing_that_is_kept_tells_the_vote(cast):
    """The database owner's view: a ballot of another vote has the same form, and no row names a choice."""
    opinion_request = voting.send(cast)
    slip = voting.vote(opinion_request, cast.minister, "disagree")
    assert not slip.unsent.exists()
    stored = [slip.draft, slip.dissent, slip.receipt, slip.sheets.get().ended_because]
    assert not slip.sheets.get().answers.exists()
    assert "disagree" not in json.dumps(stored)
    ballot = SealedBallot.objects.get()
    assert set(ballot.content) == {"box", "slot", "number", "answers"}
    other = voting.seal(opinion_request, cast.chair, "agree")
    assert _shape(ballot.content) == _shape(other)
    event = AuditEvent.objects.get(action="opinions.cast_ballot")
    assert _values(event) & {"agree", "disagree", "other"} == set()
    assert ballot.tracker in json.dumps(event.details)


def _shape(value):
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else len(str(value)) > 10


def _values(row: Model):
    return set(json.dumps(row.details).replace('"', " ").split())


def test_no_statement_of_the_ballot_names_a_choice(cast, django_assert_max_num_queries):
    opinion_request = voting.send(cast)
    sealed = voting.seal(opinion_request, cast.minister, "other")
    slip = steps.slip_of(opinion_request, cast.minister)
    with django_assert_max_num_queries(60) as queries:
        actions.cast_ballot(slip, by=cast.minister, ballot=sealed)
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert written and not [sql for sql in written if "'other'" in sql or '"other"' in sql]


# Ballots that do not count


def test_a_new_ballot_takes_the_place_of_the_old_one(cast):
    opinion_request = voting.send(cast)
    first = voting.vote(opinion_request, cast.minister, "disagree")
    second = voting.vote(opinion_request, cast.minister, "agree")
    assert [sheet.standing for sheet in second.sheets.all()] == [SheetStanding.REPLACED, SheetStanding.COUNTS]
    assert first.receipt != second.receipt
    voting.close(opinion_request)
    assert read_result(voting.count(opinion_request))["classes"] == {"agree": 1}


def test_the_same_ballot_sent_twice_is_one(cast):
    opinion_request = voting.send(cast)
    sealed, slip = (
        voting.seal(opinion_request, cast.minister, "agree"),
        steps.slip_of(opinion_request, cast.minister),
    )
    first = actions.cast_ballot(slip, by=cast.minister, ballot=sealed)
    second = actions.cast_ballot(voting.again(slip), by=cast.minister, ballot=sealed)
    assert first.receipt == second.receipt and second.sheets.count() == 1


def test_an_earlier_ballot_cannot_be_sent_again_by_who_has_kept_it(cast):
    opinion_request = voting.send(cast)
    old, slip = (
        voting.seal(opinion_request, cast.minister, "agree"),
        steps.slip_of(opinion_request, cast.minister),
    )
    actions.cast_ballot(slip, by=cast.minister, ballot=old)
    voting.vote(opinion_request, cast.minister, "disagree")
    with pytest.raises(Conflict, match="Another ballot was sent"):
        actions.cast_ballot(voting.again(slip), by=cast.minister, ballot=old)
    with pytest.raises(Conflict, match="cannot be counted"):
        actions.cast_ballot(voting.again(slip), by=cast.minister, ballot={**old, "number": 3})


def test_a_ballot_of_another_voter_or_another_request_does_not_count(cast):
    opinion_request, other = voting.send(cast), voting.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    copied = voting.seal(opinion_request, cast.chair, "agree")
    wrong = copy.deepcopy(voting.seal(opinion_request, cast.minister, "agree"))
    wrong["answers"][0]["choices"][0]["a"] = SMALL.spell(SMALL.p - 1)
    for bad in [
        copied,
        {**copied, "slot": slip.pk},
        voting.seal(other, cast.minister, "agree"),
        wrong,
        {"number": 1},
        {},
    ]:
        with pytest.raises(Conflict):
            actions.cast_ballot(voting.again(slip), by=cast.minister, ballot=bad)
    assert not SealedBallot.objects.exists() and voting.again(slip).status == SlipStatus.PENDING


@pytest.mark.parametrize(
    "sealed", ['{"x": "\\ud800"}', '{"x": "\\u0000"}', '{"x": ' + "1" * 5000 + "}", "[" * 100_000, "[]"]
)
def test_what_no_browser_sends_is_refused_in_words(cast, sign_in, sealed):
    slip = steps.slip_of(voting.send(cast), cast.minister)
    client = sign_in(cast.minister)
    assert client.post(reverse("opinions:cast_ballot", args=[slip.pk]), {"sealed": sealed}).status_code == 409
    if len(sealed) < 20:
        sent = client.post(f"/api/slips/{slip.pk}/ballot/", f'{{"ballot": {sealed}}}', "application/json")
        assert sent.status_code in (400, 409)


@pytest.mark.parametrize("salt", ["\\u0000", "\\ud800"])
def test_a_locked_key_that_cannot_be_kept_is_refused_in_words(cast, sign_in, salt):
    drafted = voting.draft(cast)
    counter = drafted.ballot_box.counters.get(user=cast.minister)
    whole = dict.fromkeys(("kind", "kdf", "iterations", "iv", "data"), "a")
    locked = json.dumps({**whole, "salt": "?"}).replace("?", salt)
    given = {"share": json.dumps(voting.make_share(counter)), "locked": locked}
    address = reverse("opinions:offer_key_share", args=[drafted.pk])
    assert sign_in(cast.minister).post(address, given).status_code == 409


def test_nobody_votes_for_another_nor_late_nor_in_the_open(cast):
    opinion_request = voting.send(cast)
    slip, sealed = (
        steps.slip_of(opinion_request, cast.minister),
        voting.seal(opinion_request, cast.minister, "agree"),
    )
    for person in (cast.assistant, cast.chair, cast.secretary):
        with pytest.raises(PermissionDenied):
            actions.cast_ballot(slip, by=person, ballot=sealed)
    with pytest.raises(Conflict, match="ballot is secret"):
        actions.answer_slip(slip, by=cast.minister, answers=steps.give(opinion_request, steps.AGREE))
    with pytest.raises(Conflict, match="ballot is secret"):
        actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opinion_request, steps.AGREE))
    with pytest.raises(Conflict, match="ballot is secret"):
        actions.keep_draft(slip, by=cast.minister, answers=steps.give(opinion_request, steps.AGREE))
    with steps.after_the_deadline(opinion_request), pytest.raises(Conflict, match="no longer takes answers"):
        actions.cast_ballot(slip, by=cast.minister, ballot=sealed)
    open_one = steps.send(cast)
    with pytest.raises(Conflict, match="answered openly"):
        actions.cast_ballot(steps.slip_of(open_one, cast.minister), by=cast.minister, ballot=sealed)


# Counters


def test_a_request_is_not_sent_before_every_counter_has_a_key(cast):
    drafted = steps.draft(cast, is_secret=True, kind=factories.make_kind(cast.body, secrecy="either"))
    with pytest.raises(Conflict, match="Name at least 2 counters"):
        actions.submit_request(drafted, by=cast.secretary)
    with pytest.raises(Conflict, match="Name 2 to 5"):
        voting.name_counters(cast, drafted, cast.minister)
    voting.name_counters(cast, drafted)
    first, second = drafted.ballot_box.counters.all()
    voting.make_key(first)
    with pytest.raises(Conflict, match="Trần Ngọc Ánh"):
        actions.submit_request(drafted, by=cast.secretary)
    voting.make_key(second)
    assert actions.submit_request(drafted, by=cast.secretary).status == RequestStatus.SUBMITTED


def test_who_stays_a_counter_keeps_the_key(cast):
    drafted = voting.draft(cast)
    voting.make_keys(drafted)
    voting.name_counters(cast, drafted, cast.other_minister, cast.third_minister)
    kept = {counter.user: bool(counter.share) for counter in BallotCounter.objects.all()}
    assert kept == {cast.other_minister: True, cast.third_minister: False}


def test_a_key_is_ones_own_and_stands_once_the_request_is_sent(cast):
    drafted = voting.draft(cast)
    first, second = drafted.ballot_box.counters.all()
    with pytest.raises(PermissionDenied):
        actions.offer_key_share(first, by=second.user, share=voting.make_share(first), locked=voting.LOCKED)
    smuggled = {**voting.make_share(first), "name": "Chủ tịch Quốc hội"}  # would stand in the manifest
    for bad in [{}, voting.make_share(second), {"share": "00", "proof": {}}, smuggled]:
        with pytest.raises(Conflict, match="cannot be used"):
            actions.offer_key_share(first, by=first.user, share=bad, locked=voting.LOCKED)
    voting.make_keys(drafted)
    actions.submit_request(drafted, by=cast.secretary)
    actions.approve_request(drafted, by=cast.chair)
    with pytest.raises(Conflict, match="its key stands"):
        voting.make_key(first)


def test_a_box_is_opened_after_it_is_closed_once_and_by_all(cast):
    opinion_request = voting.send(cast)
    voting.vote(opinion_request, cast.minister)
    first, second = BallotCounter.objects.filter(box__request=opinion_request)
    with pytest.raises(Conflict, match="once it is closed"):
        voting.open_with(first)
    voting.close(opinion_request)
    box = voting.box_of(opinion_request)
    sums = ballots.add_up(box, first.box.ballots)
    with pytest.raises(PermissionDenied):
        actions.give_decryption_share(first, by=cast.chair, given=voting.make_opening(first, box, sums))
    with pytest.raises(Conflict, match="does not open the box"):
        actions.give_decryption_share(first, by=first.user, given=voting.make_opening(second, box, sums))
    voting.open_with(first)
    with pytest.raises(Conflict, match="You have given"):
        voting.open_with(first)
    with pytest.raises(Conflict, match="Trần Ngọc Ánh"):
        actions.count_box(opinion_request, by=CLOCK)
    voting.open_with(second)
    assert OpinionRequest.objects.get(pk=opinion_request.pk).status == RequestStatus.CLOSED


def test_where_a_key_is_lost_those_who_preside_end_it_without_a_result(cast):
    opinion_request = voting.send(cast)
    voting.vote(opinion_request, cast.minister)
    closed = voting.close(opinion_request)
    with pytest.raises(PermissionDenied):
        actions.abandon_box(closed, by=cast.secretary, reason="Mất mã")
    ended = actions.abandon_box(closed, by=cast.chair, reason="Một ủy viên ban kiểm phiếu mất mã.")
    assert ended.status == RequestStatus.WITHDRAWN and not ended.branch
    with pytest.raises(Conflict):
        voting.open_with(BallotCounter.objects.first())


def test_a_new_issue_asks_anew_in_the_same_box_under_another_fingerprint(cast):
    opinion_request = voting.send(cast)
    before = BallotBox.objects.get().fingerprint
    slip = voting.vote(opinion_request, cast.minister, "disagree")
    old = SealedBallot.objects.get().content
    actions.correct_dossier(opinion_request, by=cast.secretary, reason="Sai")
    actions.reissue_dossier(
        opinion_request, by=cast.secretary, reason="Sai", voids_answers=True, questions=["Mới?"]
    )
    assert BallotBox.objects.get().fingerprint != before
    with pytest.raises(Conflict, match="cannot be counted"):
        actions.cast_ballot(voting.again(slip), by=cast.minister, ballot={**old, "number": 2})
    opinion_request = OpinionRequest.objects.get()
    voting.vote(opinion_request, cast.minister, "agree")
    voting.close(opinion_request)
    assert read_result(voting.count(opinion_request))["classes"] == {"agree": 1}


# What can be asked


def _ask(*options, most=1):
    return AskedQuestion("Chọn", QuestionForm.OPTIONS, most, options)


def test_what_cannot_be_proved_is_not_asked_in_secret(cast):
    divided = OfferedOption("Nhóm", parts=(OfferedOption("Một"), OfferedOption("Hai")))
    many = tuple(OfferedOption(f"Số {number}") for number in range(22))
    for question, words in [
        (_ask(divided, OfferedOption("Khác")), "have no parts"),
        (_ask(OfferedOption("Một"), most=2), "more options than it offers"),
        (_ask(*many), "at most 24 answers in all; this one offers 25"),
    ]:
        drafted = voting.draft(cast, questions=("Đồng ý?", question))
        assert words in rules.counting_is_prepared(drafted)
    assert rules.counting_is_prepared(steps.draft(cast, questions=(_ask(divided),))) is None


def test_the_trail_keeps_the_fingerprint_that_everybody_compares(cast):
    opinion_request = voting.send(cast)
    event = AuditEvent.objects.get(action="opinions.approve_request")
    assert event.details["box"] == voting.box_of(opinion_request).fingerprint


def test_who_sees_the_box(cast):
    drafted = voting.draft(cast)

    def list_seeing():
        boxes = BallotBox.objects.filter(request=drafted)
        return {name for name in CAST if boxes.visible_to(getattr(cast, name)).exists()}

    assert list_seeing() == {"secretary", "minister", "other_minister"}
    voting.make_keys(drafted)
    actions.submit_request(drafted, by=cast.secretary)
    assert list_seeing() == {"secretary", "minister", "other_minister", "chair", "vice_chair"}
