"""The gate: no file of the generator of attacks is accepted, and none raises or hangs."""

import pytest
from pyhanko.sign.fields import MDPPerm

from tests.signatures import attacks
from tests.signatures.attacks import ADDITIONS, FORGERIES, GAPS, SHADOW, TABLES
from verifier.pdf.report import PASSED


def assert_rejected(report):
    assert report.verdict not in ("valid", "unsigned")
    passed = [
        item.field for item in report.signatures if item.kind == "signature" and item.indication == PASSED
    ]
    assert not passed


@pytest.mark.parametrize("sample", ["victim", "archived", "with_gaps", "hybrid_with_gaps"])
def test_what_is_attacked_was_good(verify, sample):
    assert verify(getattr(attacks, sample)()).verdict == "valid"


@pytest.mark.parametrize("attack", [*SHADOW, *TABLES])
def test_shadows_and_tables(verify, attack):
    content = {**SHADOW, **TABLES}[attack](attacks.victim())
    assert content != attacks.victim()
    assert_rejected(verify(content))


@pytest.mark.parametrize("attack", TABLES)
def test_tables_before_a_lenient_reader(verify, attack):
    assert_rejected(verify(TABLES[attack](attacks.hybrid_with_gaps()), profile="foreign"))


@pytest.mark.parametrize("attack", sorted([*SHADOW, *TABLES])[::3])
def test_shadows_over_an_archived_file(verify, attack):
    assert_rejected(verify({**SHADOW, **TABLES}[attack](attacks.archived())))


@pytest.mark.parametrize("attack", ADDITIONS)
def test_what_may_not_be_added(verify, attack):
    report = verify(ADDITIONS[attack](attacks.victim()))
    first = next(item for item in report.signatures if item.field == "Signature1")
    assert first.indication != PASSED
    assert report.verdict not in ("valid", "unsigned")


@pytest.mark.parametrize("attack", FORGERIES)
def test_forgeries(verify, attack):
    assert_rejected(verify(FORGERIES[attack](attacks.victim())))


@pytest.mark.parametrize("attack", GAPS)
def test_what_was_missing_when_it_was_signed_is_not_added_later(verify, attack):
    for content in (attacks.with_gaps(), attacks.hybrid_with_gaps()):
        assert_rejected(verify(GAPS[attack](content)))


@pytest.mark.parametrize("permission", MDPPerm)
def test_a_certified_document_takes_no_notes_and_no_strangers(verify, permission):
    content = attacks.certified(permission)
    assert verify(content).verdict == "valid"
    for attack in (attacks.annotate(b"FreeText"), attacks.annotate(b"Stamp"), attacks.sneak_in_a_signature):
        assert_rejected(verify(attack(content)))
