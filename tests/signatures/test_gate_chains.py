"""The gate: chains and structures that nobody may accept, that raise nothing and end in time."""

import asyncio
import base64
import random
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import cryptography_vectors
import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatures.demonstration import Identity, make_signer, make_timestamper
from signatures.verifier import TrustStore
from tests.signatures import attacks, samples
from tests.signatures.raw_pdf import append
from tests.signatures.samples import NOW, SIGNED, START, minister, pki, trust
from verifier.cms import verify_detached
from verifier.pdf.report import PASSED

QUICK = settings(
    max_examples=30,
    deadline=timedelta(seconds=10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)


@pytest.fixture
def judge(tmp_path):
    def judge(signature: bytes, content: bytes, store: TrustStore, at: datetime = NOW):
        (tmp_path / "content").write_bytes(content)
        (tmp_path / "signature").write_bytes(signature)
        return verify_detached(tmp_path / "signature", tmp_path / "content", trust=store, at=at)

    return judge


# NIST PKITS: 224 signed messages, each with what is wrong with its chain in its name

PKITS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
MESSAGES = sorted(PKITS.glob("smime/*.eml"))
SAMPLE = sorted(random.Random(4).sample(MESSAGES, 32))  # all were tried once; each run tries these
# SHA-1 and DSA with inherited parameters are no evidence here, however well they are chained.
OUT_OF_TIME = ("SignedValidDSASignaturesTest4", "SignedValidDSAParameterInheritanceTest5")


@cache
def lists() -> dict[str, list[bytes]]:
    """The revocation lists by the name of their issuer."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(PKITS.glob("crls/*.crl")):
        der = path.read_bytes()
        found.setdefault(x509.load_der_x509_crl(der).issuer.rfc4514_string(), []).append(der)
    return found


def read_message(path: Path) -> tuple[bytes, bytes]:
    raw = path.read_bytes().replace(b"\r\n", b"\n")
    _, content, signature, *_ = raw.split(b"--" + re.search(rb'boundary="([^"]+)"', raw)[1])
    return content[1:-1].replace(b"\n", b"\r\n"), base64.b64decode(signature.split(b"\n\n", 1)[1])


def test_pkits_is_there():
    assert len(MESSAGES) == 224


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_pkits(judge, path):
    content, signature = read_message(path)
    enclosed = cms.ContentInfo.load(signature)["content"]["certificates"]
    issuers = {
        x509.load_der_x509_certificate(item.chosen.dump()).issuer.rfc4514_string() for item in enclosed
    }
    store = TrustStore.build(
        anchors=[(PKITS / "certs" / "TrustAnchorRootCertificate.crt").read_bytes()],
        crls=[der for issuer in lists() for der in lists()[issuer] if issuer in issuers or "CRL" in issuer],
    )
    (found,) = judge(signature, content, store, datetime(2012, 1, 1, tzinfo=UTC)).signatures
    if "Invalid" in path.stem or "Missing" in path.stem:
        assert found.indication != PASSED
    elif "Valid" in path.stem and path.stem not in OUT_OF_TIME:
        assert (found.indication, found.intact) == (PASSED, True), found


# Chains that have more paths than anybody can try (as x509-limbo builds them)


def namesakes(number: int) -> list[Identity]:
    """Authorities of one name, each of which could have certified each other."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA")])
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(number)]
    return [
        Identity(
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(place + 1)
            .not_valid_before(START)
            .not_valid_after(NOW + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(keys[(place + 1) % number], hashes.SHA256()),
            key,
        )
        for place, key in enumerate(keys)
    ]


@pytest.mark.parametrize("number", [6, 19])
def test_many_authorities_of_one_name_end_by_the_limits(judge, number):
    crowd = namesakes(number)
    signed = cms.ContentInfo.load(sign_detached())
    enclosed = [asn1_x509.Certificate.load(item.der) for item in crowd]
    leaf = asn1_x509.Certificate.load(certify_under(crowd[0]).der)
    signed["content"]["certificates"] = [leaf, *enclosed]
    info = signed["content"]["signer_infos"][0]
    info["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number", {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
    )
    started = datetime.now(UTC)
    report = judge(signed.dump(), CONTENT, trust())
    assert not [found for found in report.signatures if found.indication == PASSED]
    assert datetime.now(UTC) - started < timedelta(seconds=10)


def certify_under(issuer: Identity) -> Identity:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(minister().certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(minister().key.public_key())
        .serial_number(77)
        .not_valid_before(START)
        .not_valid_after(NOW + timedelta(days=900))
        .sign(issuer.key, hashes.SHA256())
    )
    return Identity(certificate, minister().key)


# Structures made by hypothesis

CONTENT = "Đồng ý.".encode()


@cache
def sign_detached() -> bytes:
    made = make_signer(minister(), [pki().issuer]).async_sign_general_data(
        CONTENT, "sha256", use_cades=True, detached=True, timestamper=make_timestamper(pki(), SIGNED)
    )
    return asyncio.run(made).dump()


EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 4), st.binary(max_size=6)), min_size=1, max_size=4
)


@given(EDITS)
@QUICK
def test_an_edited_structure_raises_nothing_and_forges_nothing(judge, edits):
    """Bytes of CMS may be unsigned by design; who signed what, and when, stays."""
    made = bytearray(sign_detached())
    for place, cut, added in edits:
        place %= len(made)
        made[place : place + cut] = added
    for found in judge(bytes(made), CONTENT, trust()).signatures:
        if found.indication == PASSED:
            assert (found.signer, found.intact) == ("Nguyễn Hữu Đức", True)
            assert found.timestamp is None or found.timestamp.time == SIGNED
    for found in judge(bytes(made), CONTENT + b"!", trust()).signatures:
        assert found.indication != PASSED


VALUES = st.recursive(
    st.one_of(st.binary(max_size=8), st.integers(-5, 2**40), st.none(), st.booleans()),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


def encode(value) -> bytes:
    """Any value as some DER."""
    if isinstance(value, list):
        body = b"".join(encode(item) for item in value)
        return bytes([0x30 if len(value) % 2 else 0x31]) + length(body) + body
    if isinstance(value, bool):
        return b"\x01\x01" + (b"\xff" if value else b"\0")
    if isinstance(value, int):
        body = value.to_bytes(9, "big", signed=True)
        return b"\x02" + length(body) + body
    if value is None:
        return b"\x05\0"
    return b"\x04" + length(value) + value


def length(body: bytes) -> bytes:
    return bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")


@given(VALUES)
@QUICK
def test_any_structure_at_all_proves_nothing(judge, value):
    signed_data = bytes.fromhex("06092a864886f70d010702")
    inner = encode(value)
    outer = b"\xa0" + length(inner) + inner
    made = b"\x30" + length(signed_data + outer) + signed_data + outer
    report = judge(made, CONTENT, trust())
    assert report.verdict in ("unverifiable", "unsigned", "undecided", "invalid")


TOKENS = st.sampled_from(
    b"<<|>>|[|]|null|1 0 R|99 0 R|-1|0|99999999999|(a)|<00>|/Type|/Sig|/ByteRange [0 10 20 30]|"
    b"/Contents <3080>|"
    b"/SubFilter /ETSI.CAdES.detached|/AcroForm|/Fields|/Kids|/Parent|/V|/FT|/T|/DSS|/Prev 0|/Prev 15|/Root|"
    b"/XRefStm 15|/Size 9|/Encrypt|stream\nx\nendstream|endobj\n|\n1 0 obj\n|\n7 0 obj\n|\ntrailer\n|"
    b"%%EOF|\0|\xff|"
    b"\nxref\n0 1\n0000000000 65535 f \n|\nstartxref\n15\n%%EOF\n".split(b"|")
)


@given(st.lists(TOKENS, max_size=40), st.booleans())
@QUICK
def test_any_pdf_at_all_raises_nothing_and_is_never_valid(verify, tokens, appended):
    noise = b" ".join(tokens)
    content = attacks.victim() + noise if appended else b"%PDF-1.7\n" + noise
    report = verify(content)
    if noise.strip() or not appended:
        assert report.verdict != "valid"
    if appended:
        assert report.verdict != "unsigned"


@given(st.lists(TOKENS, min_size=1, max_size=12), st.sampled_from([1, 3, 10, 11, 60]))
@QUICK
def test_any_update_at_all_is_never_valid(verify, tokens, number):
    """A well-formed update whose only object is noise, over one that matters or a new one."""
    content = append(attacks.victim(), {number: b" ".join(tokens)})
    report = verify(content)
    passed = [found for found in report.signatures if found.indication == PASSED]
    # An object that nothing refers to says nothing.
    assert not passed or number == 60


def test_the_samples_of_this_gate_are_good(judge, verify):
    assert judge(sign_detached(), CONTENT, trust()).verdict == "valid"
    assert verify(attacks.victim()).verdict == "valid"
    assert samples.pki().root.der in [anchor.der for anchor in trust().anchors]
