"""Those who act without being a person: the clock and the workers."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SystemActor:
    """Holds no office, is named in the trail."""

    name: str
    pk: None = None
    is_authenticated: bool = False

    def holds(self, *_: Any) -> bool:
        return False

    def __str__(self) -> str:
        return self.name


CLOCK = SystemActor("clock")
WORKER = SystemActor("worker")


def is_clock(user: Any, obj: Any) -> bool:
    return user == CLOCK


def is_worker(user: Any, obj: Any) -> bool:
    return user == WORKER
