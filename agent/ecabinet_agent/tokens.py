"""The token: which certificates it holds, and its key at work. Opened for each deed, closed after it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ecdsa_signature

from ecabinet_agent.orders import Order, Refused

HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384}
# DER of DigestInfo up to the hash (RFC 8017, 9.2): for tokens that do not hash by themselves
PREFIXES = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
}
WRONG_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)


@dataclass(frozen=True)
class Found:
    """A certificate on a token, by the identifier that its key has too."""

    der: bytes
    key_id: bytes
    token: Any


class Tokens:
    """All that is plugged in, behind one driver."""

    def __init__(self, module: str) -> None:
        self.driver = pkcs11.lib(module)

    def list_certificates(self) -> list[bytes]:
        return list(dict.fromkeys(found.der for found in self._look()))

    def holds(self, certificate: bytes) -> bool:
        return any(found.der == certificate for found in self._look())

    def sign(self, orders: Sequence[Order], pin: str) -> list[bytes]:
        """All orders name the same certificate; its key signs each of them in one session."""
        wanted = orders[0].certificate
        found = next((each for each in self._look() if each.der == wanted), None)
        if found is None:
            raise Refused("token")
        try:
            with found.token.open(user_pin=pin) as session:
                key = self._find_key(session, found.key_id)
                values = [_sign(key, order) for order in orders]
        except pkcs11.PinLocked:
            raise Refused("locked") from None
        except WRONG_PIN:
            raise Refused("pin") from None
        except (pkcs11.TokenNotPresent, pkcs11.DeviceRemoved, pkcs11.NoSuchToken):
            raise Refused("token") from None
        except pkcs11.PKCS11Error:
            raise Refused("fault") from None
        for order, value in zip(orders, values, strict=True):
            _check(order, value)
        return values

    def _look(self) -> Iterator[Found]:
        """Anew each time: tokens come and go."""
        try:
            self.driver.reinitialize()
            slots = self.driver.get_slots(token_present=True)
        except pkcs11.PKCS11Error:
            raise Refused("token") from None
        for slot in slots:
            try:
                token = slot.get_token()
                with token.open() as session:
                    query = {Attribute.CLASS: ObjectClass.CERTIFICATE}
                    certificates = [
                        (bytes(c[Attribute.VALUE]), bytes(c[Attribute.ID]))
                        for c in session.get_objects(query)
                    ]
            except pkcs11.PKCS11Error:
                continue  # an empty or unreadable slot hides no other
            yield from (Found(der, key_id, token) for der, key_id in certificates if _can_sign(der))

    def _find_key(self, session: Any, key_id: bytes) -> Any:
        query = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: key_id}
        keys = list(session.get_objects(query))
        if len(keys) != 1:
            raise Refused("token")
        return keys[0]


def _sign(key: Any, order: Order) -> bytes:
    hashed = hashlib.new(order.digest, order.to_sign).digest()
    if key.key_type == KeyType.RSA:
        return bytes(key.sign(PREFIXES[order.digest] + hashed, mechanism=Mechanism.RSA_PKCS))
    return bytes(encode_ecdsa_signature(key.sign(hashed, mechanism=Mechanism.ECDSA)))


def _check(order: Order, value: bytes) -> None:
    """A token that signs something else is broken; its value goes nowhere."""
    key = x509.load_der_x509_certificate(order.certificate).public_key()
    digest = HASHES[order.digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, order.to_sign, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, order.to_sign, ec.ECDSA(digest))
        else:
            raise Refused("fault")
    except InvalidSignature:
        raise Refused("fault") from None


def _can_sign(der: bytes) -> bool:
    """Not the authorities' own certificates, which many tokens carry too."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        found = certificate.extensions
        if found.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    except ValueError:
        return False
    return isinstance(certificate.public_key(), (rsa.RSAPublicKey, ec.EllipticCurvePublicKey))


def describe(der: bytes) -> dict[str, str]:
    """As the page lists it; the bytes follow."""
    certificate = x509.load_der_x509_certificate(der)
    return {
        "subject": name(certificate.subject),
        "issuer": name(certificate.issuer),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }


def name(subject: x509.Name) -> str:
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    parts = [str(part.value) for kind in kinds for part in subject.get_attributes_for_oid(kind)[:1]]
    return ", ".join(parts) or subject.rfc4514_string()
