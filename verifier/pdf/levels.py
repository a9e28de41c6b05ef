"""How far a signature's evidence reaches (ETSI EN 319 142-1, clause 6): what is there, not if it holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from asn1crypto import cms, x509
from asn1crypto import core as asn1
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.policy_decl import LocalKnowledge

from verifier.pdf.trust import TrustStore

LONGEST_CHAIN = 10


def name_level(
    signer_info: cms.SignerInfo,
    certificate: x509.Certificate,
    tokens: Sequence[cms.SignedData],
    evidence: LocalKnowledge,
    trust: TrustStore,
    *,
    stamped: bool,
    archived: bool,
) -> str:
    """`evidence` is what lies in the file: its security store, and the older place in the signature."""
    attributes = {item["type"].native for item in list_attributes(signer_info["signed_attrs"])}
    if not attributes & {"signing_certificate", "signing_certificate_v2"}:
        return "CMS-T" if stamped else "CMS"
    if not stamped:
        return "B-B"
    stampers = [extract_certificate_info(token) for token in tokens]
    pool = [*evidence.known_certs, *(item for stamper in stampers for item in stamper.other_certs)]
    leaves = [certificate, *(stamper.signer_cert for stamper in stampers)]
    if not all(_is_documented(leaf, pool, evidence, trust) for leaf in leaves):
        return "B-T"
    return "B-LTA" if archived else "B-LT"


def list_attributes(attributes: Any) -> Iterable[Any]:
    return () if attributes is asn1.VOID else attributes


def _is_documented(
    leaf: x509.Certificate, pool: list[x509.Certificate], evidence: LocalKnowledge, trust: TrustStore
) -> bool:
    """Each certificate up to one that is trusted or signs itself has issuer and status in the file."""
    current = leaf
    for _ in range(LONGEST_CHAIN):
        if trust.is_anchor(current) or current.self_signed in ("yes", "maybe"):
            return True
        if not _has_status(current, evidence):
            return False
        issuer = _find_issuer(current, [*pool, *(item.certificate for item in trust.anchors)])
        issuer = issuer or _find_issuer(current, [item.certificate for item in trust.timestampers])
        if issuer is None:
            return False
        current = issuer
    return False


def _find_issuer(certificate: x509.Certificate, pool: Iterable[x509.Certificate]) -> x509.Certificate | None:
    wanted = certificate.authority_key_identifier
    for other in pool:
        if other.subject == certificate.issuer and wanted in (None, other.key_identifier):
            return other
    return None


def _has_status(certificate: x509.Certificate, evidence: LocalKnowledge) -> bool:
    if certificate.ocsp_no_check_value is not None:
        return True
    if any(item.crl_data.issuer == certificate.issuer for item in evidence.known_crls):
        return True
    return any(
        answer["cert_id"]["serial_number"].native == certificate.serial_number
        for item in evidence.known_ocsps
        for answer in item.ocsp_response_data.response_data["responses"]
    )
