"""A detached CMS for a signature that is made elsewhere: the attributes to sign, then the whole.

CAdES-B (ETSI EN 319 122-1): content type, message digest, signing time, signing certificate (ESSCertIDv2 with
SHA-256). With the timestamp of the signature's value, CAdES-T.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509

TIMESTAMP = "signature_time_stamp_token"


class BadSignatureParts(ValueError):
    """Attributes, value or token that do not belong together."""


def make_attributes(content: bytes, certificate: bytes, at: datetime) -> bytes:
    """The DER that the key of this certificate is to sign (RFC 5652, 5.4). `at` is the signer's own claim."""
    identity = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(certificate).digest()}]})
    moment = at.astimezone(UTC).replace(microsecond=0)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_time", "values": [_time(moment)]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [identity]}),
        ]
    )
    return attributes.dump()


def assemble(attributes: bytes, value: bytes, certificate: bytes, chain: Iterable[bytes] = ()) -> bytes:
    """The CMS, without a timestamp yet. Nothing is verified here."""
    signer = x509.Certificate.load(certificate)
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": signer.issuer, "serial_number": signer.serial_number}
                    )
                }
            ),
            "digest_algorithm": digest,
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": _name_algorithm(signer),
            "signature": value,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [signer, *(x509.Certificate.load(der) for der in chain)],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def add_timestamp(signature: bytes, token: bytes) -> bytes:
    """The same CMS with the token of a timestamp authority over `signature_value(signature)`."""
    whole = cms.ContentInfo.load(signature)
    info = whole["content"]["signer_infos"][0]
    stamp = cms.ContentInfo.load(token)
    info["unsigned_attrs"] = [cms.CMSAttribute({"type": TIMESTAMP, "values": [stamp]})]
    return whole.dump(force=True)


def signature_value(signature: bytes) -> bytes:
    """What a timestamp is asked for: its SHA-256 is the imprint."""
    return cms.ContentInfo.load(signature)["content"]["signer_infos"][0]["signature"].native


def _time(moment: datetime) -> cms.Time:
    """RFC 5652, 11.3."""
    return cms.Time({"utc_time": moment} if moment.year < 2050 else {"general_time": moment})


def _name_algorithm(certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    kind = certificate.public_key.algorithm
    if kind == "rsa":
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
    if kind == "ec":
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    raise BadSignatureParts(f"Statements are not signed with {kind} keys.")
