"""The layout of Nghị định 30/2020/NĐ-CP, annex I, measured in the finished PDF."""

from dataclasses import replace

import pytest
from PIL import ImageChops

pytest.importorskip("documents.typesetting", reason="WeasyPrint needs Pango", exc_type=OSError)

from documents.official import Article
from documents.rendering import render_official
from tests.documents.papers import ANSWERED_SLIP, DRAFT, LETTER, RESOLUTION, SLIP, SUBMISSION, synthesis
from tests.documents.pdf_measure import MM, Sheet, measure

NEAR = 1.0  # point
LEFT, RIGHT = 30 * MM, 190 * MM
DOCUMENTS = {
    "resolution": RESOLUTION,
    "draft": DRAFT,
    "slip": SLIP,
    "answered slip": ANSWERED_SLIP,
    "synthesis": synthesis(),
    "submission": SUBMISSION,
    "letter": LETTER,
}


@pytest.fixture(scope="module")
def sheets():
    """Each document laid out once."""
    return {name: measure(render_official(document)) for name, document in DOCUMENTS.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_stays_within_the_margins_of_a4(sheets, name):
    for sheet in sheets[name]:
        short, long = sorted((sheet.width, sheet.height))
        assert (short, long) == pytest.approx((210 * MM, 297 * MM), abs=NEAR)
        lines = [line for line in sheet.lines if line.baseline > 20 * MM]
        assert min(line.left for line in lines) >= (LEFT if sheet.width < sheet.height else 25 * MM) - NEAR
        assert max(line.right for line in lines) <= sheet.width - 20 * MM + 4  # a space may hang out
        assert max(line.baseline for line in lines) <= sheet.height - 20 * MM
        for left, right, _ in sheet.rules():
            assert 25 * MM - NEAR <= left < right <= sheet.width - 20 * MM + NEAR


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_head_has_the_body_on_the_left_and_the_nation_on_the_right(sheets, name):
    sheet, body = sheets[name][0], DOCUMENTS[name].letterhead.body
    issuer = sheet.find(body.split()[0])
    nation = sheet.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = sheet.find("Độc lập - Tự do - Hạnh phúc")
    number, date = sheet.find("Số:"), sheet.find(DOCUMENTS[name].letterhead.place)

    assert issuer.baseline == pytest.approx(nation.baseline, abs=NEAR)
    assert issuer.right < nation.left
    assert (nation.size, motto.size) == (13, 14)
    assert issuer.is_bold and nation.is_bold and motto.is_bold
    assert motto.middle == pytest.approx(nation.middle, abs=NEAR)
    assert 14 <= motto.baseline - nation.baseline <= 18
    assert number.baseline == pytest.approx(date.baseline, abs=2)
    assert number.baseline > motto.baseline
    assert (number.size, date.size) == (13, 14)
    assert date.is_italic and not date.is_bold and not number.is_italic and not number.is_bold


def test_the_lines_under_motto_body_and_subject_have_their_lengths(sheets):
    sheet = sheets["resolution"][0]
    motto, body = sheet.find("Độc lập - Tự do - Hạnh phúc"), sheet.find("CHÍNH PHỦ")
    subject = sheet.find("Về việc giao quản lý rừng ngập mặn ven biển")
    under_body, under_motto, under_subject = sorted(sheet.rules(), key=lambda rule: rule[2])

    assert under_motto[1] - under_motto[0] == pytest.approx(motto.right - motto.left, abs=2)
    assert 0 < under_motto[2] - motto.baseline < 10
    for rule, text in ((under_body, body), (under_subject, subject)):
        assert 1 / 3 <= (rule[1] - rule[0]) / (text.right - text.left) <= 1 / 2
        assert (rule[0] + rule[1]) / 2 == pytest.approx(text.middle, abs=2)


def test_kind_and_subject_are_bold_and_centred(sheets):
    sheet = sheets["resolution"][0]
    for text in ("NGHỊ QUYẾT", "cho các địa phương có rừng", "QUYẾT NGHỊ:"):
        run = sheet.find(text)
        assert run.middle == pytest.approx((LEFT + RIGHT) / 2, abs=2)
        assert run.is_bold and not run.is_italic and run.size == 14


def test_a_resolution_goes_from_its_grounds_to_its_articles(sheets):
    sheet = sheets["resolution"][0]
    order = [
        "Số:",
        "NGHỊ QUYẾT",
        "Về việc giao",
        "Căn cứ Luật Tổ chức",
        "Căn cứ Luật Lâm nghiệp",
        "Theo đề nghị",
    ]
    order += ["Trên cơ sở kết quả biểu quyết", "QUYẾT NGHỊ:", "Điều 1.", "Điều 2.", "Điều 3."]
    heights = [sheet.find(text).baseline for text in order]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)
    for ground in order[3:7]:
        assert sheet.find(ground).is_italic
    for article in order[8:]:
        assert sheet.find(article).is_bold


def test_grounds_end_in_semicolons_and_the_clause_in_a_full_stop(sheets):
    text = sheets["resolution"][0].text
    assert "số 63/2025/QH15; Căn cứ Luật Lâm nghiệp số 16/2017/QH14; Theo đề nghị" in text
    assert "Trên cơ sở kết quả biểu quyết của các Thành viên Chính phủ. QUYẾT NGHỊ:" in text
    assert "chịu trách nhiệm thi hành Nghị quyết này./." in text


@pytest.mark.parametrize("name", ["resolution", "slip", "synthesis", "submission", "letter"])
def test_paragraphs_are_14_points_indented_and_set_to_both_margins(sheets, name):
    """Single to one and a half spacing, first line 1.27 cm, at least 6 points between paragraphs."""
    sheet = sheets[name][0]
    lines = [line for line in sheet.lines if line.size == 14 and not line.is_bold]
    firsts = [line for line in lines if line.left == pytest.approx(LEFT + 12.7 * MM, abs=NEAR)]
    assert firsts
    wrapped = 0
    for first in firsts:
        following = next((line for line in sheet.lines if line.baseline > first.baseline + 1), None)
        if following and following.left == pytest.approx(LEFT, abs=NEAR) and following.size == 14:
            wrapped += 1
            assert 14 * 1.1 <= following.baseline - first.baseline <= 14 * 1.15 * 1.5
            assert first.right == pytest.approx(RIGHT, abs=5)  # justified; a space hangs out
    assert wrapped
    for before, after in zip(sheet.lines, sheet.lines[1:], strict=False):
        if after in firsts and before in lines:
            assert after.baseline - before.baseline >= 14 * 1.15 + 6 - 0.1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_page_numbers_stand_in_the_top_margin_from_the_second_page_on(sheets, name):
    def in_the_margin(sheet):
        return [line for line in sheet.lines if line.baseline < 20 * MM]

    assert in_the_margin(sheets[name][0]) == []
    for number, sheet in enumerate(sheets[name][1:], 2):
        if sheet.width > sheet.height:
            break  # the annex counts its own
        (line,) = in_the_margin(sheet)
        assert line.text.strip() == str(number)
        assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=2)
        assert 13 <= line.size <= 14


def test_the_annex_counts_its_own_pages(sheets):
    annex = [sheet for sheet in sheets["synthesis"] if sheet.width > sheet.height]
    tops = [[line.text.strip() for line in sheet.lines if line.baseline < 20 * MM] for sheet in annex]
    assert tops == [[], *([str(number)] for number in range(2, len(annex) + 1))]


def test_the_signature_stands_on_the_right_with_room_for_hand_and_seal(sheets):
    sheet = sheets["resolution"][-1]
    offices = [sheet.find(text) for text in ("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG")]
    name = sheet.find("Trần Minh Khôi")
    assert [run.baseline for run in offices] == sorted(run.baseline for run in offices)
    for run in (*offices, name):
        assert run.is_bold and run.size == 14
        assert run.middle == pytest.approx(offices[0].middle, abs=2)
        assert run.left > (LEFT + RIGHT) / 2
    assert name.baseline - offices[-1].baseline >= 25 * MM + 14  # the signature's picture is 25 mm high


def test_recipients_stand_on_the_left_in_11_points(sheets):
    sheet = sheets["resolution"][-1]
    title, first, last = (
        sheet.find("Nơi nhận:"),
        sheet.find("- Ban Bí thư"),
        sheet.find("- Lưu: VT, NN (2b)."),
    )
    assert title.is_bold and title.is_italic and title.size == 12
    assert first.size == last.size == 11
    assert not first.is_bold and not first.is_italic
    assert title.left == pytest.approx(first.left, abs=NEAR) == pytest.approx(LEFT, abs=NEAR)
    assert title.baseline == pytest.approx(sheet.find("TM. CHÍNH PHỦ").baseline, abs=3)
    assert "- Văn phòng Quốc hội;" in sheet.text


@pytest.mark.parametrize("lines", range(8, 30))
def test_the_signature_is_never_parted_from_the_last_words(lines):
    """However far down the page the text ends."""
    articles = [Article(text=f"Điều khoản thử nghiệm thứ {n}.") for n in range(lines)]
    last = "Các cơ quan có liên quan chịu trách nhiệm thi hành Nghị quyết này " * 4
    sheets = measure(render_official(replace(RESOLUTION, articles=(*articles, Article(text=last)))))
    (signed,) = [sheet for sheet in sheets if "TM. CHÍNH PHỦ" in sheet.text]
    assert "Nghị quyết này./." in signed.text
    assert "Trần Minh Khôi" in signed.text
    assert "- Lưu:" in signed.text


def test_a_draft_leaves_number_and_date_open_and_says_what_it_is(sheets):
    sheet = sheets["draft"][0]
    number, mark = sheet.find("Số:"), sheet.find("DỰ THẢO")
    assert "/NQ-CP" in sheet.text
    gap = sheet.find("/NQ-CP").left - number.right
    assert gap > 20
    assert "ngày tháng năm 2026" in sheet.text
    assert mark.baseline > number.baseline and mark.right < sheet.width / 2 and mark.size < number.size


def test_a_numbered_document_is_no_draft(sheets):
    text = sheets["resolution"][0].text
    assert "Số: 58/NQ-CP" in text
    assert "ngày 22 tháng 6 năm 2026" in text
    assert "DỰ THẢO" not in text


def test_numbers_and_dates_below_ten_have_their_zero(sheets):
    text = sheets["submission"][0].text
    assert "Số: 07/TTr-BNNMT" in text
    assert "Hà Nội, ngày 05 tháng 02 năm 2026" in text


def test_a_long_name_of_the_body_takes_lines_of_like_length(sheets):
    sheet = sheets["submission"][0]
    first, second = sheet.find("BỘ NÔNG NGHIỆP"), sheet.find("VÀ MÔI TRƯỜNG")
    assert second.baseline > first.baseline
    assert first.middle == pytest.approx(second.middle, abs=2)


def test_urgency_is_stamped_in_red_under_the_number(sheets):
    sheet = sheets["submission"][0]
    stamp = sheet.find("THƯỢNG KHẨN")
    assert stamp.is_bold and stamp.baseline > sheet.find("Số:").baseline
    assert red_frame(sheet) == pytest.approx((40 * MM, 8 * MM), abs=2)


def red_frame(sheet: Sheet) -> tuple[float, float]:
    """Width and height of what is painted in bright red."""
    red, green, _ = sheet.page.render(scale=2).to_pil().convert("RGB").split()
    left, top, right, bottom = (
        ImageChops.subtract(red, green).point(lambda value: value > 100 and 255).getbbox()
    )
    return (right - left) / 2, (bottom - top) / 2


def test_a_letter_has_its_subject_under_the_number_and_no_title(sheets):
    sheet = sheets["letter"][0]
    number, about, to = sheet.find("Số: 07/BNNMT-LN"), sheet.find("V/v góp ý"), sheet.find("Kính gửi:")
    assert number.baseline < about.baseline < to.baseline
    assert about.size == 12 and not about.is_bold
    assert about.right < sheet.width / 2
    assert "- Bộ Tài chính; - Bộ Tư pháp." in sheet.text
    assert "TỜ TRÌNH" not in sheet.text


def test_the_table_of_members_repeats_its_head_on_every_page(sheets):
    annex = [sheet for sheet in sheets["synthesis"] if sheet.width > sheet.height]
    assert len(annex) > 1
    assert all("STT Họ và tên Chức vụ Ý kiến Thời điểm trả lời" in sheet.text for sheet in annex)
