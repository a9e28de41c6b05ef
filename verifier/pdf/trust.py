"""Whom an administrator trusts: given explicitly, never taken from the file, the system or the network."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import crl, ocsp, pem, x509


class UnfitTrust(ValueError):
    """What was given cannot serve: not readable, or not the certificate of an authority."""


@dataclass(frozen=True)
class Anchor:
    """A trusted authority and the time for which it is trusted, as far as that is limited.

    Outside that time, and outside the validity of its certificate, it vouches only for what is proven to have
    existed within.
    """

    der: bytes
    trusted_from: datetime | None = None
    trusted_until: datetime | None = None

    @property
    def certificate(self) -> x509.Certificate:
        return x509.Certificate.load(self.der)

    def is_trusted_at(self, moment: datetime) -> bool:
        """Path validation (RFC 5280, 6.1) does not look at the validity of an anchor; this does."""
        if self.trusted_from and moment < self.trusted_from:
            return False
        if self.trusted_until and moment >= self.trusted_until:
            return False
        certificate = self.certificate
        return certificate.not_valid_before <= moment <= certificate.not_valid_after

    @property
    def name(self) -> str:
        """Tells apart the same authority under two terms."""
        return f"{hashlib.sha256(self.der).hexdigest()}/{_say(self.trusted_from)}/{_say(self.trusted_until)}"

    def to_json(self) -> dict[str, str]:
        return {
            "der": base64.b64encode(self.der).decode(),
            "from": _say(self.trusted_from),
            "until": _say(self.trusted_until),
        }

    @classmethod
    def from_json(cls, plain: dict[str, str]) -> "Anchor":
        return cls(base64.b64decode(plain["der"]), _hear(plain["from"]), _hear(plain["until"]))


@dataclass(frozen=True)
class TrustStore:
    """DER throughout. `anchors` holds roots and issuing CAs alike: each is trusted as it stands.

    With an issuing CA as anchor, a signer needs that CA's revocation data only; with the root as anchor, the
    issuing CA belongs to `intermediates` and the root's own list is needed too. `timestampers` vouch for
    timestamps only. Revocation data is believed by its signature, not because it stands here.
    """

    anchors: tuple[Anchor, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    timestampers: tuple[Anchor, ...] = ()

    @classmethod
    def build(
        cls,
        anchors: Iterable[bytes | Anchor] = (),
        intermediates: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        ocsps: Iterable[bytes] = (),
        timestampers: Iterable[bytes | Anchor] = (),
    ) -> "TrustStore":
        """From PEM or DER. An anchor is never checked for purpose or revocation, so only a CA can be one."""
        return cls(
            tuple(_read_anchor(item) for item in anchors),
            tuple(read_authority(item) for item in intermediates),
            tuple(read_revocation_list(item) for item in crls),
            tuple(read_ocsp_answer(item) for item in ocsps),
            tuple(_read_anchor(item) for item in timestampers),
        )

    @property
    def fingerprint(self) -> str:
        """Tells two stores apart, so that a verdict can name the trust it was reached under."""
        plain = (self.intermediates, self.crls, self.ocsps)
        parts = [sorted(item.name for item in part) for part in (self.anchors, self.timestampers)]
        parts += [sorted(hashlib.sha256(item).hexdigest() for item in part) for part in plain]
        return hashlib.sha256("|".join(",".join(part) for part in parts).encode()).hexdigest()

    def signer_anchors(self, moments: Iterable[datetime]) -> list[x509.Certificate]:
        """Those trusted at one of the moments: now, and when the signature is proven to have existed."""
        return _find_trusted(self.anchors, moments)

    def timestamp_anchors(self, moments: Iterable[datetime]) -> list[x509.Certificate]:
        return _find_trusted((*self.anchors, *self.timestampers), moments)

    def is_anchor(self, certificate: x509.Certificate) -> bool:
        """A trusted authority signs certificates, not papers; the library would ask nothing more of it."""
        return certificate.dump() in {item.der for item in (*self.anchors, *self.timestampers)}

    def intermediate_certificates(self) -> list[x509.Certificate]:
        return [x509.Certificate.load(item) for item in self.intermediates]

    def revocation_lists(self) -> list[crl.CertificateList]:
        return [crl.CertificateList.load(item) for item in self.crls]

    def ocsp_answers(self) -> list[ocsp.OCSPResponse]:
        return [ocsp.OCSPResponse.load(item) for item in self.ocsps]

    def to_json(self) -> dict[str, list[Any]]:
        return {
            **{name: [item.to_json() for item in getattr(self, name)] for name in _WITH_TERMS},
            **{name: [base64.b64encode(item).decode() for item in getattr(self, name)] for name in _PLAIN},
        }

    @classmethod
    def from_json(cls, plain: dict[str, list[Any]]) -> "TrustStore":
        parts: dict[str, Any] = {
            **{name: tuple(Anchor.from_json(item) for item in plain[name]) for name in _WITH_TERMS},
            **{name: tuple(base64.b64decode(item) for item in plain[name]) for name in _PLAIN},
        }
        return cls(**parts)


_WITH_TERMS = ("anchors", "timestampers")
_PLAIN = ("intermediates", "crls", "ocsps")


def split_bundle(content: bytes) -> list[bytes]:
    """Each object of a file that holds several as PEM, or the one that it holds as DER."""
    try:
        if pem.detect(content):
            return [der for _, _, der in pem.unarmor(content, multiple=True)]
    except ValueError as error:
        raise UnfitTrust(str(error)) from error
    return [content]


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


def read_ocsp_answer(content: bytes) -> bytes:
    """DER of a response (RFC 6960) that says something about a certificate."""
    der = _to_der(content)
    try:
        answer = ocsp.OCSPResponse.load(der, strict=True)
        told = (
            len(answer.response_data["responses"]) if answer["response_status"].native == "successful" else 0
        )
    except Exception as error:
        raise UnfitTrust(f"not an OCSP answer: {error}") from error
    if not told:
        raise UnfitTrust("an OCSP answer without content")
    return der


def _read_anchor(given: bytes | Anchor) -> Anchor:
    if isinstance(given, Anchor):
        return Anchor(read_authority(given.der), given.trusted_from, given.trusted_until)
    return Anchor(read_authority(given))


def _find_trusted(anchors: Iterable[Anchor], moments: Iterable[datetime]) -> list[x509.Certificate]:
    moments = tuple(moments)
    return [item.certificate for item in anchors if any(item.is_trusted_at(moment) for moment in moments)]


def _to_der(content: bytes) -> bytes:
    try:
        return pem.unarmor(content)[2] if pem.detect(content) else content
    except ValueError as error:
        raise UnfitTrust(str(error)) from error


def _may_sign_certificates(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return usage is None or "key_cert_sign" in usage.native


def _say(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _hear(moment: str) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
