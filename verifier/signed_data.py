"""The structure of a signature apart from its file, before anything in it is believed."""

from asn1crypto import cms, pem
from asn1crypto import core as asn1


def read_signed_data(der: bytes) -> cms.SignedData:
    """RFC 5652, 5.1, in DER or in the armour of RFC 7468."""
    if pem.detect(der):
        der = pem.unarmor(der)[2]
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise ValueError(f"no signature but {info['content_type'].native}")
    return info["content"]


def encloses_content(signed: cms.SignedData) -> bool:
    return signed["encap_content_info"]["content"] is not asn1.VOID


def list_digests(signed: cms.SignedData) -> list[tuple[str, str]]:
    """What each signer says the content hashes to: the algorithm, and the digest in hexadecimal."""
    return [
        (info["digest_algorithm"]["algorithm"].native, attribute["values"][0].native.hex())
        for info in signed["signer_infos"]
        if info["signed_attrs"] is not asn1.VOID
        for attribute in info["signed_attrs"]
        if attribute["type"].native == "message_digest"
    ]
