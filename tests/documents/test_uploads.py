"""Files on their way in: hashed, bounded, and named so that nobody is deceived."""

import hashlib
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from documents.files.inspection import REASONS
from documents.refusals import SENTENCES, Refused, explain
from documents.uploads import HashedUpload, HashingUploadHandler, clean_file_name, receive_paper
from tests.documents.samples import make_pdf

MEGABYTE = 1024 * 1024


@pytest.fixture
def temporary_folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def send(content: bytes, name: str = "tờ trình.pdf", *, signed_in: bool = True):
    """A request as the server reads it; gives the files in it."""
    request = RequestFactory().post("/", {"upload": SimpleUploadedFile(name, content), "title": "Tờ trình"})
    request.user = SimpleNamespace(is_authenticated=signed_in)
    return request


def test_a_file_is_hashed_on_its_way_to_the_disk(temporary_folder):
    content = make_pdf() * 1000
    file = send(content).FILES["upload"]
    assert isinstance(file, HashedUpload)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.name, file.size, file.read()) == ("tờ trình.pdf", len(content), content)
    assert Path(file.temporary_file_path()).parent == temporary_folder
    file.close()
    assert list(temporary_folder.iterdir()) == []


def test_a_file_over_the_limit_is_cut_off_and_refused(temporary_folder, settings):
    settings.UPLOAD_LIMIT_MB = 1
    request = send(make_pdf() + bytes(3 * MEGABYTE))
    file = request.FILES["upload"]
    assert Path(file.temporary_file_path()).stat().st_size == 0
    assert request.POST["title"] == "Tờ trình"
    with pytest.raises(Refused) as refused:
        receive_paper(file)
    assert refused.value.code == "too_large"
    assert list(temporary_folder.iterdir()) == []


def test_a_file_of_exactly_the_limit_is_taken(temporary_folder, settings):
    settings.UPLOAD_LIMIT_MB = 1
    file = send(make_pdf().ljust(MEGABYTE)).FILES["upload"]
    assert not file.is_too_large
    file.close()


def test_who_is_not_signed_in_puts_nothing_on_the_disk(temporary_folder):
    request = send(make_pdf(), signed_in=False)
    assert "upload" not in request.FILES
    assert request.POST["title"] == "Tờ trình"
    assert list(temporary_folder.iterdir()) == []


def test_a_request_of_nobody_puts_nothing_on_the_disk(temporary_folder):
    request = RequestFactory().post("/", {"upload": SimpleUploadedFile("a.pdf", make_pdf())})
    assert "upload" not in request.FILES
    assert list(temporary_folder.iterdir()) == []


def test_a_sender_who_goes_away_leaves_nothing(temporary_folder):
    handler = HashingUploadHandler(SimpleNamespace(user=SimpleNamespace(is_authenticated=True)))
    handler.upload_interrupted()
    handler.new_file("upload", "a.pdf", "application/pdf", None)
    handler.receive_data_chunk(b"%PDF-", 0)
    handler.upload_interrupted()
    assert list(temporary_folder.iterdir()) == []


def test_a_name_of_any_length_and_ending_is_taken(temporary_folder):
    file = send(make_pdf(), "a." + "x" * 300).FILES["upload"]
    assert file.sha256
    file.close()


def test_what_is_refused_is_gone_from_the_temporary_folder(temporary_folder):
    for content in (b"", b"<html>", make_pdf()[:-30]):
        with pytest.raises(Refused):
            receive_paper(send(content).FILES["upload"])
    assert list(temporary_folder.iterdir()) == []


def test_what_is_taken_is_gone_from_the_temporary_folder_once_it_is_kept(temporary_folder):
    with receive_paper(send(make_pdf()).FILES["upload"]) as paper:
        assert receive_paper(paper) is paper
        assert paper.path.exists()
    assert list(temporary_folder.iterdir()) == []


NAMES = {
    "tờ trình.pdf": "tờ trình.pdf",
    unicodedata.normalize("NFD", "tờ trình.pdf"): "tờ trình.pdf",
    "../../etc/passwd": "passwd.pdf",
    "C:\\hồ sơ\\báo cáo.PDF": "báo cáo.pdf",
    "báo cáo\u202efdp.exe": "báo cáofdp.exe.pdf",
    "a\u200b\u2066b\x00\x1f.pdf": "ab.pdf",
    "dòng\nhai.pdf": "dònghai.pdf",
    ".pdf": "tai-lieu.pdf",
    "": "tai-lieu.pdf",
    " . . ": "tai-lieu.pdf",
    "x" * 400 + ".pdf": "x" * 200 + ".pdf",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_cleaned(name):
    assert clean_file_name(name) == NAMES[name]


@given(st.text())
def test_no_name_deceives_or_leads_anywhere(name):
    cleaned = clean_file_name(name)
    assert cleaned.endswith(".pdf")
    assert len(cleaned) <= 204
    assert not {"/", "\\", "\x00", "\u202e", "\n"} & set(cleaned)
    assert clean_file_name(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


def test_every_reason_has_a_sentence():
    assert set(REASONS) <= set(SENTENCES)
    assert explain("OperationalError") == str(SENTENCES["worker_lost"])
