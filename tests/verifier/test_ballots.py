"""Secret ballots: the sum is that of the choices, and nothing but an allowed choice of its voter goes in."""

import copy
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.balloting import POSITIONS, SECRETS, SMALL, choose, describe_box, other_element, publish
from verifier.__main__ import main
from verifier.ballots.box import Box
from verifier.ballots.groups import FFDHE3072, BadBallot, Batch
from verifier.ballots.proofs import Sealed, add, prove_among, require_among, seal
from verifier.ballots.published import check_published
from verifier.ballots.shares import open_sums, read_factors
from verifier.ballots.transcript import make_tracker

BOX = Box(describe_box(), group=SMALL)


@settings(max_examples=15, deadline=None)
@given(
    votes=st.lists(
        st.tuples(st.sampled_from(POSITIONS), st.sets(st.sampled_from(["100", "101", "102"]), min_size=1)),
        min_size=1,
        max_size=4,
    )
)
def test_the_sums_are_those_of_the_choices(votes):
    box = Box(describe_box(options=3, most=3), group=SMALL)
    ballots = {
        slot: box.seal_ballot({11: [position], 12: options}, slot=slot, number=1)
        for slot, (position, options) in enumerate(votes, 1)
    }
    check = check_published(publish(box, ballots), group=SMALL)
    assert check.holds
    assert Counter(check.counted[11]) == Counter(position for position, _ in votes)
    assert Counter(check.counted[12]) == Counter(option for _, options in votes for option in options)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_only_what_is_sealed_can_be_proved(number):
    secret = SMALL.draw()
    sealed = seal(SMALL, BOX.key, number, secret)
    for allowed in [(0, 1), (1, 2, 3), (number,)]:
        claimed = number if number in allowed else allowed[0]
        proof = prove_among(SMALL, BOX.key, sealed, allowed, claimed, secret, ("x",))
        batch = Batch(SMALL)
        require_among(batch, BOX.key, sealed, allowed, proof, ("x",))
        assert batch.holds() == (number in allowed)


def test_a_ballot_of_two_votes_or_of_none_does_not_go_in():
    """Sealed as 2, as 1 + 1, as −1 + 1 + 1 and as nothing: what a forged browser would send."""
    for votes in [(2, 0, 0), (1, 1, 0), (-1, 1, 1), (0, 0, 0)]:
        with pytest.raises(BadBallot, match="does not hold"):
            BOX.read_ballot(_forge(votes), slot=1, number=1)


def _forge(votes):
    """A ballot with these numbers in it, and the best proofs that its maker can write."""
    ballot = BOX.seal_ballot({11: ["agree"]}, slot=1, number=1)
    secrets = [SMALL.draw() for _ in votes]
    sealed = [seal(SMALL, BOX.key, vote, secret) for vote, secret in zip(votes, secrets, strict=True)]
    asked, answer = BOX.questions[0], ballot["answers"][0]
    for code, choice, each, vote, secret in zip(
        asked.choices, answer["choices"], sealed, votes, secrets, strict=True
    ):
        context = BOX._name(1, 1, asked, f"choice {code}")
        claimed = vote if vote in (0, 1) else 1
        choice |= {"a": SMALL.spell(each.a), "b": SMALL.spell(each.b)}
        choice["proof"] = prove_among(SMALL, BOX.key, each, (0, 1), claimed, secret, context)
    total = add(SMALL, sealed)
    context = BOX._name(1, 1, asked, "total")
    answer["total"] = prove_among(SMALL, BOX.key, total, (1,), 1, sum(secrets) % SMALL.q, context)
    return ballot


def test_a_ballot_counts_for_its_own_voter_box_and_time_alone():
    ballot = BOX.seal_ballot({11: ["other"]}, slot=1, number=1)
    assert BOX.read_ballot(ballot, slot=1, number=1)
    for slot, number in [(2, 1), (1, 2)]:  # copied from another voter; an earlier one sent again
        with pytest.raises(BadBallot, match="another box, another voter or another time"):
            BOX.read_ballot(ballot, slot=slot, number=number)
        with pytest.raises(BadBallot, match="made for something else"):
            BOX.read_ballot({**ballot, "slot": slot, "number": number}, slot=slot, number=number)
    for other in [{"issue": 2}, {"subject": "Bổ nhiệm"}, {"box": "60aa"}]:
        box = Box(describe_box(**other), group=SMALL)
        with pytest.raises(BadBallot, match="another box"):
            box.read_ballot(ballot, slot=1, number=1)
        with pytest.raises(BadBallot, match="made for something else"):
            box.read_ballot({**ballot, "box": box.fingerprint}, slot=1, number=1)


def test_a_ballot_made_from_another_voters_does_not_go_in():
    """Sealed anew over the same vote: without the secret nobody can write its proofs."""
    ballot = BOX.seal_ballot({11: ["agree"]}, slot=1, number=1)
    copied = copy.deepcopy(ballot) | {"slot": 2}
    for choice in copied["answers"][0]["choices"]:
        secret = SMALL.draw()
        choice["a"] = SMALL.spell(int(choice["a"], 16) * SMALL.power(SMALL.g, secret) % SMALL.p)
        choice["b"] = SMALL.spell(int(choice["b"], 16) * SMALL.power(BOX.key, secret) % SMALL.p)
    with pytest.raises(BadBallot):
        BOX.read_ballot(copied, slot=2, number=1)


def _paths(value, path=()):
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(each, (*path, key))
    else:
        yield path


def _change(value, path, by):
    *way, last = path
    for key in way:
        value = value[key]
    value[last] = by(value[last])


WHOLE = BOX.seal_ballot({11: ["agree"]}, slot=1, number=1)


@pytest.mark.parametrize("path", list(_paths(WHOLE)), ids=str)
def test_no_number_of_a_ballot_can_be_changed(path):
    changes = [lambda old: old + 1] if not isinstance(_at(path), str) else [_next, _upper, _shorter, _outside]
    for by in changes:
        ballot = copy.deepcopy(WHOLE)
        _change(ballot, path, by)
        if ballot != WHOLE:
            with pytest.raises(BadBallot):
                BOX.read_ballot(ballot, slot=1, number=1)


def _at(path):
    value = WHOLE
    for key in path:
        value = value[key]
    return value


def _next(text):
    return f"{(int(text, 16) + 1) % 16 ** len(text):0{len(text)}x}"


def _upper(text):
    return text.upper()


def _shorter(text):
    return text.lstrip("0")[1:]


def _outside(text):
    return SMALL.spell(other_element())


@pytest.mark.parametrize("number", [0, 1, SMALL.p - 1, SMALL.p, SMALL.p + 4, SMALL.p - 4])
def test_what_is_outside_the_group_is_no_element(number):
    with pytest.raises(BadBallot):
        SMALL.read_element(f"{number:064x}")
    assert SMALL.read_element(SMALL.spell(SMALL.g)) == SMALL.g


def test_malformed_ballots_are_refused_in_words():
    for ballot in [
        None,
        [],
        "x",
        {},
        {**WHOLE, "more": 1},
        {**WHOLE, "answers": []},
        {**WHOLE, "slot": True},
    ]:
        with pytest.raises(BadBallot):
            BOX.read_ballot(ballot, slot=1, number=1)


def test_a_box_that_makes_no_sense_is_refused():
    good = describe_box()
    twice = [good["counters"][0], {**good["counters"][0]}]
    question = good["questions"][0]
    wrong = [
        {"format": "other"},
        {"group": "ffdhe3072"},
        {"counters": good["counters"][:1]},
        {"counters": twice},
        {"counters": [{**good["counters"][0], "id": 2}, good["counters"][1]]},
        {"questions": []},
        {"questions": [question, question]},
        {"questions": [{**question, "most": 4}]},
        {"questions": [{**question, "choices": [question["choices"][0]] * 2}]},
    ]
    for other in wrong:
        with pytest.raises(BadBallot):
            _ = Box({**good, **other}, group=SMALL).key


def test_nobody_offers_a_key_made_from_those_of_others():
    """A rogue share h / (the others' shares) would make the key of the box one's own."""
    good = describe_box()
    own = 0x777
    rogue = SMALL.power(SMALL.g, own) * pow(BOX.shares[1], -1, SMALL.p) % SMALL.p
    for proof in [good["counters"][0]["proof"], good["counters"][1]["proof"]]:
        second = {**good["counters"][1], "share": SMALL.spell(rogue), "proof": proof}
        with pytest.raises(BadBallot, match="counter's key"):
            _ = Box({**good, "counters": [good["counters"][0], second]}, group=SMALL).key


def test_a_share_of_the_opening_is_that_of_its_counter_and_of_these_sums():
    ballot = BOX.read_ballot(WHOLE, slot=1, number=1)
    sums = BOX.add_ballots([ballot, ballot])
    given = open_sums(SMALL, BOX.fingerprint, 1, SECRETS[1], sums)
    assert BOX.read_factors(1, sums, given)
    wrong = copy.deepcopy(given)
    wrong["factors"][0] = SMALL.spell(int(wrong["factors"][0], 16) * 4 % SMALL.p)
    swapped = {**given, "factors": [given["factors"][1], given["factors"][0], given["factors"][2]]}
    by_other = open_sums(SMALL, BOX.fingerprint, 1, SECRETS[2], sums)
    for counter, these, bad in [
        (1, sums, wrong),
        (1, sums, swapped),
        (1, sums, by_other),
        (2, sums, given),
        (3, sums, given),
        (1, BOX.add_ballots([ballot]), given),
        (1, sums, {**given, "factors": given["factors"][:2]}),
    ]:
        with pytest.raises(BadBallot):
            BOX.read_factors(counter, these, bad)
    with pytest.raises(BadBallot):
        read_factors(SMALL, "another", 1, BOX.shares[1], sums, given)


def test_one_counter_alone_learns_nothing_from_a_ballot():
    """With a share short the opening gives no number of votes, of a ballot as of a sum."""
    sealed = BOX.read_ballot(WHOLE, slot=1, number=1)
    factors = {1: BOX.read_factors(1, sealed, open_sums(SMALL, BOX.fingerprint, 1, SECRETS[1], sealed))}
    with pytest.raises(BadBallot, match="not all counters"):
        BOX.count(sealed, factors, 1)
    lone = Box(describe_box(), group=SMALL)
    lone.__dict__["shares"] = {1: BOX.shares[1]}
    with pytest.raises(BadBallot, match="no number of votes"):
        lone.count(sealed, factors, 1)


def test_the_same_vote_is_never_sealed_the_same_way():
    again = BOX.seal_ballot({11: ["agree"]}, slot=1, number=1)
    assert make_tracker(again) != make_tracker(WHOLE)
    assert not set(_texts(again)) & set(_texts(WHOLE)) - {BOX.fingerprint}


def _texts(ballot):
    return [
        text
        for answer in ballot["answers"]
        for choice in answer["choices"]
        for text in (choice["a"], choice["b"])
    ]


def _fill(*positions):
    return {slot: BOX.seal_ballot(chosen, slot=slot, number=1) for slot, chosen in choose(*positions).items()}


FILE = publish(BOX, _fill("agree", "agree", "other"))


def test_the_published_file_is_counted_again():
    check = check_published(FILE, group=SMALL)
    assert check.holds and check.counted == {11: {"agree": 2, "disagree": 0, "other": 1}}


def test_a_box_not_yet_opened_holds_without_figures():
    closed = publish(BOX, _fill("agree", "other"), counters=[1])
    check = check_published(closed, group=SMALL)
    assert check.holds and check.counted is None and check.shares == 1


def test_a_box_without_ballots_counts_nothing():
    check = check_published(
        {"manifest": BOX.manifest, "ballots": [], "shares": [], "results": None}, group=SMALL
    )
    assert check.counted == {11: {"agree": 0, "disagree": 0, "other": 0}}


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (lambda file: file["results"]["11"].update(agree=3, other=0), "results told"),
        (lambda file: file["ballots"].append(file["ballots"][0]), "two ballots"),
        (lambda file: file["ballots"].pop(), "does not hold"),
        (lambda file: file["ballots"][0].update(tracker="AAAAA-AAAAA-AAAAA-AAAAA"), "tracker"),
        (lambda file: file["ballots"][0]["ballot"].update(slot=9), "made for something else"),
        (lambda file: file["shares"][0].update(counter=2), "does not hold"),
    ],
)
def test_a_file_that_was_changed_does_not_hold(what, told):
    file = copy.deepcopy(FILE)
    what(file)
    check = check_published(file, group=SMALL)
    assert not check.holds and told in check.problems[0]


def test_the_program_checks_a_box_in_the_real_group(tmp_path, capsys):
    """A box whose one ballot was sealed by the browser's code: tests/verifier/ballots.json, made by
    tests/verifier/make_ballots.mjs."""
    from pathlib import Path

    source = Path(__file__).with_name("ballots.json")
    file = json.loads(source.read_text())
    tracker = file["ballots"][0]["tracker"]
    fingerprint = Box(file["manifest"], group=FFDHE3072).fingerprint
    command = ["ballots", str(source), "--tracker", tracker, "--fingerprint", fingerprint]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "Không đồng ý: 1" in told and f"✓ {tracker}" in told and "✓ đúng vân tay" in told
    assert main([*command[:2], "--tracker", "AAAAA"]) == 1
    (tmp_path / "broken.json").write_text("{}")
    assert main(["ballots", str(tmp_path / "broken.json")]) == 2


def test_sealed_numbers_are_those_of_the_books():
    """ElGamal by hand, so that seal, add and power cannot be wrong together."""
    sealed = seal(SMALL, BOX.key, 1, 5)
    assert sealed == Sealed(4**5 % SMALL.p, BOX.key**5 * 4 % SMALL.p)
    assert add(SMALL, [sealed, seal(SMALL, BOX.key, 0, 6)]) == seal(SMALL, BOX.key, 1, 11)
