"""Checkpoints in the forms of C2SP: what is written is read again, and nothing else is."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.log import checkpoints, entries
from verifier.log.checkpoints import LOG, WITNESS, BadNote, Checkpoint, PublicKey

# The example of C2SP signed-note
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
ROOT = bytes(range(32))


@pytest.fixture
def signer():
    return checkpoints.load_signer(checkpoints.make_key(), "cabinet.example.gov.vn/trail")


def test_the_key_of_a_known_log_is_read():
    key = PublicKey.parse(GO)

    assert (key.name, key.kind, str(key)) == ("sum.golang.org", LOG, GO)
    for wrong in (
        GO[:-2] + "9A",
        GO.replace("033d", "033e"),
        GO.replace("+Ac", "+Bc"),
        "x",
        "",
        "a b+00+AA==",
    ):
        with pytest.raises(BadNote):
            PublicKey.parse(wrong)


def test_a_line_that_looks_like_a_signature_is_none():
    note = (
        "go.sum database tree\n1234\n"
        + b64encode(ROOT).decode()
        + "\n\n— sum.golang.org Az3grgAAAAAAAAAAAAAA\n"
    )
    assert checkpoints.read_checkpoint(note) == Checkpoint("go.sum database tree", 1234, ROOT)
    with pytest.raises(BadNote, match="not signed"):
        checkpoints.verify_checkpoint(note, PublicKey.parse(GO))


def test_a_signed_checkpoint_is_read_and_no_changed_one(signer):
    note = checkpoints.sign_checkpoint(Checkpoint(signer.name, 1234, ROOT), signer)

    assert checkpoints.verify_checkpoint(note, signer.public) == Checkpoint(signer.name, 1234, ROOT)
    other = checkpoints.load_signer(checkpoints.make_key(), signer.name)
    with pytest.raises(BadNote, match="not signed"):
        checkpoints.verify_checkpoint(note, other.public)
    data = note.encode()
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            found = checkpoints.verify_checkpoint(changed.decode(errors="replace"), signer.public)
        except BadNote:
            continue
        assert found == Checkpoint(signer.name, 1234, ROOT), (
            place
        )  # the last two bits of base64's last letter


def test_a_signature_of_another_name_is_none(signer):
    """A log cannot be passed off as another that has the same key."""
    note = checkpoints.sign_checkpoint(Checkpoint("another.example", 1, ROOT), signer)
    with pytest.raises(BadNote, match="not signed"):
        checkpoints.verify_checkpoint(note, signer.public)


def test_a_witness_says_when(signer):
    witness = checkpoints.load_signer(checkpoints.make_key(), "archive.example/witness", WITNESS)
    checkpoint = Checkpoint(signer.name, 5, ROOT)
    note = checkpoints.sign_checkpoint(checkpoint, signer) + witness.sign(checkpoint.text, 1_767_000_000)

    assert checkpoints.verify_checkpoint(note, signer.public) == checkpoint
    assert checkpoints.list_signatures(note, witness.public) == [1_767_000_000]
    blob = bytearray(b64decode(note.split()[-1]))
    blob[11] ^= 1  # the time is signed too
    changed = note.replace(note.split()[-1], b64encode(blob).decode())
    assert checkpoints.list_signatures(changed, witness.public) == []


def test_checkpoints_are_found_in_a_mail(signer):
    notes = [checkpoints.sign_checkpoint(Checkpoint(signer.name, size, ROOT), signer) for size in (1, 20)]
    mail = f"Kính gửi,\n\n{notes[0]}\nvà\n\n{notes[1]}\n\n--\nHệ thống\n"

    assert checkpoints.split_notes(mail) == notes
    assert checkpoints.split_notes(mail.replace("\n", "\r\n")) == notes
    assert checkpoints.split_notes("") == checkpoints.split_notes("not one") == []


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_nothing_else_is_a_checkpoint(text):
    for note in (text, f"a\n{text}\n\n— x y\n", f"a\n1\n{text}\n\n— x y\n"):
        with pytest.raises(BadNote):
            checkpoints.read_checkpoint(note)
    checkpoints.split_notes(text)


def test_an_entry_is_written_and_read_again():
    salts = bytes(range(16)), bytes(range(16, 32))
    told = {
        "id": 7,
        "at": "2026-11-22T02:03:04.000005+00:00",
        "action": "opinions.answer_slip",
        "actor_id": None,
        "body_id": 1,
        "target_type": "opinions.slip",
        "target_id": 9,
        "case_type": "opinions.request",
        "case_id": 3,
        "sealed_until": "2026-11-23T00:00:00+00:00",
        "actor_name": "Nguyễn Hữu Đức",
        "target_name": "Phiếu",
        "names_salt": salts[0].hex(),
        "details": '{"position": "agree"}',
        "details_salt": salts[1].hex(),
    }
    entry = entries.read_entry(told)
    assert entry.as_json() == told
    assert entry.leaf.hex() == "562944cef63156d4c369cab5a3e6cde1639d7c5de5324cac2224f72686cff2e6"

    withheld = {name: value for name, value in told.items() if not name.startswith("details")}
    withheld["details_hash"] = entry.details_hash.hex()
    assert entries.read_entry(withheld).leaf == entry.leaf
    assert entries.read_entry(withheld).as_json() == withheld
    for name in told:
        if name in ("names_salt", "details_salt"):
            changed = told | {name: "00" * 16}
        elif name.endswith(("at", "until")):
            changed = told | {name: datetime(2026, 1, 1, tzinfo=UTC).isoformat()}
        else:
            changed = told | {name: 99 if isinstance(told[name], int | None) else '{"position": "disagree"}'}
        assert entries.read_entry(changed).leaf != entry.leaf, name
        missing = {key: value for key, value in told.items() if key != name}
        with pytest.raises(ValueError):
            entries.read_entry(missing)


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.sampled_from(["id", "at", "action", "names_hash"]), st.none() | st.integers() | st.text()
    )
)
def test_no_other_json_is_an_entry(told):
    with pytest.raises(ValueError):
        entries.read_entry(told)
