"""Viruses: a real clamd that knows one signature, and one that is silent."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from core.work import WorkState
from documents import actions, tasks
from documents.files import scanning
from documents.models import DocumentVersion, VirusScan
from documents.rules import DOSSIER, ScanVerdict
from notifications.models import Notification
from tests.documents.hostile import assemble_pdf, make_stream, one_page
from tests.documents.samples import make_pdf, received, stored_objects

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
needs_clamd = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")


@pytest.fixture(scope="module")
def clamd():
    """Its address. No virus database is needed: the one signature is the test file's."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "data" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"LocalSocket {folder}/socket\nDatabaseDirectory {folder}/data\nForeground yes\n"
            f"TemporaryDirectory {folder}\nStreamMaxLength 1M\n"
        )
        process = subprocess.Popen(
            [str(CLAMD), "-c", str(folder / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(folder / "socket", process)
            yield f"unix://{folder}/socket"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.1)
    pytest.skip("clamd did not start")


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


def put_in(cast, dossier, content: bytes | None = None) -> DocumentVersion:
    return actions.add_paper(dossier, by=cast.secretary, upload=received(content)).version


@needs_clamd
def test_a_clean_paper_and_one_with_a_virus(
    cast, dossier, clamd, settings, django_capture_on_commit_callbacks
):
    settings.CLAMD_URL = clamd
    clean = put_in(cast, dossier)
    tasks.scan_version(clean.virus_scan.pk)
    clean.virus_scan.refresh_from_db()
    assert (clean.virus_scan.verdict, clean.virus_scan.work_state) == (ScanVerdict.CLEAN, WorkState.DONE)
    assert clean.virus_scan.engine.startswith("ClamAV")

    infected = put_in(cast, dossier, assemble_pdf(one_page(make_stream(EICAR))))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.scan_version(infected.virus_scan.pk)
    infected.refresh_from_db()
    assert infected.refused_because == "infected"
    assert "vi-rút" in infected.refusal
    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (cast.secretary, "documents/paper_infected")
    assert VirusScan.objects.get(version=infected).found.startswith("Test.Eicar")
    assert stored_objects() == [clean.sha256]


@needs_clamd
def test_a_file_that_is_too_long_for_the_scanner_is_not_clean(clamd, settings):
    settings.CLAMD_URL = clamd
    with pytest.raises(scanning.ScannerSilent):
        scanning.scan([bytes(512 * 1024)] * 6)


def test_a_file_that_was_scanned_in_part_is_neither_clean_nor_infected(settings, monkeypatch):
    settings.CLAMD_URL = "unix:///any"
    answers = iter(["ClamAV 1.4", "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND"])
    monkeypatch.setattr(scanning, "_ask", lambda pieces: next(answers))
    with pytest.raises(scanning.ScannerSilent):
        scanning.scan([b"%PDF"])


@pytest.mark.parametrize("address", ["unix:///no/such/socket", "tcp://127.0.0.1:1"])
def test_a_scanner_that_is_down_clears_nothing_and_is_asked_again(
    cast, dossier, settings, address, monkeypatch
):
    settings.CLAMD_URL = address
    version = put_in(cast, dossier)
    for _ in range(5):  # more often than other work is tried
        tasks.scan_version(version.virus_scan.pk)
    version.virus_scan.refresh_from_db()
    assert version.virus_scan.work_state == WorkState.QUEUED
    assert version.virus_scan.verdict == ScanVerdict.NOT_SCANNED
    handed_in = []
    monkeypatch.setattr("documents.tasks.enqueue", lambda task, pk: handed_in.append((task, pk)))
    tasks.hand_in_scans()
    assert handed_in == [("documents.tasks.scan_version", version.virus_scan.pk)]


def test_what_is_not_scanned_is_not_put_before_the_members(cast, dossier, settings):
    settings.CLAMD_URL = "unix:///no/such/socket"
    version = put_in(cast, dossier, make_pdf())
    tasks.read_version(version.pk)
    assert not DOSSIER.allows("seal_dossier", cast.secretary, dossier)
    scan = version.virus_scan
    actions.record_scan(scan, by=tasks.WORKER, verdict=ScanVerdict.CLEAN, engine="ClamAV")
    assert DOSSIER.allows("seal_dossier", cast.secretary, dossier)


def test_papers_from_before_the_scanner_are_scanned_too(cast, dossier, settings):
    version = put_in(cast, dossier)
    assert not VirusScan.objects.exists()
    tasks.hand_in_scans()
    assert not VirusScan.objects.exists()
    settings.CLAMD_URL = "unix:///no/such/socket"
    tasks.hand_in_scans()
    assert VirusScan.objects.get().version == version
