"""Searching: what is found, in which order, page after page, by whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import search as searching
from archive.indexing import make_entry
from archive.models import SearchEntry
from archive.search import Cursor, Filters, search, summarise
from archive.terms import parse
from documents.models import DocumentVersion
from people.rules import Role
from tests.conftest import CAST

from .conftest import TODAY, days_ago

FILLER = "Các bộ, cơ quan ngang bộ tổ chức thực hiện theo thẩm quyền được giao. "


def titles(page):
    return [hit.entry.title for hit in page.hits]


def hits_of(segments):
    return [segment.text for segment in segments if segment.is_hit]


def walk(query, user, filters=searching.NO_FILTERS):
    """All pages, one after the other."""
    found, after = [], None
    while True:
        page = search(parse(query), user, filters, after)
        found += [hit.entry.pk for hit in page.hits]
        if (after := page.next) is None:
            return found
        after = Cursor.read(str(after))


# ---- what is found


def test_an_accentless_query_finds_and_marks_the_accented_title(archive, cast):
    archive.add("Về mức phí bảo hiểm y tế năm 2026", "Điều 1. Quỹ chi trả phí bảo hiểm y tế.")
    archive.add("Về đầu tư công trung hạn", "Điều 1. Ý kiến về bảo đảm vốn.")
    (hit,) = search(parse("phi bao hiem y te"), cast.archivist).hits
    assert hits_of(hit.title) == ["phí bảo hiểm y tế"]
    assert hit.snippet.hits == ["phí bảo hiểm y tế"]
    assert hit.snippet.page == 1


def test_a_paper_of_the_dossier_is_found_on_its_page(archive, cast):
    resolution = archive.add(
        "Về thí điểm cơ chế đặc thù",
        papers=[("Tờ trình của Bộ Tài chính", ["Trang đầu", "Kinh phí bảo hiểm y tế"], [Role.ARCHIVIST])],
    )
    (hit,) = search(parse("kinh phí bảo hiểm y tế"), cast.archivist).hits
    assert hit.entry.title == "Tờ trình của Bộ Tài chính"
    assert hit.entry.resolution == resolution
    assert hit.snippet.page == 2


def test_its_number_finds_a_resolution_whole_begun_or_without_its_year(archive, cast):
    archive.add("Về đầu tư công", number=122)
    archive.add("Căn cứ Nghị quyết số 122/NQ-CP", "theo Nghị quyết số 122/NQ-CP", number=123)
    for typed in ("122/NQ-CP", "122/nq", "nghị quyết số 122/NQ-CP"):
        page = search(parse(typed), cast.archivist)
        assert titles(page)[0] == "Về đầu tư công", typed
        assert hits_of(page.hits[0].number) == ["122/NQ-CP"]


def test_a_quoted_phrase_must_stand_together(archive, cast):
    archive.add("Công tác đầu năm", "tư vấn đầu thầu, công bố")
    archive.add("Kế hoạch", "vốn đầu tư công")
    assert titles(search(parse("đầu tư công"), cast.archivist)) == ["Kế hoạch", "Công tác đầu năm"]
    assert titles(search(parse('"đầu tư công"'), cast.archivist)) == ["Kế hoạch"]


def test_a_last_word_not_typed_to_its_end_is_taken_for_a_beginning(archive, cast):
    archive.add("Về bảo hiểm y tế")
    page = search(parse("bảo hiể"), cast.archivist)
    assert titles(page) == ["Về bảo hiểm y tế"]
    assert page.query.begun
    assert hits_of(page.hits[0].title) == ["bảo hiểm"]
    assert not search(parse("bảo hiểm"), cast.archivist).query.begun


def test_nothing_typed_finds_nothing_and_asks_nothing(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not search(parse("?!"), cast.archivist).hits
        assert summarise(parse("?!"), cast.archivist).count == 0


def test_a_megabyte_with_nul_bytes_is_found(archive, cast):
    text = ("bảo\x00hiểm " + FILLER * 15_000 + "quỹ dự phòng tài chính")[:1_100_000] + " điều khoản cuối"
    resolution = archive.add("Phụ lục", index=False)

    version = resolution.document.versions.get()
    make_entry(resolution, version, [text]).save(force_insert=True)
    for typed in ("bao hiem", "dieu khoan cuoi"):
        assert titles(search(parse(typed), cast.secretary)) == ["Phụ lục"]


# ---- order


def test_tiers_come_in_their_order_each_newest_first(archive, cast):
    archive.add("Kế hoạch A", "bảo vệ hiểm họa y sĩ thuế quan, phí tế nhị", on=days_ago(1))  # syllables alone
    archive.add("Kế hoạch B", "mức phí bảo hiểm y tế", on=days_ago(400))  # pairs in the text
    archive.add("Kế hoạch C", "mức phí bảo hiểm y tế", on=days_ago(2))
    archive.add("Về phí bảo hiểm y tế", "", on=days_ago(5000))  # in the title
    found = titles(search(parse("phi bao hiem y te"), cast.archivist))
    assert found == ["Về phí bảo hiểm y tế", "Kế hoạch C", "Kế hoạch B", "Kế hoạch A"]


def test_every_age_is_reached_and_none_twice(archive, cast):
    ages = [0, 200, 500, 900, 2000, 4000, 8000, 13_600, 20_000]
    for age in ages:
        archive.add(f"Về đầu tư công {age}", on=days_ago(age))
    assert titles(search(parse("dau tu cong"), cast.archivist)) == [f"Về đầu tư công {age}" for age in ages]


def test_a_gap_of_years_loses_nothing(archive, cast):
    """Where the newest year has none, the others are asked together."""
    for age in (700, 3000, 15_000):
        archive.add(f"Về đầu tư công {age}", on=days_ago(age))
    assert len(walk("dau tu cong", cast.archivist)) == 3


def test_enough_hits_of_the_newest_year_ask_no_older_one(archive, cast):
    for _ in range(25):
        archive.add("Về đầu tư công")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search(parse("dau tu cong"), cast.archivist)
    asked = [query["sql"] for query in queries if "@@" in query["sql"]]
    assert len(asked) == 1
    assert "y.2026" in asked[0]


def test_accents_typed_bring_the_exact_ones_to_the_front(archive, cast):
    archive.add("Kế hoạch một", "bảo hiểm cháy nổ; đấu từ cộng", on=days_ago(1))
    archive.add("Kế hoạch hai", "vốn đầu tư công", on=days_ago(2))
    assert titles(search(parse("đầu tư công"), cast.archivist)) == ["Kế hoạch hai", "Kế hoạch một"]
    assert titles(search(parse("dau tu cong"), cast.archivist)) == ["Kế hoạch một", "Kế hoạch hai"]


# ---- pages


@pytest.mark.parametrize("typed", ["dau tu cong", "đầu tư công"])
def test_pages_follow_each_other_without_gap_or_repetition(archive, cast, typed, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 4)
    monkeypatch.setattr(searching, "REORDERED", 8)
    for number in range(11):
        archive.add("Về đầu tư công", on=days_ago(number % 3 * 300))
        archive.add("Kế hoạch", "vốn đầu tư công" if number % 2 else "vốn đấu từ cộng", on=days_ago(number))
    found = walk(typed, cast.archivist)
    assert len(found) == len(set(found)) == 22


def test_a_newer_paper_does_not_shift_the_next_page(archive, cast, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 2)
    for typed in ("dau tu cong", "đầu tư công"):
        SearchEntry.objects.all().delete()
        old = [archive.add("Về đầu tư công", on=days_ago(number)) for number in range(1, 5)]
        first = search(parse(typed), cast.archivist)
        archive.add("Về đầu tư công")
        second = search(parse(typed), cast.archivist, after=first.next)
        assert [hit.entry.resolution for hit in (*first.hits, *second.hits)] == old


@pytest.mark.parametrize(
    "forged",
    ["", "x", "1-2-3", "0-20261301-1", "0-20260101-", "99-20260101-1", "0-20260101-1-201", "0-2026-01-01"],
)
def test_a_forged_cursor_is_none(forged):
    with pytest.raises(ValueError):
        Cursor.read(forged)


def test_a_cursor_survives_its_address():
    for cursor in (Cursor(2, date(1999, 1, 31), 7), Cursor(0, TODAY, 2**62, 20)):
        assert Cursor.read(str(cursor)) == cursor


# ---- filters, counts


def test_filters_narrow(archive, cast):
    archive.add(
        "Về đầu tư công", on=date(2024, 5, 1), papers=[("Tờ trình về đầu tư công", ["x"], [Role.ARCHIVIST])]
    )
    archive.add("Về đầu tư công", on=date(2026, 5, 1))
    query = parse("dau tu cong")
    assert len(search(query, cast.archivist, Filters(year=2024)).hits) == 2
    assert len(search(query, cast.archivist, Filters(kind="submission")).hits) == 1
    assert len(search(query, cast.archivist, Filters(year=2026, kind="submission")).hits) == 0
    assert len(search(query, cast.archivist, Filters(body=cast.body.pk)).hits) == 3
    assert len(search(query, cast.archivist, Filters(body=cast.province.pk)).hits) == 0


def test_counts_are_broken_down_each_under_the_other_filters(archive, cast):
    for _ in range(3):
        archive.add(
            "Về đầu tư công", on=date(2024, 5, 1), papers=[("Tờ trình đầu tư công", ["x"], [Role.ARCHIVIST])]
        )
    archive.add("Về đầu tư công", on=date(2026, 5, 1))
    summary = summarise(parse("dau tu cong"), cast.archivist, Filters(year=2024))
    assert summary.count == 6
    assert summary.years == {2026: 1, 2024: 6}
    assert summary.kinds == {"resolution": 3, "submission": 3}
    assert summary.bodies == {cast.body.pk: 6}
    assert not summary.is_capped


def test_counting_ends_somewhere(archive, cast, monkeypatch):
    monkeypatch.setattr(searching, "COUNTED", 3)
    for age in (1, 2, 3, 400, 401, 800):
        archive.add("Về đầu tư công", on=days_ago(age))
    summary = summarise(parse("dau tu cong"), cast.archivist)
    assert summary.is_capped
    assert summary.count >= 3
    only = summarise(parse("dau tu cong"), cast.archivist, Filters(year=2024))
    assert (only.count, only.is_capped) == (1, False)


def test_the_count_is_the_number_of_hits(archive, cast):
    archive.add("Kế hoạch A", "bảo vệ hiểm họa", on=days_ago(1))
    archive.add("Kế hoạch B", "bảo hiểm", on=days_ago(400))
    archive.add("Về bảo hiểm", number=9)
    archive.add("Về đầu tư")
    for typed in ("bao hiem", "bảo hiểm", '"bảo hiểm"', "09/NQ-CP", "bảo hiểm 09/NQ-CP"):
        assert summarise(parse(typed), cast.archivist).count == len(walk(typed, cast.archivist)), typed


# ---- who


@pytest.mark.parametrize("person", CAST)
def test_everyone_finds_exactly_what_she_may_read(archive, cast, person):
    user = getattr(cast, person)
    archive.add(
        "Về đầu tư công",
        "đầu tư công",
        papers=[
            ("Tờ trình đầu tư công", ["a"], [Role.MEMBER, Role.CHAIR, Role.ARCHIVIST]),
            ("Báo cáo đầu tư công", ["b"], [cast.minister, cast.outside_member]),
            ("Phụ lục đầu tư công", ["c"], []),
        ],
    )
    archive.add("Về đầu tư công của tỉnh", body=cast.province)
    archive.add(
        "Về vốn đầu tư công",
        papers=[("Tờ trình vốn đầu tư công", ["d"], [Role.AUDITOR])],
        prepared_by=cast.finance,
    )
    archive.add(  # the same agency before another body
        "Về đầu tư công tại tỉnh",
        papers=[("Tờ trình đầu tư công", ["đ"], [])],
        body=cast.province,
        prepared_by=cast.finance,
    )
    found = set(walk("dau tu cong", user))
    assert found == set(DocumentVersion.objects.visible_to(user).values_list("pk", flat=True))
    assert found == set(SearchEntry.objects.visible_to(user).values_list("pk", flat=True))
    assert summarise(parse("dau tu cong"), user).count == len(found)


def test_nobody_finds_nothing(archive, cast):
    archive.add("Về đầu tư công")
    assert walk("dau tu cong", cast.nobody) == []
    assert walk("dau tu cong", cast.administrator) == []
    assert walk("dau tu cong", cast.outside_secretary) == []


# ---- cost


def test_a_page_of_twenty_costs_no_more_queries_than_one(archive, cast):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            search(parse("dau tu cong"), cast.archivist)
        counts.append(len(queries))
        for _ in range(20):
            archive.add("Về đầu tư công", "vốn đầu tư công")
        with CaptureQueriesContext(connection) as queries:
            search(parse("dau tu cong"), cast.archivist)
        counts.append(len(queries))
    assert max(counts[1:]) <= counts[0]


def test_the_planner_gets_back_what_was_taken_from_it(archive, cast):
    archive.add("Về đầu tư công")
    search(parse("dau tu cong"), cast.archivist)
    summarise(parse("dau tu cong"), cast.archivist)
    with connection.cursor() as cursor:
        for name in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",)


def test_the_index_on_the_terms_is_the_only_one_and_is_used(archive, cast):
    archive.add("Về đầu tư công")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'archive_searchentry'")
        assert {name for (name,) in cursor.fetchall()} == {"archive_searchentry_pkey", "terms_of_entries"}
    with searching._by_terms_alone():
        plan = SearchEntry.objects.visible_to(cast.archivist).holding("'dau_tu' & 'y.2026'").explain()
    assert "Bitmap Index Scan on terms_of_entries" in plan
