"""The PDF that office files and pictures are read by, and programs that misbehave."""

import os
import time
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from core.work import WorkState
from documents import actions, tasks
from documents.files.conversion import CannotConvert, find_converter, readable_pdf
from documents.files.programs import Bounds, ProgramFailure, run_program, working_folder
from documents.models import DerivedCopy, DocumentVersion
from documents.rules import Format
from tests.documents.office import draw_scan, make_docx, save_picture
from tests.documents.samples import make_secret_pdf, received, stored_objects

needs_libreoffice = pytest.mark.skipif(find_converter() is None, reason="LibreOffice is not installed")
GIVES = 'for last; do :; done; mkdir "${{last%/*}}/made"; {made} > "${{last%/*}}/made/paper.pdf"'
SHORT = Bounds(wall_seconds=20, cpu_seconds=10)


@pytest.fixture
def program(tmp_path):
    """A program that does what the lines say."""

    def write(lines: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


def put_in(cast, dossier, content: bytes, format_: str) -> DocumentVersion:
    upload = received(content, "tờ trình", format_)
    return actions.add_paper(dossier, by=cast.secretary, upload=upload).version


def read(version: DocumentVersion, run) -> DocumentVersion:
    with run(execute=True):
        tasks.read_version(version.pk)
    return DocumentVersion.objects.get(pk=version.pk)


# Programs of others, confined


def run(command: list[str], bounds: Bounds = SHORT) -> str:
    with working_folder() as folder:
        run_program([*command, str(folder)], folder, bounds)
        said = folder / "said"
        return said.read_text() if said.exists() else ""


def test_a_program_that_hangs_is_killed_with_all_that_it_started(program):
    begun = time.monotonic()
    hanging = program("sleep 300 & sleep 300")
    with pytest.raises(ProgramFailure) as failure:
        run([hanging], Bounds(wall_seconds=1, cpu_seconds=5))
    assert failure.value.reason == "took_too_long"
    assert time.monotonic() - begun < 15
    assert not [pid for pid in Path("/proc").glob("[0-9]*") if _tells(pid, hanging)]


def _tells(process: Path, word: str) -> bool:
    try:
        return word in (process / "cmdline").read_text()
    except OSError:
        return False


def test_a_program_that_wants_all_memory_gets_none_of_it(program):
    greedy = program("a=$(tr '\\0' a </dev/zero); echo done")
    with pytest.raises(ProgramFailure) as failure:
        run([greedy], Bounds(wall_seconds=30, cpu_seconds=20, memory_bytes=128 * 1024 * 1024))
    assert failure.value.reason == "failed"


def test_a_program_that_fills_the_disk_is_stopped(program):
    filling = program('cat /dev/zero > "$1/big"')
    with pytest.raises(ProgramFailure):
        run([filling], Bounds(wall_seconds=30, cpu_seconds=20, file_bytes=1024 * 1024))


def test_a_program_sees_nothing_of_ours(program, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "paper").write_text("a paper")
    curious = program(
        f"(env; cat {outside}/paper; echo x > {outside}/new; cat /proc/{os.getpid()}/environ) "
        '> "$1/said" 2>&1; :'
    )
    said = run([curious])
    assert "a-secret" not in said
    assert "HOME=" in said
    if "a paper" in said:
        pytest.skip("this kernel has no Landlock")
    assert not (outside / "new").exists()


def test_a_program_has_no_network(program, live_server):
    address = live_server.url.removeprefix("http://").replace(":", "/")
    calling = program(f"bash -c 'exec 3<>/dev/tcp/{address} && echo through' > \"$1/said\" 2>&1; :")
    assert "through" not in run([calling])


def test_what_is_not_installed_is_missing():
    with pytest.raises(ProgramFailure) as failure:
        run(["no-such-program"])
    assert failure.value.reason == "missing"


# Office files


@needs_libreoffice
def test_a_word_file_is_read_like_a_pdf(cast, dossier, django_capture_on_commit_callbacks):
    content = make_docx("TỜ TRÌNH", "Về việc ban hành Nghị quyết của Chính phủ", header="BỘ TÀI CHÍNH")
    version = read(put_in(cast, dossier, content, Format.DOCX), django_capture_on_commit_callbacks)
    copy = version.copies.get()
    assert (copy.work_state, copy.pages, version.pages) == (WorkState.DONE, 1, 1)
    assert copy.made_with.startswith("LibreOffice")
    assert "ban hành Nghị quyết" in version.text.pages[0]
    assert "ban hanh nghi quyet" in version.text.folded[0]
    assert version.view_sha256 == copy.sha256 != version.sha256
    with version.open_view() as view:
        assert view.read(5) == b"%PDF-"
    with version.open_file() as original:
        assert original.read() == content


def test_a_marking_that_only_the_pdf_shows_erases_the_paper(
    cast, dossier, django_capture_on_commit_callbacks, program, settings, tmp_path
):
    (tmp_path / "secret.pdf").write_bytes(make_secret_pdf())
    settings.LIBREOFFICE = program(GIVES.format(made=f"cat {tmp_path}/secret.pdf"))
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    version = read(version, django_capture_on_commit_callbacks)
    assert version.refused_because == "secret"
    assert version.copies.get().sha256 == ""
    assert stored_objects() == []


def test_a_converter_that_hangs_is_stopped_and_can_be_asked_again(
    cast, dossier, program, settings, django_capture_on_commit_callbacks, client
):
    settings.LIBREOFFICE, settings.CONVERSION_SECONDS = program("sleep 300"), 1
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    version = read(version, django_capture_on_commit_callbacks)
    copy = version.view_copy
    assert (copy.work_state, copy.work_error) == (WorkState.FAILED, "conversion_took_too_long")
    assert version.view is None

    client.force_login(cast.secretary)
    page = client.get(reverse("signatures:paper_state", args=[version.papers.get().pk])).content.decode()
    assert reverse("documents:retry_reading", args=[version.pk]) in page
    settings.LIBREOFFICE = "no-such-program"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("documents:retry_reading", args=[version.pk]))
    assert version.copies.get().work_error == "no_converter"


def test_only_who_works_on_the_folder_asks_again(cast, dossier, program, settings, client):
    settings.LIBREOFFICE = "no-such-program"
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    copy = DerivedCopy.objects.create(
        version=version, kind="view", work_state=WorkState.FAILED, work_error="no_converter"
    )
    url = reverse("documents:retry_reading", args=[version.pk])
    client.force_login(cast.minister)
    assert client.post(url).status_code == 404
    actions.distribute_version(version, by=cast.secretary, because="Hồ sơ", to=[cast.minister])
    assert client.post(url).status_code == 403
    client.force_login(cast.secretary)
    assert client.post(url).status_code == 302
    copy.refresh_from_db()
    assert (copy.work_state, copy.work_attempts) == (WorkState.QUEUED, 0)
    copy.work_state, copy.work_error = WorkState.DONE, ""
    copy.save()
    tasks.read_version(version.pk)
    assert client.post(url).status_code == 409


def test_a_converter_that_dies_fails_visibly(tmp_path, program, settings):
    settings.LIBREOFFICE = program("exit 3")
    (tmp_path / "a.docx").write_bytes(make_docx("a"))
    with pytest.raises(CannotConvert) as failure, readable_pdf(tmp_path / "a.docx", Format.DOCX):
        pass
    assert failure.value.code == "conversion_failed"


def test_what_the_converter_writes_is_trusted_no_more_than_what_came_in(
    cast, dossier, program, settings, django_capture_on_commit_callbacks
):
    settings.LIBREOFFICE = program(GIVES.format(made="echo x"))
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    version = read(version, django_capture_on_commit_callbacks)
    assert version.view_copy.work_error == "not_pdf"


def test_the_dossier_waits_for_the_copy(cast, dossier):
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    tasks.read_version(version.pk)
    assert dossier.papers.waiting().count() == 1
    assert version.copies.get().is_waiting


def test_sound_is_kept_and_has_no_pages(cast, dossier, django_capture_on_commit_callbacks):
    version = put_in(cast, dossier, b"ID3\x04" + bytes(100), Format.MP3)
    version = read(version, django_capture_on_commit_callbacks)
    assert (version.work_state, version.pages, version.view) == (WorkState.DONE, None, None)
    assert not version.copies.exists()


# Pictures


def test_a_picture_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    photograph = Image.new("RGB", (600, 400), "white")
    (tmp_path / "a.jpg").write_bytes(save_picture(photograph, "JPEG", exif=exif))
    with readable_pdf(tmp_path / "a.jpg", Format.JPEG) as (pdf, _), pikepdf.open(pdf) as document:
        _, _, width, height = (float(edge) for edge in document.pages[0].mediabox)
    assert round(height / width, 2) == 1.5


def test_a_picture_is_no_larger_than_its_paper(tmp_path):
    (tmp_path / "a.png").write_bytes(save_picture(Image.new("RGBA", (5000, 3000), (255, 0, 0, 0))))
    with readable_pdf(tmp_path / "a.png", Format.PNG) as (pdf, _), pikepdf.open(pdf) as document:
        _, _, width, height = (float(edge) for edge in document.pages[0].mediabox)
    assert width <= 842
    assert height <= 596


def test_each_sheet_of_a_fax_is_a_page(tmp_path):
    sheets = [draw_scan().convert("1"), draw_scan().convert("1")]
    content = save_picture(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    (tmp_path / "a.tif").write_bytes(content)
    with readable_pdf(tmp_path / "a.tif", Format.TIFF) as (pdf, _), pikepdf.open(pdf) as document:
        assert len(document.pages) == 2


# The storage


def test_the_sweep_knows_the_copies(cast, dossier):
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    sha256 = tasks.storage.keep_content(b"%PDF-a copy")
    DerivedCopy.objects.create(version=version, kind="view", sha256=sha256, work_state=WorkState.DONE)
    assert tasks.sweep_storage() == 0
    assert sha256 in stored_objects()


def test_what_was_made_of_a_paper_goes_with_it(cast, dossier, django_capture_on_commit_callbacks):
    version = put_in(cast, dossier, make_docx("Tờ trình"), Format.DOCX)
    sha256 = tasks.storage.keep_content(b"%PDF-a copy")
    DerivedCopy.objects.create(version=version, kind="view", sha256=sha256, work_state=WorkState.DONE)
    default_storage.save(f"pictures/{version.sha256}/1.webp", ContentFile(b"a picture"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.refuse_version(version, by=tasks.WORKER, because="secret")
    assert stored_objects() == []
    assert not default_storage.exists(f"pictures/{version.sha256}")
