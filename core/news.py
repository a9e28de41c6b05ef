"""News for the apps above. Who listens stands in one table, `ecabinet/reactions.py`."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def publish(event: Any) -> None:
    """Call the reactions to `event` in their order, in the same transaction."""
    for react in import_string(settings.REACTIONS)[type(event)]:
        react(event)
