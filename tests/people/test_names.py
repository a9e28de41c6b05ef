"""The order of a Vietnamese name list, and search without accents."""

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.names import ALPHABET, fold, make_sort_key

IN_ORDER = (
    "An",
    "Ân",
    "Ấn",
    "Bình",
    "Châu",
    "Dung",
    "Dương",
    "Đắk Lắk",
    "Đức",
    "Em",
    "Ê",
    "Hà",
    "Hả",
    "Hã",
    "Há",
    "Hạ",
    "Khôi",
    "Lâm",
    "Lan",
    "Minh",
    "Oanh",
    "Ông",
    "Ớt",
    "Quang",
    "Thúy",
    "Ước",
    "Yến",
)


def by_given_name(name):
    return f"Nguyễn Văn {name}" if " " not in name else name


def test_single_names_stand_as_in_a_dictionary():
    names = [
        name for name in IN_ORDER if name not in ("Đắk Lắk", "Lâm")
    ]  # a place is sorted by its last word
    shuffled = random.Random(1).sample(names, len(names))

    assert sorted(shuffled, key=lambda name: make_sort_key(by_given_name(name))) == names


def test_the_given_name_comes_first_and_the_family_name_decides_among_equals():
    names = ["Trần Thị Ánh", "Đặng Văn Ước", "Bùi Văn Đức", "Nguyễn Hữu Đức", "Dương Thu Lê", "Đào Thu Lê"]

    assert sorted(names, key=make_sort_key) == [
        "Trần Thị Ánh",
        "Bùi Văn Đức",
        "Nguyễn Hữu Đức",
        "Dương Thu Lê",
        "Đào Thu Lê",
        "Đặng Văn Ước",
    ]


def test_letters_decide_before_tones():
    assert make_sort_key("Hạ") < make_sort_key("Hai")
    assert make_sort_key("Án") < make_sort_key("Ang")


@pytest.mark.parametrize(("less", "more"), list(pairwise(ALPHABET)))
def test_the_alphabet_is_that_of_the_language(less, more):
    assert make_sort_key(less) < make_sort_key(more)


names = st.text(
    alphabet=ALPHABET + ALPHABET.upper() + "áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ",
    max_size=40,
)


@given(names)
def test_case_spaces_and_the_form_of_unicode_do_not_matter(name):
    key = make_sort_key(name)

    assert make_sort_key(name.upper()) == key
    assert make_sort_key(f"  {name} ") == key
    assert make_sort_key(unicodedata.normalize("NFD", name)) == key


@given(names, names)
def test_different_names_have_different_keys(one, other):
    same = " ".join(one.lower().split()) == " ".join(other.lower().split())

    assert (make_sort_key(one) == make_sort_key(other)) == same


@given(names)
def test_folding_leaves_plain_letters_and_changes_nothing_twice(name):
    folded = fold(name)

    assert folded.isascii()
    assert fold(folded) == folded


def test_a_long_name_fits_its_column():
    assert len(make_sort_key("Nguyễn " * 60)) <= 200
