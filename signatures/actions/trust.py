"""What two administrators have agreed on takes effect; what authorities say about revocation is kept."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from signatures import rules
from signatures.actions._proposals import came_later, decide, foresee_anew, tell_proposer
from signatures.actions._rechecks import check_anew
from signatures.authorities import Answer, Authority, Revocations, list_serials, read_answer, read_list
from signatures.genuineness import (
    NOT_SIGNED,
    find_fault_of_answer,
    find_fault_of_list,
)
from signatures.models import RevocationAnswer, RevocationList, TrustedCertificate, TrustProposal
from signatures.rules import CertificateUse, ProposalKind


@transaction.atomic
def confirm_proposal(proposal: TrustProposal, *, by: Any) -> TrustProposal:
    """Another administrator has seen what the change does to earlier verdicts, has compared the fingerprints
    herself, and agrees. The papers it touches are checked anew."""
    _hold_trust()
    proposal = lock(proposal)
    proposal.confirmer_came_later = came_later(by, proposal)
    rules.PROPOSAL.check("confirm_proposal", by, proposal)

    decide("confirm_proposal", proposal, by)
    if proposal.kind == ProposalKind.TRUST:
        for authority in proposal.certificates:
            trust_certificate(by=by, authority=Authority.from_json(authority), proposal=proposal)
    elif proposal.certificate is not None:
        distrust_certificate(proposal.certificate, by=by, proposal=proposal)

    trail.record("signatures.confirm_proposal", by=by, on=proposal, proposed_by=proposal.proposed_by_name)
    check_anew(with_valid=proposal.kind == ProposalKind.END)
    foresee_anew()
    tell_proposer(proposal)
    return proposal


@transaction.atomic
def trust_certificate(*, by: Any, authority: Authority, proposal: TrustProposal | None) -> TrustedCertificate:
    """A second administrator has confirmed that the house vouches for the authority.

    It is the last step of `confirm_proposal`, one for each certificate; without a confirmed proposal it is
    refused.
    """
    certificate = _make_certificate(authority, by, proposal)
    if proposal is not None:
        certificate.counts_from, certificate.counts_until = proposal.counts_from, proposal.counts_until
    rules.CERTIFICATE.check("trust_certificate", by, certificate)

    same = TrustedCertificate.objects.trusted().filter(fingerprint=authority.fingerprint)
    if same.exclude(use=CertificateUse.LINK).exists():
        raise Conflict(_("This certificate is trusted already."))
    same.update(trusted_until=clock.now())  # it led to its root so far; now it stands for itself
    certificate.save()

    trail.record(
        "signatures.trust_certificate",
        by=by,
        on=certificate,
        fingerprint=certificate.fingerprint,
        proposed_by=certificate.proposal.proposed_by_name if certificate.proposal else "",
    )
    return certificate


@transaction.atomic
def distrust_certificate(
    certificate: TrustedCertificate, *, by: Any, proposal: TrustProposal | None
) -> TrustedCertificate:
    """A second administrator has confirmed that the authority proves nothing any more, or only what is proven
    to have been signed before a day. Old findings stay."""
    certificate = lock(certificate)
    certificate.ending = proposal
    rules.CERTIFICATE.check("distrust_certificate", by, certificate)

    if proposal is not None and proposal.counts_until:
        certificate.counts_until = proposal.counts_until
    else:
        certificate.trusted_until = clock.now()
    certificate.save(update_fields=["counts_until", "trusted_until"])

    trail.record(
        "signatures.distrust_certificate",
        by=by,
        on=certificate,
        fingerprint=certificate.fingerprint,
        proposed_by=certificate.ending.proposed_by_name if certificate.ending else "",
    )
    return certificate


@transaction.atomic
def link_certificate(*, by: Any, authority: Authority) -> TrustedCertificate:
    """A worker has fetched the certificate of an authority that a trusted one has issued.

    Nobody new is trusted by it: the path through it is checked up to the trusted one at each use.
    """
    _hold_trust()
    authority = authority.serving(CertificateUse.LINK)
    certificate = _make_certificate(authority, by, None)
    rules.CERTIFICATE.check("link_certificate", by, certificate)

    certificate.save()

    trail.record("signatures.link_certificate", by=by, on=certificate, fingerprint=certificate.fingerprint)
    check_anew(with_valid=False)
    foresee_anew()
    return certificate


@transaction.atomic
def add_revocation_list(*, by: Any, revocations: Revocations) -> RevocationList:
    """What an authority has revoked is supplied by an administrator, or fetched by a worker; without it no
    certificate is called valid.

    An older list stays in use only for what a later one no longer names.
    """
    _hold_trust()
    revocation_list = RevocationList(
        issuer=revocations.issuer,
        fingerprint=revocations.fingerprint,
        scope=revocations.scope,
        der=revocations.der,
        entries=revocations.entries,
        issued_at=revocations.issued_at,
        next_at=revocations.next_at,
        added_by_name=str(by),
    )
    rules.CERTIFICATE.check("add_revocation_list", by, revocation_list)

    _refuse(find_fault_of_list(revocations))
    if RevocationList.objects.filter(fingerprint=revocations.fingerprint).exists():
        raise Conflict(_("This revocation list is here already."))
    _give_scopes(revocations.issuer)
    known = RevocationList.objects.in_use().filter(scope=revocations.scope)
    is_first = not known.exists()
    new_serials = _supersede(revocation_list, known, revocations.serials)
    revocation_list.save()

    trail.record(
        "signatures.add_revocation_list", by=by, on=revocation_list, fingerprint=revocations.fingerprint
    )
    check_anew(with_valid=is_first, serials=new_serials)
    foresee_anew()
    return revocation_list


@transaction.atomic
def add_revocation_answer(*, by: Any, answer: Answer) -> RevocationAnswer:
    """An authority's answer on one certificate (OCSP) takes the place of its earlier one."""
    _hold_trust()
    revocation_answer = RevocationAnswer(
        responder=answer.responder,
        fingerprint=answer.fingerprint,
        scope=answer.scope,
        serial=answer.serial,
        status=answer.status,
        der=answer.der,
        issued_at=answer.issued_at,
        next_at=answer.next_at,
        added_by_name=str(by),
    )
    rules.CERTIFICATE.check("add_revocation_answer", by, revocation_answer)

    _refuse(find_fault_of_answer(answer))
    if RevocationAnswer.objects.filter(fingerprint=answer.fingerprint).exists():
        raise Conflict(_("This answer is here already."))
    earlier = RevocationAnswer.objects.in_use().filter(scope=answer.scope)
    later = earlier.filter(issued_at__gte=answer.issued_at).values_list("der", flat=True)
    revocation_answer.is_superseded = any(not find_fault_of_answer(read_answer(bytes(der))) for der in later)
    is_news = not earlier.filter(status=answer.status).exists()
    if not revocation_answer.is_superseded:
        earlier.update(is_superseded=True)
    revocation_answer.save()

    trail.record(
        "signatures.add_revocation_answer", by=by, on=revocation_answer, fingerprint=answer.fingerprint
    )
    check_anew(with_valid=False, serials={int(answer.serial, 16)} if is_news else set())
    foresee_anew()
    return revocation_answer


def _refuse(fault: str) -> None:
    """What nobody trusted has signed, or what is dated ahead of all that is to come, takes no place here."""
    if fault == NOT_SIGNED:
        raise Conflict(
            _(
                "This is not signed by an authority that is trusted here, nor by one that it has appointed. "
                "Have the authority trusted first, or choose another file."
            )
        )
    if fault:
        raise Conflict(_("This is dated in the future. Choose another file."))


def _hold_trust() -> None:
    """Changes of the trust come one after the other: what was foreseen beside one store is not confirmed
    beside another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('signatures.trust'))")


def _make_certificate(authority: Authority, by: Any, proposal: TrustProposal | None) -> TrustedCertificate:
    return TrustedCertificate(
        use=authority.use,
        subject=authority.subject,
        fingerprint=authority.fingerprint,
        pem=authority.pem,
        not_before=authority.not_before,
        not_after=authority.not_after,
        trusted_by_name=str(by),
        proposal=proposal,
    )


def _give_scopes(issuer: str) -> None:
    """To lists from before there were scopes."""
    for earlier in RevocationList.objects.filter(scope="", issuer=issuer):
        read = read_list(bytes(earlier.der))
        RevocationList.objects.filter(pk=earlier.pk).update(scope=read.scope, entries=read.entries)


def _supersede(revocation_list: RevocationList, known: Any, serials: frozenset[int]) -> set[int]:
    """Marks the older lists that say nothing more; gives the certificates that are revoked only now.

    A list older than one that is here is kept, and used only for what the newer one no longer names.
    """
    told: set[int] = set()
    for other in known:
        others = list_serials(bytes(other.der))
        told |= others
        if other.issued_at <= revocation_list.issued_at:
            if others <= serials:
                RevocationList.objects.filter(pk=other.pk).update(is_superseded=True)
        elif serials <= others and not find_fault_of_list(read_list(bytes(other.der))):
            revocation_list.is_superseded = True
    return set(serials) - told
