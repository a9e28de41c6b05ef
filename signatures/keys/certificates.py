"""The certificate of a signer as a person reads it; refuses what cannot sign papers."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.utils.translation import gettext as _

from signatures.values import UnfitKey, digest_of

LIMIT = 64 * 1024  # no signer's certificate is longer
LONGEST_CHAIN = 5
OTHER_ENDS = {
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.SERVER_AUTH,
}


class UnfitCertificate(ValueError):
    """The message is a sentence for the person who handed it in."""


@dataclass(frozen=True)
class SignerCertificate:
    der: bytes
    subject: str
    issuer: str
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime

    @property
    def fields(self) -> dict[str, Any]:
        """As the model keeps them."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def read_signer_certificate(content: bytes) -> SignerCertificate:
    """PEM or DER; `UnfitCertificate` says why another will not do."""
    certificate = _parse(content)
    der = certificate.public_bytes(Encoding.DER)
    _refuse_unfit_key(der)
    _refuse_other_ends(certificate)
    return SignerCertificate(
        der=der,
        subject=name_in_words(certificate.subject),
        issuer=name_in_words(certificate.issuer),
        serial=f"{certificate.serial_number:x}"[:60],
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _parse(content: bytes) -> x509.Certificate:
    if len(content) > LIMIT:
        raise UnfitCertificate(_("This is not a certificate, as PEM or DER."))
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise UnfitCertificate(_("This is not a certificate, as PEM or DER.")) from None


def _refuse_unfit_key(der: bytes) -> None:
    try:
        digest_of(der)
    except (UnfitKey, ValueError):
        raise UnfitCertificate(
            _("The key of this certificate is of a kind or length that is not accepted: "
              "RSA from 2048 bits on, or an elliptic curve P-256 or P-384.")
        ) from None  # fmt: skip


def _refuse_other_ends(certificate: x509.Certificate) -> None:
    """RFC 5280, 4.2.1.3 and 4.2.1.12. What a certificate does not limit is allowed."""
    try:
        found = certificate.extensions
    except ValueError:
        raise UnfitCertificate(_("This is not a certificate, as PEM or DER.")) from None
    unfit = UnfitCertificate(_("This certificate is not made for signing papers."))
    for extension in found:
        value = extension.value
        if isinstance(value, x509.BasicConstraints) and value.ca:
            raise unfit
        if isinstance(value, x509.KeyUsage) and not (value.digital_signature or value.content_commitment):
            raise unfit
        if isinstance(value, x509.ExtendedKeyUsage) and set(value) <= OTHER_ENDS:
            raise unfit


def name_in_words(name: x509.Name) -> str:
    """ "Common name, organisation", as far as they are there."""
    parts = [_first(name, kind) for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    return ", ".join(filter(None, parts))[:300] or name.rfc4514_string()[:300]


def _first(name: x509.Name, kind: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(kind)
    return str(found[0].value) if found else ""


@dataclass(frozen=True)
class NameCheck:
    """One line for the administrator's eyes: what the certificate says, and what the register says."""

    what: str
    in_certificate: str
    in_register: str

    @property
    def is_same(self) -> bool:
        return _fold(self.in_certificate) == _fold(self.in_register)


def compare_names(certificate: Any) -> list[NameCheck]:
    """Of a person: her name and the organisation she holds office in; of a seal: the organisation's."""
    subject = x509.load_der_x509_certificate(bytes(certificate.der)).subject
    named, organised = _first(subject, NameOID.COMMON_NAME), _first(subject, NameOID.ORGANIZATION_NAME)
    if certificate.holder is None:
        return [NameCheck(_("Organisation"), named or organised, certificate.organisation.name)]
    offices = [str(each.organisation) for each in certificate.holder.current_appointments]
    fitting = next((office for office in offices if _fold(office) == _fold(organised)), "")
    return [
        NameCheck(_("Name"), named, certificate.holder.full_name),
        NameCheck(_("Organisation"), organised, fitting or ", ".join(dict.fromkeys(offices))),
    ]


def _fold(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())


def find_trusted_issuer(der: bytes, anchors: list[bytes], intermediates: list[bytes]) -> str:
    """The trusted authority that the certificate leads to by signatures; empty when there is none.

    For the administrator's eyes: whether it was revoked is judged when a signature is verified.
    """
    trusted = [x509.load_der_x509_certificate(item) for item in anchors]
    known = [*trusted, *(x509.load_der_x509_certificate(item) for item in intermediates)]
    current = x509.load_der_x509_certificate(der)
    for _step in range(LONGEST_CHAIN):
        issuer = next((each for each in known if _is_issued_by(current, each)), None)
        if issuer is None:
            return ""
        if issuer in trusted:
            return name_in_words(issuer.subject)
        current = issuer
    return ""


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
