"""Checkpoints: signed once, never against an earlier one, kept outside, cosigned by those who checked."""

import stat
from base64 import b64decode, b64encode
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from audit import checkpoints, log, tasks, trail
from audit.models import Attestation, Checkpoint, LogTile
from core import clock
from decisions.events import ResolutionIssued
from ecabinet.reactions import REACTIONS
from notifications.tasks import mail_checkpoint
from signatures import tasks as signature_tasks
from signatures.timestamping import Timestamp, TimestampUnavailable
from tests.audit.logbook import own, take_all
from verifier.__main__ import main as verifier
from verifier.log.checkpoints import BadNote, split_notes, verify_checkpoint
from verifier.log.receipts import imprint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log_key(settings, tmp_path):
    settings.AUDIT_KEY_FILE = str(tmp_path / "keys" / "audit.pem")
    settings.AUDIT_ORIGIN = "cabinet.test/trail"
    settings.AUDIT_WITNESS_DIR = str(tmp_path / "witness")
    checkpoints.create_key()
    return checkpoints.read_signer().public


def grow(cast, number=1):
    for _ in range(number):
        trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    take_all()
    tasks.keep_log()
    return log.newest_checkpoint()


def test_the_key_is_made_once_and_read_by_its_owner_alone(settings):
    file = Path(settings.AUDIT_KEY_FILE)
    before = file.read_bytes()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    out = StringIO()
    call_command("make_audit_key", stdout=out)
    assert file.read_bytes() == before
    assert "there already\ncabinet.test/trail+" in out.getvalue()


def test_a_checkpoint_is_signed_and_made_only_when_there_is_news(cast, log_key):
    first = grow(cast, 3)

    assert verify_checkpoint(first.note, log_key).size == first.size == 3 + first.size - 3
    assert verify_checkpoint(first.note, log_key).root == bytes(first.root)
    tasks.keep_log()
    assert Checkpoint.objects.count() == 1
    assert grow(cast).size == first.size + 1
    assert not Checkpoint.objects.filter(is_decision=True).exists()


def test_without_a_key_the_log_grows_and_nothing_is_signed(cast, settings):
    settings.AUDIT_KEY_FILE = ""
    assert grow(cast) is None


def test_a_decision_has_its_checkpoint_at_once(cast, django_capture_on_commit_callbacks):
    trail.record("decisions.issue_resolution", by=cast.secretary, on=cast.minister)
    take_all()
    with django_capture_on_commit_callbacks(execute=True):
        for react in REACTIONS[ResolutionIssued][:1]:
            react(ResolutionIssued(1))

    assert log.newest_checkpoint().is_decision


def test_what_contradicts_the_last_checkpoint_is_never_signed(cast):
    grow(cast, 3)
    tile = LogTile.objects.get(level=0, place=0)
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()

    with pytest.raises(checkpoints.LogBroken):
        grow(cast)
    assert Checkpoint.objects.count() == 1


def test_checkpoints_and_leaves_are_copied_outside_and_only_added_to(cast, settings, log_key):
    folder = Path(settings.AUDIT_WITNESS_DIR)
    grow(cast, 3)
    before = (folder / "leaves.txt").read_bytes(), (folder / "checkpoints.txt").read_bytes()
    with (folder / "leaves.txt").open("ab") as leaves:
        leaves.write(b"3 77 ab")  # the power went
    newest = grow(cast, 2)

    after = (folder / "leaves.txt").read_bytes(), (folder / "checkpoints.txt").read_bytes()
    assert after[0].startswith(before[0]) and after[1].startswith(before[1])
    lines = [line.split() for line in after[0].decode().splitlines()]
    assert [int(index) for index, _, _ in lines] == list(range(newest.size))
    assert [bytes.fromhex(leaf) for _, _, leaf in lines] == [
        leaf for _, _, leaf in checkpoints.read_numbered_leaves(0, newest.size)
    ]
    notes = split_notes(after[1].decode())
    assert [verify_checkpoint(note, log_key).size for note in notes] == [newest.size - 2, newest.size]
    assert Attestation.objects.filter(kind="folder").count() == 2


def test_a_folder_that_is_away_is_tried_again(cast, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.AUDIT_WITNESS_DIR = str(tmp_path / "file" / "below")
    grow(cast)
    assert "not copied outside" in caplog.text
    settings.AUDIT_WITNESS_DIR = str(tmp_path / "back")
    tasks.keep_log()

    assert Attestation.objects.get().kind == "folder"


def test_a_folder_that_knows_more_than_the_log_is_not_written(cast, settings):
    newest = grow(cast)
    with (Path(settings.AUDIT_WITNESS_DIR) / "leaves.txt").open("a") as leaves:
        leaves.write(f"{newest.size + 5} 1 {'00' * 32}\n")

    with pytest.raises(checkpoints.LogBroken, match="holds"):
        grow(cast)


# Others


def test_a_timestamp_is_asked_for_until_there_is_one(cast, settings, monkeypatch):
    settings.TSA_URLS = ["http://tsa.test"]
    newest = grow(cast)
    asked = []

    def refuse(digest):
        asked.append(digest)
        raise TimestampUnavailable

    monkeypatch.setattr(signature_tasks, "request_timestamp", refuse)
    signature_tasks.stamp_checkpoint()
    monkeypatch.setattr(signature_tasks, "request_timestamp", lambda digest: Timestamp(b"token", clock.now()))
    signature_tasks.stamp_checkpoint()
    signature_tasks.stamp_checkpoint()

    assert asked == [imprint(newest.note)]
    assert bytes(Attestation.objects.get(kind="timestamp").content) == b"token"
    assert b64decode(log.timestamp_of(newest)) == b"token"


def test_a_checkpoint_is_mailed_once_an_hour_and_after_a_decision(cast, settings, log_key):
    mail_checkpoint()
    grow(cast)
    mail_checkpoint()
    assert mail.outbox == []
    settings.AUDIT_WITNESS_EMAILS = ["kiem-toan@example.gov.vn"]
    mail_checkpoint()
    grow(cast)
    mail_checkpoint()
    assert len(mail.outbox) == 1
    with clock.at(clock.now() + timedelta(minutes=61)):
        mail_checkpoint()
        assert len(mail.outbox) == 2
        trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
        take_all()
        tasks.keep_log_now()
        mail_checkpoint()
        mail_checkpoint()

    sent = mail.outbox[2]
    assert len(mail.outbox) == 3 and sent.to == ["kiem-toan@example.gov.vn"]
    (note,) = split_notes(sent.message().get_payload(decode=True).decode())
    assert verify_checkpoint(note, log_key).size == log.newest_checkpoint().size
    assert f"{log.newest_checkpoint().size} mục" in sent.subject


def ask(known):
    out = StringIO()
    call_command("ask_witness", known=known, stdout=out)
    return out.getvalue()


def test_a_witness_signs_what_has_only_grown(cast, settings, tmp_path, log_key, capsys):
    home, request, signed = tmp_path / "w", tmp_path / "request", tmp_path / "signed"
    assert verifier(["witness", str(home), "--name", "kiem-toan.gov.vn"]) == 0
    settings.AUDIT_WITNESSES = [capsys.readouterr().out.strip()]
    command = ["witness", str(home), str(request), "--log-key", str(log_key), "--out", str(signed)]
    first = grow(cast, 5)
    request.write_text(ask(0))
    assert verifier(command) == 0
    call_command("ask_witness", signed=str(signed))
    second = grow(cast, 3)
    request.write_text(ask(first.size))
    assert verifier(command) == 0
    call_command("ask_witness", signed=str(signed))

    known = Attestation.objects.filter(kind="witness").order_by("pk").values_list("who", "checkpoint__size")
    assert list(known) == [("kiem-toan.gov.vn", first.size), ("kiem-toan.gov.vn", second.size)]
    with pytest.raises(CommandError, match="no new signature"):
        call_command("ask_witness", signed=str(signed))

    # A log that was written anew, with the right key: no consistency proof leads there.
    tile = LogTile.objects.get(level=0, place=0)
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()
    own("DELETE FROM audit_attestation", "DELETE FROM audit_checkpoint")
    for known_size, words in ((second.size, "does not hold"), (first.size, "must begin at")):
        grow(cast)
        request.write_text(ask(known_size))
        assert verifier(command) == 1
        assert words in capsys.readouterr().err
    request.write_text("old x\n\n")
    assert verifier(command) == 1
    request.write_text(ask(second.size).replace("cabinet.test", "another.test"))
    assert verifier(command) == 1
    assert "not signed" in capsys.readouterr().err


def test_a_signature_under_another_checkpoint_is_not_taken(cast, log_key):
    newest = grow(cast)
    changed = newest.note.replace(b64encode(bytes(newest.root)).decode(), b64encode(bytes(32)).decode())
    with pytest.raises(BadNote):
        checkpoints.take_cosignature(changed)
