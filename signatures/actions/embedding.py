"""What the worker does with a signature that was handed in."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from core.news import publish
from core.work import finish
from documents import actions as documents
from documents import storage
from people.models import User
from people.rules import Role
from signatures import rules
from signatures.actions._signing import drop_prepared, end_request, lock_step, tell, tell_next
from signatures.events import StatementSigned, StatementVoided, StepSigned, VersionSigned
from signatures.models import Signature, SigningRequest, SigningStep
from signatures.rules import RequestStatus, StepStatus


@transaction.atomic
def embed_signature(
    signature: Signature, *, by: Any, file: Path, timestamp_at: datetime, timestamp_size: int
) -> Signature:
    """The worker has put signature and timestamp into the file, and our own verifier has found them good.

    Where the paper was taken back meanwhile, the signature goes nowhere.
    """
    step = lock_step(signature)
    signature = lock(signature)
    signature.step = step
    rules.SIGNATURE.check("embed_signature", by, signature)
    if step.request.status != RequestStatus.OPEN:
        return void_signature(signature, by=by, because="ended")

    signing, before = step.request, step.request.sha256
    signing.sha256, signing.size = storage.keep_file(file)
    signing.save(update_fields=["sha256", "size"])
    signature.timestamp_at, signature.timestamp_size = timestamp_at, timestamp_size
    drop_prepared(signature)
    rules.SIGNATURE.advance("embed_signature", signature)
    signature.save()
    finish(signature)
    settle_step(step, by=by)

    trail.record(
        "signatures.embed_signature",
        by=by,
        on=step,
        before=before,
        sha256=signing.sha256,
        timestamp=timestamp_at.isoformat(),
    )
    transaction.on_commit(partial(storage.erase_unless_used, before))
    if not signing.steps.exclude(status=StepStatus.SIGNED).exists():
        complete_signing(signing, by=by)
    else:
        tell_next(signing, after=step)
        publish(StepSigned(step_id=step.pk))
    return signature


@transaction.atomic
def stamp_statement(
    signature: Signature, *, by: Any, cms: bytes, timestamp_at: datetime, timestamp_size: int
) -> Signature:
    """The worker has put the timestamp to the signature over a statement; it verifies, and is kept."""
    signature = lock(signature)
    rules.SIGNATURE.check("stamp_statement", by, signature)

    signature.cms, signature.timestamp_at, signature.timestamp_size = cms, timestamp_at, timestamp_size
    rules.SIGNATURE.advance("stamp_statement", signature)
    signature.save()
    finish(signature)

    trail.record(
        "signatures.stamp_statement",
        by=by,
        on=signature,
        sha256=signature.document_sha256,
        timestamp=timestamp_at.isoformat(),
    )
    publish(StatementSigned(signature_id=signature.pk))
    return signature


@transaction.atomic
def settle_step(step: SigningStep, *, by: Any) -> SigningStep:
    """The signature is in the file."""
    rules.SIGNING_STEP.check("settle_step", by, step)

    rules.SIGNING_STEP.advance("settle_step", step)
    step.settled_at = clock.now()
    step.save(update_fields=["status", "settled_at"])

    trail.record("signatures.settle_step", by=by, on=step)
    return step


@transaction.atomic
def void_signature(signature: Signature, *, by: Any, because: str) -> Signature:
    """The signature cannot stand: its certificate was revoked, or the file with it does not verify. The
    signer is told, and may sign again."""
    step = lock_step(signature) if signature.step_id is not None else None
    signature = lock(signature)
    rules.SIGNATURE.check("void_signature", by, signature)

    rules.SIGNATURE.advance("void_signature", signature)
    drop_prepared(signature)
    signature.save()
    finish(signature, because)
    if step is not None and step.status == StepStatus.SIGNING:
        release_step(step, by=by)

    trail.record("signatures.void_signature", by=by, on=step or signature, because=because)
    if step is not None:
        office = User.objects.holding([Role.SECRETARY], step.body_id)
        signer = User.objects.filter(pk=signature.by_id)
        tell((office | signer).distinct(), "signature_void", step.request, because=because)
    else:
        publish(StatementVoided(signature_id=signature.pk, because=because))
    return signature


@transaction.atomic
def release_step(step: SigningStep, *, by: Any) -> SigningStep:
    """The step waits for its signer once more."""
    rules.SIGNING_STEP.check("release_step", by, step)

    rules.SIGNING_STEP.advance("release_step", step)
    step.save(update_fields=["status"])

    trail.record("signatures.release_step", by=by, on=step)
    return step


@transaction.atomic
def complete_signing(signing: SigningRequest, *, by: Any) -> SigningRequest:
    """All have signed: the signed file becomes the next version of the paper."""
    signing = lock(signing)
    rules.SIGNING_REQUEST.check("complete_signing", by, signing)

    signing.result = documents.add_signed_version(
        signing.version, by=by, sha256=signing.sha256, size=signing.size
    )
    rules.SIGNING_REQUEST.advance("complete_signing", signing)
    end_request(signing)

    trail.record(
        "signatures.complete_signing", by=by, on=signing, sha256=signing.sha256, number=signing.result.number
    )
    tell(User.objects.filter(pk=signing.requested_by_id), "signing_completed", signing)
    publish(VersionSigned(request_id=signing.pk, version_id=signing.result.pk))
    return signing
