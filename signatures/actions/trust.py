"""Saying whom the house trusts."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.workflow import Conflict
from signatures import rules
from signatures.actions.verification import TASK
from signatures.models import RevocationList, TrustedCertificate, Verification
from signatures.rules import Verdict
from signatures.trust import Authority, Revocations


@transaction.atomic
def trust_certificate(*, by: Any, authority: Authority) -> TrustedCertificate:
    """An administrator has compared the fingerprint with the published one, and vouches for the authority.

    What could not be decided for want of it is checked anew.
    """
    certificate = TrustedCertificate(
        use=authority.use,
        subject=authority.subject,
        fingerprint=authority.fingerprint,
        pem=authority.pem,
        not_before=authority.not_before,
        not_after=authority.not_after,
        trusted_by_name=str(by),
    )
    rules.CERTIFICATE.check("trust_certificate", by, certificate)

    if TrustedCertificate.objects.trusted().filter(fingerprint=authority.fingerprint).exists():
        raise Conflict(_("This certificate is trusted already."))
    certificate.save()

    trail.record("signatures.trust_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint)
    _check_anew({Verdict.UNDECIDED})
    return certificate


@transaction.atomic
def distrust_certificate(certificate: TrustedCertificate, *, by: Any) -> TrustedCertificate:
    """The authority proves nothing here any more. What may rest on it is checked anew; old findings stay."""
    certificate = lock(certificate)
    rules.CERTIFICATE.check("distrust_certificate", by, certificate)

    certificate.trusted_until = clock.now()
    certificate.save(update_fields=["trusted_until"])

    trail.record(
        "signatures.distrust_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint
    )
    _check_anew({Verdict.UNDECIDED, Verdict.VALID})
    return certificate


@transaction.atomic
def add_revocation_list(*, by: Any, revocations: Revocations) -> RevocationList:
    """An administrator supplies what an authority has revoked; without it no certificate is called valid."""
    revocation_list = RevocationList(
        issuer=revocations.issuer,
        fingerprint=revocations.fingerprint,
        der=revocations.der,
        issued_at=revocations.issued_at,
        next_at=revocations.next_at,
        added_by_name=str(by),
    )
    rules.CERTIFICATE.check("add_revocation_list", by, revocation_list)

    if RevocationList.objects.filter(fingerprint=revocations.fingerprint).exists():
        raise Conflict(_("This revocation list is here already."))
    revocation_list.save()

    trail.record(
        "signatures.add_revocation_list", by=by, on=revocation_list, fingerprint=revocations.fingerprint
    )
    _check_anew({Verdict.UNDECIDED, Verdict.VALID})
    return revocation_list


def _check_anew(verdicts: Iterable[Verdict]) -> None:
    """One row for each paper whose newest finding is one of these and that no worker owes a check already."""
    owed = Verification.objects.waiting().values("version")
    stale = Verification.objects.decided().filter(verdict__in=list(verdicts)).exclude(version__in=owed)
    ordered = Verification.objects.bulk_create(
        Verification(version_id=version_id) for version_id in stale.values_list("version", flat=True)
    )
    for verification in ordered:
        enqueue(TASK, verification.pk)
