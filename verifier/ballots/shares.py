"""The counters: each makes one share of the key, and opens the sum with it. Only all of them together can."""

from collections.abc import Sequence
from typing import Any

from verifier.ballots.groups import BadBallot, Batch, Group
from verifier.ballots.proofs import Sealed, require_keys
from verifier.ballots.transcript import make_challenge, make_weight


def offer_share(group: Group, box: str, counter: int, secret: int) -> dict[str, Any]:
    """The public half, with the proof that its maker has the other: nobody offers a share worked out from
    those of others."""
    share, nonce = group.power(group.g, secret), group.draw()
    first = group.power(group.g, nonce)
    challenge = make_challenge(group, "share", box, str(counter), share, first)
    response = (nonce - challenge * secret) % group.q
    return {"share": group.spell(share), "proof": {"a": group.spell(first), "z": group.spell(response)}}


def read_share(group: Group, box: str, counter: int, share: Any, proof: Any) -> int:
    batch = Batch(group)
    found = require_share(batch, box, counter, share, proof)
    require_shares_hold(batch)
    return found


def require_share(batch: Batch, box: str, counter: int, share: Any, proof: Any) -> int:
    """What the proof states goes into the batch; its form is checked here."""
    group = batch.group
    found = group.read_element(share)
    require_keys(proof, "az")
    first, response = group.read_element(proof["a"]), group.read_exponent(proof["z"])
    challenge = make_challenge(group, "share", box, str(counter), found, first)
    batch.require([(group.g, response), (found, challenge)], first)
    return found


def require_shares_hold(batch: Batch) -> None:
    if not batch.holds():
        raise BadBallot("the proof of a counter's key does not hold")


def join_shares(group: Group, shares: Sequence[int]) -> int:
    """The key of the box."""
    key = group.multiply(shares)
    if not shares or len(set(shares)) != len(shares) or key == 1:
        raise BadBallot("the counters' keys do not make a key")
    return key


def open_sums(
    group: Group, fingerprint: str, counter: int, secret: int, sums: Sequence[Sealed]
) -> dict[str, Any]:
    """One counter's factors of all sums, with one proof that each was made with the share of the key."""
    share = group.power(group.g, secret)
    factors = [group.power(each.a, secret) for each in sums]
    base, whole = _join(group, fingerprint, counter, share, sums, factors)
    nonce = group.draw()
    first, second = group.power(group.g, nonce), group.power(base, nonce)
    challenge = make_challenge(group, "factors", fingerprint, str(counter), share, base, whole, first, second)
    response = (nonce - challenge * secret) % group.q
    proof = {"a": group.spell(first), "b": group.spell(second), "z": group.spell(response)}
    return {"factors": [group.spell(factor) for factor in factors], "proof": proof}


def read_factors(
    group: Group, fingerprint: str, counter: int, share: int, sums: Sequence[Sealed], given: Any
) -> list[int]:
    """One counter's factors, once the proof holds (Chaum and Pedersen, for all sums at once)."""
    require_keys(given, {"factors", "proof"})
    if not isinstance(given["factors"], list) or len(given["factors"]) != len(sums):
        raise BadBallot("a share of the opening has not as many parts as there are sums")
    factors = [group.read_element(factor) for factor in given["factors"]]
    require_keys(given["proof"], "abz")
    first, second = group.read_element(given["proof"]["a"]), group.read_element(given["proof"]["b"])
    response = group.read_exponent(given["proof"]["z"])
    base, whole = _join(group, fingerprint, counter, share, sums, factors)
    challenge = make_challenge(group, "factors", fingerprint, str(counter), share, base, whole, first, second)
    batch = Batch(group)
    batch.require([(group.g, response), (share, challenge)], first)
    batch.require([(base, response), (whole, challenge)], second)
    if not batch.holds():
        raise BadBallot("the proof of a counter's share of the opening does not hold")
    return factors


def _join(
    group: Group,
    fingerprint: str,
    counter: int,
    share: int,
    sums: Sequence[Sealed],
    factors: Sequence[int],
) -> tuple[int, int]:
    """All sums and all factors as one of each, with weights that nobody can choose."""
    stated: list[int] = [part for each in sums for part in (each.a, each.b)]
    weights = [
        make_weight(group, "weight", fingerprint, str(counter), share, *stated, *factors, str(place))
        for place in range(len(sums))
    ]
    return (
        group.multiply_powers([(each.a, weight) for each, weight in zip(sums, weights, strict=True)]),
        group.multiply_powers(zip(factors, weights, strict=True)),
    )


def count_opened(group: Group, sealed: Sealed, factors: Sequence[int], most: int) -> int:
    """The number in a sum, from the factors of all counters; it is at most the number of ballots."""
    opened = sealed.b * pow(group.multiply(factors), -1, group.p) % group.p
    tried = 1
    for number in range(most + 1):
        if tried == opened:
            return number
        tried = tried * group.g % group.p
    raise BadBallot("a sum opens to no number of votes")
