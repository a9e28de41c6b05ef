"""What is evidence: OCSP answers, algorithms by date, and how far the evidence in a file reaches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from asn1crypto import algos, keys, ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp as responses
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature

from signatures.demonstration import NOTICE, Identity, make_revocation_list, sign_pdf
from signatures.verifier import TrustStore
from tests.signatures import samples
from tests.signatures.samples import DAY, NOW, SIGNED, START, paper, pki, signed, the_signature
from verifier.pdf.algorithms import ALGORITHMS, DIGESTS, KEYS, POLICY, Term
from verifier.pdf.report import PASSED

# OCSP (RFC 6960)


@cache
def asked() -> Identity:
    """A signer whose certificate says where to ask about it."""
    return samples.issue_with(responder="http://ocsp.invalid")


@cache
def unstamped() -> bytes:
    return samples.sign_to_level(paper(), "B-B", identity=asked())


def answer(
    about: Identity,
    by: Identity,
    *,
    at: datetime = NOW - timedelta(hours=1),
    until: datetime | None = NOW + DAY,
    revoked: datetime | None = None,
    unknown: bool = False,
) -> bytes:
    status = responses.OCSPCertStatus.REVOKED if revoked else responses.OCSPCertStatus.GOOD
    if unknown:
        status = responses.OCSPCertStatus.UNKNOWN
    builder = (
        responses.OCSPResponseBuilder()
        .add_response(
            cert=about.certificate,
            issuer=pki().issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=status,
            this_update=at,
            next_update=until,
            revocation_time=revoked,
            revocation_reason=None,
        )
        .responder_id(responses.OCSPResponderEncoding.HASH, by.certificate)
    )
    if by.der != pki().issuer.der:
        builder = builder.certificates([by.certificate])
    return builder.sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def responder(issuer: Identity, *, purpose: bool = True, no_check: bool = True) -> Identity:
    """A server to which the authority has delegated the answering (RFC 6960, 4.2.2.2)."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OCSP")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(NOW + 900 * DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if purpose:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False
        )
    if no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return Identity(builder.sign(issuer.key, hashes.SHA256()), key)


def store(*answers: bytes, anchor: Identity | None = None) -> TrustStore:
    """The root's list alone: the signer's own status must come from the answers."""
    root_list = make_revocation_list(pki().root, NOW - DAY, until=NOW + DAY)
    return TrustStore.build(
        anchors=[(anchor or pki().root).der],
        intermediates=[pki().issuer.der],
        crls=[root_list],
        ocsps=answers,
        timestampers=[pki().root.der],
    )


def test_an_answer_says_that_the_certificate_is_good(verify):
    content = unstamped()
    assert the_signature(verify(content, store())).reason == "revocation_unknown"
    assert verify(content, store(answer(asked(), pki().issuer))).verdict == "valid"
    assert verify(content, store(answer(asked(), responder(pki().issuer)))).verdict == "valid"
    assert verify(content, store(answer(asked(), pki().issuer), anchor=pki().issuer)).verdict == "valid"
    by_delegate = store(answer(asked(), responder(pki().issuer)), anchor=pki().issuer)
    assert verify(content, by_delegate).verdict == "valid"


@pytest.mark.parametrize(
    "make",
    [
        lambda: answer(asked(), samples.rogue().issuer),
        lambda: answer(asked(), responder(samples.rogue().issuer)),
        lambda: answer(asked(), responder(pki().issuer, purpose=False)),
        lambda: answer(asked(), pki().issuer, unknown=True),
        lambda: answer(asked(), pki().issuer, at=NOW - 9 * DAY, until=NOW - DAY),
        lambda: answer(asked(), pki().issuer, at=NOW + DAY, until=NOW + 2 * DAY),
        lambda: answer(samples.seal(), pki().issuer),
        lambda: answer(asked(), asked()),
    ],
    ids=["another key", "another's server", "no purpose", "unknown", "stale", "future", "another", "own"],
)
def test_an_answer_that_proves_nothing(verify, make):
    assert verify(unstamped(), store(make())).verdict == "undecided"


def test_an_answer_says_since_when_the_certificate_is_revoked(verify):
    gone_before = store(answer(asked(), pki().issuer, revoked=SIGNED - DAY))
    assert (
        the_signature(verify(sign_pdf(paper(), asked(), pki(), at=SIGNED), gone_before)).reason == "revoked"
    )
    gone_after = store(answer(asked(), pki().issuer, revoked=SIGNED + DAY))
    assert verify(sign_pdf(paper(), asked(), pki(), at=SIGNED), gone_after).verdict == "valid"
    assert verify(unstamped(), gone_after).verdict == "undecided"


def test_a_younger_list_is_not_outdone_by_an_older_answer(verify):
    serial = asked().certificate.serial_number
    younger = make_revocation_list(
        pki().issuer, NOW - DAY, until=NOW + DAY, revoked=[(serial, NOW - 2 * DAY)]
    )
    good = answer(asked(), pki().issuer, at=NOW - 3 * DAY)
    trust = replace(store(good), crls=(*store().crls, younger))
    assert the_signature(verify(unstamped(), trust)).reason == "revoked"
    in_the_file = samples.sign_with_revocation_info(paper(), asked(), [good])
    assert the_signature(verify(in_the_file, trust)).reason == "revoked"
    of_another = make_revocation_list(
        pki().issuer, NOW - DAY, until=NOW + DAY, revoked=[(serial + 1, NOW - 2 * DAY)]
    )
    assert verify(unstamped(), replace(store(good), crls=(*store().crls, of_another))).verdict == "valid"


def add_to_store(content: bytes, found: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        security = DocumentSecurityStore(writer)
        security.register_vri(None, ocsps=[ocsp.OCSPResponse.load(found)], certs=[], crls=[])
        writer.root["/DSS"] = writer.add_object(security.as_pdf_object())
        writer.update_root()

    return samples.append_revision(content, change)


def test_nor_in_an_archived_file_that_was_proven_only_after_the_revocation(verify):
    good = answer(asked(), pki().issuer, at=NOW - 3 * DAY)
    serial = asked().certificate.serial_number
    younger = make_revocation_list(
        pki().issuer, NOW - timedelta(hours=1), until=NOW + DAY, revoked=[(serial, NOW - 2 * DAY)]
    )
    trust = replace(store(), crls=(*store().crls, younger))
    for proven, holds in ((NOW - 2.5 * DAY, True), (NOW - DAY, False)):
        content = samples.stamp_document(add_to_store(unstamped(), good), at=proven)
        assert (the_signature(verify(content, trust)).indication == PASSED) is holds


def test_an_answer_in_the_security_store_of_the_file(verify):
    content = add_to_store(unstamped(), answer(asked(), responder(pki().issuer)))
    assert verify(content, store()).verdict == "valid"


def test_an_answer_in_the_older_place_in_the_signature(verify):
    content = samples.sign_with_revocation_info(paper(), asked(), [answer(asked(), pki().issuer)])
    found = EmbeddedPdfSignature(PdfFileReader(BytesIO(content)), *first_field(content))
    attributes = {item["type"].native for item in found.signer_info["signed_attrs"]}
    assert "adobe_revocation_info_archival" in attributes
    assert verify(content, store()).verdict == "valid"


def first_field(content: bytes):
    ((name, _, field),) = enumerate_sig_fields(PdfFileReader(BytesIO(content)), filled_status=True)
    return field, name


# Algorithms by date


def moment(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("digest", "year", "holds"),
    [
        ("md5", 1995, False),
        ("sha1", 2010, True),
        ("sha1", 2012, False),
        ("sha224", 2024, True),
        ("sha224", 2026, False),
        ("sha256", 2060, True),
    ],
)
def test_a_digest_is_evidence_until_its_end(digest, year, holds):
    algorithm = algos.DigestAlgorithm({"algorithm": digest})
    assert bool(ALGORITHMS.digest_algorithm_allowed(algorithm, moment(year))) is holds
    with_rsa = algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"})
    assert bool(ALGORITHMS.signature_algorithm_allowed(with_rsa, moment(year), None)) is holds


@pytest.mark.parametrize(
    ("bits", "year", "holds"),
    [(1024, 2010, True), (1024, 2011, False), (2048, 2028, True), (2048, 2029, False), (3072, 2060, True)],
)
def test_a_key_is_evidence_until_its_end(bits, year, holds):
    assert bool(judge_key(rsa.generate_private_key(65537, bits), year)) is holds


def test_every_term_has_its_source_and_no_unknown_key_is_one():
    assert all(term.source for term in DIGESTS.values())
    assert all(term.source for terms in KEYS.values() for _, term in terms)
    assert judge_key(ec.generate_private_key(ec.SECP256R1()), 2060)
    assert not judge_key(rsa.generate_private_key(65537, 1024), 2026)
    strange = keys.PublicKeyInfo({"algorithm": {"algorithm": "1.2.3.4"}, "public_key": b"\0"})
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    assert not ALGORITHMS.signature_algorithm_allowed(algorithm, NOW, strange)


def judge_key(key, year: int):
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    return ALGORITHMS.signature_algorithm_allowed(algorithm, moment(year), keys.PublicKeyInfo.load(der))


def test_a_signature_is_judged_as_of_the_time_that_is_proven_for_it(verify, monkeypatch):
    """P-256, the signer's kind of key, ends in this test; what is proven to be older still holds."""
    since = make_revocation_list(pki().issuer, SIGNED + DAY, until=SIGNED + 8 * DAY)
    trust = samples.trust((*samples.revocation_lists(), since))

    def end_at(moment: datetime) -> None:
        terms = ((380, Term(None, "a test")), (250, Term(moment, "a test")))
        monkeypatch.setitem(KEYS, "ec", terms)

    end_at(SIGNED + DAY)
    assert (verify(signed(), trust).verdict, the_signature(verify(signed(), trust)).rung) == (
        "valid",
        "at_timestamp",
    )
    assert verify(samples.sign_to_level(paper(), "B-LTA")).verdict == "valid"
    assert the_signature(verify(samples.sign_to_level(paper(), "B-B"), trust)).reason == "weak_algorithm"
    end_at(SIGNED)
    for level in ("B-B", "B-T", "B-LT", "B-LTA"):
        assert the_signature(verify(samples.sign_to_level(paper(), level), trust)).reason == "weak_algorithm"


def test_an_old_digest_under_a_young_proof_is_weak_however_it_is_archived(verify):
    """The library's last step knows no digest that the signature algorithm does not name."""
    content = samples.sign_with_weak_digest_to_lta()
    assert the_signature(verify(content)).reason == "weak_digest"


def test_the_report_names_the_version_of_the_table(verify):
    assert verify(signed()).policy == POLICY


def test_a_document_timestamp_alone_proves_the_time_too(verify):
    content = samples.stamp_document(samples.sign_to_level(paper(), "B-B"))
    serial = samples.minister().certificate.serial_number
    later = [(serial, SIGNED + DAY)]
    assert verify(content, samples.trust(samples.revocation_lists(revoked=later))).verdict == "valid"
    before = [(serial, SIGNED - DAY)]
    found = the_signature(verify(content, samples.trust(samples.revocation_lists(revoked=before))))
    assert found.reason == "revoked"


# Level, best time, office


def test_a_level_is_what_the_file_holds(verify):
    complete = samples.sign_to_level(paper(), "B-LT")
    assert the_signature(verify(complete)).level == "B-LT"

    def forget_the_root(writer: IncrementalPdfFileWriter) -> None:
        store = writer.root["/DSS"]
        store["/CRLs"] = store["/CRLs"].__class__(list(store["/CRLs"])[:1])
        writer.update_container(store)

    half = samples.append_revision(complete, forget_the_root)
    found = the_signature(verify(half))
    assert (found.level, found.indication) == ("B-T", PASSED)


def test_the_best_time_is_proven_and_not_said(verify):
    assert the_signature(verify(samples.sign_to_level(paper(), "B-B"))).best_time is None
    assert the_signature(verify(signed())).best_time == SIGNED
    assert (
        the_signature(verify(samples.stamp_document(samples.sign_to_level(paper(), "B-B")))).best_time
        == SIGNED
    )
    assert the_signature(verify(signed(), TrustStore())).best_time is None


def test_for_which_office(verify):
    found = the_signature(verify(signed()))
    assert (found.organisation, found.unit) == ("Bộ Tài chính", f"Lãnh đạo Bộ, {NOTICE}")
    office = samples.issue_with("MST:0100109106")
    person = samples.issue_with("CCCD:001200000001")
    assert the_signature(verify(sign_pdf(paper(), office, pki(), at=SIGNED))).office_code == "MST:0100109106"
    assert the_signature(verify(sign_pdf(paper(), person, pki(), at=SIGNED))).office_code == ""
