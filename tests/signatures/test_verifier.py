"""The verdicts: nothing is valid that is not, and nothing is called what it is not."""

import dataclasses
from datetime import UTC, datetime

import pytest
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed

from signatures import demonstration
from signatures.demonstration import (
    create_pki,
    issue_signer,
    make_revocation_list,
    open_pki,
    open_signer,
    sign_pdf,
)
from signatures.verifier import LIMITS, Anchor, TrustStore, UnfitTrust, verify_in_sandbox
from tests.signatures import samples
from tests.signatures.samples import (
    DAY,
    NOW,
    SIGNED,
    START,
    minister,
    paper,
    pki,
    seal,
    signed,
    the_signature,
    trust,
)
from verifier.pdf.indications import INDICATIONS, REASONS, indicate, reason_of
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED, Report

# Good signatures and how far their evidence reaches


@pytest.mark.parametrize(
    ("level", "rung"), [("B-B", "basic"), ("B-T", "with_time"), ("B-LT", "with_time"), ("B-LTA", "long_term")]
)
def test_a_good_signature_is_valid(verify, level, rung):
    content = signed() if level == "B-T" else samples.sign_to_level(paper(), level)
    report = verify(content)
    found = the_signature(report)
    assert (report.verdict, found.indication, found.sub_indication, found.reason) == (
        "valid",
        PASSED,
        None,
        "ok",
    )
    assert (found.level, found.rung, found.profile, found.intact) == (level, rung, "own", True)
    assert (found.signer, found.organisation) == ("Nguyễn Hữu Đức", "Bộ Tài chính")
    assert found.changes_after == ("none" if level in ("B-B", "B-T") else "allowed")
    assert verify(content, profile="own").verdict == "valid"
    if level != "B-B":
        assert found.timestamp.time == SIGNED
        assert found.timestamp.indication == PASSED


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_the_evidence_in_the_file_is_enough(verify, level):
    assert verify(samples.sign_to_level(paper(), level), trust(())).verdict == "valid"


@pytest.mark.parametrize("anchors", [("issuer",), ("root",), ("issuer", "root")])
def test_an_issuing_authority_may_stand_for_itself(verify, anchors):
    store = TrustStore.build(
        anchors=[getattr(pki(), name).der for name in anchors],
        intermediates=[pki().issuer.der],
        crls=samples.revocation_lists(),
    )
    assert verify(signed(), store).verdict == "valid"


def test_two_signers_in_one_paper(verify):
    report = verify(sign_pdf(signed(), seal(), pki(), at=SIGNED + DAY, field="Seal"))
    first, second = report.signatures
    assert report.verdict == "valid"
    assert (first.changes_after, first.covers_whole_file) == ("allowed", False)
    assert (second.signer, second.covers_whole_file) == ("Bộ Tài chính", True)


def test_one_doubtful_signer_leaves_the_paper_undecided(verify):
    stranger = issue_signer(samples.rogue(), START, name="Nguyễn Hữu Đức", organisation="Bộ Tài chính")
    report = verify(sign_pdf(signed(), stranger, samples.rogue(), at=SIGNED + DAY, field="Other"))
    assert [signature.reason for signature in report.signatures] == ["ok", "chain_unknown"]
    assert report.verdict == "undecided"


@pytest.mark.parametrize("as_signature", [False, True])
def test_a_document_timestamp_is_no_signature(verify, as_signature):
    report = verify(samples.stamp_document(paper(), as_signature=as_signature))
    (stamp,) = report.signatures
    assert (stamp.kind, stamp.indication, stamp.timestamp.time) == ("document_timestamp", PASSED, SIGNED)
    assert report.verdict == "unsigned"
    assert verify(samples.stamp_document(signed(), as_signature=as_signature)).verdict == "valid"


def test_a_signature_straight_over_the_content_is_read_and_said(verify):
    report = verify(samples.sign_plainly(paper(), attributes=False))
    assert (report.verdict, the_signature(report).level) == ("valid", "CMS")
    assert "no_signed_attributes" in report.deviations


# Trust: never valid without it


def test_without_the_authority_nothing_is_decided(verify):
    report = verify(signed(), TrustStore())
    found = the_signature(report)
    assert report.verdict == "undecided"
    assert (found.indication, found.sub_indication) == (INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND")
    assert (found.intact, found.reason, found.timestamp.reason) == (True, "chain_unknown", "chain_unknown")


@pytest.mark.parametrize(
    "lists",
    [
        (),
        samples.revocation_lists(NOW - 9 * DAY, NOW - DAY),
        (make_revocation_list(samples.rogue().issuer, NOW - DAY, until=NOW + DAY),),
    ],
    ids=["no list", "a list that has lapsed", "a list by somebody else"],
)
def test_without_revocation_data_nothing_is_valid(verify, lists):
    store = trust(lists, anchors=(pki().issuer.der,))
    found = the_signature(verify(samples.sign_to_level(paper(), "B-B"), store))
    assert (found.indication, found.sub_indication, found.reason) == (
        INDETERMINATE,
        "TRY_LATER",
        "revocation_unknown",
    )


@pytest.mark.parametrize("by_rogue", ["signer", "authority", "timestamp"])
def test_the_same_names_with_other_keys_prove_nothing(verify, by_rogue):
    rogue = samples.rogue()
    stranger = issue_signer(rogue, START, name="Nguyễn Hữu Đức", organisation="Bộ Tài chính")
    content = sign_pdf(paper(), stranger, rogue, at=SIGNED)
    if by_rogue == "authority":
        mixed = dataclasses.replace(
            rogue, issuer=pki().issuer, root=pki().root
        )  # the true authority's certificates
        content = sign_pdf(paper(), stranger, mixed, at=SIGNED)
    if by_rogue == "timestamp":
        content = sign_pdf(
            paper(), minister(), dataclasses.replace(pki(), timestamps=rogue.timestamps), at=SIGNED
        )
        found = the_signature(verify(content))
        assert (found.indication, found.rung, found.timestamp.indication) == (PASSED, "basic", INDETERMINATE)
    else:
        assert verify(content).verdict != "valid"


def test_a_revoked_signer(verify):
    gone = [(minister().certificate.serial_number, SIGNED - DAY)]
    found = the_signature(verify(signed(), trust(samples.revocation_lists(revoked=gone))))
    assert (found.indication, found.sub_indication, found.reason) == (
        INDETERMINATE,
        "REVOKED_NO_POE",
        "revoked",
    )


def test_a_signer_revoked_after_the_timestamp_had_signed_validly(verify):
    gone = [(minister().certificate.serial_number, SIGNED + DAY)]
    lists = samples.revocation_lists(revoked=gone)
    assert the_signature(verify(signed(), trust(lists))).rung == "with_time"
    assert verify(signed(), trust(lists)).verdict == "valid"
    assert verify(samples.sign_to_level(paper(), "B-B"), trust(lists)).verdict == "undecided"
    other_clock = dataclasses.replace(pki(), timestamps=samples.rogue().timestamps)
    assert verify(sign_pdf(paper(), minister(), other_clock, at=SIGNED), trust(lists)).verdict == "undecided"


def test_an_expired_signer_is_judged_at_the_time_of_the_timestamp(verify):
    expired = issue_signer(pki(), START, name="A", organisation="B", end=SIGNED + 30 * DAY)
    content = sign_pdf(paper(), expired, pki(), at=SIGNED)
    blind = verify(content, trust(samples.revocation_lists()))
    assert (blind.verdict, the_signature(blind).reason) == ("undecided", "expired")

    since = make_revocation_list(pki().issuer, SIGNED + DAY, until=SIGNED + 8 * DAY)
    found = the_signature(verify(content, trust((*samples.revocation_lists(), since))))
    assert (found.indication, found.rung) == (PASSED, "at_timestamp")

    serial = expired.certificate.serial_number
    gone = make_revocation_list(
        pki().issuer, SIGNED + DAY, until=SIGNED + 8 * DAY, revoked=[(serial, SIGNED - DAY)]
    )
    assert verify(content, trust((*samples.revocation_lists(), gone))).verdict == "undecided"


@pytest.mark.parametrize("days", [-500, 31])
def test_a_signature_outside_the_life_of_its_certificate(verify, days):
    short = issue_signer(pki(), START, name="A", organisation="B", end=SIGNED + 30 * DAY)
    since = make_revocation_list(pki().issuer, SIGNED + DAY, until=SIGNED + 8 * DAY)
    content = sign_pdf(paper(), short, pki(), at=SIGNED + days * DAY)
    assert verify(content, trust((*samples.revocation_lists(), since))).verdict != "valid"


@pytest.mark.parametrize("moment", [START - DAY, NOW + DAY])
def test_a_timestamp_at_an_impossible_time_proves_nothing(verify, moment):
    found = the_signature(verify(sign_pdf(paper(), minister(), pki(), at=moment)))
    assert (found.timestamp.indication, found.timestamp.reason) == (INDETERMINATE, "timestamp_invalid")
    gone = [(minister().certificate.serial_number, SIGNED)]
    store = trust(samples.revocation_lists(revoked=gone))
    assert verify(sign_pdf(paper(), minister(), pki(), at=moment), store).verdict == "undecided"


@pytest.mark.parametrize("who", ["timestamps", "issuer", "root"])
def test_only_a_signers_certificate_signs(verify, who):
    found = the_signature(verify(sign_pdf(paper(), getattr(pki(), who), pki(), at=SIGNED)))
    assert (found.indication, found.reason) == (INDETERMINATE, "certificate_not_for_signing")


def test_a_timestamp_of_something_else_spoils_the_signature(verify, monkeypatch):
    monkeypatch.setattr(demonstration, "make_timestamper", _Elsewhere)
    found = the_signature(verify(sign_pdf(paper(), minister(), pki(), at=SIGNED)))
    assert (found.indication, found.reason, found.timestamp.reason) == (
        INDETERMINATE,
        "timestamp_invalid",
        "altered",
    )


class _Elsewhere:
    """A timestamp server that stamps other bytes than it was given."""

    def __init__(self, pki, at):
        self.true = samples.make_timestamper(pki, at)

    async def async_timestamp(self, digest, algorithm):
        return await self.true.async_timestamp(bytes(len(digest)), algorithm)

    async def async_dummy_response(self, algorithm):
        return await self.true.async_dummy_response(algorithm)


def test_sha_1_is_weak_though_intact(verify):
    content = samples.sign_plainly(paper(), digest="sha1")
    report = verify(content)
    found = the_signature(report)
    assert report.verdict == "undecided"
    assert (found.sub_indication, found.reason, found.weak_digest, found.intact) == (
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        "weak_digest",
        True,
        True,
    )
    assert "weak_digest" in report.deviations


# Trust store


@pytest.mark.parametrize(
    "content", [b"", b"words", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"]
)
def test_nonsense_is_no_anchor(content):
    with pytest.raises(UnfitTrust):
        TrustStore.build(anchors=[content])


@pytest.mark.parametrize("who", ["timestamps", "minister"])
def test_only_an_authority_is_an_anchor(who):
    identity = minister() if who == "minister" else pki().timestamps
    with pytest.raises(UnfitTrust):
        TrustStore.build(anchors=[identity.der])


def test_an_anchor_that_has_expired_anchors_nothing(verify):
    later = datetime(2040, 1, 1, tzinfo=UTC)
    lists = samples.revocation_lists(later - DAY, later + DAY)
    assert the_signature(verify(signed(), trust(lists), at=later)).reason == "chain_unknown"


def terms(who: bytes, **limits: datetime) -> TrustStore:
    """The issuer trusted for a time, the timestamps' root for ever, all revocation data at hand."""
    return TrustStore.build(
        anchors=[Anchor(who, **limits)], timestampers=[pki().root.der], crls=samples.revocation_lists()
    )


def test_trust_that_has_ended_holds_for_what_is_proven_to_be_older(verify):
    ended = terms(pki().issuer.der, trusted_until=SIGNED + DAY)
    assert verify(signed(), ended).verdict == "valid"
    assert verify(samples.sign_to_level(paper(), "B-LTA"), ended).verdict == "valid"
    assert verify(samples.sign_to_level(paper(), "B-B"), ended).verdict == "undecided"

    ended_before = terms(pki().issuer.der, trusted_until=SIGNED)
    assert the_signature(verify(signed(), ended_before)).reason == "chain_unknown"
    not_begun = terms(pki().issuer.der, trusted_from=NOW + DAY)
    assert verify(signed(), not_begun).verdict == "undecided"


def test_a_timestamp_under_trust_that_has_ended_proves_nothing(verify):
    lists = samples.revocation_lists()
    ended = Anchor(pki().root.der, trusted_until=SIGNED + DAY)
    store = TrustStore.build(
        anchors=[Anchor(pki().issuer.der, trusted_until=SIGNED + DAY)], timestampers=[ended], crls=lists
    )
    assert verify(signed(), store).verdict == "undecided"


def test_who_vouches_for_timestamps_vouches_for_no_signer(verify):
    store = TrustStore.build(timestampers=[pki().root.der, pki().issuer.der], crls=samples.revocation_lists())
    found = the_signature(verify(signed(), store))
    assert (found.reason, found.timestamp.indication) == ("chain_unknown", PASSED)
    root_as_signer = sign_pdf(paper(), pki().issuer, pki(), at=SIGNED)
    assert verify(root_as_signer, store).verdict == "undecided"


def test_a_trust_store_survives_json_and_has_a_fingerprint():
    store = dataclasses.replace(
        trust(), timestampers=(Anchor(pki().root.der, START, NOW), Anchor(pki().issuer.der))
    )
    assert TrustStore.from_json(store.to_json()) == store
    assert store.fingerprint == dataclasses.replace(store, anchors=store.anchors[::-1]).fingerprint
    others = [trust(), trust(()), terms(pki().root.der), terms(pki().root.der, trusted_until=NOW), store]
    assert len({other.fingerprint for other in others}) == len(others)


# The table of EN 319 102-1

STANDARD = {
    PASSED: {None},
    FAILED: {
        "FORMAT_FAILURE",
        "HASH_FAILURE",
        "SIG_CRYPTO_FAILURE",
        "REVOKED",
        "EXPIRED",
        "NOT_YET_VALID",
    },
    INDETERMINATE: {
        None,
        "SIG_CONSTRAINTS_FAILURE",
        "CHAIN_CONSTRAINTS_FAILURE",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        "CRYPTO_CONSTRAINTS_FAILURE",
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        "POLICY_PROCESSING_ERROR",
        "SIGNATURE_POLICY_NOT_AVAILABLE",
        "TIMESTAMP_ORDER_FAILURE",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "NO_CERTIFICATE_CHAIN_FOUND",
        "REVOKED_NO_POE",
        "REVOKED_CA_NO_POE",
        "OUT_OF_BOUNDS_NOT_REVOKED",
        "OUT_OF_BOUNDS_NO_POE",
        "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        "NO_POE",
        "TRY_LATER",
        "SIGNED_DATA_NOT_FOUND",
    },
}


@pytest.mark.parametrize("result", [*AdESPassed, *AdESFailure, *AdESIndeterminate])
def test_every_result_of_the_library_has_its_place_in_the_standard(result):
    indication, sub_indication = indicate(result)
    assert sub_indication in STANDARD[indication]
    assert reason_of(indication, sub_indication) in REASONS
    assert (indication == PASSED) == (result is AdESPassed.OK)
    assert len(INDICATIONS) == len(AdESPassed) + len(AdESFailure) + len(AdESIndeterminate)


# The child process


def test_the_sandbox_says_the_same(tmp_path, verify):
    content = samples.stamp_document(signed())
    here = verify(content)
    there = verify_in_sandbox(tmp_path / "paper.pdf", trust=trust(), at=NOW)
    assert there == here == Report.from_json(here.to_json())


def test_a_verification_that_takes_too_long_proves_nothing(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(signed())
    report = verify_in_sandbox(
        path, trust=trust(), at=NOW, limits=dataclasses.replace(LIMITS, wall_seconds=0.01)
    )
    assert (report.verdict, report.error) == ("unverifiable", "took_too_long: 0.01 s")


# The demonstration's own PKI


def test_the_demonstration_says_what_it_is(tmp_path):
    store = open_pki(tmp_path / "pki", START)
    signer = open_signer(tmp_path / "pki", store, START, name="Đặng Văn Ước", organisation="Bộ Nội vụ")
    for identity in (store.root, store.issuer, store.timestamps, signer):
        assert demonstration.NOTICE in identity.certificate.subject.rfc4514_string()
    assert open_pki(tmp_path / "pki", NOW).root.der == store.root.der
    assert (
        open_signer(tmp_path / "pki", store, NOW, name="Đặng Văn Ước", organisation="Bộ Nội vụ").der
        == signer.der
    )
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "pki").iterdir()} == {0o600}


def test_what_the_demonstration_signs_is_valid_under_its_own_trust_only(verify):
    own = create_pki(START)
    signer = issue_signer(own, START, name="Đặng Văn Ước", organisation="Bộ Nội vụ")
    content = sign_pdf(paper(), signer, own, at=SIGNED, reason="Ký ban hành")
    report = verify(content, own.make_trust_store(NOW), profile="own")
    assert (report.verdict, the_signature(report).claimed_time) == ("valid", SIGNED)
    assert verify(content).verdict == "undecided"
