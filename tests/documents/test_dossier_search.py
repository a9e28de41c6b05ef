"""Searching one dossier: what fits, what is shown of it, and in whose papers."""

import pytest
from django.urls import reverse

from documents import actions
from documents.dossier_search import PAGES_SHOWN, search_versions
from documents.models import Document, DocumentText, DocumentVersion, DossierPaper
from people.names import fold
from tests.documents.samples import put_before_readers

pytestmark = pytest.mark.django_db

FIRST = ["Tờ trình về mức  phí\nbảo hiểm y tế.", "Bộ trưởng Đặng Thị Hằng quyết định mức phí 100%_ mới."]


@pytest.fixture
def add(cast):
    """`add("A", pages)`: a version with its text, folded as the worker does it or not at all."""

    def make(title, pages, *, folded=True):
        version = DocumentVersion.objects.create(
            document=Document.objects.create(body=cast.body, title=title),
            file_name="a.pdf",
            sha256=title.lower() * 64,
            size=1,
            pages=len(pages),
            work_state="done",
        )
        DocumentText.objects.create(
            version=version, pages=pages, folded=[fold(page) for page in pages] if folded else []
        )
        return version

    return make


def found(versions, words):
    return [(hits.version_id, [hit.page for hit in hits.pages]) for hits in search_versions(versions, words)]


def marked(versions, words):
    return [
        segment.text
        for hits in search_versions(versions, words)
        for hit in hits.pages
        for segment in hit.segments
        if segment.is_hit
    ]


@pytest.mark.parametrize("folded", [True, False], ids=["folded by the worker", "folded here"])
@pytest.mark.parametrize(
    ("words", "pages", "hits"),
    [
        ("muc phi", [1, 2], ["mức phí", "mức phí"]),
        ("mức phí", [1, 2], ["mức phí", "mức phí"]),
        ("MỨC PHÍ", [1, 2], ["mức phí", "mức phí"]),
        ("mứt phí", [], []),
        ("múc phí", [], []),
        ("dang thi hang", [2], ["Đặng Thị Hằng"]),
        ("đang thi hang", [], []),
        ("phi bao hiem", [1], ["phí bảo hiểm"]),  # over the end of a line
        ("100%_", [2], ["100%_"]),
        ("%%", [], []),
        ("a", [], []),
        ("", [], []),
    ],
)
def test_accents_may_be_left_out_and_count_where_they_are_typed(add, folded, words, pages, hits):
    version = add("A", FIRST, folded=folded)
    assert found([version], words) == ([(version.pk, pages)] if pages else [])
    assert marked([version], words) == hits


def test_decomposed_letters_are_the_same_letters(add):
    import unicodedata

    version = add("A", [unicodedata.normalize("NFC", FIRST[0])])
    assert marked([version], unicodedata.normalize("NFD", "mức phí")) == ["mức phí"]


def test_hits_stand_in_the_order_of_the_papers(add):
    a, b = add("A", ["xin chào"]), add("B", ["", "Xin chào"])
    assert found([b, a], "xin chao") == [(b.pk, [2]), (a.pk, [1])]


def test_one_query_for_all_papers(add, django_assert_num_queries):
    versions = [add(name, FIRST) for name in "ABC"]
    with django_assert_num_queries(1):
        assert len(search_versions(versions, "mức phí")) == 3


def test_of_many_pages_the_first_are_shown_and_all_are_counted(add):
    version = add("A", ["mức phí"] * (PAGES_SHOWN + 5))
    (hits,) = search_versions([version], "muc phi")
    assert (len(hits.pages), hits.count, hits.more) == (PAGES_SHOWN, PAGES_SHOWN + 5, 5)


def test_the_snippet_breaks_no_word_and_says_that_there_is_more(add):
    version = add("A", ["trước đây " * 40 + "quyết định" + " sau này" * 60])
    ((hit,),) = [hits.pages for hits in search_versions([version], "quyet dinh")]
    text = "".join(segment.text for segment in hit.segments)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert set(text.strip("… ").split()) <= {"trước", "đây", "quyết", "định", "sau", "này"}
    assert len(text) < 260


def test_rules_drawn_with_letters_are_left_out(add):
    version = add("A", ["CHÍNH PHỦ ___________ Số: 191 ............ NGHỊ ĐỊNH"])
    ((hit,),) = [hits.pages for hits in search_versions([version], "chinh phu")]
    assert "".join(segment.text for segment in hit.segments) == "CHÍNH PHỦ … Số: 191 … NGHỊ ĐỊNH"


# The page


@pytest.fixture
def dossier(cast, add):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    for place, (title, reader) in enumerate({"A": cast.minister, "B": cast.other_minister}.items(), start=1):
        version = add(title, FIRST)
        actions.distribute_version(version, by=cast.secretary, to=[reader], because="Phiếu")
        DossierPaper.objects.create(dossier=dossier, version=version, place=place)
    put_before_readers(dossier)
    return dossier


def test_only_papers_that_one_may_read_are_searched(cast, dossier, sign_in):
    url = reverse("documents:search_dossier", args=[dossier.pk])
    for person, titles in (
        (cast.minister, ["A"]),
        (cast.other_minister, ["B"]),
        (cast.secretary, ["A", "B"]),
    ):
        hits = sign_in(person).get(url, {"q": "mức phí"}).context["hits"]
        assert [str(found["paper"].version) for found in hits] == titles


def test_a_hit_leads_to_its_page_and_names_the_page_of_the_dossier(cast, dossier, sign_in):
    page = sign_in(cast.other_minister).get(
        reverse("documents:search_dossier", args=[dossier.pk]), {"q": "quyết định"}
    )
    version = DocumentVersion.objects.get(document__title="B")
    content = page.content.decode()
    link = f"{version.get_absolute_url()}?dossier={dossier.pk}&amp;q=quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh#page=2"
    assert link in content
    assert "Trang 2 · trang hồ sơ 4" in content
    assert "<mark>quyết định</mark>" in content


def test_the_words_stay_words(cast, dossier, sign_in):
    url = reverse("documents:search_dossier", args=[dossier.pk])
    page = sign_in(cast.minister).get(url, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "Không có trang nào" in page


def test_the_reader_shows_the_hits_in_place_of_the_list(cast, dossier, sign_in):
    version = DocumentVersion.objects.get(document__title="A")
    response = sign_in(cast.minister).get(version.get_absolute_url(), {"q": "mức phí", "dossier": dossier.pk})
    assert 'data-find="mức phí"' in response.content.decode()
    assert "<mark>mức phí</mark>" in response.content.decode()
