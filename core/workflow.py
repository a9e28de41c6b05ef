"""The rulebook: who may do what to an object, when, and what the object then becomes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

Who = Callable[[Any, Any], bool]  # (user, obj) -> may this person?
Guard = Callable[[Any], str | None]  # (obj) -> the reason it cannot be done now, or None


class Conflict(Exception):
    """The right person, the wrong moment. Shown to the user; HTTP 409."""

    http_status = 409


@dataclass(frozen=True)
class Rule:
    who: Who
    when: Iterable[str] = ()  # states it is possible in; empty means every state
    then: str | None = None  # the state it leads to; None means the state stays
    guards: tuple[Guard, ...] = ()


class Rulebook:
    def __init__(self, *, initial: str | None, rules: Mapping[str, Rule]) -> None:
        self.initial = initial
        self.rules = rules

    def check(self, action: str, user: Any, obj: Any) -> None:
        rule = self.rules[action]
        if not rule.who(user, obj):
            raise PermissionDenied(f"{action}: {user} may not do this.")
        if rule.when and obj.status not in rule.when:
            raise Conflict(
                _("This is not possible while it is: %(state)s.") % {"state": obj.get_status_display()}
            )
        for guard in rule.guards:
            if reason := guard(obj):
                raise Conflict(reason)

    def allows(self, action: str, user: Any, obj: Any) -> bool:
        try:
            self.check(action, user, obj)
        except (PermissionDenied, Conflict):
            return False
        return True

    def allowed(self, user: Any, obj: Any) -> list[str]:
        return [action for action in self.rules if self.allows(action, user, obj)]

    def advance(self, action: str, obj: Any) -> None:
        """The only place in the project that assigns a status."""
        if (state := self.rules[action].then) is not None:
            obj.status = state


def any_of(*who: Who) -> Who:
    """One of these persons."""
    return lambda user, obj: any(may(user, obj) for may in who)
