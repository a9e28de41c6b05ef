"""Terms: one text, however it is typed, gives one set of terms."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.terms import (
    BOUNDARIES,
    LONGEST_TERM,
    MOST_BYTES,
    Query,
    entry_terms,
    fold,
    number_term,
    numbers,
    parse,
    terms,
)

SYLLABLES = "phí bảo hiểm y tế đầu tư công nghị quyết thủ tục hành chính Đồng chí hoà giải 15 2026".split()
VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
sentence = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join)
anything = st.text(max_size=300)
vietnamese = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " ,-\n", max_size=200)


def without_accents(text: str) -> str:
    marks = (char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return "".join(marks).replace("đ", "d").replace("Đ", "D")


@given(vietnamese)
def test_accents_make_no_difference(text):
    assert terms(text) == terms(without_accents(text))


@given(st.one_of(anything, vietnamese))
def test_composed_and_decomposed_letters_make_no_difference(text):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert terms(composed) == terms(decomposed)


@given(vietnamese)
def test_capital_letters_make_no_difference_within_a_line(text):
    line = text.replace("\n", " ")
    assert terms(line) == terms(line.upper())


@given(st.one_of(anything, vietnamese))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.one_of(anything, vietnamese))
def test_folding_keeps_every_letter_in_its_place(text):
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


@given(sentence, st.sampled_from(sorted(BOUNDARIES)), sentence)
def test_no_pair_crosses_a_boundary(left, boundary, right):
    apart = {term for term in terms(f"{left}{boundary} {right}") if "_" in term}
    assert apart == {term for side in (left, right) for term in terms(side) if "_" in term}


@given(sentence, sentence)
def test_no_pair_crosses_an_empty_line(left, right):
    apart = {term for term in terms(f"{left}\n\n{right}") if "_" in term}
    assert apart == {term for side in (left, right) for term in terms(side) if "_" in term}


@given(anything)
def test_terms_are_short_and_need_no_quoting(text):
    for term in terms(text):
        assert 0 < len(term) <= LONGEST_TERM
        assert all(char.isalnum() or char in "_/-" for char in term)


@given(st.text(max_size=400))
def test_whatever_is_typed_can_be_asked(text):
    query = parse(text)
    for tier in query.tiers if query else ():
        inside = tier.split("'")[1::2]
        assert all(char.isalnum() or char in "_/-." for term in inside for char in term)


@given(sentence)
def test_what_is_typed_meets_what_is_stored(text):
    """A query made of a text's own words finds the text in every tier."""
    stored = set(entry_terms(title=text, number="", year=2026))
    for tier in parse(text).tiers:
        assert {term.strip("'") for term in tier.split(" & ")} <= stored


def test_syllables_and_pairs():
    assert list(terms("Phí bảo hiểm")) == ["phi", "bao", "hiem", "phi_bao", "bao_hiem"]


def test_a_sentence_goes_on_in_the_next_line_of_a_pdf():
    assert "thu_tuc" in terms("đơn giản hóa thủ \ntục hành chính")
    wrapped = "quản lý của Bộ Y tế, đơn giản hóa thủ tục hành chính của Bộ\nNông nghiệp và Môi trường"
    assert "bo_nong" in terms(wrapped)


def test_headings_and_cells_end_with_their_line():
    assert "phu_so" not in terms("CHÍNH PHỦ\nSố: 17/2026/NQ-CP")
    assert "dong_chi" not in terms("Thành viên hội đồng\nChỉ tiêu")


def test_nul_and_lone_surrogates_are_no_letters():
    assert list(terms("bảo\x00hiểm\ud800 y")) == ["bao", "hiem", "y", "bao_hiem", "hiem_y"]


def test_soft_hyphens_and_zero_widths_are_nothing():
    assert "nghiem" in terms("nghi\u00adêm\u200b")


def test_overlong_words_are_left_out_and_part_their_neighbours():
    assert list(terms("bảo " + "x" * 41 + " hiểm")) == ["bao", "hiem"]


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("158/2025/NĐ-CP", "158/2025/nd-cp"),
        ("45/NQ-CP", "45/nq-cp"),
        ("41/2024/QH15", "41/2024/qh15"),
        ("01/2024/TT-BLĐTBXH", "1/2024/tt-bldtbxh"),
        ("29-NQ/TW", "29-nq/tw"),
        ("17 /2026/NQ-CP", "17/2026/nq-cp"),
        ("Nghị quyết", ""),
        ("12/5/2026", ""),
        ("", ""),
    ],
)
def test_numbers_stay_whole(written, term):
    assert number_term(written) == term
    assert numbers(f"theo số {written} của Chính phủ;") == ([term] if term else [])


def test_an_entry_keeps_number_title_and_year_apart_from_the_text():
    found = entry_terms(
        title="Về đầu tư công",
        number="08/2026/NQ-CP",
        year=2026,
        texts=["Căn cứ Nghị định số 158/2025/NĐ-CP"],
    )
    assert {"y.2026", "n.8/2026/nq-cp", "n.8/nq-cp", "t.dau_tu", "dau_tu", "158/2025/nd-cp"} <= set(found)
    assert "n.158/2025/nd-cp" not in found
    assert "t.can_cu" not in found


def test_a_text_without_end_is_kept_within_what_postgresql_takes():
    text = " ".join(f"{number:x}" for number in range(200_000))
    found = entry_terms(title="Bảng số liệu", number="", year=2026, texts=[text])
    assert sum(len(term) for term in found) <= MOST_BYTES
    assert {"y.2026", "t.bang_so"} <= set(found)


# ---- queries


def test_free_words_are_sought_in_title_as_neighbours_and_alone():
    assert parse("đầu tư công").tiers == [
        "'t.dau' & 't.tu' & 't.cong'",
        "'dau_tu' & 'tu_cong'",
        "'dau' & 'tu' & 'cong'",
    ]


def test_quoted_words_stay_together_in_every_tier():
    for tier in parse("“đầu tư” vốn").tiers:
        assert "dau_tu'" in tier


def test_an_unfinished_quotation_is_a_quotation():
    assert parse('"đầu tư').phrases == (("dau", "tu"),)


def test_a_number_is_sought_as_the_entrys_own_first():
    query = parse("nghị định số 158/2025/NĐ-CP")
    assert query.tiers[0] == "'n.158/2025/nd-cp':*"
    assert query.runs == (("nghi", "dinh", "so"),)
    assert query.everything.startswith("('n.158/2025/nd-cp':*) | (")


def test_a_number_begun_is_enough():
    assert parse("01/2024").tiers == ["'n.1/2024':*", "'t.01_2024':*", "'01_2024':*"]
    assert parse("122/NQ-").tiers[0] == "'n.122/nq':*"


def test_a_date_is_no_number():
    assert parse("12/5/2026").numbers == ()


def test_the_last_word_may_be_begun():
    assert parse("bảo hi").as_begun().tiers == ["'t.bao' & 't.hi':*", "'bao_hi':*", "'bao' & 'hi':*"]


def test_nothing_typed_asks_nothing():
    for text in ("", "  ", "?!…", '""', "\x00"):
        assert not parse(text)
    assert parse("") == Query(text="")


def test_an_endless_query_is_cut():
    assert len(parse("bảo hiểm " * 500).words) == 24


def test_accents_typed_are_known():
    assert parse("đầu tư").accented
    assert parse('"dau tư"').accented
    assert not parse("dau tu").accented
    assert not parse("DAU TU").accented


# ---- real texts


@pytest.fixture(scope="module")
def gazette(corpus):
    return [file.read_text() for file in sorted((corpus / "gazette/text").glob("*.txt"))[:40]]


def test_real_texts_give_clean_terms(gazette):
    for text in gazette:
        found = terms(text)
        syllables = [term for term in found if "_" not in term and "/" not in term]
        assert len(found) > 1.5 * len(syllables)
        assert max(map(len, found)) <= LONGEST_TERM


def test_an_ordinary_page_takes_about_a_millisecond(gazette):
    letters = sum(map(len, gazette))
    start = time.process_time()
    for text in gazette:
        terms(text)
    assert (time.process_time() - start) / letters * 3_400 < 0.005  # five times what it takes
