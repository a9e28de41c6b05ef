"""A change of the trust: proposed by one administrator, shown with its effect, confirmed by another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core.locks import lock
from core.work import finish
from core.workflow import Conflict
from signatures import rules
from signatures.actions._proposals import begin, decide, look_ahead, tell_others, tell_proposer
from signatures.authorities import Authority
from signatures.models import TrustedCertificate, TrustProposal
from signatures.rules import ProposalKind, Verdict


@transaction.atomic
def propose_certificates(
    authorities: Sequence[Authority],
    *,
    by: Any,
    because: str,
    counts_from: datetime | None = None,
    counts_until: datetime | None = None,
) -> TrustProposal:
    """An administrator has compared the fingerprints with the published ones and asks another administrator
    to do the same."""
    proposal = begin(ProposalKind.TRUST, by, because)
    proposal.counts_from, proposal.counts_until = counts_from, counts_until
    rules.PROPOSAL.check("propose_certificates", by, proposal)

    trusted = set(TrustedCertificate.objects.anchors().values_list("fingerprint", flat=True))
    new = [authority for authority in authorities if authority.fingerprint not in trusted]
    if not new:
        raise Conflict(_("All certificates of this file are trusted already."))
    proposal.certificates = [authority.to_json() for authority in new]
    proposal.save()

    trail.record(
        "signatures.propose_certificates",
        by=by,
        on=proposal,
        fingerprint=[authority.fingerprint for authority in new],
        because=because,
    )
    look_ahead(proposal)
    tell_others(proposal)
    return proposal


@transaction.atomic
def propose_end(
    certificate: TrustedCertificate, *, by: Any, because: str, counts_until: datetime | None = None
) -> TrustProposal:
    """An administrator asks another one to end the trust in an authority: altogether, or for what is not
    proven to have been signed before a day."""
    certificate = lock(certificate)
    proposal = begin(ProposalKind.END, by, because)
    proposal.certificate, proposal.counts_until = certificate, counts_until
    rules.PROPOSAL.check("propose_end", by, proposal)

    if certificate.proposals_to_end.filter(status=rules.PROPOSAL.initial).exists():
        raise Conflict(_("The end of this trust is proposed already."))
    proposal.save()

    trail.record(
        "signatures.propose_end", by=by, on=proposal, fingerprint=certificate.fingerprint, because=because
    )
    look_ahead(proposal)
    tell_others(proposal)
    return proposal


@transaction.atomic
def foresee_proposal(proposal: TrustProposal, *, by: Any) -> TrustProposal:
    """What the change would do to earlier verdicts is found out once more, beside the trust of today."""
    proposal = lock(proposal)
    rules.PROPOSAL.check("foresee_proposal", by, proposal)

    look_ahead(proposal)

    trail.record("signatures.foresee_proposal", by=by, on=proposal)
    return proposal


@transaction.atomic
def record_foreseen(proposal: TrustProposal, *, by: Any, verdicts: Mapping[int, str]) -> TrustProposal:
    """The worker has looked at some papers as if the change were made."""
    proposal = lock(proposal)
    rules.PROPOSAL.check("record_foreseen", by, proposal)

    for foreseen in proposal.foreseen.filter(pk__in=verdicts):
        foreseen.verdict_then = Verdict(verdicts[foreseen.pk])
        foreseen.save(update_fields=["verdict_then"])
        finish(foreseen)

    trail.record("signatures.record_foreseen", by=by, on=proposal, papers=len(verdicts))
    return proposal


@transaction.atomic
def reject_proposal(proposal: TrustProposal, *, by: Any, because: str) -> TrustProposal:
    """Another administrator does not agree, and says why. Nothing changes."""
    proposal = lock(proposal)
    rules.PROPOSAL.check("reject_proposal", by, proposal)

    decide("reject_proposal", proposal, by, because)

    trail.record("signatures.reject_proposal", by=by, on=proposal, because=because)
    tell_proposer(proposal)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: TrustProposal, *, by: Any) -> TrustProposal:
    """Who proposed it takes it back. Nothing changes."""
    proposal = lock(proposal)
    rules.PROPOSAL.check("withdraw_proposal", by, proposal)

    decide("withdraw_proposal", proposal, by)

    trail.record("signatures.withdraw_proposal", by=by, on=proposal)
    return proposal
