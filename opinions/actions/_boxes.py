"""What a ballot box is, from the moment at which the members are asked."""

from typing import Any

from core.workflow import Conflict
from opinions import rules
from opinions.ballots import open_box
from opinions.models import OpinionRequest


def seal_box(opinion_request: OpinionRequest) -> dict[str, Any]:
    """The fingerprint of the questions and keys, which every ballot states, for the trail too. An
    open request has no box."""
    if not opinion_request.is_secret:
        return {}
    if reason := rules.ballots_can_be_proved(opinion_request):
        raise Conflict(reason)
    box = opinion_request.ballot_box
    box.fingerprint = open_box(box).fingerprint
    box.save(update_fields=["fingerprint"])
    return {"box": box.fingerprint}
