"""Sealed numbers, and the proof that one of them is among the numbers allowed without saying which."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.ballots.groups import BadBallot, Batch, Group
from verifier.ballots.transcript import make_challenge

Context = tuple[str | int, ...]


@dataclass(frozen=True)
class Sealed:
    """g^r and h^r·g^m: the number m, for who knows the logarithm of h."""

    a: int
    b: int


def seal(group: Group, key: int, number: int, secret: int) -> Sealed:
    return Sealed(
        group.power(group.g, secret), group.power(key, secret) * group.power(group.g, number) % group.p
    )


def add(group: Group, sealed: Sequence[Sealed]) -> Sealed:
    """What is sealed, added up unopened."""
    return Sealed(group.multiply(each.a for each in sealed), group.multiply(each.b for each in sealed))


def prove_among(
    group: Group, key: int, sealed: Sealed, allowed: Sequence[int], number: int, secret: int, context: Context
) -> list[dict[str, str]]:
    """One of these numbers is sealed (Cramer, Damgård and Schoenmakers): the true branch is proved, the
    others are made up from challenges drawn beforehand."""
    lines = {}
    for value in allowed:
        if value != number:
            challenge, response = secrets.randbits(group.challenge_bits), group.draw()
            lines[value] = (*_commit(group, key, sealed, value, challenge, response), challenge, response)
    nonce = group.draw()
    lines[number] = (group.power(group.g, nonce), group.power(key, nonce), 0, 0)
    commitments = [part for value in allowed for part in lines[value][:2]]
    whole = make_challenge(group, "among", *context, key, sealed.a, sealed.b, *allowed, *commitments)
    challenge = (whole - sum(line[2] for line in lines.values())) % (1 << group.challenge_bits)
    lines[number] = (*lines[number][:2], challenge, (nonce - challenge * secret) % group.q)
    return [dict(zip("abcz", (group.spell(part) for part in lines[value]), strict=True)) for value in allowed]


def _commit(
    group: Group, key: int, sealed: Sealed, value: int, challenge: int, response: int
) -> tuple[int, int]:
    bare = sealed.b * group.power(group.g, -value) % group.p
    return (
        group.power(group.g, response) * group.power(sealed.a, challenge) % group.p,
        group.power(key, response) * group.power(bare, challenge) % group.p,
    )


def require_among(
    batch: Batch, key: int, sealed: Sealed, allowed: Sequence[int], proof: Any, context: Context
) -> None:
    """What the proof states goes into the batch; its form is checked here."""
    group = batch.group
    if not isinstance(proof, list) or len(proof) != len(allowed):
        raise BadBallot("a proof has not as many branches as there are numbers allowed")
    lines = [_read_line(group, line) for line in proof]
    commitments = [part for line in lines for part in line[:2]]
    whole = make_challenge(group, "among", *context, key, sealed.a, sealed.b, *allowed, *commitments)
    if sum(line[2] for line in lines) % (1 << group.challenge_bits) != whole:
        raise BadBallot("a proof was made for something else")
    for value, (a, b, challenge, response) in zip(allowed, lines, strict=True):
        batch.require([(group.g, response), (sealed.a, challenge)], a)
        batch.require([(key, response), (sealed.b, challenge), (group.g, -value * challenge % group.q)], b)


def _read_line(group: Group, line: Any) -> tuple[int, int, int, int]:
    require_keys(line, "abcz")
    return (
        group.read_element(line["a"]),
        group.read_element(line["b"]),
        group.read_challenge(line["c"]),
        group.read_exponent(line["z"]),
    )


def require_keys(found: Any, keys: Sequence[str] | set[str]) -> None:
    """Exactly these: what is not stated cannot be smuggled in."""
    if not isinstance(found, Mapping) or set(found) != set(keys):
        raise BadBallot("something is missing, or is there that does not belong there")
