"""How the office writes times left, shares and sizes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from core import clock
from ecabinet.templatetags import office

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 10:00 in Hà Nội, a Wednesday


@pytest.fixture(autouse=True)
def at_ten_on_wednesday():
    with clock.at(NOW), translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=6, hours=3), "còn 6 ngày", "navy"),
        (timedelta(hours=48, minutes=1), "còn 2 ngày", "navy"),
        (timedelta(hours=48), "còn 2 ngày", "amber"),
        (timedelta(hours=47, minutes=59), "còn 47 giờ", "amber"),
        (timedelta(minutes=59), "còn 59 phút", "amber"),
        (timedelta(seconds=20), "còn 1 phút", "amber"),
        (timedelta(seconds=-1), "quá hạn 1 phút", "red"),
        (timedelta(days=-3, hours=-2), "quá hạn 3 ngày", "red"),
    ],
)
def test_a_deadline_is_told_in_words_with_its_tone(left, words, tone):
    told = office.deadline(NOW + left)
    assert (told.words, told.tone) == (words, tone)


def test_the_absolute_time_names_the_weekday_and_the_year_only_when_it_is_another():
    assert office.vn_long(datetime(2026, 11, 27, 10, 0, tzinfo=UTC)) == "17:00 thứ Sáu 27/11"
    assert office.vn_long(datetime(2027, 1, 3, 17, 30, tzinfo=UTC)) == "00:30 thứ Hai 04/01/2027"


def test_english_says_the_same():
    with translation.override("en"):
        assert office.deadline(NOW + timedelta(days=6)).words == "6 days left"
        assert office.deadline(NOW + timedelta(hours=1)).words == "1 hour left"


def test_dates_are_those_of_the_office_not_of_greenwich():
    assert office.vn_date(datetime(2026, 11, 27, 18, 0, tzinfo=UTC)) == "28/11/2026"
    assert office.vn_date(date(2026, 11, 27)) == "27/11/2026"
    assert office.vn_datetime(datetime(2026, 11, 27, 10, 0, tzinfo=UTC)) == "17:00, 27/11/2026"


@pytest.mark.parametrize(
    ("size", "words"),
    [(None, ""), (0, "1 KB"), (319_488, "312 KB"), (1_363_149, "1,3 MB"), (209_715_200, "200,0 MB")],
)
def test_sizes_are_written_with_a_comma(size, words):
    assert office.file_size(size) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(12, 25, "48%"), (17, 24, "70,8%"), (0, 25, "0%"), (0, 0, "–")]
)
def test_a_share_has_one_place_after_the_comma_when_it_needs_one(part, whole, words):
    assert office.percent(part, whole) == words
