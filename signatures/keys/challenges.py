"""What a key signs once so that its holder is believed: text bound to person, certificate and time."""

import secrets
from datetime import timedelta
from typing import Any

from signatures.cms import build_attributes
from signatures.values import digest_of, hash_with

TIME_ALLOWED = timedelta(minutes=10)


def write_challenge(certificate: Any) -> bytes:
    """Only this system ever asks for this text, and never twice for the same."""
    holder = certificate.holder or certificate.organisation
    lines = [
        "e-Cabinet: proof of possession of a signing key",
        f"holder: {holder._meta.label_lower} {holder.pk} {holder}",
        f"certificate: SHA-256 {certificate.fingerprint}",
        f"purpose: register a signing key ({certificate.way})",
        f"until: {certificate.challenge_ends_at.isoformat()}",
        f"nonce: {secrets.token_hex(32)}",
    ]
    return "\n".join(lines).encode() + b"\n"


def make_attributes(certificate: Any) -> bytes:
    """The signed attributes over the challenge: the same shape as of every signature here."""
    der = bytes(certificate.der)
    return build_attributes(der, hash_with(digest_of(der), bytes(certificate.challenge)))
