"""Whether a slip has been opened."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from opinions import rules
from opinions.actions._sheets import take
from opinions.models import OpinionSlip


@transaction.atomic
def open_slip(slip: OpinionSlip, *, by: Any) -> OpinionSlip:
    """The member, or who answers for her, sees the request for the first time: those who follow it know
    whom to remind and whom to call."""
    slip = take(slip)
    rules.SLIP.check("open_slip", by, slip)

    slip.opened_at = clock.now()
    slip.save(update_fields=["opened_at"])

    trail.record("opinions.open_slip", by=by, on=slip)
    return slip
