"""The parts of a detached CMS, read by the fast decoder of `cryptography`, and a second time by asn1crypto.

Both give the same parts or none. The fast one reads DER alone, of one signer, with signed attributes; what
else there is in the world is left to the full check.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from asn1crypto import cms
from asn1crypto import core as plain
from cryptography import x509
from cryptography.hazmat import asn1

DATA = bytes.fromhex("06092a864886f70d010701")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


class Parts(NamedTuple):
    """All of a CMS, in pieces that can be compared. `frame` is what does not change from one to the next."""

    frame: tuple[Any, ...]
    signer: bytes  # issuer and serial number
    attributes: list[bytes]  # signed, each without its header
    value: bytes
    unsigned: list[bytes]  # each with its tag


@asn1.sequence
class _Enclosed:
    type: x509.ObjectIdentifier


@asn1.sequence
class _Info:
    version: int
    sid: asn1.TLV
    digest: asn1.TLV
    signed: Annotated[asn1.SetOf[asn1.TLV], asn1.Implicit(0)]
    algorithm: asn1.TLV
    signature: bytes
    unsigned: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class _Signed:
    version: int
    digests: asn1.SetOf[asn1.TLV]
    enclosed: _Enclosed
    certificates: Annotated[asn1.SetOf[asn1.TLV], asn1.Implicit(0)]
    infos: asn1.SetOf[_Info]


@asn1.sequence
class _Whole:
    type: x509.ObjectIdentifier
    content: Annotated[_Signed, asn1.Explicit(0)]


def read_parts(signature: bytes) -> Parts | None:
    """None where it is not of the kind that is read here."""
    try:
        whole = asn1.decode_der(_Whole, signature)
    except ValueError:
        return None
    signed = whole.content
    infos = signed.infos.as_list()
    if len(infos) != 1:
        return None
    info = infos[0]
    sid, digest, algorithm = info.sid, info.digest, info.algorithm
    attributes = info.signed.as_list()
    return Parts(
        (
            whole.type.dotted_string,
            signed.version,
            [(one.tag_bytes, bytes(one.data)) for one in signed.digests.as_list()],
            signed.enclosed.type.dotted_string,
            [(one.tag_bytes, bytes(one.data)) for one in signed.certificates.as_list()],
            info.version,
            sid.tag_bytes,
            (digest.tag_bytes, bytes(digest.data)),
            (algorithm.tag_bytes, bytes(algorithm.data)),
            {one.tag_bytes for one in attributes},
        ),
        bytes(sid.data),
        [bytes(one.data) for one in attributes],
        info.signature,
        [one.tag_bytes + bytes(one.data) for one in info.unsigned.as_list()]
        if info.unsigned is not None
        else [],
    )


def read_parts_slowly(signature: bytes) -> Parts | None:
    """The same by another program: for doubt, and should the fast decoder change."""
    try:
        whole = cms.ContentInfo.load(signature, strict=True)
        if whole["content_type"].native != "signed_data":
            return None
        signed = whole["content"]
        infos = signed["signer_infos"]
        if len(infos) != 1 or signed["encap_content_info"]["content"] is not plain.VOID:
            return None
        if signed["crls"] is not plain.VOID or signed["certificates"] is plain.VOID:
            return None
        return _take_apart(whole, signed, infos[0])
    except (ValueError, TypeError, KeyError):
        return None


def _take_apart(whole: cms.ContentInfo, signed: cms.SignedData, info: cms.SignerInfo) -> Parts | None:
    unsigned = info["unsigned_attrs"]
    if info["signed_attrs"] is plain.VOID:
        return None
    return Parts(
        (
            whole["content_type"].dotted,
            int(signed["version"]),
            [_raw(one) for one in signed["digest_algorithms"]],
            signed["encap_content_info"]["content_type"].dotted,
            [_raw(one) for one in signed["certificates"]],
            int(info["version"]),
            _raw(info["sid"])[0],
            _raw(info["digest_algorithm"]),
            _raw(info["signature_algorithm"]),
            {_raw(one)[0] for one in info["signed_attrs"]},
        ),
        _raw(info["sid"])[1],
        [_raw(one)[1] for one in info["signed_attrs"]],
        info["signature"].native,
        [] if unsigned is plain.VOID else [b"".join(_raw(one)) for one in unsigned],
    )


def _raw(value: plain.Asn1Value) -> tuple[bytes, bytes]:
    """Its tag and its content, without what is between them."""
    chosen = value.chosen if isinstance(value, plain.Choice) else value
    encoded = chosen.dump()
    return encoded[:1], chosen.contents


def write_without_timestamps(parts: Parts) -> bytes:
    """The same signature as it was before anybody stamped it."""
    _, version, digests, _, certificates, info_version, sid, digest, algorithm, _ = parts.frame
    info = (
        _tlv(b"\x02", bytes([info_version]))
        + _tlv(sid, parts.signer)
        + _tlv(*digest)
        + _tlv(b"\xa0", b"".join(_tlv(b"\x30", one) for one in parts.attributes))
        + _tlv(*algorithm)
        + _tlv(b"\x04", parts.value)
    )
    signed = (
        _tlv(b"\x02", bytes([version]))
        + _tlv(b"\x31", b"".join(_tlv(*one) for one in digests))
        + _tlv(b"\x30", DATA)
        + _tlv(b"\xa0", b"".join(_tlv(*one) for one in certificates))
        + _tlv(b"\x31", _tlv(b"\x30", info))
    )
    return _tlv(b"\x30", SIGNED_DATA + _tlv(b"\xa0", _tlv(b"\x30", signed)))


def write_length(number: int) -> bytes:
    """As DER has it."""
    if number < 128:
        return bytes([number])
    digits = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def _tlv(tag: bytes, content: bytes) -> bytes:
    return tag + write_length(len(content)) + content


Reader = Callable[[bytes], Parts | None]
