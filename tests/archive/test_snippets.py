"""Snippets: the telling place, with the accents of the text, marked whatever the query lacks."""

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archive.snippets import cut, mark, says_exactly
from archive.terms import parse

SYLLABLES = "phí bảo hiểm y tế ý kiến đầu tư công nghị quyết thủ tục hành chính".split()
sentence = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=300).map(" ".join)
FILLER = "Các bộ, cơ quan ngang bộ tổ chức thực hiện theo thẩm quyền được giao. " * 60


def hits(segments):
    return [segment.text for segment in segments if segment.is_hit]


def test_accents_of_the_text_are_kept_for_a_query_without_any():
    assert hits(mark("Về phí bảo hiểm y tế năm 2026", parse("phi bao hiem y te"))) == ["phí bảo hiểm y tế"]


def test_lone_syllables_are_not_marked_beside_a_run():
    text = "Cho ý kiến về phí bảo hiểm y tế và bảo đảm an sinh"
    assert hits(mark(text, parse("phi bao hiem y te"))) == ["phí bảo hiểm y tế"]


def test_lone_syllables_are_marked_where_nothing_better_is():
    assert hits(mark("Bảo đảm hiệu quả", parse("bao hiem"))) == ["Bảo"]


def test_what_was_typed_with_accents_is_marked_with_those():
    assert hits(mark("Đầu tư công và dấu từ công văn", parse("đầu tư công"))) == ["Đầu tư công"]
    assert hits(mark("Dấu từ công văn", parse("đầu tư"))) == ["Dấu từ"]


def test_both_ways_of_placing_the_mark_are_one_word():
    assert says_exactly("đơn giản hoá thủ tục", parse("đơn giản hóa"))
    assert not says_exactly("đơn giản hoa thủ tục", parse("đơn giản hóa"))
    assert not says_exactly("đơn giản hóa", parse("don gian hoa"))


def test_the_whole_run_comes_before_its_parts():
    text = f"Bảo hiểm xã hội. {FILLER} Quỹ chi trả phí bảo hiểm y tế cho người nghèo. {FILLER}"
    snippet = cut([text], parse("phi bao hiem y te"))
    assert snippet.hits == ["phí bảo hiểm y tế"]
    assert snippet.cut_before
    assert snippet.cut_after


def test_the_page_of_the_hit_is_told():
    pages = ["Trang bìa", FILLER, f"{FILLER} Điều 3. Đầu tư công trung hạn."]
    assert cut(pages, parse("dau tu cong")).page == 3


def test_a_run_over_a_line_end_is_one_hit():
    assert cut(["về đơn giản hóa thủ \ntục hành chính"], parse("thu tuc hanh chinh")).hits == [
        "thủ tục hành chính"
    ]


def test_numbers_are_marked_whole():
    assert hits(mark("Sửa đổi Nghị định số 08/2025/NĐ-CP", parse("8/2025"))) == ["08/2025/NĐ-CP"]
    text = f"{FILLER} Căn cứ Nghị định số 158/2025/NĐ-CP ngày 25 tháng 6"
    assert cut([text], parse("158/2025/nđ-cp")).hits == ["158/2025/NĐ-CP"]


def test_a_begun_word_is_marked_whole():
    assert hits(mark("Bảo hiểm y tế", parse("bao hi").as_begun())) == ["Bảo hiểm"]


def test_without_a_hit_the_beginning_is_shown():
    snippet = cut(["", "Điều 1. Phạm vi điều chỉnh"], parse("zzz"))
    assert str(snippet) == "Điều 1. Phạm vi điều chỉnh"
    assert snippet.page == 0


def test_scattered_words_are_left_out_where_they_are_not_wanted():
    text = f"{FILLER} dự báo chi phí, kinh tế. {FILLER}"
    query = parse("phi bao hiem y te")
    assert cut([text], query).page == 1
    told = cut([text], query, scattered=False)
    assert (told.page, told.hits) == (0, [])
    assert cut([f"{text} bảo hiểm"], query, scattered=False).hits == ["bảo hiểm"]
    assert cut([text], parse("kinh"), scattered=False).hits == ["kinh"]


def test_no_text_gives_an_empty_snippet():
    assert str(cut([], parse("y"))) == ""


def test_it_starts_with_a_sentence_where_one_is_near():
    text = f"{FILLER}Điều 7. Mức đóng bảo hiểm y tế hằng tháng. {FILLER}"
    assert str(cut([text], parse("bao hiem y te"))).startswith("Mức đóng")


@given(sentence, sentence)
def test_no_syllable_is_broken_and_nothing_is_made_up(text, typed):
    snippet = cut([text], parse(typed))
    assert set(str(snippet).split()) <= set(text.split())
    assert " ".join(str(snippet).split()) in text


@given(st.text(max_size=500), st.text(max_size=60))
def test_any_text_and_any_query(text, typed):
    query = parse(typed)
    whole = "".join(segment.text for segment in mark(text, query))
    assert whole == " ".join(unicodedata.normalize("NFC", text).split())
    cut([text], query)


@given(sentence)
def test_decomposed_text_gives_the_same_snippet(text):
    query = parse("bao hiem y te")
    assert cut([unicodedata.normalize("NFD", text)], query) == cut([text], query)


def test_a_megabyte_is_quick():
    text = FILLER * 250 + "Quỹ bảo hiểm y tế tự nguyện."
    assert len(text) > 1_000_000
    start = time.process_time()
    assert cut([text], parse("bao hiem y te")).hits == ["bảo hiểm y tế"]
    assert time.process_time() - start < 1.0  # a tenth of it is usual


def test_a_megabyte_without_a_gap_is_cut_all_the_same():
    snippet = cut(["x" * 1_000_000], parse("y te"))
    assert len(str(snippet)) <= 400
