"""The way out of the house: mails, and the sweep of those that were never sent."""

from celery import shared_task

from core import work
from core.queue import enqueue
from notifications.mail import send
from notifications.models import Delivery


@shared_task
def deliver(delivery_id: int) -> None:
    """One mail. May run twice without harm: what is done is not claimed again."""
    delivery = work.claim(Delivery.objects.select_related("notification__recipient"), delivery_id)
    if delivery is None:
        return
    if not delivery.notification.recipient.is_active:
        work.fail(delivery, "account_closed")
        return
    try:
        send(delivery.notification)
    except OSError as error:  # the mail server does not answer, or refuses
        work.put_back(delivery, type(error).__name__)
    else:
        work.finish(delivery)


@shared_task
def hand_in_deliveries() -> None:
    """Each minute: what the broker or a worker lost, and what is due for another attempt."""
    for pk in Delivery.objects.due().values_list("pk", flat=True):
        enqueue("notifications.tasks.deliver", pk)
