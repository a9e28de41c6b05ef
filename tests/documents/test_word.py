"""Official documents as text files: what Word finds in them, and how LibreOffice lays them out."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from lxml import etree

from documents.official import OptionResult, QuestionResult, Remark
from documents.word import write_docx
from tests.documents.papers import DOSSIER, NAMES, REASON, SILENT, SUBMISSION, synthesis


def open_file(document):
    return Document(io.BytesIO(write_docx(document)))


def find_table(file, heading):
    return next(table for table in file.tables if heading in [cell.text for cell in table.rows[0].cells])


def read(file):
    """All text in its order, tables too."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in file.element.body.iter()
        if paragraph.tag.endswith("}p")
    )


def test_the_report_says_what_the_printed_one_says():
    report = synthesis()
    text = read(open_file(report))
    for block in report.body:
        if hasattr(block, "text"):
            assert block.text in text, block
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Số: 412/BC-VPCP" in text
    assert report.annex_reference in text
    for name in NAMES:
        assert name in text
    for item in DOSSIER:
        assert item.title in text


def test_the_sheet_is_that_of_the_decree():
    file = open_file(synthesis())
    upright, crosswise = file.sections
    margins = (upright.left_margin, upright.right_margin, upright.top_margin, upright.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [30, 20, 20, 20]
    assert round(upright.page_width.mm) == 210
    assert upright.different_first_page_header_footer, "no number on the first page"
    assert "PAGE" in etree.tostring(upright.header._element).decode()
    assert crosswise.orientation == WD_ORIENT.LANDSCAPE
    assert round(crosswise.page_width.mm) == 297
    normal = file.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 14)


def test_a_row_for_every_member_under_a_head_that_returns_on_each_sheet():
    file = open_file(synthesis())
    table = find_table(file, "Họ và tên")
    assert [row.cells[1].text for row in table.rows][1:] == list(NAMES)
    assert "tblHeader" in etree.tostring(table.rows[0]._tr).decode()
    silent = next(row for row in table.rows if row.cells[1].text == SILENT)
    assert silent.cells[3].text == "Không trả lời"


def test_remarks_get_a_table_of_their_own():
    remark = Remark(
        who="Ngô Thế Vinh", question=1, text=REASON.strip(), explanation="Đã bổ sung.", verdict="Tiếp thu"
    )
    report = replace(synthesis(), remarks=(remark,))
    file = open_file(report)
    table = find_table(file, "Giải trình")
    assert [cell.text for cell in table.rows[1].cells] == [
        "1",
        "Ngô Thế Vinh",
        REASON.strip(),
        "Đã bổ sung.",
        "Tiếp thu",
    ]
    text = read(file)
    assert "Phụ lục I\n" in text
    assert "Phụ lục II" in text
    assert "tiếp thu: 1" in text


def test_what_someone_wrote_is_text_and_never_markup():
    words = 'a < b & c > "d" \x0b\x00 </w:t><w:p>'
    result = QuestionResult(
        text=words, silent=0, members=1, options=(OptionResult(text=words, count=1, in_favour=1),)
    )
    text = read(open_file(replace(synthesis(), results=(result,))))
    assert 'a < b & c > "d"  </w:t><w:p>' in text


def test_a_paper_of_another_kind_is_written_too():
    text = read(open_file(SUBMISSION))
    assert "TỜ TRÌNH" in text
    assert " THƯỢNG KHẨN " in text
    assert "Kính gửi: Chính phủ" in text
    assert "42.300" in text


def test_the_same_document_gives_the_same_text():
    def parts():
        with zipfile.ZipFile(io.BytesIO(write_docx(synthesis()))) as file:
            return {name: file.read(name) for name in file.namelist()}

    assert parts() == parts()


@pytest.mark.parametrize("mark", ["\n", "\r\n"])
def test_lines_of_a_reason_stay_lines(mark):
    document = synthesis(reason=f"Một.{mark}Hai.")
    table = find_table(open_file(document), "Họ và tên")
    cell = next(row.cells[5] for row in table.rows if "Một." in row.cells[5].text)
    assert [paragraph.text.strip() for paragraph in cell.paragraphs] == ["Một.", "Hai."]
