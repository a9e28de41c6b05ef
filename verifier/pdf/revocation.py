"""Answers that a revocation list contradicts: the library asks for no list once an answer says "good"."""

from dataclasses import replace
from datetime import datetime

from asn1crypto import ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer


def drop_contradicted(knowledge: LocalKnowledge) -> LocalKnowledge:
    """Without each answer about a certificate that some list has as revoked. Whether that list is genuine is
    found when it is used: a forged one costs its author the answer and gains nothing."""
    if not (knowledge.known_ocsps and knowledge.known_crls):
        return knowledge
    kept = [item for item in knowledge.known_ocsps if not _is_contradicted(item, knowledge.known_crls)]
    return replace(knowledge, known_ocsps=kept)


def find_listed_since(certificate: asn1_x509.Certificate, knowledge: LocalKnowledge) -> datetime | None:
    """Since when, at the earliest, some list of its issuer has the certificate as revoked."""
    found = [
        _find_entry(item, certificate.serial_number)
        for item in knowledge.known_crls
        if item.crl_data.issuer == certificate.issuer
    ]
    return min((entry.revocation_date_utc for entry in found if entry is not None), default=None)


def _is_contradicted(answer: OCSPContainer, lists: list[CRLContainer]) -> bool:
    told = answer.extract_single_response()
    if told is None or told["cert_status"].name == "revoked":
        return False
    return any(_lists_as_revoked(item, told["cert_id"]) for item in lists)


def _lists_as_revoked(item: CRLContainer, about: ocsp.CertId) -> bool:
    algorithm = about["hash_algorithm"]["algorithm"].native
    if getattr(item.crl_data.issuer, algorithm, None) != about["issuer_name_hash"].native:
        return False
    return _find_entry(item, about["serial_number"].native) is not None


def _find_entry(item: CRLContainer, serial: int) -> x509.RevokedCertificate | None:
    try:
        return x509.load_der_x509_crl(item.crl_data.dump()).get_revoked_certificate_by_serial_number(serial)
    except ValueError:  # no list at all
        return None
