"""Whose signature revocation data bears: that of an authority that is trusted, or of one it has appointed.

The verifier looks at this again at each use. Here it decides what is taken at all: a stranger's list must not
take the place of a genuine one.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import clock
from signatures.authorities import Answer, Revocations
from signatures.models import TrustedCertificate

LEEWAY = timedelta(minutes=5)  # between our clock and that of an authority
NOT_SIGNED, FROM_FUTURE = "not_signed", "out_of_date"
DIGESTS = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}  # of answers that are believed


def list_issuers() -> Iterable[x509.Certificate]:
    """The authorities whose word is taken: those trusted, and those that lead to them."""
    for pem in TrustedCertificate.objects.trusted().order_by("pk").values_list("pem", flat=True):
        yield x509.load_pem_x509_certificate(pem.encode())


def find_fault_of_list(revocations: Revocations) -> str:
    """Why a revocation list is not to be taken; empty where nothing speaks against it."""
    revoked = x509.load_der_x509_crl(revocations.der)
    if not any(has_signed_list(issuer, revoked) for issuer in list_issuers()):
        return NOT_SIGNED
    return FROM_FUTURE if is_from_future(revocations.issued_at) else ""


def find_fault_of_answer(answer: Answer) -> str:
    serial = int(answer.serial, 16)
    if not any(has_signed_answer(issuer, answer.der, serial) for issuer in list_issuers()):
        return NOT_SIGNED
    return FROM_FUTURE if is_from_future(answer.issued_at) else ""


def is_from_future(moment: datetime) -> bool:
    return moment > clock.now() + LEEWAY


def has_signed_list(issuer: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
    if issuer.subject != revoked.issuer:
        return False
    try:
        return revoked.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def has_signed_answer(issuer: x509.Certificate, der: bytes, serial: int) -> bool:
    """On the certificate asked about, by the authority itself or by one that it has appointed for just that
    (RFC 6960, 4.2.2.2)."""
    basic = asn1.OCSPResponse.load(der).basic_ocsp_response
    single = basic["tbs_response_data"]["responses"][0]
    asked = single["cert_id"]
    name = asked["hash_algorithm"]["algorithm"].native
    told = (asked["issuer_name_hash"].native, asked["issuer_key_hash"].native, asked["serial_number"].native)
    key = key_bits(issuer)
    if key is None or told != (digest(issuer.subject.public_bytes(), name), digest(key, name), serial):
        return False
    embedded = basic["certs"] if basic["certs"].native else ()
    given = [x509.load_der_x509_certificate(one.dump()) for one in embedded]
    then = single["this_update"].native
    appointed = [one for one in given if one != issuer and _is_appointed(one, issuer, then)]
    return any(_has_signed(one, basic) for one in (issuer, *appointed))


def _is_appointed(certificate: x509.Certificate, issuer: x509.Certificate, then: datetime) -> bool:
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    in_force = certificate.not_valid_before_utc <= then <= certificate.not_valid_after_utc
    return in_force and x509.ExtendedKeyUsageOID.OCSP_SIGNING in uses and has_issued(issuer, certificate)


def _has_signed(certificate: x509.Certificate, basic: Any) -> bool:
    algorithm = basic["signature_algorithm"]
    key, value = certificate.public_key(), basic["signature"].native
    content = basic["tbs_response_data"].dump()
    try:
        hashed = DIGESTS[algorithm.hash_algo]
        if isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pkcs1v15":
            key.verify(value, content, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
            key.verify(value, content, ec.ECDSA(hashed))
        else:
            return False
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def digest(content: bytes, name: str = "sha1") -> bytes:
    return hashlib.new(name, content, usedforsecurity=False).digest()


def key_bits(certificate: x509.Certificate) -> bytes | None:
    """The public key as RFC 6960 hashes it: the bits alone, without the kind of key. None for other kinds."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return None
