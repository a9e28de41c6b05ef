"""Who sees how a body's members answer: not what, but whether and when."""

from typing import Any

from core.workflow import Rule, Rulebook
from people.rules import PRESIDING, Role

FOLLOWING = (Role.SECRETARY, *PRESIDING, Role.AUDITOR)


def follows_body(user: Any, body: Any) -> bool:
    """The office, those who preside, and the auditor."""
    return any(user.holds(role, body.pk) for role in FOLLOWING)


STATISTICS = Rulebook(initial=None, rules={"export_statistics": Rule(follows_body)})
