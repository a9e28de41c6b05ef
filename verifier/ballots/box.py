"""One ballot box: what it asks, what a ballot in it must be, and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from verifier.ballots.groups import FFDHE3072, BadBallot, Batch, Group
from verifier.ballots.proofs import Sealed, add, prove_among, require_among, require_keys, seal
from verifier.ballots.shares import (
    count_opened,
    join_shares,
    read_factors,
    require_share,
    require_shares_hold,
)
from verifier.ballots.transcript import make_fingerprint

FORMAT = "e-cabinet ballot box 1"
FEWEST_COUNTERS = 2
BIT = (0, 1)


@dataclass(frozen=True)
class Asked:
    """One question: what can be chosen, and how many of it."""

    id: int
    choices: tuple[str, ...]
    least: int
    most: int

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(range(self.least, self.most + 1))


class Box:
    """Read from its description, every part of which each ballot is bound to by the fingerprint."""

    def __init__(self, manifest: Any, *, group: Group = FFDHE3072) -> None:
        require_keys(
            manifest,
            {"format", "group", "box", "request", "issue", "subject", "questions", "counters"},
        )
        if manifest["format"] != FORMAT or manifest["group"] != group.name:
            raise BadBallot("the description of the box is of an unknown kind")
        self.group, self.manifest = group, manifest
        self.code: str = _read(manifest["box"], str)
        self.questions = [_read_question(question) for question in _read(manifest["questions"], list)]
        if not self.questions or len({asked.id for asked in self.questions}) != len(self.questions):
            raise BadBallot("the questions of the box are not told apart")

    @cached_property
    def fingerprint(self) -> str:
        return make_fingerprint(self.manifest)

    @cached_property
    def shares(self) -> dict[int, int]:
        """The counters' shares of the key, each proved by its maker."""
        shares: dict[int, int] = {}
        batch = Batch(self.group)
        for counter in _read(self.manifest["counters"], list):
            require_keys(counter, {"id", "name", "share", "proof"})
            number = _read(counter["id"], int)
            if number in shares:
                raise BadBallot("the counters of the box are not told apart")
            shares[number] = require_share(batch, self.code, number, counter["share"], counter["proof"])
        if len(shares) < FEWEST_COUNTERS:
            raise BadBallot("the box has too few counters")
        require_shares_hold(batch)
        return shares

    @cached_property
    def key(self) -> int:
        return join_shares(self.group, list(self.shares.values()))

    @property
    def width(self) -> int:
        """How many sums come out of it."""
        return sum(len(asked.choices) for asked in self.questions)

    def seal_ballot(self, chosen: Mapping[int, Sequence[str]], *, slot: int, number: int) -> dict[str, Any]:
        """As the browser does it, for tests and other systems. `number` counts the ballots of this voter."""
        answers = []
        for asked in self.questions:
            votes = [int(code in chosen[asked.id]) for code in asked.choices]
            secrets = [self.group.draw() for _ in votes]
            sealed = [
                seal(self.group, self.key, vote, secret) for vote, secret in zip(votes, secrets, strict=True)
            ]
            choices = []
            for code, each, vote, secret in zip(asked.choices, sealed, votes, secrets, strict=True):
                context = self._name(slot, number, asked, f"choice {code}")
                proof = prove_among(self.group, self.key, each, BIT, vote, secret, context)
                choices.append({"a": self.group.spell(each.a), "b": self.group.spell(each.b), "proof": proof})
            total = prove_among(
                self.group,
                self.key,
                add(self.group, sealed),
                asked.totals,
                sum(votes),
                sum(secrets) % self.group.q,
                self._name(slot, number, asked, "total"),
            )
            answers.append({"question": asked.id, "choices": choices, "total": total})
        return {"box": self.fingerprint, "slot": slot, "number": number, "answers": answers}

    def read_ballot(self, ballot: Any, *, slot: int, number: int) -> list[Sealed]:
        """What is sealed in it, once it is proved to be a choice that the form allows, made for this box by
        this voter, as her ballot of this number."""
        require_keys(ballot, {"box", "slot", "number", "answers"})
        told = _read(ballot["box"], str), _read(ballot["slot"], int), _read(ballot["number"], int)
        if told != (self.fingerprint, slot, number):
            raise BadBallot("the ballot was made for another box, another voter or another time")
        answers = _read(ballot["answers"], list)
        if len(answers) != len(self.questions):
            raise BadBallot("the ballot does not answer what is asked")
        batch, found = Batch(self.group), []
        for asked, answer in zip(self.questions, answers, strict=True):
            found += self._read_answer(batch, asked, answer, slot, number)
        if not batch.holds():
            raise BadBallot("a proof of the ballot does not hold")
        return found

    def _read_answer(self, batch: Batch, asked: Asked, answer: Any, slot: int, number: int) -> list[Sealed]:
        require_keys(answer, {"question", "choices", "total"})
        choices = _read(answer["choices"], list)
        if _read(answer["question"], int) != asked.id or len(choices) != len(asked.choices):
            raise BadBallot("the ballot does not answer what is asked")
        found = []
        for code, choice in zip(asked.choices, choices, strict=True):
            require_keys(choice, {"a", "b", "proof"})
            sealed = Sealed(self.group.read_element(choice["a"]), self.group.read_element(choice["b"]))
            context = self._name(slot, number, asked, f"choice {code}")
            require_among(batch, self.key, sealed, BIT, choice["proof"], context)
            found.append(sealed)
        total, context = add(self.group, found), self._name(slot, number, asked, "total")
        require_among(batch, self.key, total, asked.totals, answer["total"], context)
        return found

    def take_sealed(self, ballot: Any) -> list[Sealed]:
        """What is sealed in a ballot that was read before."""
        return [
            Sealed(int(choice["a"], 16), int(choice["b"], 16))
            for answer in ballot["answers"]
            for choice in answer["choices"]
        ]

    def _name(self, slot: int, number: int, asked: Asked, part: str) -> tuple[str | int, ...]:
        return (self.fingerprint, str(slot), str(number), str(asked.id), part)

    def add_ballots(self, ballots: Sequence[Sequence[Sealed]]) -> list[Sealed]:
        """The sums, in the order of the questions and their choices."""
        return [add(self.group, column) for column in zip(*ballots, strict=True)]

    def read_factors(self, counter: int, sums: Sequence[Sealed], given: Any) -> list[int]:
        if counter not in self.shares:
            raise BadBallot("this is no counter of the box")
        return read_factors(self.group, self.fingerprint, counter, self.shares[counter], sums, given)

    def count(
        self, sums: Sequence[Sealed], factors: Mapping[int, Sequence[int]], ballots: int
    ) -> dict[int, dict[str, int]]:
        """How often each choice was made: {question: {choice: number}}. Every counter must have helped."""
        if set(factors) != set(self.shares):
            raise BadBallot("not all counters have given their share of the opening")
        opened = iter(
            [
                count_opened(self.group, each, [given[place] for given in factors.values()], ballots)
                for place, each in enumerate(sums)
            ]
        )
        return {asked.id: {code: next(opened) for code in asked.choices} for asked in self.questions}

    def count_none(self) -> dict[int, dict[str, int]]:
        """Nobody has put a ballot in."""
        return {asked.id: dict.fromkeys(asked.choices, 0) for asked in self.questions}


def _read_question(question: Any) -> Asked:
    require_keys(question, {"id", "text", "choices", "least", "most"})
    choices = _read(question["choices"], list)
    for choice in choices:
        require_keys(choice, {"code", "label"})
    codes = tuple(_read(choice["code"], str) for choice in choices)
    asked = Asked(
        _read(question["id"], int), codes, _read(question["least"], int), _read(question["most"], int)
    )
    if len(set(codes)) != len(codes) or not 1 <= asked.least <= asked.most <= len(codes):
        raise BadBallot("a question of the box cannot be answered")
    return asked


def _read(found: Any, kind: type) -> Any:
    if type(found) is not kind:
        raise BadBallot("a value is of another kind than it must be")
    return found
