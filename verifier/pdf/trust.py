"""Whom an administrator trusts: given explicitly, never taken from the file, the system or the network."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, pem, x509


class UnfitTrust(ValueError):
    """What was given cannot serve: not readable, or not the certificate of an authority."""


@dataclass(frozen=True)
class TrustStore:
    """DER throughout. `anchors` holds roots and issuing CAs alike: each is trusted as it stands.

    With an issuing CA as anchor, a signer needs that CA's revocation list only; with the root as anchor, the
    issuing CA belongs to `intermediates` and the root's own list is needed too.
    """

    anchors: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    @classmethod
    def build(
        cls,
        anchors: Iterable[bytes] = (),
        intermediates: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
    ) -> "TrustStore":
        """From PEM or DER. An anchor is never checked for purpose or revocation, so only a CA can be one."""
        return cls(
            tuple(read_authority(item) for item in anchors),
            tuple(read_authority(item) for item in intermediates),
            tuple(read_revocation_list(item) for item in crls),
        )

    @property
    def fingerprint(self) -> str:
        """Tells two stores apart, so that a verdict can name the trust it was reached under."""
        parts = (sorted(part) for part in (self.anchors, self.intermediates, self.crls))
        names = "|".join(",".join(hashlib.sha256(item).hexdigest() for item in part) for part in parts)
        return hashlib.sha256(names.encode()).hexdigest()

    def anchor_certificates(self, at: datetime) -> list[x509.Certificate]:
        """Those in their own validity period, at which path validation (RFC 5280, 6.1) does not look."""
        certificates = [x509.Certificate.load(item) for item in self.anchors]
        return [item for item in certificates if item.not_valid_before <= at <= item.not_valid_after]

    def intermediate_certificates(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(item) for item in self.intermediates]

    def revocation_lists(self) -> list[crl.CertificateList]:
        return [crl.CertificateList.load(item) for item in self.crls]

    def to_json(self) -> dict[str, list[str]]:
        return {
            name: [base64.b64encode(item).decode() for item in getattr(self, name)]
            for name in ("anchors", "intermediates", "crls")
        }

    @classmethod
    def from_json(cls, plain: dict[str, list[str]]) -> "TrustStore":
        return cls(**{name: tuple(base64.b64decode(item) for item in items) for name, items in plain.items()})


def read_authority(content: bytes) -> bytes:
    """DER of one CA certificate, from PEM or DER."""
    der = _to_der(content)
    try:
        certificate = x509.Certificate.load(der, strict=True)
        is_authority = certificate.ca and _may_sign_certificates(certificate)
    except Exception as error:
        raise UnfitTrust(f"not a certificate: {error}") from error
    if not is_authority:
        raise UnfitTrust("not the certificate of an authority")
    return der


def read_revocation_list(content: bytes) -> bytes:
    der = _to_der(content)
    try:
        crl.CertificateList.load(der, strict=True)["tbs_cert_list"]["this_update"].native  # noqa: B018
    except Exception as error:
        raise UnfitTrust(f"not a revocation list: {error}") from error
    return der


def _to_der(content: bytes) -> bytes:
    try:
        return pem.unarmor(content)[2] if pem.detect(content) else content
    except ValueError as error:
        raise UnfitTrust(str(error)) from error


def _may_sign_certificates(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return usage is None or "key_cert_sign" in usage.native
