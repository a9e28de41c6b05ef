"""What the trail does on news from above."""

from typing import Any

from core.queue import enqueue


def keep_log_at_decision(event: Any) -> None:
    """A decision has its checkpoint at once, not within the minute."""
    enqueue("audit.tasks.keep_log_now")
