"""A second look at a file that was validated in full: as fast as its checksum can be computed.

It answers one question: is this still the file, and its signature still the one, that full validation found
good? It never judges anew and trusts nothing it meets: places, attributes and key come from the first time.
"""

import base64
import hashlib
import mmap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, keys
from asn1crypto import core as asn1
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from verifier.pdf.report import PASSED, Report

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True)
class KnownSignature:
    """What full validation found of one good signature, and where."""

    field: str
    file_sha256: str
    byte_range: tuple[int, int, int, int]
    digest: str
    attributes: bytes  # DER of the signed attributes, as the signature value covers them
    value: bytes
    key: bytes  # DER of the public key
    padding: str  # pkcs1v15, pss, or nothing for other keys

    def to_json(self) -> dict[str, Any]:
        return {
            name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "KnownSignature":
        binary = {name: base64.b64decode(plain[name]) for name in ("attributes", "value", "key")}
        return cls(**{**plain, **binary, "byte_range": tuple(plain["byte_range"])})


def remember(path: Path, report: Report) -> tuple[KnownSignature, ...]:
    """Of the file that the report is about: one for each signature that it found valid."""
    # Heavy, and only for the first time.
    from pyhanko.pdf_utils.reader import PdfFileReader

    valid = {found.field for found in report.signatures if found.indication == PASSED}
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != report.file_sha256:
            raise ValueError("another file than the one that was validated")
        reader = PdfFileReader(file, strict=False)
        signatures = [item for item in reader.embedded_regular_signatures if item.field_name in valid]
        found = [_remember(item, report.file_sha256) for item in signatures]
    return tuple(item for item in found if item is not None)


def _remember(item: Any, file_sha256: str) -> KnownSignature | None:
    info: cms.SignerInfo = item.signer_info
    digest = info["digest_algorithm"]["algorithm"].native
    if info["signed_attrs"] is asn1.VOID or digest not in HASHES:
        return None
    key: keys.PublicKeyInfo = item.signer_cert.public_key
    return KnownSignature(
        field=str(item.field_name),
        file_sha256=file_sha256,
        byte_range=tuple(int(number) for number in item.byte_range),  # type: ignore[arg-type]
        digest=digest,
        attributes=info["signed_attrs"].untag().dump(),
        value=info["signature"].native,
        key=key.dump(),
        padding=_name_padding(key, info["signature_algorithm"]),
    )


def _name_padding(key: keys.PublicKeyInfo, algorithm: algos.SignedDigestAlgorithm) -> str:
    if key.algorithm not in ("rsa", "rsassa_pss"):
        return ""
    return "pss" if algorithm.signature_algo == "rsassa_pss" else "pkcs1v15"


def confirm(path: Path, known: KnownSignature) -> bool:
    """Whether file and signature are still those. The beginning, which is most of it, is hashed once."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content, memoryview(content) as view:
            whole, covered = _hash(view, known)
    if whole != known.file_sha256 or covered is None:
        return False
    return covered == _read_digest(known.attributes) and _is_signed(known)


def _hash(view: memoryview, known: KnownSignature) -> tuple[str, bytes | None]:
    start, end, resume, rest = known.byte_range
    if start != 0 or resume + rest > len(view):
        return hashlib.sha256(view).hexdigest(), None
    whole = hashlib.sha256(view[:end])
    covered = whole.copy() if known.digest == "sha256" else hashlib.new(known.digest, view[:end])
    whole.update(view[end:])
    covered.update(view[resume : resume + rest])
    return whole.hexdigest(), covered.digest()


@lru_cache(maxsize=256)
def _load(key: bytes) -> Any:
    return load_der_public_key(key)


def _is_signed(known: KnownSignature) -> bool:
    key, digest = _load(known.key), HASHES[known.digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey) and known.padding == "pss":
            scheme = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
            key.verify(known.value, known.attributes, scheme, digest)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(known.value, known.attributes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(known.value, known.attributes, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(known.value, known.attributes)
        else:
            return False
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _read_digest(attributes: bytes) -> bytes | None:
    for attribute in cms.CMSAttributes.load(attributes):
        if attribute["type"].native == "message_digest":
            return attribute["values"][0].native
    return None
