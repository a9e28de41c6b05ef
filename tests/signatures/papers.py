"""Papers in the house whose signatures are to be checked, and authorities to trust."""

from functools import cache
from typing import Any

from core import clock
from core.actors import WORKER
from documents import actions as documents
from documents.models import DocumentVersion
from people.rules import Role
from signatures import actions
from signatures.authorities import Authority, read_certificate, read_list
from signatures.models import RevocationList, TrustedCertificate, TrustProposal, Verification
from tests.documents.samples import received
from tests.factories import make_officer
from tests.signatures.samples import pki, revocation_lists
from verifier.pdf.report import INDETERMINATE, PASSED, Report, SignatureResult, TimestampResult


def add_paper(cast: Any, content: bytes | None = None, name: str = "nghị quyết.pdf") -> DocumentVersion:
    dossier = documents.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    return documents.add_paper(dossier, by=cast.secretary, upload=received(content, name)).version


def newest(version: DocumentVersion) -> Verification:
    return Verification.objects.filter(version=version).latest()


def settle(version: DocumentVersion, report: Report | None = None) -> Verification:
    """The check that is owed is done, with this finding."""
    return actions.record_verification(
        newest(version), by=WORKER, report=report or make_report(), trust_store="0" * 64
    )


def make_report(reason: str = "chain_unknown", **changes: Any) -> Report:
    """One signature, as the gazette's files have it."""
    now = clock.now()
    signature = SignatureResult(
        kind="signature",
        field="Signature1",
        indication=PASSED if reason == "ok" else INDETERMINATE,
        sub_indication=None,
        reason=reason,
        intact=True,
        signer="CÔNG BÁO",
        organisation="VĂN PHÒNG CHÍNH PHỦ",
        issuer="CA phục vụ cho dịch vụ phần mềm G2",
        claimed_time=now,
        timestamp=TimestampResult(now, INDETERMINATE, None, "Máy chủ 02", "sha256", False, "chain_unknown"),
        covers_whole_file=True,
    )
    return Report("ab" * 32, **{"signatures": (signature,), **changes})


@cache
def issuer() -> Any:
    return read_certificate(pki().issuer.der)


@cache
def revocations() -> Any:
    return read_list(revocation_lists()[0])


def colleague(cast: Any) -> Any:
    """A second administrator of the same body."""
    if not hasattr(cast, "colleague"):
        cast.colleague = make_officer(
            "Trịnh Thu Hoài", Role.ADMINISTRATOR, cast.body, title="Quản trị hệ thống"
        )
    return cast.colleague


def propose(cast: Any, *authorities: Authority, **terms: Any) -> TrustProposal:
    return actions.propose_certificates(
        authorities or (issuer(),), by=cast.administrator, because="Công bố của Ban Cơ yếu", **terms
    )


def foresee(proposal: TrustProposal, verdict: str = "") -> TrustProposal:
    """The worker has looked at all papers: nothing changes, or all turn to this verdict."""
    verdicts = {row.pk: verdict or row.verdict_now for row in proposal.foreseen.all()}
    return actions.record_foreseen(proposal, by=WORKER, verdicts=verdicts)


def confirm(cast: Any, proposal: TrustProposal) -> TrustProposal:
    return actions.confirm_proposal(foresee(proposal), by=colleague(cast))


def trust(cast: Any, authority: Authority | None = None, **terms: Any) -> TrustedCertificate:
    """Proposed by one administrator, confirmed by another."""
    authority = authority or issuer()
    confirm(cast, propose(cast, authority, **terms))
    return TrustedCertificate.objects.trusted().get(fingerprint=authority.fingerprint)


def distrust(cast: Any, certificate: TrustedCertificate, **terms: Any) -> TrustedCertificate:
    proposal = actions.propose_end(certificate, by=cast.administrator, because="Hết tin cậy", **terms)
    confirm(cast, proposal)
    certificate.refresh_from_db()
    return certificate


def supply_list(cast: Any) -> RevocationList:
    return actions.add_revocation_list(by=cast.administrator, revocations=revocations())
