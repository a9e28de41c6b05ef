"""Attacks on a signed file: none of them is valid, and none makes the signature vanish."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatures.demonstration import sign_pdf
from signatures.verifier import TrustStore, verify_in_sandbox
from tests.documents.hostile import HOSTILE
from tests.signatures import samples
from tests.signatures.samples import DAY, NOW, SIGNED, minister, paper, pki, seal, signed, the_signature
from verifier.pdf import structure

# Attacks on the file


@pytest.mark.parametrize("change", samples.CHANGES)
@pytest.mark.parametrize("profile", ["auto", "own", "foreign"])
def test_a_change_after_signing_is_found(verify, change, profile):
    report = verify(samples.append_revision(signed(), samples.CHANGES[change]), profile=profile)
    found = the_signature(report)
    assert (report.verdict, found.reason, found.changes_after) == (
        "invalid",
        "changed_after_signing",
        "suspicious",
    )
    assert found.intact


def test_filling_in_a_form_after_signing_is_a_change(verify):
    content = sign_pdf(samples.form(), minister(), pki(), at=SIGNED)
    assert verify(content).verdict == "valid"
    assert verify(samples.append_revision(content, samples.fill_form)).verdict == "invalid"


def test_a_change_between_two_signatures_is_found(verify):
    changed = samples.append_revision(signed(), samples.draw_over_page)
    report = verify(sign_pdf(changed, seal(), pki(), at=SIGNED + DAY, field="Seal"))
    assert [signature.reason for signature in report.signatures] == ["changed_after_signing", "ok"]
    assert report.verdict == "invalid"


@pytest.mark.parametrize("tail", [b"x", b"\n\n\n<script>", b"startxref\n9\n%%EOF\n", b"% " + bytes(100)])
def test_bytes_behind_the_end_are_not_accepted(verify, tail):
    content = samples.sign_to_level(paper(), "B-LT") + tail  # the last revision is not signed
    assert verify(content).verdict != "valid"
    assert verify(content, profile="own").verdict in ("invalid", "unverifiable")
    assert verify(signed() + tail).verdict != "valid"


def test_padding_that_is_not_empty_is_not_accepted(verify):
    report = verify(samples.fill_padding(signed()))
    assert (report.verdict, the_signature(report).reason) == ("undecided", "padding")
    assert (report.deviations, report.profile) == (("padding",), "foreign")
    assert verify(samples.fill_padding(signed()), profile="own").verdict == "invalid"


def test_no_single_bit_changes_unseen(verify):
    content = signed()
    first, end, start, rest = structure.find_byte_ranges(content)[0]
    chance = random.Random(7)
    places = [chance.randrange(first, end) for _ in range(40)] + [
        chance.randrange(start, start + rest) for _ in range(20)
    ]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        assert verify(bytes(changed)).verdict not in ("valid", "unsigned"), place


def test_no_single_digit_of_the_signature_changes_into_a_forgery(verify):
    """Bits of the CMS may be unsigned by design (the embedded CA certificate); what is proved stays."""
    content = signed()
    end = structure.find_byte_ranges(content)[0][1]
    chance = random.Random(11)
    good = the_signature(verify(content))
    for _ in range(60):
        place = end + 1 + chance.randrange(6000)
        changed = bytearray(content)
        changed[place] = ord(chance.choice("0123456789ABCDEF"))
        report = verify(bytes(changed))
        if report.verdict == "valid":
            found = the_signature(report)
            assert (found.certificate_sha256, found.intact) == (good.certificate_sha256, True)
            assert found.timestamp is None or found.timestamp.time == good.timestamp.time


@pytest.mark.parametrize(
    "attack",
    [
        lambda content: _replace_contents(content, b"<>"),
        lambda content: _replace_contents(content, b"null"),
        lambda content: content.replace(b"/ByteRange [", b"/ByteRange null %[", 1),
        lambda content: content.replace(b"/ByteRange [", b"/ByteRange [0 0 0 0]%", 1),
        lambda content: content.replace(b"/ByteRange [0 ", b"/ByteRange [-9 ", 1),
        lambda content: content.replace(
            b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /adbe.x509.rsa_sha1 ", 1
        ),
        lambda content: content.replace(b"/Contents <", b"/Contentz <", 1),
    ],
)
def test_a_signature_dictionary_that_was_tampered_with_is_never_valid(verify, attack):
    report = verify(attack(signed()))
    assert report.verdict not in ("valid", "unsigned")


def _replace_contents(content: bytes, value: bytes) -> bytes:
    _, end, start, _ = structure.find_byte_ranges(content)[0]
    return content[:end] + value.ljust(start - end) + content[start:]


# Destroyed, unsigned, unreadable


@pytest.mark.parametrize("drop_fields", [False, True])
def test_a_rewritten_file_has_a_destroyed_signature_not_none(verify, drop_fields):
    content = samples.rewrite(signed(), drop_fields=drop_fields)
    report = verify(content)
    assert report.verdict in (("destroyed",) if drop_fields else ("destroyed", "invalid"))
    assert report.verdict != "unsigned"


def test_a_signature_that_no_field_leads_to_is_destroyed(verify):
    report = verify(samples.append_revision(signed(), samples.drop_form))
    assert (report.verdict, report.deviations) == ("destroyed", ("signature_destroyed",))


def test_a_cut_file_is_never_valid(verify):
    content = samples.sign_to_level(paper(), "B-LT")
    for end in range(len(content) // 2, len(content) - 5, len(content) // 12):
        assert verify(content[:end]).verdict != "valid", end


def test_an_unsigned_paper_is_unsigned(verify):
    report = verify(paper())
    assert (report.verdict, report.signatures, report.error) == ("unsigned", (), None)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\0" * 5000, b"%PDF-1.7\nstartxref\n0\n%%EOF"])
def test_what_cannot_be_read_is_unverifiable(verify, content):
    report = verify(content)
    assert (report.verdict, bool(report.error)) == ("unverifiable", True)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_raises_nothing_and_is_never_valid(verify, data):
    content = bytearray(signed())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(paper()) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(min_size=1, max_size=9))
    if bytes(content) != signed():
        assert verify(bytes(content)).verdict != "valid"


def test_too_many_revisions_are_not_followed(verify):
    content = signed()
    for _ in range(51):
        content = samples.append_revision(content, lambda writer: writer.update_root())
    assert verify(content).verdict != "valid"


@pytest.mark.parametrize(
    "sample",
    [
        "header and noise",
        "wrong cross-reference",
        "loop in the page tree",
        "page tree ten thousand deep",
        "arrays nested without end",
        "locked",
    ],
)
def test_a_hostile_file_costs_no_more_than_its_limits(tmp_path, sample):
    path = tmp_path / "paper.pdf"
    path.write_bytes(HOSTILE[sample][0])
    assert verify_in_sandbox(path, trust=TrustStore(), at=NOW).verdict in ("unverifiable", "unsigned")
