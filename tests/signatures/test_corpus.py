"""The verdicts on real public documents of the Vietnamese state."""

from datetime import UTC, datetime

import pytest

from signatures.verifier import TrustStore, verify_in_sandbox, verify_pdf
from verifier.pdf.report import INDETERMINATE

AT = datetime(2026, 6, 30, tzinfo=UTC)


def verify(path):
    return verify_pdf(path, trust=TrustStore(), at=AT)


def test_the_gazette_is_intact_timestamped_and_undecided(corpus):
    papers = sorted((corpus / "gazette" / "signed").glob("*.pdf"))
    papers += sorted((corpus / "gazette" / "image-only").glob("*.pdf"))
    assert papers
    for path in papers:
        report = verify(path)
        (found,) = report.signatures
        assert (report.verdict, report.profile) == ("undecided", "foreign"), path.name
        assert (found.indication, found.sub_indication) == (INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND"), (
            path.name
        )
        assert (found.intact, found.changes_after, found.covers_whole_file) == (True, "none", True), path.name
        assert (found.level, found.weak_digest) == ("CMS-T", False), path.name
        assert found.timestamp.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND", path.name
        assert found.timestamp.time.year == 2026, path.name
        assert {"hybrid_reference", "no_signed_attributes"} <= set(report.deviations), path.name


def test_a_leftover_signature_is_destroyed(corpus):
    papers = sorted((corpus / "gazette" / "destroyed").glob("*.pdf"))
    assert papers
    for path in papers:
        # One of them kept no trace at all: not a byte of it speaks of a signature.
        expected = "destroyed" if b"/ByteRange" in path.read_bytes() else "unsigned"
        assert verify(path).verdict == expected, path.name


def test_the_seven_signatures_of_ha_noi_are_read_and_the_weak_ones_named(corpus):
    report = verify(corpus / "agency" / "hanoi_tb_453_flag.pdf")
    assert report.verdict == "undecided"
    assert len(report.signatures) == 7
    assert all(found.intact and found.timestamp for found in report.signatures)
    assert all(found.changes_after in ("none", "allowed") for found in report.signatures)
    weak = [found for found in report.signatures if found.weak_digest]
    assert len(weak) == 6
    assert {found.reason for found in weak} == {"weak_digest"}
    assert {"weak_digest", "hybrid_reference"} <= set(report.deviations)


@pytest.mark.parametrize("name", ["nq_115_ba_vi.pdf", "qd_707_ttg.pdf"])
def test_the_portal_of_the_government(corpus, name):
    (found,) = verify(corpus / "agency" / name).signatures
    assert (found.intact, found.reason, found.timestamp.weak_digest) == (True, "chain_unknown", True)
    assert found.organisation == "VĂN PHÒNG CHÍNH PHỦ"


def test_real_papers_keep_within_the_sandbox(corpus):
    path = corpus / "agency" / "hanoi_tb_453_flag.pdf"
    assert verify_in_sandbox(path, trust=TrustStore(), at=AT) == verify(path)
