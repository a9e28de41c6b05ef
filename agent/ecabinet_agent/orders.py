"""What a site wants signed: read strictly, checked against itself, and put into words for the owner."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp

MOST_ORDERS = 20
LONGEST_TEXT = 500
LONGEST_BYTES = 64 * 1024
DIGESTS = ("sha256", "sha384")
# What a signature of the house says of itself (RFC 5652, RFC 5035, RFC 6211); anything else is not signed.
KNOWN = {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"}


class Refused(Exception):
    """`word` tells the page what happened; the page has the sentence."""

    def __init__(self, word: str, status: int = 409) -> None:
        super().__init__(word)
        self.word, self.status = word, status


@dataclass(frozen=True)
class Order:
    """`to_sign` is the DER of the signed attributes; `message_digest` was read from inside it."""

    title: str
    signer: str
    sha256: str
    digest: str
    message_digest: str
    to_sign: bytes
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


def read_orders(plain: Any, now: datetime | None = None) -> list[Order]:
    if not isinstance(plain, list) or not 1 <= len(plain) <= MOST_ORDERS:
        raise Refused("orders", 422)
    orders = [_read_order(item, now or datetime.now(UTC)) for item in plain]
    if len({order.certificate for order in orders}) != 1:
        raise Refused("orders", 422)  # one key for one PIN
    return orders


def _read_order(plain: Any, now: datetime) -> Order:
    if not isinstance(plain, dict):
        raise Refused("orders", 422)
    order = Order(
        title=_read_text(plain, "title"),
        signer=_read_text(plain, "signer"),
        sha256=_read_text(plain, "sha256").lower(),
        digest=_read_text(plain, "digest"),
        message_digest=_read_text({"message_digest": plain.get("sha256"), **plain}, "message_digest").lower(),
        to_sign=_read_bytes(plain, "to_sign"),
        certificate=_read_bytes(plain, "certificate"),
    )
    if order.digest not in DIGESTS or len(order.sha256) != 64:
        raise Refused("orders", 422)
    if _read_time(plain) <= now:
        raise Refused("expired")
    _check_attributes(order)
    return order


def _check_attributes(order: Order) -> None:
    """They say what the order says: this content, this certificate, and nothing that nobody asked for."""
    found: dict[str, Any] = {}
    try:
        attributes = cms.CMSAttributes.load(order.to_sign, strict=True)
        for attribute in attributes:
            kind = attribute["type"].native
            if kind in found or kind not in KNOWN or len(attribute["values"]) != 1:
                raise Refused("mismatch")
            found[kind] = attribute["values"][0]
        digest = found["message_digest"].native.hex()
        named = found["signing_certificate_v2"]["certs"][0]
        algorithm = named["hash_algorithm"]["algorithm"].native
        hashed = hashlib.new(algorithm, order.certificate).digest()
        is_same = (
            isinstance(named, tsp.ESSCertIDv2)
            and found["content_type"].native == "data"
            and digest == order.message_digest
            and named["cert_hash"].native == hashed
            and attributes.dump(force=True) == order.to_sign
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        raise Refused("mismatch") from None
    if not is_same:
        raise Refused("mismatch")


def _read_text(plain: dict, name: str) -> str:
    """One line: what is shown must not be able to imitate the rest of the window."""
    text = plain.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise Refused("orders", 422)
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _read_bytes(plain: dict, name: str) -> bytes:
    text = plain.get(name)
    if not isinstance(text, str) or len(text) > LONGEST_BYTES:
        raise Refused("orders", 422)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("orders", 422) from None


def _read_time(plain: dict) -> datetime:
    try:
        moment = datetime.fromisoformat(str(plain.get("expires_at")))
    except ValueError:
        raise Refused("orders", 422) from None
    if moment.tzinfo is None:
        raise Refused("orders", 422)
    return moment
