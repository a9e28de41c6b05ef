"""The one door for telling someone something."""

from collections.abc import Iterable
from typing import Any

from core.queue import enqueue
from notifications.models import Delivery, Notification


def tell(people: Iterable[Any], kind: str, *, url: str, **context: Any) -> None:
    """Put a notice before each person, on the screen at once and by e-mail after the commit.

    The rows are written in the caller's transaction, so neither a lost broker nor a dead
    worker loses a notice. `context` holds plain values for the templates `mail/<kind>.*`;
    a mail carries no content of papers.
    """
    notices = Notification.objects.bulk_create(
        Notification(recipient=person, kind=kind, url=url, context=context) for person in people
    )
    for delivery in Delivery.objects.bulk_create(Delivery(notification=notice) for notice in notices):
        enqueue("notifications.tasks.deliver", delivery.pk)
