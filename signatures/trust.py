"""Whom the house trusts: what administrators supplied, read for people, and put together for the verifier."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.models import RevocationList, TrustedCertificate
from signatures.rules import CertificateUse
from verifier.pdf.trust import TrustStore, UnfitTrust, read_authority, read_revocation_list

LIMIT = 20 * 1024 * 1024  # the revocation lists of a whole state stay below it


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


@dataclass(frozen=True)
class Revocations:
    """A revocation list as a person reads it."""

    der: bytes
    fingerprint: str
    issuer: str
    issued_at: datetime
    next_at: datetime | None


def build_trust_store() -> TrustStore:
    """All that is trusted now. An issuing authority stands for itself: its root need not be known."""
    certificates = TrustedCertificate.objects.trusted().order_by("fingerprint")
    lists = RevocationList.objects.order_by("fingerprint")
    return TrustStore.build(
        anchors=[certificate.pem.encode() for certificate in certificates],
        crls=[bytes(der) for der in lists.values_list("der", flat=True)],
    )


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
            issued_at=revoked.last_update_utc,
            next_at=revoked.next_update_utc,
        )
    except ValueError as error:
        raise UnfitTrust(str(error)) from error


def _name(name: x509.Name) -> str:
    """ "Common name, organisation", as far as they are there."""
    wanted = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME)
    parts = [str(item.value) for kind in wanted for item in name.get_attributes_for_oid(kind)]
    return ", ".join(parts)[:300] or name.rfc4514_string()[:300]
