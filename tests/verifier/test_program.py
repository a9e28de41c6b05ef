"""The program as a stranger has it: installed from its folder, without Django, without the network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from audit import checkpoints
from core import clock
from tests.archive import evidence_case
from tests.documents.samples import make_pdf
from tests.verifier import tampering

ROOT = Path(settings.BASE_DIR)
GUARDED = Path(__file__).with_name("guarded.py")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Built and installed as `pip install ./verifier` does, but for the libraries, which are here already."""
    folder = tmp_path_factory.mktemp("stranger")
    source = folder / "source"
    copy_folder(ROOT / "verifier", source)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    options = ["--no-build-isolation", "--disable-pip-version-check", "--target", str(folder / "site")]
    done = subprocess.run([*install, *options, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def copy_folder(source, target):
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def run(installed, *arguments):
    """In another folder: what is imported can only be what was installed."""
    command = [sys.executable, "-P", str(GUARDED), str(installed), *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    return subprocess.run(command, cwd=installed, env=clean, capture_output=True, text=True, timeout=60)


@pytest.mark.django_db
def test_a_stranger_checks_a_decision(
    installed, cast, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    decision = evidence_case.decide(cast)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    key = str(checkpoints.known_keys()[0])
    at = clock.now().isoformat()

    good = run(installed, "bundle", bundle.path, "--log-key", key, "--at", at)
    assert good.returncode == 1, good.stderr  # nobody signed the resolution: that is not proven
    assert "Kết quả chung khớp với kiểm đếm lại" in good.stdout and "Không đúng" not in good.stdout
    assert "không có chữ ký số" in good.stdout

    files = tampering.take_apart(bundle.path)
    name = tampering.find(files, r"answers/\d+\.json", '"other"')
    files[name] = files[name].replace(b'"other"', b'"agree"')
    forged = tampering.pack(tampering.list_anew(files), tmp_path / "forged.zip")
    bad = run(installed, "bundle", forged, "--log-key", key, "--json")
    assert bad.returncode == 1
    told = json.loads(bad.stdout)
    failed = {finding["code"] for finding in told["findings"] if finding["state"] == "fails"}
    assert told["state"] == "fails" and {"manifest_changed", "count_differs"} <= failed


def test_other_files_are_refused_with_a_sentence(installed, tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(b"PK\x03\x04 not really")
    refused = run(installed, "bundle", file, tmp_path / "none.zip", "--language", "en")
    assert refused.returncode == 2
    assert "This is no evidence bundle" in refused.stdout and "cannot be opened" in refused.stdout
    assert refused.stderr == ""


def test_a_signed_pdf_is_judged_too(installed, tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(make_pdf())
    judged = run(installed, "pdf", file, "--language", "en")
    assert (judged.returncode, judged.stderr) == (1, "")
    assert "not signed" in judged.stdout


def test_the_guard_of_these_tests_guards(installed):
    """Else they would prove nothing."""
    source = GUARDED.read_text().replace("sys.exit(main", "import django; sys.exit(main")
    command = [sys.executable, "-c", source, str(installed), "bundle", "x"]
    tried = subprocess.run(command, capture_output=True, text=True)
    assert "is not there on a stranger's computer" in tried.stderr
