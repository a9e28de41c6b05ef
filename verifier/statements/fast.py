"""Many statements at the speed of the public-key arithmetic.

The full check comes first. What it has found valid teaches this one: the signer's key, and everything in that
CMS that does not change from one statement to the next. Another signature of the same key is then compared
with it, byte for byte, and only the digest of the content and the signature's value are computed. Anything
else, however small, goes to the full check. What was learned is forgotten when anything in the trust store
could have changed it: the end of a certificate, the next revocation list.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.validation import generic_cms

from verifier.cms import verify_statement
from verifier.pdf.algorithms import DIGESTS as TERMS
from verifier.pdf.algorithms import KEYS
from verifier.pdf.report import PASSED, SignatureResult
from verifier.pdf.trust import TrustStore
from verifier.statements.parts import (
    Parts,
    Reader,
    read_parts,
    read_parts_slowly,
    write_length,
    write_without_timestamps,
)

LASTING = timedelta(hours=1)  # at most, without a new full check
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384}
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")  # 1.2.840.113549.1.9.4
SERIAL = slice(60, 140)  # somewhere in here certificates of one authority differ; if not, it takes longer


@dataclass(slots=True)
class Learned:
    """A signer whose signature has passed the full check, as far as the next one is the same."""

    frame: tuple[Any, ...]
    attributes: list[bytes]
    hole: int  # which attribute holds the digest
    before: bytes  # of that attribute, and of all attributes as they are signed
    all_before: bytes
    all_after: bytes
    hash: Callable[[bytes], Any]
    verify: Callable[[bytes, bytes], None]
    result: SignatureResult
    since: datetime
    until: datetime


@dataclass(slots=True)
class Stamped:
    """A timestamp that has passed the full check, with the signature that it is over."""

    value: bytes
    result: SignatureResult
    since: datetime
    until: datetime


@dataclass(slots=True)
class Cast:
    """A recognised signature of a certain length as bytes, with two holes: the digest and the value.

    What fits is that signature but for the two, so it needs no reading. RSA values are all of one length.
    """

    before: bytes
    between: bytes
    after: bytes
    digest_at: int
    between_at: int
    value_at: int
    value_end: int
    known: Learned

    @classmethod
    def take(cls, signature: bytes, digest: bytes, value: bytes, known: Learned) -> "Cast | None":
        digest_at, value_at = signature.find(digest), signature.find(value)
        between_at, value_end = digest_at + len(digest), value_at + len(value)
        if (
            not 0 <= digest_at < between_at <= value_at
            or signature.count(digest) + signature.count(value) > 2
        ):
            return None
        return cls(
            signature[:digest_at],
            signature[between_at:value_at],
            signature[value_end:],
            digest_at,
            between_at,
            value_at,
            value_end,
            known,
        )

    def fits(self, signature: bytes, digest: bytes) -> bool:
        return (
            signature[self.digest_at : self.between_at] == digest
            and signature.startswith(self.before)
            and signature[self.between_at : self.value_at] == self.between
            and signature[self.value_end :] == self.after
        )


class Checker:
    """Checks statements under one trust store; a new store needs a new one."""

    def __init__(self, trust: TrustStore, read: Reader = read_parts) -> None:
        self.trust = trust
        self.read = read
        self.learned: dict[bytes, Learned] = {}
        self.casts: dict[tuple[int, bytes], Cast] = {}  # by length and where certificates differ
        self.stamps: dict[bytes, Stamped] = {}  # by the hash of the token

    def check(self, content: bytes, signature: bytes, at: datetime) -> SignatureResult:
        """As `verify_statement`, and as fast as that can be."""
        if (found := self.recognise(content, signature, at)) is not None:
            return found
        result = verify_statement(signature, content, trust=self.trust, at=at)
        if result.indication == PASSED:
            self._learn(content, signature, result, at)
        return result

    def recognise(self, content: bytes, signature: bytes, at: datetime) -> SignatureResult | None:
        """The result of the full check, where it is certain; else None."""
        cast = self.casts.get((len(signature), signature[SERIAL]))
        if cast is not None and cast.known.since <= at < cast.known.until:
            known = cast.known
            digest = known.hash(content).digest()
            if cast.fits(signature, digest):
                value = signature[cast.value_at : cast.value_end]
                return known.result if _is_signed(known, digest, value) else None
        return self._recognise_parts(content, signature, at)

    def _recognise_parts(self, content: bytes, signature: bytes, at: datetime) -> SignatureResult | None:
        parts = self.read(signature)
        if parts is None or (known := self.learned.get(parts.signer)) is None:
            return None
        if not known.since <= at < known.until or parts.frame != known.frame:
            return None
        digest = known.hash(content).digest()
        attributes, hole = parts.attributes, known.hole
        if len(attributes) != len(known.attributes) or attributes[hole] != known.before + digest:
            return None
        attributes[hole] = known.attributes[hole]
        if attributes != known.attributes:
            return None
        result = self._find_stamped(parts, at) if parts.unsigned else known.result
        if result is None:
            return None
        if not _is_signed(known, digest, parts.value):
            return None
        if not parts.unsigned and (cast := Cast.take(signature, digest, parts.value, known)):
            self.casts[len(signature), signature[SERIAL]] = cast
        return result

    def _find_stamped(self, parts: Parts, at: datetime) -> SignatureResult | None:
        """With a token that has passed the full check, over this very value."""
        if len(parts.unsigned) != 1:
            return None
        stamp = self.stamps.get(hashlib.sha256(parts.unsigned[0]).digest())
        if stamp is None or stamp.value != parts.value or not stamp.since <= at < stamp.until:
            return None
        return stamp.result

    def _learn(self, content: bytes, signature: bytes, result: SignatureResult, at: datetime) -> None:
        parts = self.read(signature)
        if parts is None or parts != read_parts_slowly(signature):
            return
        if not parts.unsigned:
            self._learn_signer(parts, signature, result, at)
            return
        if len(parts.unsigned) == 1:
            until = self._next_event(signature, at)
            key = hashlib.sha256(parts.unsigned[0]).digest()
            self.stamps[key] = Stamped(parts.value, result, at, until)
        known = self.learned.get(parts.signer)
        if (
            known is None or at >= known.until
        ):  # what the key is worth without the timestamp is another question
            self.check(content, write_without_timestamps(parts), at)

    def _learn_signer(self, parts: Parts, signature: bytes, result: SignatureResult, at: datetime) -> None:
        certificate = self._find_certificate(parts, result.certificate_sha256)
        holes = [number for number, one in enumerate(parts.attributes) if one.startswith(MESSAGE_DIGEST)]
        if certificate is None or len(holes) != 1 or result.digest_algorithm not in DIGESTS:
            return
        key = load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            return
        algorithm = DIGESTS[result.digest_algorithm]()
        before, middle, after = _cut(parts.attributes, holes[0], algorithm.digest_size)
        self.learned[parts.signer] = Learned(
            parts.frame,
            parts.attributes,
            holes[0],
            middle,
            before,
            after,
            getattr(hashlib, result.digest_algorithm),
            _make_verify(key, algorithm),
            result,
            at,
            self._next_event(signature, at),
        )

    def _find_certificate(self, parts: Parts, sha256: str) -> bytes | None:
        for tag, data in parts.frame[4]:
            whole = tag + write_length(len(data)) + data
            if hashlib.sha256(whole).hexdigest() == sha256:
                return bytes(whole)
        return None

    def _next_event(self, signature: bytes, at: datetime) -> datetime:
        """Until when nothing can change what the full check would say."""
        moments = [at + LASTING, *self._list_moments(signature)]
        return min(moment for moment in moments if moment > at)

    def _list_moments(self, signature: bytes) -> Iterator[datetime]:
        trust = self.trust
        terms = [*TERMS.values(), *(term for kind in KEYS.values() for _, term in kind)]
        yield from (term.until for term in terms if term.until)
        authorities = [*trust.anchors, *trust.timestampers]
        for anchor in authorities:
            yield from (moment for moment in (anchor.trusted_from, anchor.trusted_until) if moment)
        enclosed = _list_certificates(cms.ContentInfo.load(signature)["content"])
        ours = [*trust.intermediates, *(anchor.der for anchor in authorities)]
        for loaded in (*enclosed, *map(x509.Certificate.load, ours)):
            yield from (loaded.not_valid_before, loaded.not_valid_after)
        for revocation_list in trust.revocation_lists():
            upcoming = revocation_list["tbs_cert_list"]["next_update"].native
            yield upcoming or datetime.max.replace(tzinfo=UTC)
        for answer in trust.ocsp_answers():
            for single in answer.response_data["responses"]:
                yield single["next_update"].native or datetime.max.replace(tzinfo=UTC)


def _list_certificates(signed: cms.SignedData) -> Iterator[x509.Certificate]:
    """Those in the signature, and those in its timestamps."""
    yield from (one.chosen for one in signed["certificates"])
    for token in generic_cms.extract_tst_data_iter(signed["signer_infos"][0], signed=False):
        yield from _list_certificates(token)


def _make_verify(
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, algorithm: hashes.HashAlgorithm
) -> Callable[[bytes, bytes], None]:
    if isinstance(key, rsa.RSAPublicKey):
        verify, scheme = key.verify, padding.PKCS1v15()
        return lambda value, data: verify(value, data, scheme, algorithm)
    check, ecdsa = key.verify, ec.ECDSA(algorithm)
    return lambda value, data: check(value, data, ecdsa)


def _is_signed(known: Learned, digest: bytes, value: bytes) -> bool:
    try:
        known.verify(value, known.all_before + digest + known.all_after)
    except InvalidSignature:
        return False
    return True


def _cut(attributes: list[bytes], hole: int, size: int) -> tuple[bytes, bytes, bytes]:
    """Around the digest: all that is signed before it, its attribute before it, all that is signed after."""
    wrapped = [b"\x30" + write_length(len(one)) + one for one in attributes]
    content = b"".join(wrapped)
    own = attributes[hole][:-size]
    start = sum(map(len, wrapped[:hole])) + len(wrapped[hole]) - size
    head = b"\x31" + write_length(len(content))
    return head + content[:start], own, content[start + size :]
