"""What the deeds around signing share."""

from functools import partial
from typing import Any

from django.db import models, transaction

from core import clock
from core.locks import lock
from documents import storage
from notifications import outbox
from people.models import User
from people.rules import Role
from signatures.models import Signature, SigningRequest, SigningStep
from signatures.rules import RequestStatus, StepStatus


def lock_step(thing: SigningStep | Signature) -> SigningStep:
    """Parent before child."""
    found = SigningStep.objects.select_related("request")
    step = found.get(signatures=thing) if isinstance(thing, Signature) else found.get(pk=thing.pk)
    signing = lock(step.request)
    step = lock(step)
    step.request = signing
    return step


def drop_prepared(signature: Signature) -> None:
    if signature.prepared_sha256:  # a statement has none
        transaction.on_commit(partial(storage.erase_unless_used, signature.prepared_sha256))
    signature.prepared_sha256 = ""


def end_request(signing: SigningRequest, reason: str = "") -> None:
    signing.ended_at, signing.ended_because = clock.now(), reason.strip()[:500]
    signing.save()


def find_signers(signing: SigningRequest, *statuses: str) -> models.QuerySet[User]:
    steps = signing.steps.filter(status__in=statuses, signer__isnull=False)
    return User.objects.filter(appointments__signing_steps__in=steps).distinct()


def tell_next(signing: SigningRequest, after: SigningStep | None = None) -> None:
    """Those whose turn it is; after a signature only when it was the last of its place."""
    waiting = signing.steps.filter(status=StepStatus.WAITING)
    place = signing.steps.exclude(status=StepStatus.SIGNED).aggregate(first=models.Min("place"))["first"]
    if signing.status != RequestStatus.OPEN or (after is not None and place == after.place):
        return
    turn = waiting.filter(place=place)
    signers = User.objects.filter(appointments__signing_steps__in=turn.filter(signer__isnull=False))
    people = models.Q(pk__in=signers)
    if turn.filter(signer__isnull=True).exists():
        people |= models.Q(pk__in=User.objects.holding([Role.SECRETARY], signing.body_id))
    tell(User.objects.filter(people), "signature_wanted", signing)


def tell(people: models.QuerySet[User], kind: str, signing: SigningRequest, **context: Any) -> None:
    outbox.tell(
        people,
        f"signatures/{kind}",
        url=signing.get_absolute_url(),
        title=str(signing),
        purpose=signing.purpose,
        by=signing.requested_by_name,
        **context,
    )
