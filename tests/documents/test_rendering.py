"""PDFs from templates: what is in the file, where its parts may come from, and what happens without Pango."""

import hashlib
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import count

import pikepdf
import pytest
from django.template import engines

from documents import rendering
from documents.official import Branch, Letterhead, Outcome, Position, QuestionResult, balanced, in_words
from documents.rendering import RenderingUnavailable, ResourceRefused, render_official, render_pdf
from tests.documents.papers import (
    AGAINST,
    ANSWERED_SLIP,
    DRAFT,
    LETTER,
    NAMES,
    REASON,
    RESOLUTION,
    RULE_SET,
    SILENT,
    SLIP,
    SUBMISSION,
    synthesis,
)
from tests.documents.pdf_measure import measure, read

typesetting = pytest.importorskip("documents.typesetting", reason="WeasyPrint needs Pango", exc_type=OSError)


@pytest.fixture
def template(monkeypatch):
    """Text that stands in for a template file."""

    def use(text):
        made = engines["django"].from_string(text)
        monkeypatch.setattr(rendering, "render_to_string", lambda name, context: made.render(context))
        return "a template of the test"

    return use


# The file


@pytest.mark.parametrize(
    "document", [RESOLUTION, DRAFT, SLIP, ANSWERED_SLIP, synthesis(), SUBMISSION, LETTER]
)
def test_a_document_is_pdf_a_2u_with_tags_and_its_own_title(document):
    with pikepdf.open(BytesIO(render_official(document))) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2U"
            assert document.subject.replace("\n", " ") in metadata["dc:title"]
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot
        assert pdf.Root.Lang == "vi"
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert not pdf.is_encrypted
        for page in pdf.pages:
            assert "/AA" not in page and "/Annots" not in page


@pytest.mark.parametrize("document", [RESOLUTION, synthesis(), SUBMISSION])
def test_all_fonts_are_tinos_embedded_in_part_and_lead_back_to_letters(document):
    with pikepdf.open(BytesIO(render_official(document))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert re.fullmatch(r"/[A-Z]{6}\+Tinos-VN(-Bold)?(-Italic)?", str(font.BaseFont))
            assert font.ToUnicode
            (descendant,) = font.DescendantFonts
            assert descendant.FontDescriptor.FontFile2


def test_one_face_is_one_font_in_the_file():
    """The subsets that a web page loads would share one PDF font and exchange letters."""
    with pikepdf.open(BytesIO(render_official(RESOLUTION))) as pdf:
        names = [str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()]
    assert len(names) == len({name.split("+")[1] for name in names})


def test_every_vietnamese_letter_comes_back_as_it_went_in(template):
    vowels = [
        a + mark for a in "aăâeêioôơuưy" for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    ]
    letters = unicodedata.normalize("NFC", " ".join([*vowels, "đ"]))
    letters += " " + letters.upper()
    for style in ("normal", "italic"):
        for weight in (400, 700):
            page = (
                f'<html lang="vi"><title>Chữ</title><p style="font: {style} {weight} 14pt Tinos VN">{letters}'
            )
            assert measure(render_pdf(template(page), {}))[0].text == letters


def test_decomposed_text_is_set_and_read_back_composed():
    subject = unicodedata.normalize("NFD", "Về việc quản lý rừng ngập mặn")
    pdf = render_official(replace(RESOLUTION, subject=subject))
    assert "Về việc quản lý rừng ngập mặn" in measure(pdf)[0].text


def test_letters_of_other_languages_have_a_font_too():
    pdf = render_official(replace(RESOLUTION, subject="Về việc tiếp Đoàn của ông Škoda Łukasz"))
    assert "ông Škoda Łukasz" in measure(pdf)[0].text


def test_the_same_document_gives_the_same_bytes_in_any_process():
    code = (
        "import django, hashlib; django.setup();"
        "from documents.rendering import render_official; from tests.documents.papers import RESOLUTION;"
        "print(hashlib.sha256(render_official(RESOLUTION)).hexdigest())"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ecabinet.settings_test"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert elsewhere.stdout.strip() == hashlib.sha256(render_official(RESOLUTION)).hexdigest()


def test_the_date_in_the_file_is_that_of_the_document():
    with pikepdf.open(BytesIO(render_official(RESOLUTION))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260622")
    with pikepdf.open(BytesIO(render_official(DRAFT))) as pdf:
        assert "/CreationDate" not in pdf.docinfo


# Where its parts come from


ADDRESSES = [
    "https://example.org/seal.png",
    "http://127.0.0.1:8000/seal.png",
    "file:///etc/hostname",
    "static:../../manage.py",
    "static:%2e%2e/%2e%2e/manage.py",
    "static:/etc/hostname",
    "static:no/such/file.png",
    "tinos:../../../../manage",
    "data:image/png;base64,iVBORw0KGgo=",
    "ftp://example.org/seal.png",
]
ELEMENTS = [
    '<img src="{}" alt="">',
    '<p style="background: url({})">x</p>',
    '<link rel="stylesheet" href="{}">',
    '<style>@import "{}";</style>',
    '<link rel="attachment" href="{}">',
    '<object data="{}"></object>',
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_but_our_static_files_is_fetched(template, address):
    with pytest.raises(ResourceRefused):
        render_pdf(template(f"<html><title>x</title><img src='{address}' alt=''>"), {})


@pytest.mark.parametrize("element", ELEMENTS)
def test_no_element_reaches_further(template, element):
    with pytest.raises(ResourceRefused):
        render_pdf(template(f"<html><title>x</title>{element.format('file:///etc/hostname')}"), {})


def test_what_people_write_is_text_and_never_markup():
    attack = '<img src="file:///etc/passwd"><style>p { display: none }</style> </td> {{ 7 }}'
    pdf = render_official(synthesis(reason=attack))
    assert attack in read(pdf)


# Without Pango


def test_without_pango_the_message_names_the_remedy(monkeypatch):
    def no_pango():
        raise OSError("cannot load library 'libpango-1.0-0'")

    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == "documents.typesetting":
                no_pango()

    monkeypatch.delitem(sys.modules, "documents.typesetting")
    monkeypatch.delattr(sys.modules["documents"], "typesetting")
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(RenderingUnavailable, match=r"apt-get install .* libpango-1\.0-0 .* fontconfig"):
        render_official(RESOLUTION)


def test_weasyprint_is_not_imported_before_a_pdf_is_wanted():
    code = (
        "import django, sys; django.setup(); import documents.rendering; print('weasyprint' in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ecabinet.settings_test"}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_fonts_and_style_sheet_are_read_once_a_process(monkeypatch):
    rendering.warm_up()
    faces = count()
    monkeypatch.setattr(typesetting, "whole_face", lambda face: next(faces))
    rendering.warm_up()
    render_official(RESOLUTION)
    assert next(faces) == 0


# What the documents say


def test_the_synthesis_tells_the_whole_collection():
    text = read(render_official(synthesis()))
    report = synthesis()
    assert RULE_SET in text
    assert "từ 08 giờ 00, ngày 15 tháng 6 năm 2026 đến 17 giờ 00, ngày 18 tháng 6 năm 2026" in text
    assert "Số phiếu gửi: 25; số phiếu trả lời trong thời hạn: 24; số thành viên không trả lời: 1" in text
    assert "22 1 1 1 25 23/25 (92,0%)" in text
    assert "điểm c khoản 6 Điều 15 Quy chế làm việc của Chính phủ" in text
    assert "chậm nhất ngày 25 tháng 6 năm 2026" in text
    assert "(Kèm theo Báo cáo số 412/BC-VPCP ngày 19 tháng 6 năm 2026 của Văn phòng Chính phủ)" in text
    for name in NAMES:
        assert name in text
    for item in report.dossier:
        assert item.title in text and f"{item.sha256[:8]}…{item.sha256[-8:]}" in text


def test_silent_members_and_other_opinions_stand_apart():
    text = read(render_official(synthesis()))
    silent = text[text.index("III. THÀNH VIÊN KHÔNG TRẢ LỜI") : text.index("IV. Ý KIẾN KHÔNG ĐỒNG Ý")]
    others = text[text.index("IV. Ý KIẾN KHÔNG ĐỒNG Ý") : text.index("V. KẾT LUẬN VÀ ĐỀ XUẤT")]
    assert [name for name in NAMES if name in silent] == [SILENT]
    assert [name for name in NAMES if name in others] == [AGAINST, "Phan Công Thành"]
    assert REASON.strip() in others


def test_very_long_reasons_are_printed_to_the_last_word():
    reason = "".join(f"Câu số {n}: {REASON}\n" for n in range(1, 81))
    pdf = render_official(synthesis(reason=reason))
    text = read(pdf)
    for n in range(1, 81):
        assert text.count(f"Câu số {n}: Đề nghị") == 2  # in the report and in the table
    annex = [sheet for sheet in measure(pdf) if sheet.width > sheet.height]
    assert all("STT Họ và tên Chức vụ" in sheet.text for sheet in annex)
    assert "Quách Hồng Sơn" in annex[-1].text


def test_a_word_without_end_is_broken_not_cut():
    word = "".join(f"{n:04}" for n in range(100))
    text = "".join(read(render_official(synthesis(reason=word))).split())
    assert text.count(word) == 2


def test_several_questions_are_counted_one_by_one():
    first = synthesis().results[0]
    second = QuestionResult(
        text="Về thời hạn bàn giao?",
        counts=(("Đồng ý", 10), ("Không đồng ý", 9), ("Ý kiến khác", 0), ("Không biểu quyết", 2)),
        silent=4,
        members=25,
        in_favour=10,
        carried=False,
        silence_agrees=False,
        note="Số phiếu ngang nhau được quyết định theo ý kiến của Thủ tướng Chính phủ.",
    )
    first = replace(first, counts=(*first.counts, ("Không biểu quyết", 0)))
    report = replace(synthesis(), results=(first, second), outcome=Outcome(branch=Branch.A))
    text = read(render_official(report))
    assert "Câu 2: Về thời hạn bàn giao?" in text
    assert "Không biểu quyết" in text
    assert "2 10 9 0 2 4 25 10/25 (40,0%)" in text
    assert "không được tính vào tổng số đồng ý" in text
    assert "Câu 2: Số phiếu ngang nhau" in text
    assert "chưa được đa số thành viên Chính phủ thông qua" in text


def test_another_body_speaks_of_itself():
    members, source = "thành viên Ủy ban nhân dân tỉnh", "Quy chế làm việc của Ủy ban nhân dân tỉnh"
    outcome = Outcome(
        branch=Branch.B,
        source=source,
        members=members,
        office="Văn phòng Ủy ban nhân dân tỉnh",
        deciders="Chủ tịch Ủy ban nhân dân tỉnh",
    )
    letterhead = Letterhead(
        body="VĂN PHÒNG", superior="ỦY BAN NHÂN DÂN TỈNH", place="Cà Mau", name="Văn phòng"
    )
    report = replace(
        synthesis(),
        letterhead=letterhead,
        subject=f"Tổng hợp ý kiến {members}",
        members=members,
        rule_set=source,
        addressees=("Chủ tịch Ủy ban nhân dân tỉnh",),
        outcome=outcome,
        proposal="Văn phòng kính trình./.",
    )
    slip = replace(
        SLIP,
        letterhead=letterhead,
        subject=f"{members} về rừng ngập mặn",
        members=members,
        rule_set=source,
        silence="",
        channel="Hệ thống họp của tỉnh",
        sent_by_order_of="",
        questions=(),
        dossier=(),
    )
    text = read(render_official(report)) + read(render_official(slip))
    assert f"đa số {members} thông qua và không còn ý kiến khác nhau ({source})" in text
    assert "PHIẾU LẤY Ý KIẾN Thành viên Ủy ban nhân dân tỉnh" in text
    assert "khoản 6 Điều 15" not in text
    assert not re.search("thành viên Chính phủ|Thủ tướng", text, re.IGNORECASE)


def test_the_slip_warns_of_silence_with_its_source():
    text = read(render_official(SLIP))
    assert "Trước 17 giờ 00, ngày 18 tháng 6 năm 2026" in text
    assert "được xác định là đồng ý với ý kiến và đề xuất của cơ quan chủ trì" in text
    assert "điểm c khoản 5 Điều 15 Quy chế làm việc của Chính phủ" in text
    assert RULE_SET in text
    assert "Đồng ý Không đồng ý Ý kiến khác" in text
    assert "Kính gửi: Các thành viên Chính phủ" in text
    assert "DỰ THẢO" not in text


def test_an_answered_slip_is_a_receipt():
    text = read(render_official(ANSWERED_SLIP))
    assert "Kính gửi: Ngô Thế Vinh, Bộ trưởng Bộ Tài chính" in text
    assert "x Không đồng ý" in text and "x Đồng ý" not in text
    assert REASON.strip() in text
    assert "YK-2026-0096-10" in text
    assert "09:41:00 ngày 17/06/2026 (giờ Việt Nam)" in text
    assert "Nơi nhận" not in text


def test_a_slip_that_is_not_sent_is_a_draft():
    assert "DỰ THẢO" in read(render_official(replace(SLIP, is_sent=False, number=None)))


def test_the_answer_positions_are_those_of_the_slip():
    assert tuple(SLIP.questions[0].options) == (Position.AGREE, Position.DISAGREE, Position.OTHER)


def test_times_are_those_of_vietnam():
    assert in_words(datetime(2026, 1, 31, 20, 5, tzinfo=UTC)) == "03 giờ 05, ngày 01 tháng 02 năm 2026"


def test_titles_break_into_lines_of_like_length():
    subject = "Tổng hợp ý kiến thành viên Chính phủ về việc giao quản lý rừng ngập mặn ven biển"
    lines = balanced(subject, 58).split("\n")
    assert len(lines) == 2
    assert any("về việc" in line for line in lines)
    assert " ".join(lines) == subject
    assert max(map(len, lines)) - min(map(len, lines)) < 15
    assert balanced("Về việc\nbàn giao", 5) == "Về việc\nbàn giao"
    assert balanced("x" * 200, 58) == "x" * 200
