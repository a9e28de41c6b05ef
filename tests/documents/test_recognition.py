"""Words read off pictures."""

from datetime import timedelta

import pikepdf
import pypdfium2
import pytest

from core import clock
from core.work import WorkState, claim
from documents import actions, tasks
from documents.files import preparation
from documents.files.inspection import extract_text
from documents.files.recognition import (
    ReadPage,
    find_pictured_pages,
    is_installed,
    lay_words,
    read_pictured_pages,
)
from documents.files.secrecy import recognised_marking, secrecy_marking
from documents.models import DerivedCopy, DocumentVersion, RecognisedPage
from documents.rules import Format
from tests.documents.hostile import assemble_pdf, make_stream, one_page
from tests.documents.office import draw_scan, make_scanned_pdf, print_scan, save_picture
from tests.documents.samples import received, stored_objects

needs_tesseract = pytest.mark.skipif(not is_installed(), reason="Tesseract with Vietnamese is not installed")
WORDS = ("BỘ TÀI CHÍNH", "TỜ TRÌNH", "Về việc ban hành Nghị quyết của Chính phủ")


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


def put_in(cast, dossier, content: bytes, format_: str = Format.PDF) -> DocumentVersion:
    upload = received(content, "bản quét", format_)
    return actions.add_paper(dossier, by=cast.secretary, upload=upload).version


@needs_tesseract
def test_a_page_of_the_gazette_that_is_a_picture(corpus, tmp_path):
    path = corpus / "gazette" / "image-only" / "nghi-quyet-so-27-2026-nq-cp-469546.pdf"
    assert find_pictured_pages(path, list(extract_text(path))) == [1, 2]
    (page,) = read_pictured_pages(path, [1])
    assert "NGHỊ QUYẾT" in page.text
    assert "Quỹ Hỗ trợ Phụ nữ nghèo" in page.text

    lay_words(path, {1: page.layer}, tmp_path / "view.pdf")
    assert "Quỹ Hỗ trợ" in next(extract_text(tmp_path / "view.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "view.pdf") as view:
        place = view[0].get_textpage().search("NGHỊ QUYẾT")
        found, count = place.get_next()
        left, bottom, right, top = view[0].get_textpage().get_charbox(found + count // 2)
        assert 280 < (left + right) / 2 < 360  # in the middle of the upper half, where the eye sees it
        assert 600 < (bottom + top) / 2 < 720


@needs_tesseract
def test_a_scan_can_be_searched_and_stays_as_it_came(cast, dossier, django_capture_on_commit_callbacks):
    content = make_scanned_pdf(print_scan(*WORDS))
    version = put_in(cast, dossier, content)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_version(version.pk)
    version = DocumentVersion.objects.get()
    copy = version.view_copy
    assert (copy.work_state, copy.work_error, copy.pages_done, copy.pages) == (WorkState.DONE, "", 1, 1)
    assert "Tesseract" in copy.made_with
    assert version.text.recognised_pages == [1]
    assert "ban hanh nghi quyet" in version.text.folded[0]
    assert not RecognisedPage.objects.exists()
    with version.open_file() as original:
        assert original.read() == content
    with version.open_view() as view, pikepdf.open(view) as searchable:
        assert len(searchable.pages) == 1


@needs_tesseract
def test_a_stamp_on_a_scan_erases_the_paper(cast, dossier, django_capture_on_commit_callbacks):
    content = save_picture(print_scan("BỘ QUỐC PHÒNG", "", "MẬT", "", "TỜ TRÌNH", "Về việc bố trí lực lượng"))
    version = put_in(cast, dossier, content, Format.PNG)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_version(version.pk)
    assert DocumentVersion.objects.get().refused_because == "secret"
    assert not RecognisedPage.objects.exists()
    assert stored_objects() == []


def test_without_the_program_a_scan_is_read_but_not_searched(
    cast, dossier, settings, django_capture_on_commit_callbacks
):
    settings.TESSERACT = "no-such-program"
    version = put_in(cast, dossier, make_scanned_pdf(print_scan(*WORDS)))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_version(version.pk)
    version = DocumentVersion.objects.get()
    assert (version.view_copy.work_state, version.view_copy.work_error) == (WorkState.DONE, "no_recognition")
    assert "Tesseract" in version.view_copy.problem
    assert version.view_sha256 == version.sha256
    actions.retry_reading(version, by=cast.secretary)
    assert DerivedCopy.objects.get().work_state == WorkState.QUEUED


@pytest.fixture
def slow_pages(monkeypatch):
    """Each page is a picture; the third breaks off once."""
    read, broken = [], []

    def read_pages(path, numbers):
        for number in numbers:
            if number == 3 and not broken:
                broken.append(number)
                raise OSError("the machine went down")
            read.append(number)
            yield ReadPage(number, f"Trang số {number}", b"")

    monkeypatch.setattr("documents.files.recognition.read_pictured_pages", read_pages)
    return read


def test_a_crash_takes_no_page_back(cast, dossier, slow_pages):
    version = put_in(cast, dossier, make_scanned_pdf(*[draw_scan()] * 4))
    tasks.read_version(version.pk)
    copy = version.copies.get()
    tasks.make_view(copy.pk)
    copy.refresh_from_db()
    assert (copy.work_state, copy.pages_done, copy.pages) == (WorkState.QUEUED, 2, 4)
    tasks.make_view(copy.pk)
    copy.refresh_from_db()
    assert (copy.work_state, slow_pages) == (WorkState.DONE, [1, 2, 3, 4])
    assert version.text.pages == [f"Trang số {number}" for number in (1, 2, 3, 4)]


def test_a_long_scan_is_read_in_turns(cast, dossier, slow_pages, monkeypatch):
    monkeypatch.setattr(preparation, "A_TURN", -1)
    version = put_in(cast, dossier, make_scanned_pdf(*[draw_scan()] * 2))
    tasks.read_version(version.pk)
    copy = version.copies.get()
    tasks.make_view(copy.pk)
    copy.refresh_from_db()
    assert (copy.work_state, copy.work_attempts, slow_pages) == (WorkState.QUEUED, 0, [1])
    tasks.make_view(copy.pk)
    copy.refresh_from_db()
    assert (copy.work_state, slow_pages) == (WorkState.DONE, [1, 2])


def test_a_paper_taken_out_while_it_is_read_keeps_no_page(cast, dossier, monkeypatch):
    version = put_in(cast, dossier, make_scanned_pdf(draw_scan()))
    tasks.read_version(version.pk)

    def take_out(path, numbers):
        actions.remove_paper(version.papers.get(), by=cast.secretary)
        yield ReadPage(1, "TỐI MẬT", b"")

    monkeypatch.setattr("documents.files.recognition.read_pictured_pages", take_out)
    tasks.make_view(version.copies.get().pk)
    version.refresh_from_db()
    assert version.refused_because == "removed"
    assert not RecognisedPage.objects.exists()


def test_a_view_whose_worker_was_killed_is_taken_up_again(cast, dossier, monkeypatch):
    version = put_in(cast, dossier, make_scanned_pdf(draw_scan()))
    tasks.read_version(version.pk)
    copy = version.copies.get()
    claim(DerivedCopy.objects.all(), copy.pk)
    handed_in = []
    monkeypatch.setattr("documents.tasks.enqueue", lambda task, pk: handed_in.append((task, pk)))
    with clock.at(clock.now() + timedelta(minutes=14)):
        tasks.hand_in_views()
    assert handed_in == []
    with clock.at(clock.now() + timedelta(minutes=16)):
        tasks.hand_in_views()
    assert handed_in == [("documents.tasks.make_view", copy.pk)]


def test_the_row_tells_how_far_it_is(cast, dossier, client):
    version = put_in(cast, dossier, make_scanned_pdf(draw_scan()))
    tasks.read_version(version.pk)
    version.copies.update(pages=12, pages_done=5)
    client.force_login(cast.secretary)
    page = client.get(f"/signatures/papers/{version.papers.get().pk}/state/").content.decode()
    assert "5/12" in page
    assert "hx-get" in page


def test_an_empty_page_is_not_read(tmp_path):
    (tmp_path / "a.pdf").write_bytes(assemble_pdf(one_page(make_stream(b"0 0 m 10 10 l S"))))
    if is_installed():
        assert list(read_pictured_pages(tmp_path / "a.pdf", [1])) == [ReadPage(1, "", b"")]


def test_letters_without_a_mapping_are_taken_for_a_picture(tmp_path):
    """A font whose codes mean nothing to a computer: the text layer is empty, the eye reads."""
    font = (
        b"/Resources << /Font << /F << /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] "
        b"/FontMatrix [1 0 0 1 0 0] /CharProcs << >> /Encoding << /Differences [] >> "
        b"/FirstChar 0 /LastChar 0 /Widths [0] >> >> >>"
    )
    words = make_stream(b"BT /F 12 Tf 72 700 Td (" + b"a" * 200 + b") Tj ET")
    (tmp_path / "a.pdf").write_bytes(assemble_pdf(one_page(words, page=font)))
    pages = list(extract_text(tmp_path / "a.pdf"))
    assert find_pictured_pages(tmp_path / "a.pdf", pages) == [1]


@pytest.mark.parametrize("line", ["MÂT", "TỐI MẠT", "TOI MẬT", "M Ậ T", "TUYET MAT"])
def test_a_stamp_that_lost_its_accents_is_seen_on_a_picture(line):
    assert recognised_marking(f"BỘ CÔNG AN\n{line}\nTỜ TRÌNH")


def test_what_was_typed_is_taken_at_its_word():
    assert secrecy_marking("BỘ CÔNG AN\nMÂT\nTỜ TRÌNH") is None
    assert recognised_marking("BỘ CÔNG AN\nBÍ MẬT NHÀ NƯỚC LÀ GÌ\nMÁT MẺ") is None
