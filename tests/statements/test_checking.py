"""Statements are checked in full and fast; the fast check accepts nothing that the full one would not."""

import random
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from signatures.cms import build_attributes, build_cms
from signatures.values import hash_with
from tests.statements.pki import NOW, Issuer, Signer, Stamper
from verifier.cms import verify_statement
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED
from verifier.pdf.trust import TrustStore
from verifier.statements.fast import Checker
from verifier.statements.parts import read_parts, read_parts_slowly, write_without_timestamps

CONTENT = b'{"form":"ecabinet statement v1","kind":"opinions.answer","body":{"position":"agree"}}'
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture(scope="module")
def stamper(issuer):
    return Stamper(issuer)


def judge(signature, trust, content=CONTENT, at=LATER):
    return verify_statement(signature, content, trust=trust, at=at)


@pytest.mark.parametrize("kind", ["rsa-2048", "rsa-3072", "p256", "p384"])
def test_a_signature_holds_with_and_without_timestamp(issuer, stamper, kind):
    signer, trust = Signer(issuer, kind), issuer.trust()
    plain, stamped = judge(signer.sign(CONTENT), trust), judge(signer.sign(CONTENT, stamper), trust)

    assert (plain.indication, plain.level, plain.intact, plain.timestamp) == (PASSED, "B-B", True, None)
    assert (stamped.indication, stamped.level, stamped.best_time) == (PASSED, "B-T", NOW)
    assert (plain.signer, plain.organisation) == ("Nguyễn Hữu Đức", "Chính phủ")


def test_what_is_wrong_has_its_name(issuer, stamper):
    signer, trust = Signer(issuer), issuer.trust()
    rogue = Issuer()
    other = Signer(issuer)
    signature = signer.sign(CONTENT)
    stolen = signature.replace(signer.der, other.der) if len(signer.der) == len(other.der) else b""

    def named(signature, trust=trust, content=CONTENT, at=LATER):
        found = judge(signature, trust, content, at)
        return found.indication, found.reason

    assert named(signature, content=CONTENT + b" ") == (FAILED, "altered")
    assert named(Signer(rogue).sign(CONTENT)) != (PASSED, "ok")
    assert named(signature, issuer.trust(signer.certificate))[1] == "revoked"
    assert (
        named(signature, TrustStore.build(anchors=[rogue.certificate.public_bytes(Encoding.DER)]))[0]
        != PASSED
    )
    assert named(signature, TrustStore.build(anchors=issuer.trust().anchors)) == (
        INDETERMINATE,
        "revocation_unknown",
    )
    assert named(signature, at=NOW + timedelta(days=800))[0] != PASSED
    assert named(signer.sign(CONTENT, Stamper(rogue)))[0] == PASSED  # the timestamp proves nothing
    assert judge(signer.sign(CONTENT, Stamper(rogue)), trust).timestamp.indication != PASSED
    for wrong in (b"", b"\x30\x00", CONTENT, signature[:-1], signature + b"\0", stolen, bytes(300_000)):
        assert named(wrong)[0] != PASSED


def test_a_signature_before_its_revocation_is_proved_by_its_timestamp_only_in_full(issuer, stamper):
    """The key may sign no more: nothing without a timestamp can pass because something with one did."""
    signer = Signer(issuer, days=0.5)
    trust = issuer.trust(at=NOW + timedelta(hours=1), until=NOW + timedelta(days=3))
    at = NOW + timedelta(days=1)
    checker = Checker(trust)
    stamped = signer.sign(CONTENT, stamper)
    full = judge(stamped, trust, at=at)

    assert checker.check(CONTENT, stamped, at).indication == full.indication
    assert checker.recognise(CONTENT, signer.sign(CONTENT), at) is None
    assert checker.check(CONTENT, signer.sign(CONTENT), at).indication != PASSED


# Fast


@pytest.mark.parametrize("kind", ["rsa-2048", "p256", "p384"])
def test_what_was_learned_is_recognised(issuer, stamper, kind):
    signer, checker = Signer(issuer, kind), Checker(issuer.trust())
    signature, stamped = signer.sign(CONTENT), signer.sign(b"other", stamper)
    assert checker.recognise(CONTENT, signature, NOW) is None  # never the first to look
    first = checker.check(CONTENT, signature, NOW)

    assert first.indication == PASSED
    assert checker.recognise(b"another", signer.sign(b"another"), LATER) == first
    assert checker.recognise(b"other", stamped, LATER) is None  # nobody has looked at its timestamp
    assert checker.check(b"other", stamped, LATER).best_time == NOW
    assert checker.recognise(b"other", stamped, LATER).best_time == NOW


def test_a_stamped_signature_teaches_the_key_too(issuer, stamper):
    signer, checker = Signer(issuer), Checker(issuer.trust())
    checker.check(CONTENT, signer.sign(CONTENT, stamper), NOW)
    found = checker.recognise(b"another", signer.sign(b"another"), NOW)

    assert (found.indication, found.level, found.timestamp) == (PASSED, "B-B", None)


def test_nothing_is_recognised_that_the_full_check_refuses(issuer, stamper):
    signer, other, trust = Signer(issuer), Signer(issuer), issuer.trust()
    checker = Checker(trust)
    signature, stamped = signer.sign(CONTENT), signer.sign(CONTENT, stamper)
    for one in (signature, stamped):
        assert checker.check(CONTENT, one, NOW).indication == PASSED

    assert checker.recognise(CONTENT + b" ", signature, NOW) is None
    assert checker.recognise(CONTENT, other.sign(CONTENT), NOW) is None
    assert checker.recognise(CONTENT, signature, NOW - timedelta(seconds=1)) is None
    assert checker.recognise(CONTENT, signature, NOW + timedelta(hours=1)) is None
    # A token of another signature
    attributes = build_attributes(signer.der, hash_with(signer.digest, b"second"))
    token = stamper.stamp(b"another value")
    moved = build_cms(signer.der, attributes, signer.sign_value(attributes), token=token)
    assert judge(moved, trust, b"second").timestamp.indication == FAILED
    assert checker.recognise(b"second", moved, NOW) is None


def test_what_was_learned_is_forgotten_before_anything_can_change(issuer):
    signer = Signer(issuer)
    for until, trust in (
        (NOW + timedelta(minutes=9), issuer.trust(until=NOW + timedelta(minutes=9))),
        (NOW + timedelta(hours=1), issuer.trust()),
    ):
        checker = Checker(trust)
        signature = signer.sign(CONTENT)
        checker.check(CONTENT, signature, NOW)
        assert checker.recognise(CONTENT, signature, until - timedelta(seconds=1))
        assert checker.recognise(CONTENT, signature, until) is None


@pytest.mark.parametrize("kind", ["rsa-2048", "p256"])
def test_no_changed_bit_passes_fast_that_does_not_pass_in_full(issuer, stamper, kind):
    signer, trust = Signer(issuer, kind), issuer.trust()
    checker = Checker(trust)
    dice = random.Random(7)
    for signature in (signer.sign(CONTENT), signer.sign(CONTENT, stamper)):
        checker.check(CONTENT, signature, NOW)
        assert checker.recognise(CONTENT, signature, LATER)
        recognised = []
        for bit in range(len(signature) * 8):
            changed = bytearray(signature)
            changed[bit // 8] ^= 1 << bit % 8
            if checker.recognise(CONTENT, bytes(changed), LATER) is not None:
                recognised.append(bytes(changed))
        assert recognised == []  # stricter than the full check: not one bit
        for _ in range(40):
            changed = bytearray(signature)
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
            fast, slow = read_parts(bytes(changed)), read_parts_slowly(bytes(changed))
            assert fast is None or slow is None or fast == slow


@settings(max_examples=300)
@given(st.data())
def test_no_made_up_cms_is_recognised(data):
    """Whole pieces exchanged, cut, doubled and moved: the two decoders agree, and nothing new passes."""
    _, checker, parts = _made()
    whole, other = parts
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    from_start, from_end = sorted(data.draw(st.tuples(*[st.integers(0, len(other))] * 2)))
    changed = whole[:start] + other[from_start:from_end] + whole[end:]
    if changed in parts:
        return
    assert checker.recognise(CONTENT, changed, LATER) is None
    fast, slow = read_parts(changed), read_parts_slowly(changed)
    assert fast is None or fast == slow


_cache = []


def _made():
    if not _cache:
        issuer = Issuer()
        signer, checker = Signer(issuer), Checker(issuer.trust())
        made = signer.sign(CONTENT), signer.sign(b"other")
        checker.check(CONTENT, made[0], NOW)
        _cache.append((signer, checker, made))
    return _cache[0]


def test_both_decoders_read_the_same(issuer, stamper):
    for kind in ("rsa-2048", "p384"):
        signer = Signer(issuer, kind)
        for signature in (signer.sign(CONTENT), signer.sign(CONTENT, stamper)):
            parts = read_parts(signature)
            assert parts == read_parts_slowly(signature) is not None
            assert write_without_timestamps(parts) == write_without_timestamps(parts._replace(unsigned=[]))
            assert parts.unsigned or write_without_timestamps(parts) == signature
    checker = Checker(issuer.trust(), read=read_parts_slowly)
    checker.check(CONTENT, signature, NOW)
    assert checker.recognise(CONTENT, signature, NOW)
