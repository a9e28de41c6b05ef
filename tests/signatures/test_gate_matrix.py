"""The gate: each kind of key at each level, and evidence that is renewed before it lapses."""

import asyncio
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from asn1crypto import crl
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator import ValidationContext

from signatures.demonstration import (
    DemonstrationPki,
    Identity,
    make_revocation_list,
    make_signer,
    make_timestamper,
    sign_pdf,
)
from signatures.verifier import TrustStore
from tests.signatures import samples
from tests.signatures.samples import DAY, NOW, SIGNED, paper, pki, the_signature
from verifier.pdf.report import PASSED
from verifier.pdf.structure import find_byte_ranges

KEYS = {
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@cache
def signer(kind: str) -> Identity:
    return samples.reissue(KEYS[kind](), [])


@pytest.mark.parametrize(
    ("kind", "level"),
    [("RSA-2048", "B-T"), ("RSA-3072", "B-LT"), ("P-384", "B-LTA"), ("Ed25519", "B-T")],
)
def test_each_kind_of_key_at_each_level(verify, kind, level):
    digest = "sha512" if kind == "Ed25519" else "sha256"
    content = samples.sign_to_level(paper(), level, identity=signer(kind), digest=digest)
    found = the_signature(verify(content))
    assert (found.indication, found.level, found.best_time) == (PASSED, level, SIGNED)
    place = content.index(b"endstream") - 5
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert verify(changed).verdict not in ("valid", "unsigned")


def test_a_weak_key_is_weak_at_every_level(verify):
    weak = samples.reissue(rsa.generate_private_key(65537, 1024), [])
    for level in ("B-B", "B-LTA"):
        found = the_signature(verify(samples.sign_to_level(paper(), level, identity=weak)))
        assert (found.intact, found.reason) == (True, "weak_algorithm")


# Renewal: the signer and the first timestamp server expire after 30 days, the second one lives on


@cache
def short() -> tuple[DemonstrationPki, Identity]:
    end = SIGNED + 30 * DAY
    server = samples.reissue(
        rsa.generate_private_key(65537, 2048), [], like=pki().timestamps, issuer=pki().root, end=end
    )
    who = samples.reissue(ec.generate_private_key(ec.SECP256R1()), [], end=end)
    return DemonstrationPki(pki().root, pki().issuer, server), who


def context(moment: datetime) -> ValidationContext:
    lists = [make_revocation_list(who, moment, until=moment + 10 * DAY) for who in (pki().issuer, pki().root)]
    return ValidationContext(
        trust_roots=[make_signer(pki().root).signing_cert],
        other_certs=[make_signer(pki().issuer).signing_cert],
        crls=[crl.CertificateList.load(item) for item in lists],
        moment=moment,
        revocation_mode="require",
        allow_fetching=False,
    )


@cache
def archived() -> bytes:
    clock, who = short()
    metadata = signers.PdfSignatureMetadata(
        field_name="Level",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context(SIGNED),
    )
    made = signers.PdfSigner(
        metadata, make_signer(who, [pki().issuer]), timestamper=make_timestamper(clock, SIGNED)
    )
    return made.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper()))).getvalue()


def renew(content: bytes, house: DemonstrationPki, moment: datetime) -> bytes:
    output = BytesIO()
    stamper = signers.PdfTimeStamper(make_timestamper(house, moment))
    asyncio.run(
        stamper.async_update_archival_timestamp_chain(
            PdfFileReader(BytesIO(content)), context(moment), output=output, in_place=False
        )
    )
    return output.getvalue()


def now_only() -> TrustStore:
    """What a house has later: the root, and its list of today."""
    return TrustStore.build(
        anchors=[pki().root.der],
        intermediates=[pki().issuer.der],
        crls=[make_revocation_list(pki().root, NOW - DAY, until=NOW + DAY)],
    )


def test_what_was_renewed_in_time_outlives_its_signer_and_its_timestamp(verify):
    content = renew(archived(), pki(), SIGNED + 5 * DAY)
    report = verify(content, now_only())
    found = the_signature(report)
    assert (report.verdict, found.rung, found.level) == ("valid", "long_term", "B-LTA")
    assert found.best_time is not None and found.best_time <= SIGNED + 5 * DAY


def test_what_was_not_renewed_proves_nothing_any_more(verify):
    assert the_signature(verify(archived(), now_only())).indication != PASSED
    too_late = renew(archived(), pki(), SIGNED + timedelta(days=40))
    assert the_signature(verify(too_late, now_only())).indication != PASSED


def test_renewal_by_a_stranger_proves_nothing(verify):
    stranger = DemonstrationPki(pki().root, pki().issuer, samples.rogue().timestamps)
    forged = samples.stamp_document(archived(), by=stranger, at=SIGNED + 5 * DAY)
    assert the_signature(verify(forged, now_only())).indication != PASSED


# Proofs of an earlier time that prove nothing: the signer was revoked, and the true timestamp is younger


def strange_clock() -> DemonstrationPki:
    """The house's own certificates around another's clock."""
    return DemonstrationPki(pki().root, pki().issuer, samples.rogue().timestamps)


def test_no_strange_clock_makes_a_revoked_signature_older(verify):
    revoked = [(samples.minister().certificate.serial_number, SIGNED + 5 * DAY)]
    store = samples.trust(samples.revocation_lists(revoked=revoked))
    late = SIGNED + 9 * DAY
    plain = samples.sign_to_level(paper(), "B-B")
    stamped = sign_pdf(paper(), samples.minister(), strange_clock(), at=SIGNED)
    true_clock = samples.stamp_document(samples.sign_to_level(paper(), "B-B"), at=SIGNED)
    assert verify(true_clock, store).verdict == "valid"
    for content in (
        plain,
        samples.stamp_document(plain, at=late),
        samples.stamp_document(plain, by=strange_clock()),
        samples.stamp_document(samples.stamp_document(plain, by=strange_clock()), field="True", at=late),
        samples.stamp_document(samples.stamp_document(plain, at=late), field="Strange", by=strange_clock()),
        stamped,
        samples.stamp_document(stamped, at=late),
        sign_pdf(
            samples.stamp_document(paper()), samples.minister(), pki(), at=late
        ),  # stamped before it was signed
    ):
        assert the_signature(verify(content, store)).indication != PASSED


def test_a_timestamp_of_another_file_proves_nothing_here(verify):
    """Its token is true, and put into this file by who has no clock."""
    revoked = [(samples.minister().certificate.serial_number, SIGNED + 5 * DAY)]
    store = samples.trust(samples.revocation_lists(revoked=revoked))
    other = samples.stamp_document(samples.sign_to_level(samples.form(), "B-B"), at=SIGNED)
    here = samples.stamp_document(samples.sign_to_level(paper(), "B-B"), at=SIGNED + 9 * DAY)
    (*_, (_, end, resume, _)) = find_byte_ranges(here)
    (*_, (_, first, last, _)) = find_byte_ranges(other)
    spliced = here[:end] + other[first:last] + here[resume:]
    assert len(spliced) == len(here)
    assert the_signature(verify(spliced, store)).indication != PASSED
