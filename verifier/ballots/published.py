"""The file of a box as it is published: everybody can count it again and open no single ballot."""

from dataclasses import dataclass, field
from typing import Any

from verifier.ballots.box import Box
from verifier.ballots.groups import FFDHE3072, BadBallot, Group
from verifier.ballots.proofs import Sealed, require_keys
from verifier.ballots.transcript import make_tracker


@dataclass
class Check:
    """What was found in the file. `counted` is what the ballots say, once the box can be opened."""

    box: Box
    trackers: list[tuple[str, str]] = field(default_factory=list)  # voter, tracker
    problems: list[str] = field(default_factory=list)
    shares: int = 0
    counted: dict[int, dict[str, int]] | None = None

    @property
    def holds(self) -> bool:
        return not self.problems


def check_published(file: Any, *, group: Group = FFDHE3072) -> Check:
    """Raises where it cannot be read at all; what can be read and does not hold is told one by one."""
    require_keys(file, {"manifest", "ballots", "shares", "results"})
    check = Check(Box(file["manifest"], group=group))
    check.box.key  # noqa: B018  the shares of the key are proved before anything rests on them
    ballots = _read_ballots(check, file["ballots"])
    if check.problems:
        return check
    try:
        check.counted = _count(check, ballots, file["shares"])
    except BadBallot as fault:
        check.problems.append(str(fault))
        return check
    told = file["results"]
    if told is not None and told != _spell(check.counted):
        check.problems.append("the results told are not those of the ballots")
    return check


def _read_ballots(check: Check, published: Any) -> list[list[Sealed]]:
    if not isinstance(published, list):
        raise BadBallot("the file has no list of ballots")
    found, slots = [], set()
    for entry in published:
        require_keys(entry, {"voter", "tracker", "ballot"})
        voter, ballot = str(entry["voter"]), entry["ballot"]
        check.trackers.append((voter, str(entry["tracker"])))
        try:
            require_keys(ballot, {"box", "slot", "number", "answers"})
            found.append(check.box.read_ballot(ballot, slot=ballot["slot"], number=ballot["number"]))
            if entry["tracker"] != make_tracker(ballot):
                raise BadBallot("the tracker is not that of the ballot")
            if ballot["slot"] in slots:
                raise BadBallot("this voter has two ballots in the box")
            slots.add(ballot["slot"])
        except BadBallot as fault:
            check.problems.append(f"{voter}: {fault}")
    return found


def _count(check: Check, ballots: list[list[Sealed]], shares: Any) -> dict[int, dict[str, int]] | None:
    if not ballots:
        return check.box.count_none()
    if not isinstance(shares, list):
        raise BadBallot("the file has no list of shares")
    sums, factors = check.box.add_ballots(ballots), {}
    for entry in shares:
        require_keys(entry, {"counter", "given"})
        factors[entry["counter"]] = check.box.read_factors(entry["counter"], sums, entry["given"])
    check.shares = len(factors)
    if set(factors) != set(check.box.shares):
        return None
    return check.box.count(sums, factors, len(ballots))


def _spell(counted: dict[int, dict[str, int]] | None) -> dict[str, dict[str, int]] | None:
    """As JSON keeps it."""
    return None if counted is None else {str(question): figures for question, figures in counted.items()}
