"""A small box: the same mathematics in a group of 256 bits, which nobody should vote in."""

import random
from typing import Any

from verifier.ballots.box import Box
from verifier.ballots.groups import Group
from verifier.ballots.shares import offer_share, open_sums
from verifier.ballots.transcript import make_tracker

SMALL = Group("small", 0xF672B9893D2D384B296D4D3E07DEAB815C01D7A15CE4E31B6DAEBBC1A2F7D98B, 4)
POSITIONS = ("agree", "disagree", "other")
SECRETS = {1: 0x1234567, 2: 0x89ABCDE}


def describe_box(
    group: Group = SMALL, *, box: str = "5f0c", options: int = 0, most: int = 1, **other: Any
) -> dict[str, Any]:
    questions = [_ask(11, POSITIONS, 1)]
    if options:
        questions.append(_ask(12, [str(code) for code in range(100, 100 + options)], most))
    counters = [
        {"id": counter, "name": f"Counter {counter}", **offer_share(group, box, counter, secret)}
        for counter, secret in SECRETS.items()
    ]
    return {
        "format": "e-cabinet ballot box 1",
        "group": group.name,
        "box": box,
        "request": 7,
        "issue": 1,
        "subject": "Miễn nhiệm một chức danh",
        "questions": questions,
        "counters": counters,
        **other,
    }


def _ask(number: int, codes: Any, most: int) -> dict[str, Any]:
    choices = [{"code": code, "label": f"«{code}»"} for code in codes]
    return {"id": number, "text": "Đồng ý?", "choices": choices, "least": 1, "most": most}


def publish(
    box: Box, ballots: dict[int, dict[str, Any]], *, counters: Any = tuple(SECRETS)
) -> dict[str, Any]:
    """The file of the box, opened by these counters."""
    sealed = [box.read_ballot(ballot, slot=slot, number=1) for slot, ballot in ballots.items()]
    sums = box.add_ballots(sealed)
    given = {
        counter: open_sums(box.group, box.fingerprint, counter, SECRETS[counter], sums)
        for counter in counters
    }
    results = None
    if set(counters) == set(SECRETS):
        factors = {counter: box.read_factors(counter, sums, each) for counter, each in given.items()}
        counted = box.count(sums, factors, len(ballots))
        results = {str(question): figures for question, figures in counted.items()}
    return {
        "manifest": box.manifest,
        "ballots": [
            {"voter": f"Voter {slot}", "tracker": make_tracker(ballot), "ballot": ballot}
            for slot, ballot in ballots.items()
        ],
        "shares": [{"counter": counter, "given": each} for counter, each in given.items()],
        "results": results,
    }


def choose(*positions: str) -> dict[int, dict[int, list[str]]]:
    return {slot: {11: [position]} for slot, position in enumerate(positions, 1)}


def other_element(group: Group = SMALL) -> int:
    """A number that is no square: outside the subgroup."""
    return next(
        number
        for number in (random.randrange(2, group.p) for _ in range(1000))
        if pow(number, group.q, group.p) != 1
    )
