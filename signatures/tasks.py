"""The worker checks signatures, in a child process with limits, and puts new ones into their files."""

import hashlib
import logging
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Q

from audit.checkpoints import attest
from audit.log import newest_checkpoint
from audit.models import Attestation
from core import clock
from core.actors import CLOCK, WORKER
from core.queue import enqueue
from core.work import WorkState, attempt, claim, fail
from core.workflow import Conflict
from documents import storage
from signatures import checking, embedding, fetching, preservation
from signatures.actions import (
    ask_source,
    claim_certificate,
    complete_signature,
    order_rechecks,
    void_signature,
)
from signatures.models import PreservedCopy, RevocationSource, Signature, SigningCertificate, Verification
from signatures.rules import Cause, CertificateStatus, KeyWay, SignatureStatus
from signatures.timestamping import TimestampUnavailable, request_timestamp

logger = logging.getLogger(__name__)

A_SWEEP = 500


@shared_task
def verify_version(verification_id: int) -> None:
    checking.check_version(verification_id)


@shared_task
def recheck_versions(*verification_ids: int) -> None:
    checking.check_versions_again(verification_ids)


@shared_task
def foresee_verdicts(*foreseen_ids: int) -> None:
    checking.foresee(foreseen_ids)


@shared_task
def fetch_source(source_id: int) -> None:
    fetching.fetch_source(source_id)


@shared_task
def ask_sources() -> None:
    """What is due to be asked, and what no worker has taken up."""
    for source in RevocationSource.objects.due().order_by("pk"):
        ask_source(source, by=CLOCK)
    for pk in RevocationSource.objects.used().stalled().order_by("pk").values_list("pk", flat=True):
        enqueue("signatures.tasks.fetch_source", pk)


@shared_task
def order_regular_checks() -> None:
    before = clock.now() - timedelta(days=settings.SIGNATURE_RECHECK_DAYS)
    waiting = Verification.objects.waiting().filter(cause=Cause.SCHEDULE).count()
    order_rechecks(by=CLOCK, before=before, at_most=max(A_SWEEP - waiting, 0))


@shared_task
def hand_in_verifications() -> None:
    checking.hand_in(A_SWEEP)


@shared_task
def embed_signature(signature_id: int) -> None:
    """The timestamp, and the signature into its file; a statement's signature gets its timestamp."""
    signatures = Signature.objects.filter(status=SignatureStatus.SIGNED)
    signature = claim(signatures, signature_id)
    if signature is None:
        return
    with attempt(signature, whole=False), suppress(Conflict):  # another worker was quicker
        embedding.finish_signature(signature)


@shared_task
def seal_paper(signature_id: int) -> None:
    """The organisation's seal, by the key in the module: no web process ever reaches it."""
    signatures = Signature.objects.filter(
        status=SignatureStatus.PREPARED, certificate__way=KeyWay.SERVER, expires_at__gt=clock.now()
    )
    signature = claim(signatures, signature_id)
    if signature is None:
        return
    with attempt(signature, whole=False):
        # The module's library, for this task alone.
        from signatures.keys.server import ServerKeyUnavailable, sign_with_server_key

        try:
            value = sign_with_server_key(signature.certificate, bytes(signature.to_sign))
            complete_signature(signature, by=WORKER, value=value)
        except ServerKeyUnavailable:
            raise  # tried again
        except Conflict as refused:  # the paper was signed by another, the certificate has ended
            fail(signature, "refused")
            logger.warning("Seal %s: %s", signature.pk, refused)


@shared_task
def prove_server_key(certificate_id: int) -> None:
    """The seal's key answers its challenge, so that an administrator may confirm its certificate."""
    certificates = SigningCertificate.objects.filter(way=KeyWay.SERVER, status=CertificateStatus.UNPROVEN)
    certificate = certificates.filter(pk=certificate_id).first()
    if certificate is None:
        return
    from signatures.keys.server import sign_with_server_key

    try:
        value = sign_with_server_key(certificate, bytes(certificate.to_sign))
        claim_certificate(certificate, by=WORKER, value=value)
    except Conflict as refused:
        certificates.filter(pk=certificate_id).update(claim_error=str(refused)[:200])


@shared_task
def hand_in_signatures() -> None:
    """What waits for a timestamp or lost its worker; what was tried too often is given back to its signer."""
    signed = Signature.objects.filter(status=SignatureStatus.SIGNED)
    given_up = signed.filter(work_state=WorkState.FAILED).order_by("pk")
    for signature in given_up[:A_SWEEP]:
        void_signature(signature, by=WORKER, because=signature.work_error)
    for pk in signed.stalled().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("signatures.tasks.embed_signature", pk)
    seals = Signature.objects.filter(status=SignatureStatus.PREPARED, certificate__way=KeyWay.SERVER)
    for pk in seals.stalled().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("signatures.tasks.seal_paper", pk)


@shared_task
def sweep_prepared() -> int:
    """Files that were prepared and never signed. Says how many."""
    abandoned = Signature.objects.abandoned().order_by("pk")
    hashes = dict(abandoned.values_list("pk", "prepared_sha256")[:A_SWEEP])
    # Asked once more: one may have been signed in its last second.
    Signature.objects.abandoned().filter(pk__in=hashes).update(prepared_sha256="")
    return sum(storage.erase_unless_used(sha256) for sha256 in hashes.values())


@shared_task
def stamp_checkpoint() -> None:
    """A timestamp over the newest checkpoint of the trail's log, each minute until one has it.

    Those that never got one while the authorities were away are covered by the next: the log only grows.
    """
    newest = newest_checkpoint()
    if newest is None or not settings.TSA_URLS or newest.timestamp is not None:
        return
    try:
        stamp = request_timestamp(hashlib.sha256(newest.note.encode()).digest())
    except TimestampUnavailable:
        return  # who was asked, and what they answered, is in the log; the next minute asks again
    attest(newest, Attestation.Kind.TIMESTAMP, f"{stamp.at.isoformat()}", stamp.token)


@shared_task
def preserve_version(copy_id: int) -> None:
    """Evidence and archive timestamp, as a copy beside the version."""
    copy = claim(PreservedCopy.objects.select_related("version"), copy_id)
    if copy is None:
        return
    with attempt(copy, whole=False):
        preservation.preserve(copy)


@shared_task
def hand_in_preservations() -> None:
    """What lost its worker; what waits for revocation data or a timestamp only every quarter of an hour."""
    stalled = PreservedCopy.objects.stalled()
    waited = Q(work_error="") | Q(queued_at__lt=clock.now() - preservation.A_WHILE)
    for pk in stalled.filter(waited).order_by("pk").values_list("pk", flat=True)[:A_SWEEP]:
        enqueue("signatures.tasks.preserve_version", pk)


@shared_task
def order_preservations() -> None:
    """Papers found valid, and copies whose newest timestamp would lapse."""
    preservation.order_what_is_due()
