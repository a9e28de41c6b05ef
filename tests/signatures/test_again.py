"""A second look confirms what full validation found, and nothing else."""

import hashlib
from dataclasses import replace

import pytest

from signatures.demonstration import sign_pdf
from tests.signatures import samples
from tests.signatures.samples import DAY, SIGNED, minister, paper, pki, seal, signed
from verifier.again import Mark, confirm, make_marks


@pytest.fixture
def marks(tmp_path, verify):
    def marks(content: bytes, store=None):
        path = tmp_path / "kept.pdf"
        path.write_bytes(content)
        found = make_marks(path, verify(content, store))
        assert all(Mark.from_json(mark.to_json()) == mark for mark in found)
        return path, found

    return marks


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_what_was_valid_is_confirmed(marks, level):
    path, (mark,) = marks(samples.sign_to_level(paper(), level))
    assert confirm(path, mark)


@pytest.mark.parametrize("make", [samples.rsa_signer, minister])
def test_each_kind_of_key_is_confirmed(marks, make):
    path, (mark,) = marks(sign_pdf(paper(), make(), pki(), at=SIGNED))
    assert confirm(path, mark)
    assert not confirm(path, replace(mark, value=bytes(len(mark.value))))
    assert not confirm(path, replace(mark, attributes=mark.attributes[:-1] + b"x"))


def test_each_of_two_signatures_has_its_mark(marks):
    path, found = marks(sign_pdf(signed(), seal(), pki(), at=SIGNED + DAY, field="Seal"))
    assert [mark.field for mark in found] == ["Signature1", "Seal"]
    assert all(confirm(path, mark) for mark in found)


@pytest.mark.parametrize("place", [9, 2000, -3])
def test_a_changed_bit_is_not_confirmed(marks, place):
    path, (mark,) = marks(signed())
    content = bytearray(signed())
    content[place] ^= 1
    path.write_bytes(content)
    assert not confirm(path, mark)
    # Nor when who changed the file has changed the checksum that was kept.
    altered = replace(mark, file_sha256=hashlib.sha256(content).hexdigest())
    assert not confirm(path, altered)


def test_a_file_that_grew_shrank_or_went_is_not_confirmed(marks):
    path, (mark,) = marks(signed())
    for content in (signed() + b"\n", signed()[:-1], b""):
        path.write_bytes(content)
        assert not confirm(path, mark)


def test_what_was_not_valid_gets_no_mark(marks, verify, tmp_path):
    changed = samples.append_revision(signed(), samples.draw_over_page)
    assert marks(changed)[1] == ()
    (tmp_path / "other.pdf").write_bytes(changed)
    with pytest.raises(ValueError, match="another file"):
        make_marks(tmp_path / "other.pdf", verify(signed()))
