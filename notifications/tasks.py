"""The way out of the house: mails, and the sweep of those that were never sent."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from audit import checkpoints
from audit.log import newest_checkpoint
from audit.models import Attestation, Checkpoint
from core import clock, work
from core.queue import enqueue
from notifications.mail import send, send_checkpoint
from notifications.models import Delivery

logger = logging.getLogger(__name__)

BETWEEN_CHECKPOINTS = timedelta(hours=1)  # mails; the witness folder has each of them


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


@shared_task
def mail_checkpoint() -> None:
    """The newest checkpoint of the trail's log, to mailboxes outside: once an hour, and after a decision.

    What could not be sent is sent with the next minute: a newer checkpoint says all that an older one said.
    """
    newest = newest_checkpoint()
    if newest is None or not settings.AUDIT_WITNESS_EMAILS:
        return
    last = (
        Attestation.objects.filter(kind=Attestation.Kind.MAIL)
        .select_related("checkpoint")
        .order_by("-pk")
        .first()
    )
    if last and last.checkpoint.size >= newest.size:
        return
    is_due = last is None or last.made_at <= clock.now() - BETWEEN_CHECKPOINTS
    decided = Checkpoint.objects.filter(is_decision=True, size__gt=last.checkpoint.size if last else 0)
    if not is_due and not decided.exists():
        return
    try:
        send_checkpoint(newest.note, settings.AUDIT_WITNESS_EMAILS)
    except OSError as error:
        logger.warning("The checkpoint was not mailed: %s", error)
    else:
        checkpoints.attest(newest, Attestation.Kind.MAIL, ", ".join(settings.AUDIT_WITNESS_EMAILS))
