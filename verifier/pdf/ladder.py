"""The processes of ETSI EN 319 102-1, clause 5, in the order that the evidence in the file allows.

Basic; with time, when a signature timestamp is there; with long-term evidence, when a document timestamp
follows. The highest one that passes gives the verdict. Nothing is fetched: what is not in the file or in the
trust store is not known.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from asn1crypto import cms, x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation import EmbeddedPdfSignature, generic_cms
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.authority import AuthorityWithCert, CertTrustAnchor, TrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.fetchers import FetcherBackend, Fetchers
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import RevinfoContainer

from verifier.pdf.algorithms import ALGORITHMS
from verifier.pdf.revocation import drop_contradicted, find_listed_since
from verifier.pdf.trust import TrustStore

# A certificate for servers, for timestamps or for answering on revocation signs no document.
SIGNERS = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"},
    extd_key_usage={
        "any_extended_key_usage",
        "client_auth",
        "email_protection",
        "microsoft_smart_card_logon",
        "microsoft_document_signing",
        "adobe_authentic_documents_trust",
        "1.3.6.1.5.5.7.3.36",  # RFC 9336: document signing
    },
    explicit_extd_key_usage_required=False,
)

CLOCK_TOLERANCE = timedelta(minutes=5)

# What a proof of an earlier existence may put right.
UNTIMELY = {
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.TRY_LATER,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
}


class NoFetching(FetcherBackend):
    def get_fetchers(self) -> Fetchers:
        raise PermissionError("Verification fetches nothing")


class StandingAuthority(AuthorityWithCert):
    """Vouches for itself: a revocation list that an issuing CA signed is traced back to that very anchor.

    The library wants the issuer of the list's signer; for an anchor below the root that is not in the path.
    """

    def is_potential_issuer_of(self, cert: x509.Certificate) -> bool:
        return cert.dump() == self.certificate.dump() or super().is_potential_issuer_of(cert)


class StandingAnchor(CertTrustAnchor):
    def __init__(self, cert: x509.Certificate) -> None:
        super().__init__(cert)
        self._authority = StandingAuthority(cert)


@dataclass(frozen=True)
class Case:
    """One signature with all that may be used to judge it."""

    signed_data: cms.SignedData
    compute_digest: Callable[..., bytes]  # over the signed bytes
    trust: TrustStore
    at: datetime
    knowledge: LocalKnowledge
    embedded: EmbeddedPdfSignature | None = None  # None: detached
    stamped: datetime | None = None  # by its own timestamp, which holds
    archived: tuple[datetime, ...] = ()  # by document timestamps after it, which hold

    @property
    def signer_info(self) -> cms.SignerInfo:
        return generic_cms.extract_signer_info(self.signed_data)

    @property
    def certificate(self) -> x509.Certificate:
        return generic_cms.extract_certificate_info(self.signed_data).signer_cert

    @cached_property
    def evidence(self) -> LocalKnowledge:
        return drop_contradicted(self.knowledge)

    @property
    def best_time(self) -> datetime | None:
        """The earliest moment at which the signature is proven to have existed."""
        return min((*self.archived, *([self.stamped] if self.stamped else [])), default=None)

    @property
    def now(self) -> ValidationTimingInfo:
        return ValidationTimingInfo(self.at, self.at, point_in_time_validation=False)

    def make_spec(
        self, revocation: RevocationCheckingPolicy = REQUIRE_REVINFO, *, retroactive: bool = False
    ) -> SignatureValidationSpec:
        # "Require" also where the certificate names no list: else one that hides its list would pass.
        def trust(anchors: Iterable[x509.Certificate]) -> CertValidationPolicySpec:
            roots: list[TrustAnchor | x509.Certificate] = [StandingAnchor(item) for item in anchors]
            return CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=roots),
                revinfo_policy=CertRevTrustPolicy(revocation, retroactive_revinfo=retroactive),
                algorithm_usage_policy=ALGORITHMS,
            )

        proven = [self.at, *self.archived]
        return SignatureValidationSpec(
            cert_validation_policy=trust(
                self.trust.signer_anchors([*proven, self.stamped] if self.stamped else proven)
            ),
            ts_cert_validation_policy=trust(self.trust.timestamp_anchors(proven)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                RevinfoOnlineFetchingRule.LOCAL_ONLY,
                NoFetching(),
                CertificateFetchingRule.NEVER_FETCH,
            ),
            local_knowledge=self.evidence,
            key_usage_settings=SIGNERS,
        )


@dataclass(frozen=True)
class Rung:
    name: str
    result: AdESSubIndic


async def climb_ladder(case: Case, *, timestamped: bool, archived: bool) -> Rung:
    """The verdict on the signature alone; what was changed after it is judged elsewhere."""
    rung = await _climb(case, timestamped=timestamped, archived=archived)
    if rung.result is AdESPassed.OK and not _is_strong(case):
        return replace(rung, result=AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    return rung


def _is_strong(case: Case) -> bool:
    """At the time for which the signature is proven. The library's last step leaves out the digest."""
    moment = case.best_time or case.at
    info = case.signer_info
    return bool(
        ALGORITHMS.digest_algorithm_allowed(info["digest_algorithm"], moment)
        and ALGORITHMS.signature_algorithm_allowed(
            info["signature_algorithm"], moment, case.certificate.public_key
        )
    )


async def _climb(case: Case, *, timestamped: bool, archived: bool) -> Rung:
    basic = Rung("basic", await _name_missing_revocation(case, _run_basic))
    if isinstance(basic.result, AdESFailure) or not (timestamped or archived):
        return basic
    if case.best_time and case.best_time < case.certificate.not_valid_before:
        return Rung("with_time", AdESFailure.NOT_YET_VALID)
    timed = await (_climb_with_time if timestamped else _climb_by_archive)(case, basic)
    if archived and timed.result is not AdESPassed.OK:
        long_term = await _run_long_term(case)
        holds = long_term is AdESPassed.OK and not _was_revoked_first(case)
        proves = holds or isinstance(long_term, AdESFailure)
        return Rung("long_term", long_term) if proves else timed
    # Good already, and kept good by a document timestamp that holds: nothing more can be asked.
    return Rung("long_term", timed.result) if case.archived else timed


def _was_revoked_first(case: Case) -> bool:
    """The library reads the file's store once more by itself, with answers that a list contradicts."""
    since = find_listed_since(case.certificate, case.knowledge)
    return since is not None and (case.best_time is None or since <= case.best_time)


async def _climb_by_archive(case: Case, basic: Rung) -> Rung:
    """Without a timestamp of its own a signature is as old as the first document timestamp after it."""
    if case.best_time is None or basic.result not in {*UNTIMELY, AdESIndeterminate.REVOKED_NO_POE}:
        return basic
    return await _judge_at_timestamp(case, basic, case.best_time)


async def _climb_with_time(case: Case, basic: Rung) -> Rung:
    """Clause 5.5. A timestamp that proves nothing changes nothing: the signature is judged as of now."""
    if case.stamped is None or basic.result is AdESPassed.OK:
        return basic if case.stamped is None else Rung("with_time", basic.result)
    if basic.result in UNTIMELY:
        # The library lets an expired certificate pass here without looking at its revocation.
        return await _judge_at_timestamp(case, basic, case.stamped)
    return Rung("with_time", await _run_with_time(case))


async def _judge_at_timestamp(case: Case, basic: Rung, moment: datetime) -> Rung:
    """Clause 5.6.2.4 in small: valid then, by revocation data issued since then and before it expired."""
    certificate = case.certificate
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return basic
    then = replace(case, knowledge=_keep_evidence_since(case.knowledge, moment, certificate.not_valid_after))
    timing = _at(moment)
    spec = then.make_spec(retroactive=True)
    result = await _guard(
        ades_basic_validation(case.signed_data, spec, timing_info=timing, raw_digest=case.compute_digest())
    )
    return Rung("at_timestamp", result) if result is AdESPassed.OK else basic


def _keep_evidence_since(knowledge: LocalKnowledge, start: datetime, end: datetime) -> LocalKnowledge:
    def is_timely(item: RevinfoContainer) -> bool:
        return item.issuance_date is not None and start <= item.issuance_date <= end

    return replace(
        knowledge,
        known_crls=[item for item in knowledge.known_crls if is_timely(item)],
        known_ocsps=[item for item in knowledge.known_ocsps if is_timely(item)],
    )


async def _run_basic(case: Case, spec: SignatureValidationSpec) -> AdESSubIndic:
    return await _guard(
        ades_basic_validation(case.signed_data, spec, timing_info=case.now, raw_digest=case.compute_digest())
    )


async def _run_with_time(case: Case) -> AdESSubIndic:
    return await _guard(
        ades_with_time_validation(
            case.signed_data, case.make_spec(), timing_info=case.now, raw_digest=case.compute_digest()
        )
    )


async def _run_long_term(case: Case) -> AdESSubIndic:
    if case.embedded is None:
        return AdESIndeterminate.NO_POE
    # What was changed is looked at once, elsewhere, and not for each signature again.
    spec = PdfSignatureValidationSpec(case.make_spec(), diff_policy=None)
    return await _guard(ades_lta_validation(case.embedded, spec, timing_info=case.now))


async def validate_timestamp(
    case: Case, token: cms.SignedData, expected_imprint: Callable[[str], bytes]
) -> AdESSubIndic:
    """Clause 5.4 and RFC 3161: imprint, the token's own signature, purpose and chain of its certificate.

    Judged now; or, when that is too late, at the moment by which a later timestamp proves it to have existed.
    """
    content = token["encap_content_info"]["content"].parsed
    digest = content["message_imprint"]["hash_algorithm"]
    moments = [case.now, *(_at(moment) for moment in sorted(case.archived)[:1])]
    result: AdESSubIndic = AdESIndeterminate.GENERIC
    moment = case.at
    for timing in moments:
        moment = timing.validation_time

        async def run(case: Case, spec: SignatureValidationSpec, timing=timing) -> AdESSubIndic:
            return await _guard(ades_timestamp_validation(token, spec, expected_imprint, timing_info=timing))

        result = await _name_missing_revocation(case, run)
        if result not in UNTIMELY:
            break
    if result is AdESPassed.OK and not ALGORITHMS.digest_algorithm_allowed(digest, moment):
        return AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE
    if result is AdESPassed.OK and not _is_plausible(token, content["gen_time"].native, case.at):
        return AdESIndeterminate.TIMESTAMP_ORDER_FAILURE
    return result


def _at(moment: datetime) -> ValidationTimingInfo:
    return ValidationTimingInfo(moment, moment, point_in_time_validation=True)


def _is_plausible(token: cms.SignedData, time: datetime, at: datetime) -> bool:
    """A clock that stamps before its own certificate began, or after today, is not to be believed."""
    certificate = generic_cms.extract_certificate_info(token).signer_cert
    return certificate.not_valid_before <= time <= min(certificate.not_valid_after, at + CLOCK_TOLERANCE)


async def validate_signature_timestamp(case: Case, token: cms.SignedData) -> AdESSubIndic:
    return await validate_timestamp(case, token, generic_cms.message_imprint_checker(case.signer_info))


Run = Callable[[Case, SignatureValidationSpec], Awaitable[AdESSubIndic]]


async def _name_missing_revocation(case: Case, run: Run) -> AdESSubIndic:
    """The library has one word for a broken chain and for a chain whose revocation status nobody can tell."""
    result = await run(case, case.make_spec())
    if result is AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE:
        unchecked = await run(case, case.make_spec(NO_REVOCATION))
        return AdESIndeterminate.TRY_LATER if unchecked is AdESPassed.OK else unchecked
    return result


async def _guard(validation: Awaitable[object]) -> AdESSubIndic:
    try:
        return (await validation).ades_subindic  # type: ignore[attr-defined]
    except SignatureValidationError as error:
        return error.ades_subindication or AdESIndeterminate.GENERIC
