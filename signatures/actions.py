"""Having signatures checked, keeping what was found, and saying whom the house trusts."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.queue import enqueue
from core.work import finish
from core.workflow import Conflict
from documents.models import DocumentVersion
from signatures import rules
from signatures.models import RevocationList, TrustedCertificate, Verification
from signatures.rules import Verdict
from signatures.trust import Authority, Revocations
from signatures.verification.report import Report

TASK = "signatures.tasks.verify_version"


@transaction.atomic
def order_verification(version: DocumentVersion, *, by: Any) -> Verification:
    """The signatures of a paper are to be checked: when it comes in, or once more when somebody asks."""
    version = lock(version)
    verification = Verification(version=version)
    rules.VERIFICATION.check("order_verification", by, verification)

    verification.save()

    trail.record("signatures.order_verification", by=by, on=verification)
    enqueue(TASK, verification.pk)
    return verification


@transaction.atomic
def record_verification(
    verification: Verification, *, by: Any, report: Report, trust_store: str
) -> Verification:
    """The worker has looked: the verdict, all that was found, and the trust under which it was reached."""
    verification = lock(verification)
    rules.VERIFICATION.check("record_verification", by, verification)

    verification.verdict = Verdict(report.verdict)
    verification.report = report.to_json()
    verification.trust_store = trust_store
    verification.checked_at = clock.now()
    verification.save()
    finish(verification)

    trail.record(
        "signatures.record_verification",
        by=by,
        on=verification,
        verdict=verification.verdict,
        sha256=report.file_sha256,
        signatures=len(report.signatures),
        trust_store=trust_store,
    )
    return verification


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
