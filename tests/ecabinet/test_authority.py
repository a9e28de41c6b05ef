"""The authority of tests and demonstration: what it issues is what pyHanko's path validation wants to see."""

import asyncio
import hashlib
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl, ocsp, x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509 import ocsp as ocsp_requests
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError

from ecabinet.demo.authority import NOTICE, PASSWORD, Authority


def fetch(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10) as answer:
        return answer.read()


def ask_ocsp(authority, certificate) -> ocsp.OCSPResponse:
    builder = ocsp_requests.OCSPRequestBuilder()
    request = builder.add_certificate(certificate, authority.issuer.certificate, SHA1()).build()
    return ocsp.OCSPResponse.load(fetch(authority.ocsp_url, request.public_bytes(Encoding.DER)))


def validate(authority, identity, **evidence) -> None:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(authority.root.der)], revocation_mode="require", **evidence
    )
    validator = CertificateValidator(
        x509.Certificate.load(identity.der), [x509.Certificate.load(authority.issuer.der)], context
    )
    asyncio.run(validator.async_validate_usage({"non_repudiation"}))


def lists(authority) -> list[crl.CertificateList]:
    return [crl.CertificateList.load(fetch(url)) for url in authority.crl_urls]


@pytest.mark.parametrize("kind, key_type", [("ec", ec.EllipticCurvePrivateKey), ("rsa", rsa.RSAPrivateKey)])
def test_an_issued_certificate_holds_until_it_is_revoked(authority, kind, key_type):
    identity = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính", key=kind)
    assert isinstance(identity.key, key_type)
    assert NOTICE in identity.certificate.subject.rfc4514_string()
    root_list = lists(authority)[1]
    validate(authority, identity, crls=lists(authority))
    validate(authority, identity, crls=[root_list], ocsps=[ask_ocsp(authority, identity.certificate)])

    authority.revoke(identity, at=datetime.now(UTC) - timedelta(hours=1))

    with pytest.raises(RevokedError):
        validate(authority, identity, crls=lists(authority))
    with pytest.raises(RevokedError):
        validate(authority, identity, crls=[root_list], ocsps=[ask_ocsp(authority, identity.certificate)])


def test_a_key_file_opens_with_the_password_and_brings_its_chain(authority):
    identity = authority.issue("Lê Thị Thanh Hà", "Văn phòng Chính phủ")
    opened = load_pkcs12(identity.p12, PASSWORD.encode())
    assert opened.cert.certificate == identity.certificate
    assert [each.certificate for each in opened.additional_certs] == list(identity.chain)


def test_a_timestamp_is_over_what_was_sent_and_from_the_authority(authority):
    digest = hashlib.sha256(b"opinion").digest()
    token = asyncio.run(HTTPTimeStamper(authority.tsa_url).async_timestamp(digest, "sha256"))
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(authority.root.der)],
        crls=lists(authority)[1:],
        revocation_mode="require",
    )
    found = asyncio.run(validate_tst_signed_data(token["content"], context, lambda algorithm: digest))
    assert found["intact"] and found["valid"] and found["validation_path"]
    assert abs(found["timestamp"] - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_demonstration_keeps_its_signers(tmp_path):
    first = Authority(tmp_path, "http://127.0.0.1:1").issue_once("Phạm Quang Minh", "Chính phủ")
    again = Authority(tmp_path, "http://127.0.0.1:1").issue_once("Phạm Quang Minh", "Chính phủ")
    assert first.der == again.der
    assert first.key.private_numbers() == again.key.private_numbers()
