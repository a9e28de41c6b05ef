"""A second look confirms what full validation found, and nothing else."""

import hashlib
from dataclasses import replace

import pytest

from signatures.demonstration import sign_pdf
from tests.signatures import samples
from tests.signatures.samples import DAY, SIGNED, minister, paper, pki, seal, signed
from verifier.again import KnownSignature, confirm, remember


@pytest.fixture
def look(tmp_path, verify):
    def look(content: bytes, store=None):
        path = tmp_path / "kept.pdf"
        path.write_bytes(content)
        found = remember(path, verify(content, store))
        assert all(KnownSignature.from_json(known.to_json()) == known for known in found)
        return path, found

    return look


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_what_was_valid_is_confirmed(look, level):
    path, (known,) = look(samples.sign_to_level(paper(), level))
    assert confirm(path, known)


@pytest.mark.parametrize("make", [samples.rsa_signer, minister])
def test_each_kind_of_key_is_confirmed(look, make):
    path, (known,) = look(sign_pdf(paper(), make(), pki(), at=SIGNED))
    assert confirm(path, known)
    assert not confirm(path, replace(known, value=bytes(len(known.value))))
    assert not confirm(path, replace(known, attributes=known.attributes[:-1] + b"x"))


def test_each_of_two_signatures_has_its_own(look):
    path, found = look(sign_pdf(signed(), seal(), pki(), at=SIGNED + DAY, field="Seal"))
    assert [known.field for known in found] == ["Signature1", "Seal"]
    assert all(confirm(path, known) for known in found)


@pytest.mark.parametrize("place", [9, 2000, -3])
def test_a_changed_bit_is_not_confirmed(look, place):
    path, (known,) = look(signed())
    content = bytearray(signed())
    content[place] ^= 1
    path.write_bytes(content)
    assert not confirm(path, known)
    # Nor when who changed the file has changed the checksum that was kept.
    altered = replace(known, file_sha256=hashlib.sha256(content).hexdigest())
    assert not confirm(path, altered)


def test_a_file_that_grew_shrank_or_went_is_not_confirmed(look):
    path, (known,) = look(signed())
    for content in (signed() + b"\n", signed()[:-1], b""):
        path.write_bytes(content)
        assert not confirm(path, known)


def test_what_was_not_valid_is_not_known(look, verify, tmp_path):
    changed = samples.append_revision(signed(), samples.draw_over_page)
    assert look(changed)[1] == ()
    (tmp_path / "other.pdf").write_bytes(changed)
    with pytest.raises(ValueError, match="another file"):
        remember(tmp_path / "other.pdf", verify(signed()))
