"""An order to a key as the signer's own device gets it: what to sign, and what to show before."""

import base64
import hashlib
from datetime import datetime
from typing import Any

from asn1crypto import cms

from signatures.values import digest_of


def write_order(
    number: int,
    *,
    to_sign: bytes,
    sha256: str,
    certificate: Any,
    title: str,
    signer: str,
    expires_at: datetime,
) -> dict[str, Any]:
    """`sha256` is of the paper that is shown; `message_digest` stands inside what is signed."""
    der = bytes(certificate.der)
    return {
        "signature": number,
        "to_sign": base64.b64encode(to_sign).decode(),
        "sha256": sha256,
        "digest": digest_of(der),
        "message_digest": read_message_digest(to_sign).hex(),
        "certificate": base64.b64encode(der).decode(),
        "title": title,
        "signer": signer,
        "expires_at": expires_at.isoformat(),
    }


def write_challenge_order(certificate: Any, title: str) -> dict[str, Any]:
    return write_order(
        certificate.pk,
        to_sign=bytes(certificate.to_sign),
        sha256=hashlib.sha256(bytes(certificate.challenge)).hexdigest(),
        certificate=certificate,
        title=title,
        signer=str(certificate.holder or certificate.organisation),
        expires_at=certificate.challenge_ends_at,
    )


def read_message_digest(to_sign: bytes) -> bytes:
    attributes = cms.CMSAttributes.load(to_sign)
    found = [each["values"][0].native for each in attributes if each["type"].native == "message_digest"]
    if len(found) != 1:
        raise ValueError("not the signed attributes of one signature")
    return bytes(found[0])
