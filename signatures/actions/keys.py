"""Certificates of signers: claimed with a proof, confirmed by an administrator, ended; and their pictures."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.workflow import Conflict
from documents import storage
from notifications import outbox
from people.models import Body, User
from people.rules import Role
from signatures import rules
from signatures.keys.challenges import TIME_ALLOWED, make_attributes, write_challenge
from signatures.keys.pictures import Picture
from signatures.models import SignatureImage, SigningCertificate
from signatures.rules import CertificateStatus, KeyWay
from signatures.values import is_made_by

PROVE = "signatures.tasks.prove_server_key"


@transaction.atomic
def begin_claim(certificate: SigningCertificate, *, by: Any) -> SigningCertificate:
    """Somebody says that this certificate is hers, or an administrator that it is the seal's.

    Nothing is believed yet: the key is to sign a text made for this once. The seal's key is asked by a
    worker, for no other process reaches the module.
    """
    rules.SIGNING_CERTIFICATE.check("begin_claim", by, certificate)
    taken = SigningCertificate.objects.filter(
        fingerprint=certificate.fingerprint,
        status__in=[CertificateStatus.CLAIMED, CertificateStatus.REGISTERED],
    )
    if taken.exists():
        raise Conflict(_("This certificate is registered already, or waits for an administrator."))

    certificate.challenge_ends_at = clock.now() + TIME_ALLOWED
    certificate.challenge = write_challenge(certificate)
    certificate.to_sign = make_attributes(certificate)
    certificate.save()

    trail.record(
        "signatures.begin_claim",
        by=by,
        on=certificate,
        fingerprint=certificate.fingerprint,
        way=certificate.way,
    )
    if certificate.way == KeyWay.SERVER:
        enqueue(PROVE, certificate.pk)
    return certificate


@transaction.atomic
def claim_certificate(certificate: SigningCertificate, *, by: Any, value: bytes) -> SigningCertificate:
    """The key has answered: an administrator now compares the names.

    The text is signed once; a value of another key, over another text or a moment too late is refused.
    """
    certificate = lock(certificate)
    rules.SIGNING_CERTIFICATE.check("claim_certificate", by, certificate)
    if not is_made_by(bytes(certificate.der), value, bytes(certificate.to_sign or b"")):
        raise Conflict(_("This signature was not made by the key of the certificate. Nothing is registered."))
    taken = SigningCertificate.objects.filter(
        fingerprint=certificate.fingerprint,
        status__in=[CertificateStatus.CLAIMED, CertificateStatus.REGISTERED],
    )
    if taken.exists():
        raise Conflict(_("This certificate is registered already, or waits for an administrator."))

    certificate.proven_at, certificate.claim_error = clock.now(), ""
    certificate.challenge_ends_at = None
    rules.SIGNING_CERTIFICATE.advance("claim_certificate", certificate)
    certificate.save()

    trail.record("signatures.claim_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint)
    if certificate.holder is not None:
        outbox.tell(
            _administrators_of(certificate),
            "signatures/key_claimed",
            url=reverse("signatures:list_claims"),
            person=str(certificate.holder),
        )
    return certificate


@transaction.atomic
def confirm_certificate(certificate: SigningCertificate, *, by: Any) -> SigningCertificate:
    """The administrator has compared the names: the certificate is hers, and she may sign with it."""
    certificate = lock(certificate)
    rules.SIGNING_CERTIFICATE.check("confirm_certificate", by, certificate)

    certificate.registered_at, certificate.registered_by_name = clock.now(), str(by)
    rules.SIGNING_CERTIFICATE.advance("confirm_certificate", certificate)
    certificate.save()

    trail.record("signatures.confirm_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint)
    _tell_holder(certificate, by, "signatures/key_confirmed")
    return certificate


@transaction.atomic
def end_certificate(certificate: SigningCertificate, *, by: Any) -> SigningCertificate:
    """Nothing is signed with it here any more: lost, renewed, or not hers. What was signed stays signed."""
    certificate = lock(certificate)
    rules.SIGNING_CERTIFICATE.check("end_certificate", by, certificate)

    certificate.ended_at = clock.now()
    rules.SIGNING_CERTIFICATE.advance("end_certificate", certificate)
    certificate.save()

    trail.record("signatures.end_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint)
    _tell_holder(certificate, by, "signatures/key_ended")
    return certificate


@transaction.atomic
def register_image(image: SignatureImage, *, by: Any, picture: Picture) -> SignatureImage:
    """What her signature, or the organisation's seal, shows on paper from now on."""
    rules.IMAGE.check("register_image", by, image)

    image.sha256 = storage.keep_content(picture.png)
    image.registered_by_name = str(by)
    image.save()

    trail.record("signatures.register_image", by=by, on=image, sha256=image.sha256)
    return image


def _administrators_of(certificate: SigningCertificate) -> list[User]:
    """Those who may confirm it."""
    holder = certificate.holder
    bodies = Body.objects.filter(pk__in=holder.body_ids())
    found = {person for body in bodies for person in User.objects.holding([Role.ADMINISTRATOR], body)}
    return sorted(
        (
            person
            for person in found
            if rules.SIGNING_CERTIFICATE.allows("confirm_certificate", person, certificate)
        ),
        key=lambda person: person.pk,
    )


def _tell_holder(certificate: SigningCertificate, by: Any, kind: str) -> None:
    if certificate.holder is not None and certificate.holder_id != by.pk:
        outbox.tell(
            [certificate.holder], kind, url=reverse("signatures:list_keys"), subject=certificate.subject
        )
