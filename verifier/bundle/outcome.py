"""The members' answers in a bundle, counted once more under the rules that are enclosed."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verifier.ballots.groups import BadBallot
from verifier.ballots.published import check_published
from verifier.bundle.container import Unreadable
from verifier.bundle.counting import POSITIONS, Rules, join, recount, recount_figures, recount_options
from verifier.bundle.findings import Finding, Given, fails, holds, told, unproven
from verifier.bundle.reading import Bundle, expect

RELEASED = "released"  # left office without an answer: not one of all members
COUNTED = (
    "agree disagree other abstain silent silent_agree basis needed is_tie chair_decided is_adopted in_favour "
    "branch members vacant"
).split()
COUNTED_OPTIONS = "chosen silent silent_agree basis needed adopted branch members vacant".split()


@dataclass(frozen=True)
class Asked:
    """One question of the outcome, and what could be answered."""

    place: int
    number: int
    result: dict[str, Any]
    options: dict[int, bool]  # and whether the lead agency proposes it; empty where positions were asked
    at_most: int

    @classmethod
    def read(cls, plain: Any) -> "Asked":
        offered = [expect(one, dict) for one in expect(expect(plain, dict).get("options", []), list)]
        return cls(
            expect(plain.get("place"), int),
            expect(plain.get("number", 0), int),
            expect(plain.get("result"), dict),
            {expect(one.get("number"), int): one.get("is_proposed") is True for one in offered},
            expect(plain.get("at_most", 1), int),
        )


def check_count(bundle: Bundle, given: Given) -> Iterator[Finding]:
    outcome = bundle.the_json("outcome")
    if outcome is None:
        yield told("no_collection")
        return
    plain_rules = bundle.the_json("rules")
    if plain_rules is None:
        yield fails("no_rules")
        return
    rules = Rules.read(plain_rules)
    slips = [expect(bundle.read_json(file.path), dict) for file in bundle.of_kind("answer")]
    members = [slip for slip in slips if slip.get("status") != RELEASED]
    if sum(bool(slip.get("is_chair")) for slip in slips) > 1:
        yield fails("two_chairs")
    if released := len(slips) - len(members):
        yield told("members_released", count=released)
    questions = [Asked.read(plain) for plain in expect(outcome.get("questions"), list)]
    if outcome.get("is_secret") is True:
        figures = yield from _open_box(bundle, members)
        if figures is None:
            return
        counted = [_count_figures(asked, figures, outcome, len(members), rules) for asked in questions]
    else:
        counted = [_count_answers(asked, members, outcome, rules) for asked in questions]
    yield from _compare(questions, counted, outcome, str(plain_rules.get("name"))[:200])


def _compare(
    questions: list[Asked], counted: list[dict[str, Any]], outcome: dict[str, Any], rules: str
) -> Iterator[Finding]:
    faults = 0
    for asked, ours in zip(questions, counted, strict=True):
        names = COUNTED_OPTIONS if asked.options else COUNTED
        wrong = [name for name in names if ours[name] != asked.result.get(name)]
        if "classes" in asked.result and ours.get("classes") != asked.result["classes"]:
            wrong.append("classes")
        if wrong:
            faults += 1
            name = "in_favour" if "in_favour" in wrong else wrong[0]
            theirs = str(asked.result.get(name))[:200]
            yield fails("count_differs", question=asked.place, name=name, ours=str(ours[name]), theirs=theirs)
        elif asked.options:
            facts = ("members", "silent", "needed")
            numbers = list(asked.options)
            adopted = ", ".join(str(numbers.index(option) + 1) for option in ours["adopted"]) or "–"
            yield holds(
                "options_agree",
                question=asked.place,
                adopted=adopted,
                offered=len(numbers),
                **{name: ours[name] for name in facts},
            )
        else:
            figures = ("in_favour", "members", "needed", "disagree", "other", "silent", "is_adopted")
            yield holds("count_agrees", question=asked.place, **{name: ours[name] for name in figures})
    branches = [ours["branch"] for ours in counted]
    if not branches:
        yield fails("no_questions")
    elif join(branches) != outcome.get("branch"):
        yield fails("outcome_differs", ours=join(branches), theirs=str(outcome.get("branch"))[:1])
    elif not faults:
        yield holds("outcome_agrees", branch=join(branches), rules=rules)


# An open collection


def _count_answers(
    asked: Asked, members: list[dict[str, Any]], outcome: dict[str, Any], rules: Rules
) -> dict[str, Any]:
    given = [_find_answer(slip, asked.place) for slip in members]
    if asked.options:
        chosen = [None if answer is None else _read_options(answer, asked) for answer in given]
        often = Counter(option for options in chosen for option in options or ())
        figures = {option: often[option] for option in asked.options}
        return recount_options(figures, chosen.count(None), len(members), _list_proposed(asked), rules)
    counts_as = _read_classes(outcome)
    codes = [None if answer is None else expect(answer.get("position"), str) for answer in given]
    if any(code is not None and code not in counts_as for code in codes):
        raise Unreadable("bad_answer", str(asked.place))
    votes = [
        (None if code is None else counts_as[code], slip.get("is_chair") is True)
        for code, slip in zip(codes, members, strict=True)
    ]
    return {**recount(votes, rules), "classes": dict(Counter(code for code in codes if code is not None))}


def _find_answer(slip: dict[str, Any], question: int) -> dict[str, Any] | None:
    """None is silence. Whoever answered has answered every question once."""
    answers = [expect(answer, dict) for answer in expect(slip.get("answers"), list)]
    given = [answer for answer in answers if answer.get("question") == question]
    if len(given) > 1 or (answers and not given):
        raise Unreadable("bad_answer", str(slip.get("member"))[:100])
    return given[0] if given else None


def _read_options(answer: dict[str, Any], asked: Asked) -> list[int]:
    chosen = [expect(option, int) for option in expect(answer.get("options"), list)]
    if not chosen or len(set(chosen)) != len(chosen) or not set(chosen) <= set(asked.options):
        raise Unreadable("bad_answer", str(asked.place))
    return chosen


def _read_classes(outcome: dict[str, Any]) -> dict[str, str]:
    """What each answer of the form counts as; before forms had answers of their own they were these four."""
    plain = outcome.get("classes")
    if plain is None:
        return {name: name for name in POSITIONS}
    offered = [expect(one, dict) for one in expect(plain, list)]
    return {expect(one.get("code"), str): expect(one.get("counts_as"), str) for one in offered}


def _list_proposed(asked: Asked) -> frozenset[int]:
    return frozenset(option for option, is_proposed in asked.options.items() if is_proposed)


# A secret one


def _open_box(
    bundle: Bundle, members: list[dict[str, Any]]
) -> Generator[Finding, None, dict[Any, Any] | None]:
    """The box is counted anew without opening a ballot; who has a ballot in it is who has answered. Gives the
    figures."""
    files = bundle.of_kind("box")
    if len(files) != 1:
        yield fails("no_box")
        return None
    path = files[0].path
    try:
        check = check_published(bundle.read_json(path))
    except BadBallot as fault:
        yield fails("box_wrong", path, reason=str(fault)[:200])
        return None
    for problem in check.problems[:20]:
        yield fails("box_wrong", path, reason=problem[:200])
    voters = sorted(voter for voter, _tracker in check.trackers)
    answered = sorted(
        f"{slip.get('title')} {slip.get('member')}" for slip in members if slip.get("status") == "answered"
    )
    if voters != answered:
        yield fails("box_of_others", path, ballots=len(voters), answered=len(answered))
    if check.counted is None:
        if check.holds:
            yield unproven("box_closed", path)
        return None
    yield holds("box_counted", path, ballots=len(voters), fingerprint=check.box.fingerprint)
    return {"voters": len(voters), **check.counted}


def _count_figures(
    asked: Asked, figures: Mapping[Any, Any], outcome: dict[str, Any], members: int, rules: Rules
) -> dict[str, Any]:
    silent, counted = members - figures["voters"], figures[asked.number]
    if asked.options:
        chosen = {option: counted[str(option)] for option in asked.options}
        return recount_options(chosen, silent, members, _list_proposed(asked), rules)
    counts_as, sides = _read_classes(outcome), dict.fromkeys(POSITIONS, 0)
    for code, number in counted.items():
        sides[counts_as[code]] += number
    classes = {code: number for code, number in counted.items() if number}
    return {**recount_figures(sides, silent, rules), "classes": classes}
