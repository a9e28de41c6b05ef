"""Signed attributes and detached CMS (RFC 5652), as PAdES and CAdES baseline want them.

The attributes hold no signing time: PAdES (EN 319 142-1, 6.3) forbids it, and a claimed time proves nothing.
"""

from collections.abc import Iterable

from asn1crypto import algos, cms, core, tsp, x509

from signatures.values import algorithm_of, digest_of, hash_with


def build_attributes(certificate: bytes, digest: bytes) -> bytes:
    """What the key signs, for content with this digest: the DER of a SET OF (RFC 5652, 5.4)."""
    signer, algorithm = x509.Certificate.load(certificate), digest_of(certificate)
    protection = cms.CMSAlgorithmProtection(
        {
            "digest_algorithm": _digest_algorithm(algorithm),
            "signature_algorithm": _signature_algorithm(certificate),
        }
    )
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", cms.ContentType("data")),
            _attribute("message_digest", core.OctetString(digest)),
            _attribute("signing_certificate_v2", _identify(signer, algorithm)),
            _attribute("cms_algorithm_protection", protection),
        ]
    )
    return bytes(attributes.dump())


def build_cms(
    certificate: bytes,
    to_sign: bytes,
    value: bytes,
    *,
    chain: Iterable[bytes] = (),
    token: bytes | None = None,
) -> bytes:
    """The finished signature: attributes, value, certificates, and the timestamp if there is one."""
    signer = x509.Certificate.load(certificate)
    algorithm = digest_of(certificate)
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": signer.issuer, "serial_number": signer.serial_number}
                )
            }
        ),
        "digest_algorithm": _digest_algorithm(algorithm),
        "signature_algorithm": _signature_algorithm(certificate),
        "signed_attrs": cms.CMSAttributes.load(to_sign),
        "signature": value,
    }
    if token is not None:
        stamp = _attribute("signature_time_stamp_token", cms.ContentInfo.load(token))
        info["unsigned_attrs"] = cms.CMSAttributes([stamp])
    certificates = dict.fromkeys([certificate, *chain])
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms([_digest_algorithm(algorithm)]),
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(item) for item in certificates],
            "signer_infos": [cms.SignerInfo(info)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _attribute(kind: str, value: core.Asn1Value) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})


def _digest_algorithm(name: str) -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": name})


def _signature_algorithm(certificate: bytes) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": algorithm_of(certificate)})


def _identify(signer: x509.Certificate, algorithm: str) -> tsp.SigningCertificateV2:
    """RFC 5035: another certificate over the same key does not fit this signature."""
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": algorithm},
            "cert_hash": hash_with(algorithm, signer.dump()),
            "issuer_serial": {
                "issuer": [x509.GeneralName({"directory_name": signer.issuer})],
                "serial_number": signer.serial_number,
            },
        }
    )
    return tsp.SigningCertificateV2({"certs": [identifier]})
