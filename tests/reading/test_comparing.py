"""What changed between two texts, as a reader would say it."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import comparing
from reading.comparing import compare, newer_words, older_words
from reading.texts import Text, read_text

LINE, HEIGHT, LEFT, RIGHT = 150, 120, 850, 5100  # tenths of a point
CLAUSES = (
    "Điều 1. Giao Bộ Tài chính bố trí kinh phí quản lý rừng ngập mặn trong dự toán ngân sách hằng năm.",
    "Điều 2. Ủy ban nhân dân các tỉnh chịu trách nhiệm bảo vệ diện tích rừng được giao.",
    "Điều 3. Các Bộ trưởng, Thủ trưởng cơ quan ngang bộ chịu trách nhiệm thi hành Nghị quyết này.",
    "Điều 4. Nghị quyết này có hiệu lực thi hành kể từ ngày 15 tháng 6 năm 2026.",
)


def lay_out(*paragraphs, characters=60, lines_a_page=20, head="", numbers=False):
    """Paragraphs typeset: broken into lines, the lines into pages, as pdfium would give them."""
    lines = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if line and len(line) + len(word) >= characters:
                lines.append((line, True))
                line = ""
            line = f"{line} {word}".strip()
        lines.append((line, False))
    pages = []
    for first in range(0, len(lines), lines_a_page):
        number = first // lines_a_page + 1
        rows = [(head, False)] if head else []
        rows += lines[first : first + lines_a_page]
        if numbers:
            rows.append((f"- {number} -", False))
        pages.append({"width": 5950, "height": 8420, "lines": [set_line(*row) for row in enumerate(rows)]})
    return pages


def set_line(place, row):
    words, is_full = row
    top, step = 700 + place * LINE, (RIGHT - LEFT) / max(60, len(words))
    at, line = LEFT, []
    for word in words.split():
        end = at + len(word) * step
        line.append([word, round(at), top, round(end), top + HEIGHT])
        at = end + step
    if is_full:
        line[-1][3] = RIGHT
    return line


def texts(older, newer, **layout):
    return read_text(lay_out(*older)), read_text(lay_out(*newer, **layout))


def changes(older, newer, **layout):
    return [(c.kind, c.before, c.after) for c in compare(*texts(older, newer, **layout)).changes]


def test_equal_texts_have_no_change():
    assert changes(CLAUSES, CLAUSES) == []


@pytest.mark.parametrize(
    "layout",
    [
        {"characters": 35},
        {"lines_a_page": 3},
        {"numbers": True, "lines_a_page": 3},
        {"characters": 200, "lines_a_page": 1},
    ],
)
def test_lines_pages_and_page_numbers_are_no_changes(layout):
    assert changes(CLAUSES, CLAUSES, **layout) == []


def test_a_running_head_is_compared_once_and_not_on_each_page():
    older = read_text(lay_out(*CLAUSES, lines_a_page=2, head="CÔNG BÁO/Số 435/Ngày 30-5-2026"))
    newer = read_text(lay_out(*CLAUSES, lines_a_page=1, head="CÔNG BÁO/Số 436/Ngày 30-5-2026"))
    found = compare(older, newer).changes
    assert [(c.before, c.after) for c in found] == [("435/Ngày", "436/Ngày")]


def test_a_number_that_counts_on_in_the_running_head_is_no_change():
    def number(pages, first):
        for place, page in enumerate(pages, first):
            page["lines"].insert(0, set_line(-1, (f"{place} CÔNG BÁO", False)))
        return read_text(pages)

    older = number(lay_out(*CLAUSES, lines_a_page=2), 2)
    newer = number(lay_out(*CLAUSES, lines_a_page=1), 14)
    assert compare(older, newer).changes == []
    assert older.words[:2] == ["CÔNG", "BÁO"]


def test_the_number_may_stand_now_before_and_now_behind_the_running_head():
    def number(pages):
        for place, page in enumerate(pages, 1):
            head = f"{place} CÔNG BÁO/Số 435/Ngày 30-5" if place % 2 else f"CÔNG BÁO/Số 435/Ngày 30-5 {place}"
            page["lines"].insert(0, set_line(-1, (head, False)))
        return read_text(pages)

    older, newer = number(lay_out(*CLAUSES, lines_a_page=2)), number(lay_out(*CLAUSES, lines_a_page=1))
    assert older.words[:4] == ["CÔNG", "BÁO/Số", "435/Ngày", "30-5"]
    assert compare(older, newer).changes == []


def test_lines_that_differ_by_their_numbers_alone_are_no_running_heads():
    rows = [f"Khoản {n}. Giao cơ quan thứ {n} thực hiện." for n in range(12)]
    assert read_text(lay_out(*rows, lines_a_page=1)).words == " ".join(rows).split()


def test_a_year_alone_on_the_last_line_is_no_page_number():
    assert "2026." in read_text(lay_out(*CLAUSES, characters=35)).words


def test_a_word_torn_at_the_end_of_a_line_is_the_same_word():
    older = lay_out("Bảo vệ rừng ngập mặn ven biển từ miền Trung vào", characters=30)
    newer = lay_out("Bảo vệ rừng ngập mặn ven biển từ miền Trung vào", characters=30)
    newer[0]["lines"][0][-1][0] = "bi\x02"
    newer[0]["lines"][1].insert(0, ["ển", *newer[0]["lines"][1][0][1:]])
    older_text, newer_text = read_text(older), read_text(newer)
    assert compare(older_text, newer_text).changes == []
    assert len(newer_text.boxes[newer_text.words.index("bi-ển")]) == 2


@pytest.mark.parametrize("parts", [("34/2016/TT\x02", "BTC"), ("34/2016/", "TT-BTC"), ("34\x02", "35")])
def test_a_number_of_a_paper_torn_at_the_end_of_a_line_is_the_same(parts):
    whole = "".join(parts).replace("\x02", "-")
    older = lay_out(f"Thực hiện Thông tư {whole} nêu trên", characters=80)
    newer = lay_out(f"Thực hiện Thông tư {parts[0]}", f"{parts[1]} nêu trên")
    assert compare(read_text(older), read_text(newer)).changes == []
    assert whole in read_text(newer).words


def test_composed_and_decomposed_letters_are_the_same():
    decomposed = [unicodedata.normalize("NFD", clause) for clause in CLAUSES]
    assert changes(CLAUSES, decomposed) == []


def test_typographic_marks_are_the_same():
    assert changes(["Gọi tắt là “Cổng” – dịch vụ"], ['Gọi tắt là "Cổng" - dịch vụ']) == []


def test_rules_drawn_with_letters_are_no_words():
    assert (
        changes(["Kính gửi: ......... Chính phủ", "____"], ["Kính gửi: … Chính phủ"[:10], "Chính phủ"]) == []
    )


def test_a_word_put_in():
    newer = [CLAUSES[0].replace("bố trí kinh phí", "bố trí đủ kinh phí"), *CLAUSES[1:]]
    assert changes(CLAUSES, newer) == [("added", "", "đủ")]


def test_a_word_taken_out():
    newer = [CLAUSES[0].replace("hằng năm.", "năm."), *CLAUSES[1:]]
    assert changes(CLAUSES, newer) == [("removed", "hằng", "")]


def test_a_date_is_replaced_and_said_to_have_figures():
    newer = [*CLAUSES[:3], CLAUSES[3].replace("15 tháng 6", "30 tháng 6")]
    (change,) = compare(*texts(CLAUSES, newer)).changes
    assert (change.kind, change.before, change.after, change.has_figures) == ("replaced", "15", "30", True)


def test_other_words_have_no_figures():
    newer = [CLAUSES[0].replace("hằng năm", "mỗi năm"), *CLAUSES[1:]]
    (change,) = compare(*texts(CLAUSES, newer)).changes
    assert not change.has_figures


def test_a_paragraph_put_in_is_one_change():
    new = "Điều 2a. Bộ Nông nghiệp và Môi trường hướng dẫn thực hiện việc bàn giao rừng trước tháng 9."
    assert changes(CLAUSES, [*CLAUSES[:2], new, *CLAUSES[2:]]) == [("added", "", new)]


def test_a_paragraph_that_was_split_is_no_change():
    halves = ["Điều 2. Ủy ban nhân dân các tỉnh chịu trách nhiệm", "bảo vệ diện tích rừng được giao."]
    assert changes(CLAUSES, [CLAUSES[0], *halves, *CLAUSES[2:]]) == []


def test_a_paragraph_that_went_elsewhere_has_moved():
    (change,) = compare(*texts(CLAUSES, [CLAUSES[1], CLAUSES[2], CLAUSES[0], CLAUSES[3]])).changes
    assert (change.kind, change.before, change.after) == ("moved", CLAUSES[0], CLAUSES[0])


def test_a_moved_paragraph_shows_what_was_changed_on_the_way():
    moved = CLAUSES[0].replace("Điều 1.", "Điều 3.")
    comparison = compare(*texts(CLAUSES, [CLAUSES[1], CLAUSES[2], moved, CLAUSES[3]]))
    (change,) = comparison.changes
    assert (change.kind, change.has_figures) == ("moved", True)
    (here,) = [block for block in comparison.blocks if block.fate == comparing.MOVED_HERE]
    assert [(p.fate, p.text) for p in here.pieces[1:3]] == [("removed", "1."), ("added", "3.")]


def test_a_rewritten_paragraph_is_no_confetti():
    """Words like "của" and "và" stand in both by chance."""
    old = "Bộ trưởng và Thủ trưởng của cơ quan ngang bộ tổ chức sơ kết và báo cáo Chính phủ kết quả của năm."
    new = "Địa phương rà soát quy hoạch và trình Hội đồng nhân dân danh mục của các dự án trọng điểm mới."
    found = changes([CLAUSES[0], old, CLAUSES[3]], [CLAUSES[0], new, CLAUSES[3]])
    assert found == [("replaced", old, new)]


def test_a_change_knows_where_it_stands():
    newer = [*CLAUSES[:3], CLAUSES[3].replace("15 tháng 6", "30 tháng 6")]
    older_text, newer_text = texts(CLAUSES, newer, lines_a_page=3)
    (change,) = compare(older_text, newer_text).changes
    assert change.older == list(older_text.boxes[older_text.words.index("15")])
    assert change.newer == list(newer_text.boxes[newer_text.words.index("30")])
    assert change.newer[0].page > 1


def test_words_of_a_line_have_one_box():
    new = "Điều 2a. Bộ Nông nghiệp hướng dẫn thực hiện việc bàn giao rừng cho các tỉnh có rừng ven biển."
    comparison = compare(*texts(CLAUSES, [*CLAUSES[:2], new, *CLAUSES[2:]]))
    assert len(comparison.changes[0].newer) == 2


def test_a_page_without_words_is_told():
    pages = [*lay_out(CLAUSES[0]), {"width": 10, "height": 10, "lines": []}]
    assert read_text(pages).blank == [2]


def test_two_strange_texts_that_are_too_long_for_a_table(monkeypatch):
    """The anchors are then what holds the texts together."""
    monkeypatch.setattr(comparing, "CELLS", 200)
    older = [" ".join(f"từ{n}" for n in range(60)), "Kết thúc."]
    newer = [older[0].replace("từ31 ", "chữ "), "Kết thúc."]
    assert changes(older, newer) == [("replaced", "từ31", "chữ")]


WORDS = st.lists(st.sampled_from("a b c d e và của 1 2 Điều".split()), max_size=12)
PARAGRAPHS = st.lists(WORDS.filter(bool).map(" ".join), max_size=8)


def make_text(paragraphs):
    text = Text()
    for paragraph in paragraphs:
        for word in paragraph.split():
            text.words.append(word)
            text.boxes.append(())
        text.ends.append(len(text.words))
    text.boxes = [(comparing.Box(1, 0, 0, 1, 1),)] * len(text.words)
    return text


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_result_tells_both_texts_completely(older, newer):
    comparison = compare(make_text(older), make_text(newer))
    assert sorted(older_words(comparison)) == sorted(" ".join(older).split())
    assert newer_words(comparison) == " ".join(newer).split()
    assert older_words(comparison) == " ".join(older).split()
    assert bool(comparison.changes) == (" ".join(older).split() != " ".join(newer).split())


@given(PARAGRAPHS)
def test_a_text_never_differs_from_itself(paragraphs):
    assert compare(make_text(paragraphs), make_text(paragraphs)).changes == []


@given(PARAGRAPHS.filter(bool), st.randoms(use_true_random=False))
def test_shuffled_paragraphs_are_told_completely(paragraphs, chance):
    shuffled = list(paragraphs)
    chance.shuffle(shuffled)
    comparison = compare(make_text(paragraphs), make_text(shuffled))
    assert newer_words(comparison) == " ".join(shuffled).split()
    assert older_words(comparison) == " ".join(paragraphs).split()


def test_a_real_law_with_edits_shows_those_edits(corpus):
    path = max((corpus / "gazette" / "text").glob("*.txt"), key=lambda path: path.stat().st_size)
    older = [line for line in path.read_text().splitlines() if len(line.split()) > 8][:2000]
    newer, chance = list(older), random.Random(7)
    for place in chance.sample(range(len(newer)), 12):
        words = newer[place].split()
        words[4] = "SỬA"
        newer[place] = " ".join(words)
    found = compare(make_text(older), make_text(newer)).changes
    assert [change.after for change in found] == ["SỬA"] * 12
