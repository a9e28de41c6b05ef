"""Signature values: which digest a key takes, and whether a value that was handed in is that key's own.

Taken are RSA (PKCS #1 v1.5) from 2048 bits on and ECDSA on P-256 and P-384, its value in DER; nothing else.
"""

import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

SMALLEST_RSA = 2048  # ETSI TS 119 312
CURVES = {"secp256r1": "sha256", "secp384r1": "sha384"}
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384}


class UnfitKey(ValueError):
    """A kind of key that signs nothing here."""


def digest_of(certificate: bytes) -> str:
    """The digest that goes with the certificate's key: "sha256" or "sha384"; `UnfitKey` for other keys."""
    key = _load_key(certificate)
    return CURVES[key.curve.name] if isinstance(key, ec.EllipticCurvePublicKey) else "sha256"


def algorithm_of(certificate: bytes) -> str:
    """The name of the signature algorithm as CMS has it."""
    kind = "ecdsa" if isinstance(_load_key(certificate), ec.EllipticCurvePublicKey) else "rsa"
    return f"{digest_of(certificate)}_{kind}"


def value_size(certificate: bytes) -> int:
    """The most bytes that a value of this key has."""
    key = _load_key(certificate)
    return key.key_size // 8 if isinstance(key, rsa.RSAPublicKey) else key.key_size // 8 * 2 + 9


def is_made_by(certificate: bytes, value: bytes, data: bytes) -> bool:
    """Whether the key of this certificate has signed this data."""
    key, digest = _load_key(certificate), DIGESTS[digest_of(certificate)]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), digest)
        else:
            key.verify(value, data, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def hash_with(digest: str, data: bytes) -> bytes:
    return hashlib.new(digest, data).digest()


def _load_key(certificate: bytes) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return key
    raise UnfitKey(type(key).__name__)
