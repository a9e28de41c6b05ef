"""What judging a bundle found, in values; words.py has the sentences."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from verifier.bundle.container import Unreadable
from verifier.bundle.reading import Bundle
from verifier.log.checkpoints import PublicKey
from verifier.pdf.trust import TrustStore

PATIENCE = 15 * 60  # seconds for all signatures of a bundle


class State(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    UNPROVEN = "unproven"
    TOLD = "told"  # worth knowing; decides nothing


@dataclass(frozen=True)
class Finding:
    code: str
    state: State
    path: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """Whom the caller trusts. Nothing of it comes from the bundle."""

    trust: TrustStore
    log_keys: tuple[PublicKey, ...]
    at: datetime
    until: float = field(default_factory=lambda: time.monotonic() + PATIENCE)  # no signature is begun after


@dataclass(frozen=True)
class Judgement:
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The worst."""
        states = {finding.state for finding in self.findings}
        return next(state for state in (State.FAILS, State.UNPROVEN, State.HOLDS) if state in states)

    @property
    def holds(self) -> bool:
        return self.state == State.HOLDS

    def to_json(self) -> dict[str, Any]:
        return {"state": self.state, "findings": [asdict(finding) for finding in self.findings]}


Check = Callable[[Bundle, Given], Iterator[Finding]]


def holds(code: str, path: str = "", **values: Any) -> Finding:
    return Finding(code, State.HOLDS, path, values)


def fails(code: str, path: str = "", **values: Any) -> Finding:
    return Finding(code, State.FAILS, path, values)


def unproven(code: str, path: str = "", **values: Any) -> Finding:
    return Finding(code, State.UNPROVEN, path, values)


def told(code: str, path: str = "", **values: Any) -> Finding:
    return Finding(code, State.TOLD, path, values)


def run(check: Check, bundle: Bundle, given: Given) -> Iterator[Finding]:
    """A part that cannot even be read is a finding too, whatever it raised: nothing is proved by it."""
    try:
        yield from check(bundle, given)
    except Unreadable as unreadable:
        yield fails("part_unreadable", unreadable.detail, part=check.__name__, reason=unreadable.reason)
    except Exception as error:
        yield fails("part_unreadable", part=check.__name__, reason="bad_json", error=type(error).__name__)
