"""Files that arrive in pieces: cut off, resumed, forged, too large, swept; and a disk without room."""

import errno
import os
import time
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import Http404
from django.http.request import UnreadablePostError
from django.test import Client
from django.urls import reverse

from core.workflow import Conflict
from documents import actions, resumable, storage
from documents.files.disk import DiskFull
from documents.models import DocumentVersion
from documents.naming import propose
from documents.refusals import Refused
from documents.rules import DocumentKind
from documents.tasks import sweep_uploads
from documents.uploads import receive_paper
from tests.documents.samples import make_pdf, make_secret_pdf, stored_objects, upload

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def send(cast, sign_in):
    """`send(content)` announces a file; `send.piece(address, content, offset)` sends a part of it."""
    browser = sign_in(cast.secretary)

    class Sender:
        def __call__(self, size, name="Tờ trình 12.pdf", **headers):
            wanted = {
                **TUS,
                "Upload-Length": str(size),
                "Upload-Metadata": f"filename {b64encode(name.encode()).decode()},filetype YQ==",
            }
            return browser.post(reverse("documents:begin_upload"), headers=wanted | headers)

        def piece(self, address, content, offset, content_type=PIECE, **headers):
            wanted = {**TUS, "Upload-Offset": str(offset), **headers}
            return browser.patch(address, content, content_type=content_type, headers=wanted)

        def head(self, address):
            return browser.head(address, headers=TUS)

        def delete(self, address):
            return browser.delete(address, headers=TUS)

    return Sender()


def begin(cast, content, name="Tờ trình.pdf"):
    """A file that has arrived whole."""
    partial = resumable.begin(cast.secretary, name=name, size=len(content))
    partial.append(BytesIO(content), 0)
    return partial


def on_disk(settings):
    return sorted(path.name for path in Path(settings.UPLOAD_DIR).glob("*"))


# The protocol


def test_a_file_that_is_cut_off_goes_on_where_it_was(cast, send, settings):
    content = make_pdf()
    answer = send(len(content), "To trinh so 12.pdf")
    address = answer["Location"]
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "0")
    assert answer.json()["kind"] == "submission"
    assert answer.json()["title"] == "Tờ trình so 12"
    assert send.piece(address, content[:100], 0).status_code == 204
    where = send.head(address)
    assert (where["Upload-Offset"], where["Upload-Length"]) == ("100", str(len(content)))
    assert where["Cache-Control"] == "no-store"
    assert send.piece(address, content[:100], 0).status_code == 409, "what is there is not sent again"
    assert send.piece(address, content[100:], 100)["Upload-Offset"] == str(len(content))

    received = resumable.take(cast.secretary, UUID(answer.json()["id"]))
    assert received.read() == content
    received.close()


def _key(address):
    return UUID(address.rstrip("/").rpartition("/")[2])


def test_the_server_says_what_it_speaks(sign_in, cast, send, settings):
    answer = sign_in(cast.minister).options(reverse("documents:begin_upload"))
    assert answer.status_code == 204
    assert answer["Tus-Max-Size"] == str(settings.UPLOAD_LIMIT_MB * 1024 * 1024)
    assert send(10, **{"Tus-Resumable": "0.2.2"}).status_code == 412
    address = send(10)["Location"]
    assert send.piece(address, b"x", 0, **{"Tus-Resumable": "0.2.2"}).status_code == 412


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "ten"}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "9" * 15}, 413),
        ({"Upload-Metadata": ""}, 400),
        ({"Upload-Metadata": "filename %%%"}, 400),
        ({"Upload-Metadata": "filename /w=="}, 400),
    ],
)
def test_nonsense_begins_nothing(send, settings, headers, status):
    assert send(10, **headers).status_code == status
    assert on_disk(settings) == []


def test_nonsense_is_not_written(send):
    address = send(10)["Location"]
    assert send.piece(address, b"x", 0, content_type="text/plain").status_code == 415
    assert send.piece(address, b"x", "ten").status_code == 400
    assert send.piece(address, b"x" * 11, 0).status_code == 409, "more than was announced"
    assert send.head(address)["Upload-Offset"] == "0"


def test_a_file_can_be_given_up(send, settings):
    address = send(10)["Location"]
    assert send.delete(address).status_code == 204
    assert send.head(address).status_code == 404
    assert on_disk(settings) == []


def test_anothers_file_does_not_exist(cast, send, sign_in, settings):
    address = send(10)["Location"]
    sign_in(cast.minister)
    for answer in (send.head(address), send.piece(address, b"x", 0), send.delete(address)):
        assert answer.status_code == 404
    with pytest.raises(Http404):
        resumable.take(cast.minister, _key(address))
    assert len(on_disk(settings)) == 2


def test_a_piece_without_its_token_is_refused(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.secretary)
    answer = browser.post(reverse("documents:begin_upload"), headers={**TUS, "Upload-Length": "10"})
    assert answer.status_code == 403


def test_who_begins_without_end_is_stopped(cast, monkeypatch):
    monkeypatch.setattr(resumable, "MOST_UNDER_WAY", 2)
    for _ in range(2):
        resumable.begin(cast.secretary, name="a.pdf", size=1)
    with pytest.raises(Conflict):
        resumable.begin(cast.secretary, name="a.pdf", size=1)
    resumable.begin(cast.minister, name="a.pdf", size=1)


def test_a_line_that_breaks_leaves_what_came(cast):
    class Broken(BytesIO):
        def read(self, size=-1):
            if chunk := super().read(size):
                return chunk
            raise UnreadablePostError

    partial = resumable.begin(cast.secretary, name="a.pdf", size=100)
    assert partial.append(Broken(b"x" * 40), 0) == 40
    assert partial.offset == 40


def test_two_writers_at_once_do_not_mix(cast):
    partial = resumable.begin(cast.secretary, name="a.pdf", size=4)

    class Meanwhile(BytesIO):
        def read(self, size=-1):
            with pytest.raises(Conflict):
                partial.append(BytesIO(b"zz"), 0)
            return super().read(size)

    partial.append(Meanwhile(b"aa"), 0)
    assert partial.path.read_bytes() == b"aa"


# What becomes of it


def test_a_finished_file_becomes_a_paper(cast, settings, django_capture_on_commit_callbacks):
    content = make_pdf()
    partial = begin(cast, content)
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    with django_capture_on_commit_callbacks(execute=True):
        received = resumable.take(cast.secretary, partial.key)
        actions.add_paper(dossier, by=cast.secretary, upload=received)
    version = DocumentVersion.objects.get()
    with version.open_file() as file:
        assert file.read() == content
    assert version.file_name == "Tờ trình.pdf"
    assert on_disk(settings) == []


def test_half_a_file_is_no_paper(cast):
    partial = resumable.begin(cast.secretary, name="a.pdf", size=100)
    partial.append(BytesIO(b"x" * 40), 0)
    with pytest.raises(Conflict):
        resumable.take(cast.secretary, partial.key)


def test_a_file_whose_deed_failed_can_be_used_once_more(cast, settings, django_capture_on_commit_callbacks):
    partial = begin(cast, make_pdf())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receive_paper(resumable.take(cast.secretary, partial.key)).upload.close()
        raise ZeroDivisionError
    assert resumable.find(cast.secretary, partial.key).is_complete


def test_of_a_secret_nothing_stays(cast, settings):
    partial = begin(cast, make_secret_pdf())
    with pytest.raises(Refused), transaction.atomic():
        receive_paper(resumable.take(cast.secretary, partial.key))
    assert on_disk(settings) == []


def test_what_nobody_goes_on_with_is_swept(cast, settings):
    old, new = (resumable.begin(cast.secretary, name="a.pdf", size=9) for _ in range(2))
    yesterday = time.time() - resumable.ABANDONED.total_seconds() - 60
    for path in (old.path, old.note):
        os.utime(path, (yesterday, yesterday))
    os.utime(new.note, (yesterday, yesterday))  # begun long ago, and still being sent
    assert sweep_uploads() == 2
    assert resumable.find(cast.secretary, new.key).name == "a.pdf"
    with pytest.raises(Http404):
        resumable.find(cast.secretary, old.key)


# No room


def no_room(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_takes_nothing_by_halves(cast, send, monkeypatch):
    address = send(100)["Location"]
    send.piece(address, b"x" * 10, 0)
    monkeypatch.setattr(os, "fsync", no_room)
    answer = send.piece(address, b"y" * 10, 10)
    assert answer.status_code == 507
    assert "không còn chỗ" in answer.content.decode()
    monkeypatch.undo()
    assert send.head(address)["Upload-Offset"] == "10"


def test_what_cannot_fit_is_not_begun(cast, send, settings, monkeypatch):
    monkeypatch.setattr(resumable.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5}))
    assert send(10).status_code == 507
    assert on_disk(settings) == []


def test_the_storage_without_room_keeps_no_part(cast, monkeypatch):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    monkeypatch.setattr(storage.shutil, "copyfileobj", no_room)
    with pytest.raises(DiskFull):
        actions.add_paper(dossier, by=cast.secretary, upload=upload())
    assert stored_objects() == []
    assert not DocumentVersion.objects.exists()


def test_a_plain_form_on_a_full_disk_is_told(cast, sign_in, monkeypatch):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    monkeypatch.setattr(TemporaryUploadedFile, "write", no_room, raising=False)
    answer = sign_in(cast.secretary).post(
        reverse("documents:add_paper", args=[dossier.pk]), {"upload": upload(), "kind": "other"}
    )
    assert answer.status_code == 507
    assert "không còn chỗ" in answer.content.decode()


# What a file is called


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("To trinh 12.pdf", DocumentKind.SUBMISSION, "Tờ trình 12"),
        ("02_Tờ trình số 45.PDF", DocumentKind.SUBMISSION, "Tờ trình số 45"),
        ("Du thao Nghi quyet.docx", DocumentKind.DRAFT, "Dự thảo Nghị quyết"),
        (
            "3. Bao cao tham dinh cua Bo Tu phap.pdf",
            DocumentKind.APPRAISAL,
            "Báo cáo thẩm định cua Bo Tu phap",
        ),
        ("Báo cáo tiếp thu, giải trình ý kiến thẩm định.pdf", DocumentKind.ACCEPTANCE, None),
        ("Bảng tổng hợp, tiếp thu ý kiến.xlsx", DocumentKind.ACCEPTANCE, None),
        ("Tóm tắt tờ trình.pdf", DocumentKind.SUMMARY, "Tóm tắt tờ trình"),
        ("Bao_cao_danh_gia_tac_dong.pdf", DocumentKind.REPORT, "Báo cáo đánh giá tác động"),
        ("Bộ Tài chính - ý kiến góp ý.pdf", DocumentKind.OPINION, None),
        ("scan0001.pdf", DocumentKind.OTHER, "Scan0001"),
        ("2025.pdf", DocumentKind.OTHER, "2025"),
        ("../../etc/passwd", DocumentKind.OTHER, "Passwd"),
        ("", DocumentKind.OTHER, ""),
    ],
)
def test_kind_and_title_are_proposed_from_the_name(name, kind, title):
    proposed = propose(name)
    assert proposed[0] == kind
    assert title is None or proposed[1] == title
