"""What authorities publish, read for people: certificates, revocation lists and answers, in any form."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import ocsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from signatures.rules import CertificateUse
from verifier.pdf.trust import (
    UnfitTrust,
    read_authority,
    read_ocsp_answer,
    read_revocation_list,
    split_bundle,
)

LIMIT = 20 * 1024 * 1024  # the revocation lists of a whole state stay below it
MOST_CERTIFICATES = 50  # in one file
_SCOPE_EXTENSIONS = (x509.AuthorityKeyIdentifier, x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)


@dataclass(frozen=True)
class Authority:
    """The certificate of an authority as a person compares it with what the authority has published."""

    pem: str
    fingerprint: str
    subject: str
    issuer: str
    use: str
    not_before: datetime
    not_after: datetime

    @property
    def use_words(self) -> str:
        return str(CertificateUse(self.use).label)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pem.encode())

    def serving(self, use: str) -> "Authority":
        return replace(self, use=use)

    def to_json(self) -> dict[str, Any]:
        moments = {"not_before": self.not_before.isoformat(), "not_after": self.not_after.isoformat()}
        return {**asdict(self), **moments}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Authority":
        moments = {name: datetime.fromisoformat(plain[name]) for name in ("not_before", "not_after")}
        return cls(**{**plain, **moments})


@dataclass(frozen=True)
class Revocations:
    """A revocation list as a person reads it."""

    der: bytes
    fingerprint: str
    issuer: str
    scope: str
    entries: int
    issued_at: datetime
    next_at: datetime | None

    @property
    def serials(self) -> frozenset[int]:
        return list_serials(self.der)


@dataclass(frozen=True)
class Answer:
    """An answer on one certificate as a person reads it."""

    der: bytes
    fingerprint: str
    responder: str
    scope: str
    serial: str
    status: str
    issued_at: datetime
    next_at: datetime | None


def read_certificates(content: bytes) -> list[Authority]:
    """The certificates of authorities in a file: PEM with one or more, DER, or PKCS#7.

    `UnfitTrust` for anything else: also when a single one of them is no authority's, so that nobody is told
    that a file was taken of which a part was left.
    """
    found = {authority.fingerprint: authority for authority in map(read_certificate, _split(content))}
    if not found or len(found) > MOST_CERTIFICATES:
        raise UnfitTrust(f"{len(found)} certificates")
    return list(found.values())


def _split(content: bytes) -> Iterable[bytes]:
    for load in (pkcs7.load_der_pkcs7_certificates, pkcs7.load_pem_pkcs7_certificates):
        try:
            return [item.public_bytes(Encoding.DER) for item in load(content)]
        except ValueError:
            continue
    return split_bundle(content)


def read_certificate(content: bytes) -> Authority:
    """An authority's certificate, as PEM or DER; `UnfitTrust` for anything else."""
    der = read_authority(content)
    try:
        certificate = x509.load_der_x509_certificate(der)
        return Authority(
            pem=certificate.public_bytes(Encoding.PEM).decode(),
            fingerprint=certificate.fingerprint(SHA256()).hex(),
            subject=_name(certificate.subject),
            issuer=_name(certificate.issuer),
            use=CertificateUse.ROOT if certificate.subject == certificate.issuer else CertificateUse.ISSUER,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except ValueError as error:
        raise UnfitTrust(str(error)) from error


def read_list(content: bytes) -> Revocations:
    """A revocation list, as PEM or DER; `UnfitTrust` for anything else."""
    der = read_revocation_list(content)
    try:
        revoked = x509.load_der_x509_crl(der)
        return Revocations(
            der=der,
            fingerprint=revoked.fingerprint(SHA256()).hex(),
            issuer=_name(revoked.issuer),
            scope=_scope_of(revoked),
            entries=len(revoked),
            issued_at=revoked.last_update_utc,
            next_at=revoked.next_update_utc,
        )
    except ValueError as error:
        raise UnfitTrust(str(error)) from error


def read_answer(content: bytes) -> Answer:
    """An OCSP answer, as PEM or DER, on one certificate; `UnfitTrust` for anything else."""
    der = read_ocsp_answer(content)
    try:
        told = ocsp.OCSPResponse.load(der).response_data
        (single,) = told["responses"]  # of several certificates nobody has asked
        asked = single["cert_id"]
        known_by = asked["issuer_key_hash"].native + asked["issuer_name_hash"].native
        serial = f"{asked['serial_number'].native:x}"
        return Answer(
            der=der,
            fingerprint=hashlib.sha256(der).hexdigest(),
            responder=_responder(told["responder_id"]),
            scope=hashlib.sha256(known_by + serial.encode()).hexdigest(),
            serial=serial,
            status=single["cert_status"].name,
            issued_at=single["this_update"].native,
            next_at=single["next_update"].native,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise UnfitTrust(str(error)) from error


def list_serials(der: bytes) -> frozenset[int]:
    return frozenset(entry.serial_number for entry in x509.load_der_x509_crl(der))


def _scope_of(revoked: x509.CertificateRevocationList) -> str:
    """Lists of one scope replace each other: of one authority and key, for one part of its certificates."""
    digest = hashlib.sha256(revoked.issuer.public_bytes())
    for kind in _SCOPE_EXTENSIONS:
        try:
            digest.update(revoked.extensions.get_extension_for_class(kind).value.public_bytes())
        except x509.ExtensionNotFound:
            digest.update(b"-")
    return digest.hexdigest()


def _responder(told: Any) -> str:
    if told.name == "by_name":
        return str(told.chosen.human_friendly)[:300]
    return told.chosen.native.hex()


def _name(name: x509.Name) -> str:
    """ "Common name, organisation", as far as they are there."""
    wanted = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME)
    parts = [str(item.value) for kind in wanted for item in name.get_attributes_for_oid(kind)]
    return ", ".join(parts)[:300] or name.rfc4514_string()[:300]
