"""Who takes the answers of a counted request along, and has the synthesis made anew."""

from typing import Any

from django.utils.translation import gettext

from core.workflow import Rule, Rulebook, any_of
from opinions.rules.states import AFTER_CLOSING
from opinions.rules.who import reads_result
from people.rules import is_secretary, presides


def synthesis_is_made(opinion_request: Any) -> str | None:
    work = opinion_request.newest_synthesis
    if work is None or work.is_waiting:
        return gettext("The synthesis is being made already.")
    return None


# A book of its own: `reads_result` asks the database, which a list of requests must not do for each.
SYNTHESIS = Rulebook(
    initial=None,
    rules={
        "export_synthesis": Rule(reads_result, when=AFTER_CLOSING),
        "renew_synthesis": Rule(
            any_of(is_secretary, presides), when=AFTER_CLOSING, guards=(synthesis_is_made,)
        ),
    },
)
