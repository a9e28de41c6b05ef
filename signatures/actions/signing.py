"""Papers on their way through the signers."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actors import WORKER
from core.locks import lock
from core.news import publish
from core.queue import enqueue
from core.work import start_over
from core.workflow import Conflict
from documents import actions as documents
from documents import storage
from documents.models import DocumentVersion
from people.models import Appointment, User
from people.rules import Role
from signatures import rules
from signatures.actions._signing import end_request, find_signers, lock_step, tell, tell_next
from signatures.events import SignatureRefused, SigningWithdrawn, StatementCompleted
from signatures.models import Signature, SigningCertificate, SigningRequest, SigningStep, Statement
from signatures.rules import StepStatus
from signatures.rules.signing import certificate_is_fit

TIME_TO_SIGN = timedelta(minutes=10)
TIME_TO_SEAL = timedelta(days=1)  # the module signs by itself, as soon as a worker comes to it

EMBED = "signatures.tasks.embed_signature"
SEAL = "signatures.tasks.seal_paper"


@transaction.atomic
def request_signatures(
    version: DocumentVersion,
    *,
    by: Any,
    steps: Sequence[SigningStep],
    purpose: str = "",
    due_at: datetime | None = None,
    is_ordered: bool = False,
) -> SigningRequest:
    """A paper is sent to those who are to sign it: one after the other, equal places in any order.

    Who is to sign may read it from then on. The paper stays as it is: the signed file is a new version.
    `is_ordered`: by the order in which such a paper is signed, not by somebody's choice.
    """
    version = lock(version)
    signing = SigningRequest(
        version=version,
        purpose=purpose.strip(),
        due_at=due_at,
        requested_by_id=by.pk,
        requested_by_name=str(by),
        sha256=version.sha256,
        size=version.size,
    )
    signing.wanted, signing.is_ordered = tuple(steps), is_ordered
    rules.SIGNING_REQUEST.check("request_signatures", by, signing)

    signing.save()
    for step in steps:
        step.request = signing
        step.save()
    signers = User.objects.filter(appointments__signing_steps__request=signing).distinct()
    documents.distribute_version(
        version,
        by=WORKER,
        to=signers,
        because=(_("For signature: %(paper)s") % {"paper": signing.purpose or version})[:200],
    )

    trail.record(
        "signatures.request_signatures",
        by=by,
        on=signing,
        sha256=signing.sha256,
        signers=[f"{step.place}: {step}" for step in steps],
    )
    tell_next(signing)
    return signing


@transaction.atomic
def withdraw_signing(signing: SigningRequest, *, by: Any, reason: str) -> SigningRequest:
    """Whoever asked, the office, or who presides takes the paper back, and says why. What was signed so far
    stays here and counts nowhere."""
    signing = lock(signing)
    signing.reason_given = reason
    rules.SIGNING_REQUEST.check("withdraw_signing", by, signing)

    rules.SIGNING_REQUEST.advance("withdraw_signing", signing)
    end_request(signing, reason)

    trail.record("signatures.withdraw_signing", by=by, on=signing, reason=signing.ended_because)
    tell(find_signers(signing, StepStatus.WAITING, StepStatus.SIGNING), "signing_withdrawn", signing)
    publish(SigningWithdrawn(request_id=signing.pk))
    return signing


@transaction.atomic
def prepare_signature(step: SigningStep, *, by: Any, certificate: SigningCertificate) -> Signature:
    """A signer begins: the file gets an empty place for her signature, and she gets what her key is to sign.

    Bound to her, to this step, to this certificate and to the very file that she was shown.
    """
    step = _with_request(step)
    rules.SIGNING_STEP.check("prepare_signature", by, step)
    signature = _prepare(step, by, certificate, TIME_TO_SIGN)

    trail.record(
        "signatures.prepare_signature",
        by=by,
        on=step,
        sha256=signature.document_sha256,
        certificate=certificate.fingerprint,
    )
    return signature


@transaction.atomic
def affix_seal(step: SigningStep, *, by: Any, certificate: SigningCertificate) -> Signature:
    """The office has the organisation's seal put on the paper. Its key is in the module: a worker signs."""
    step = _with_request(step)
    rules.SIGNING_STEP.check("affix_seal", by, step)
    signature = _prepare(step, by, certificate, TIME_TO_SEAL)

    trail.record(
        "signatures.affix_seal",
        by=by,
        on=step,
        sha256=signature.document_sha256,
        certificate=certificate.fingerprint,
    )
    enqueue(SEAL, signature.pk)
    return signature


def _prepare(
    step: SigningStep, by: Any, certificate: SigningCertificate, time_allowed: timedelta
) -> Signature:
    from signatures.places import prepare_step  # pyHanko is heavy, and few requests need it

    now = clock.now()
    signature = Signature(
        step=step,
        certificate=certificate,
        by=by,
        document_sha256=step.request.sha256,
        prepared_at=now,
        expires_at=now + time_allowed,
    )
    if reason := certificate_is_fit(signature):
        raise Conflict(reason)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as target:
        place, to_sign = prepare_step(step, certificate, target, at=now)
        target.flush()
        signature.prepared_sha256, _size = storage.keep_file(Path(target.name))
    signature.prepared, signature.to_sign = place.to_json(), to_sign
    signature.save()
    return signature


@transaction.atomic
def prepare_statement(statement: Statement, *, by: Any, certificate: SigningCertificate) -> Signature:
    """Somebody begins to sign a statement: bytes that stand for themselves, apart from any file."""
    from signatures.cms import build_attributes
    from signatures.values import hash_with

    now = clock.now()
    signature = Signature(
        statement=statement,
        certificate=certificate,
        by=by,
        document_sha256=statement.sha256,
        prepared_at=now,
        expires_at=now + TIME_TO_SIGN,
    )
    rules.SIGNATURE.check("prepare_statement", by, signature)
    digest = hash_with(signature.digest, bytes(statement.content))
    signature.prepared = {"digest": signature.digest}
    signature.to_sign = build_attributes(bytes(certificate.der), digest)
    signature.save()

    trail.record(
        "signatures.prepare_statement",
        by=by,
        on=signature,
        sha256=statement.sha256,
        certificate=certificate.fingerprint,
    )
    return signature


@transaction.atomic
def complete_signature(signature: Signature, *, by: Any, value: bytes) -> Signature:
    """What the key has made is handed in. It is checked against the registered certificate before anything is
    kept; then a worker fetches the timestamp and puts the signature into the file."""
    step = None
    if signature.step_id is not None:
        signing = lock(SigningRequest.objects.get(steps=signature.step_id))  # parent before child
        step = lock(SigningStep.objects.get(pk=signature.step_id))
        step.request = signing
    signature = lock(signature)
    signature.step, signature.proposed_value = step, value
    rules.SIGNATURE.check("complete_signature", by, signature)
    if step is not None:
        sign_step(step, by=by)

    signature.value, signature.signed_at = value, clock.now()
    rules.SIGNATURE.advance("complete_signature", signature)
    signature.save()
    start_over(signature)

    trail.record(
        "signatures.complete_signature",
        by=by,
        on=step or signature,
        sha256=signature.document_sha256,
        certificate=signature.certificate.fingerprint,
    )
    enqueue(EMBED, signature.pk)
    if signature.statement_id is not None:
        publish(StatementCompleted(signature_id=signature.pk))
    return signature


@transaction.atomic
def sign_step(step: SigningStep, *, by: Any) -> SigningStep:
    """Her signature is there; nobody else signs this paper before it is in the file."""
    rules.SIGNING_STEP.check("sign_step", by, step)

    rules.SIGNING_STEP.advance("sign_step", step)
    step.save(update_fields=["status"])

    trail.record("signatures.sign_step", by=by, on=step)
    return step


@transaction.atomic
def refuse_signature(step: SigningStep, *, by: Any, reason: str) -> SigningStep:
    """A signer will not sign, and says why. The paper goes no further."""
    step = lock_step(step)
    step.reason_given = reason
    rules.SIGNING_STEP.check("refuse_signature", by, step)

    step.refused_because, step.settled_at = reason.strip()[:500], clock.now()
    rules.SIGNING_STEP.advance("refuse_signature", step)
    step.save()

    trail.record("signatures.refuse_signature", by=by, on=step, reason=step.refused_because)
    refuse_signing(step.request, by=by, reason=step.refused_because)
    return step


@transaction.atomic
def refuse_signing(signing: SigningRequest, *, by: Any, reason: str) -> SigningRequest:
    """One of the signers has said no: the paper comes back to whoever asked."""
    rules.SIGNING_REQUEST.check("refuse_signing", by, signing)

    rules.SIGNING_REQUEST.advance("refuse_signing", signing)
    end_request(signing, reason)

    trail.record("signatures.refuse_signing", by=by, on=signing, reason=signing.ended_because)
    office = User.objects.holding([Role.SECRETARY], signing.body_id)
    asked = User.objects.filter(pk=signing.requested_by_id)
    signers = find_signers(signing, StepStatus.SIGNED)
    told = User.objects.filter(
        models.Q(pk__in=office) | models.Q(pk__in=asked) | models.Q(pk__in=signers)
    ).exclude(pk=by.pk)
    tell(told, "signature_refused", signing, who=str(by))
    publish(SignatureRefused(request_id=signing.pk))
    return signing


@transaction.atomic
def pass_signature(step: SigningStep, *, by: Any, to: Appointment) -> SigningStep:
    """The stand-in signs instead, by the written order that the register names."""
    step = lock_step(step)
    step.proposed = to
    rules.SIGNING_STEP.check("pass_signature", by, step)

    step.stands_in_for, step.signer = step.principal, to
    step.save(update_fields=["stands_in_for", "signer"])
    documents.distribute_version(
        step.request.version,
        by=WORKER,
        to=[to.user],
        because=f"Signing for {step.stands_in_for}"[:200],
    )

    trail.record("signatures.pass_signature", by=by, on=step, of=str(step.stands_in_for), to=str(to))
    if step.is_next:
        tell(User.objects.filter(pk=to.user_id), "signature_wanted", step.request)
    return step


def _with_request(step: SigningStep) -> SigningStep:
    return SigningStep.objects.select_related("request__version__document").get(pk=step.pk)
