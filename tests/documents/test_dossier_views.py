"""The editor of a folder, its pages and its API: with and without a script, and who finds the door shut."""

import pytest
from django.urls import reverse

from documents import actions, resumable
from documents.models import Dossier, DossierPaper, NeedToKnow
from documents.rules import DossierStatus
from tests.conftest import CAST
from tests.documents.samples import make_pdf, put_before_readers, received, upload

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/opinions/7/"}


def url(name, *args):
    return reverse(f"documents:{name}", args=args)


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ bảo hiểm y tế")


@pytest.fixture
def add(cast, dossier):
    return lambda title, section=None: actions.add_paper(
        dossier, by=cast.secretary, upload=received(), title=title, section=section
    )


@pytest.fixture
def browser(cast, sign_in):
    return sign_in(cast.secretary)


def text(answer):
    return answer.content.decode()


def titles(dossier):
    papers = dossier.papers.select_related("version__document").order_by("place")
    return [str(paper.version) for paper in papers]


# The page


def test_the_editor_shows_order_pages_and_readers(cast, dossier, add, browser):
    section = actions.add_section(dossier, by=cast.secretary, title="Phần I")
    add("Tờ trình")
    limited = add("Phụ lục kín", section=section)
    actions.limit_readers(limited, by=cast.secretary, readers=[cast.minister])
    DossierPaper.objects.get(place=1).version.__class__.objects.filter(papers__place=1).update(pages=11)
    page = text(browser.get(url("edit_dossier", dossier.pk)))
    assert page.index("Tờ trình") < page.index("Phần I") < page.index("Phụ lục kín")
    assert "tr. 1–11" in page
    assert "tr. 12" in page
    assert "Chỉ gửi 1 người" in page
    assert "Nguyễn Hữu Đức" in page


def test_a_hundred_papers_cost_the_queries_of_one(cast, dossier, add, browser, django_assert_max_num_queries):
    section = actions.add_section(dossier, by=cast.secretary, title="Phần I")
    actions.limit_readers(add("Tờ trình"), by=cast.secretary, readers=[cast.minister])

    def count():
        with django_assert_max_num_queries(60) as counted:
            assert browser.get(url("edit_dossier", dossier.pk)).status_code == 200
        return len(counted)

    count()
    one = count()
    for number in range(99):
        paper = add(f"Tài liệu {number}", section=section if number % 2 else None)
        NeedToKnow.objects.create(paper=paper, reader=cast.minister)
    assert count() == one


def test_only_who_works_on_the_folder_finds_its_editor(cast, dossier, add, sign_in):
    paper = add("Tờ trình")
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    doors = [
        url("edit_dossier", dossier.pk),
        url("include_version", dossier.pk),
        *[url(name, paper.pk) for name in ("describe_paper", "replace_paper", "move_paper", "remove_paper")],
        url("limit_readers", paper.pk),
    ]
    posts = [
        *doors[1:],
        url("add_paper", dossier.pk),
        url("add_section", dossier.pk),
        *[url(f"{deed}_section", dossier.pk, section.pk) for deed in ("rename", "move", "remove")],
    ]
    for name in set(CAST) - {"secretary"}:
        browser = sign_in(getattr(cast, name))
        for door in doors:
            assert browser.get(door).status_code == 404, (name, door)
        for door in posts:
            assert browser.post(door, {"title": "x"}).status_code == 404, (name, door)
    Dossier.objects.update(prepared_by=cast.finance, is_with_agency=True)
    assert sign_in(cast.secretary).get(doors[0]).status_code == 404
    browser = sign_in(cast.submitter)
    assert browser.get(doors[0]).status_code == 200
    assert browser.get(url("limit_readers", paper.pk)).status_code == 403, "the Office names readers"


def test_a_folder_before_others_is_shown_without_a_handle(dossier, add, browser):
    paper = add("Tờ trình")
    Dossier.objects.update(status=DossierStatus.AWAITING)
    page = text(browser.get(url("edit_dossier", dossier.pk)))
    assert "Tờ trình" in page
    assert "data-handle" not in page
    assert "upload-list" not in page
    assert browser.post(url("move_paper", paper.pk), {"to": "0:1"}).status_code == 409


# Order


def test_the_arrows_move_through_the_sections_and_back(cast, dossier, add, browser):
    section = actions.add_section(dossier, by=cast.secretary, title="I")
    a, _ = add("A"), add("B")
    answer = browser.post(url("move_paper", a.pk), {"to": "0:2"}, headers=HTMX)
    assert titles(dossier) == ["B", "A"]
    assert answer["HX-Trigger"] == "dossier-changed"
    page = text(answer)
    assert page.strip().startswith('<div id="dossier-papers"')
    assert "“A” hiện ở vị trí 2" in page
    assert 'name="to" value="0:1"' in page, "to bring it back"
    assert f'data-down="{section.pk}:1"' in page, "from the end of a section into the next"
    assert "next=/opinions/7/" in page, "the pages of one paper lead back to where the editor stands"
    browser.post(url("move_paper", a.pk), {"to": f"{section.pk}:1"}, headers=HTMX)
    a.refresh_from_db()
    assert a.section == section
    assert 'data-up="0:2"' in text(browser.get(url("edit_dossier", dossier.pk)))


def test_without_a_script_one_comes_back_to_the_same_page(dossier, add, browser):
    a, _ = add("A"), add("B")
    answer = browser.post(
        url("move_paper", a.pk), {"to": "0:2"}, headers={"Referer": "http://testserver/opinions/7/"}
    )
    assert answer.url == f"http://testserver/opinions/7/#paper-{a.pk}"
    for foreign in ("https://elsewhere.example/", "//elsewhere.example"):
        answer = browser.post(url("move_paper", a.pk), {"section": "", "place": "1", "next": foreign})
        assert answer.url.startswith(url("edit_dossier", dossier.pk))
    assert titles(dossier) == ["A", "B"]


@pytest.mark.parametrize("nonsense", [{"to": "x"}, {"to": "1:-1"}, {"place": "0"}, {"section": "77"}])
def test_nonsense_moves_nothing(dossier, add, browser, nonsense):
    paper, _ = add("A"), add("B")
    assert browser.post(url("move_paper", paper.pk), nonsense).status_code == 422
    assert browser.post(url("move_paper", paper.pk), {"to": "99999:1"}).status_code == 409
    assert titles(dossier) == ["A", "B"]


def test_sections_are_added_renamed_moved_and_removed(dossier, browser):
    for title in ("I", "II"):
        assert browser.post(url("add_section", dossier.pk), {"title": title}, headers=HTMX).status_code == 200
    assert browser.post(url("add_section", dossier.pk), {"title": " "}, headers=HTMX).status_code == 422
    first, second = dossier.sections.all()
    browser.post(url("move_section", dossier.pk, second.pk), {"place": 1}, headers=HTMX)
    browser.post(url("rename_section", dossier.pk, second.pk), {"title": "Đầu"}, headers=HTMX)
    assert [section.title for section in dossier.sections.all()] == ["Đầu", "I"]
    browser.post(url("remove_section", dossier.pk, first.pk))
    assert browser.post(url("remove_section", dossier.pk, first.pk)).status_code == 404
    assert [section.title for section in dossier.sections.all()] == ["Đầu"]


# Papers


def test_many_files_without_a_script_are_named_by_their_files(cast, dossier, browser):
    files = [upload(name="To trinh 12.pdf"), upload(name="Bao cao tham dinh.pdf")]
    answer = browser.post(url("add_paper", dossier.pk), {"upload": files, "next": "/opinions/7/"})
    assert answer.url == "/opinions/7/#dossier-editor"
    kinds = [paper.version.document.kind for paper in dossier.papers.order_by("place")]
    assert (titles(dossier), kinds) == (
        ["Tờ trình 12", "Báo cáo thẩm định"],
        ["submission", "appraisal"],
    )


def test_a_file_that_cannot_be_taken_is_told_at_the_field(dossier, browser):
    answer = browser.post(url("add_paper", dossier.pk), {"upload": upload(b"MZ no paper", "x.pdf")})
    assert answer.status_code == 422
    assert "field-error" in text(answer)
    assert browser.post(url("add_paper", dossier.pk), {}).status_code == 422
    assert not dossier.papers.exists()


def test_a_paper_is_replaced_with_a_file_sent_in_pieces(cast, dossier, add, browser):
    paper, content = add("A"), make_pdf()
    partial = resumable.begin(cast.secretary, name="moi.pdf", size=len(content))
    partial.path.write_bytes(content)
    assert browser.post(url("replace_paper", paper.pk), {"reason": "Sửa"}).status_code == 422
    forged = {"upload_id": "0" * 32, "reason": "Sửa"}
    assert browser.post(url("replace_paper", paper.pk), forged).status_code == 404
    answer = browser.post(url("replace_paper", paper.pk), {"upload_id": partial.key, "reason": "Sửa Điều 3"})
    assert answer.status_code == 302
    page = text(browser.get(url("edit_dossier", dossier.pk)))
    assert "bản thứ 2: Sửa Điều 3" in page


def test_a_paper_is_described_on_its_page(dossier, add, browser):
    a, b = add("A"), add("B")
    typed = {
        "title": "Tờ trình",
        "kind": "submission",
        "number": "12/TTr-BTC",
        "issued_on": "2026-11-03",
        "issued_by": "Bộ Tài chính",
        "urgency": "express",
        "attached_to": b.pk,
    }
    assert browser.get(url("describe_paper", a.pk)).status_code == 200
    assert browser.post(url("describe_paper", a.pk), {**typed, "title": ""}).status_code == 422
    assert browser.post(url("describe_paper", a.pk), {**typed, "attached_to": a.pk}).status_code == 422
    assert browser.post(url("describe_paper", a.pk), typed).status_code == 302
    page = text(browser.get(url("edit_dossier", dossier.pk)))
    for words in ("12/TTr-BTC", "03/11/2026", "Bộ Tài chính", "Hỏa tốc"):
        assert words in page
    assert titles(dossier) == ["B", "Tờ trình"]


def test_readers_are_named_on_their_page(cast, add, browser):
    paper = add("A")
    page = text(browser.get(url("limit_readers", paper.pk)))
    assert "Nguyễn Hữu Đức" in page
    assert "Bùi Thị Sen" not in page, "the archivist is no member"
    assert browser.post(url("limit_readers", paper.pk), {"readers": [cast.archivist.pk]}).status_code == 422
    browser.post(url("limit_readers", paper.pk), {"readers": [cast.minister.pk]})
    assert [row.reader for row in paper.readers.all()] == [cast.minister]
    browser.post(url("limit_readers", paper.pk), {})
    assert not paper.readers.exists()


def test_a_paper_that_is_here_already_is_found_and_added(cast, dossier, add, browser):
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Khác")
    paper = add("Nghị quyết về bảo hiểm")
    assert "Nghị quyết về bảo hiểm" not in text(browser.get(url("include_version", dossier.pk) + "?q=bảo"))
    assert "Nghị quyết về bảo hiểm" in text(browser.get(url("include_version", other.pk) + "?q=hiểm nghị"))
    answer = browser.post(url("include_version", other.pk), {"version": paper.version_id})
    assert answer.status_code == 302
    assert titles(other) == ["Nghị quyết về bảo hiểm"]
    assert browser.post(url("include_version", other.pk), {"version": 999_999}).status_code == 404


def test_taking_out_asks_first_and_twice_is_not_an_accident(dossier, add, browser):
    paper = add("A")
    assert "A" in text(browser.get(url("remove_paper", paper.pk)))
    assert titles(dossier) == ["A"]
    assert browser.post(url("remove_paper", paper.pk)).status_code == 302
    assert browser.post(url("remove_paper", paper.pk)).status_code == 404
    assert titles(dossier) == []


# The API


def test_the_api_does_what_the_pages_do(cast, dossier, add, browser):
    content = make_pdf()
    partial = resumable.begin(cast.secretary, name="To trinh 12.pdf", size=len(content))
    partial.path.write_bytes(content)
    papers = reverse("dossier-papers", args=[dossier.pk])
    answer = browser.post(papers, {"upload_id": str(partial.key)}, content_type="application/json")
    assert (answer.status_code, answer.json()["title"], answer.json()["kind"]) == (
        201,
        "Tờ trình 12",
        "submission",
    )
    first = answer.json()["id"]
    assert browser.post(papers, {"upload": upload(name="Du thao.pdf"), "title": "Dự thảo"}).status_code == 201
    refused = browser.post(papers, {"upload": upload(content)})
    assert refused.status_code == 400
    assert "upload" in refused.json()
    assert browser.post(papers, {}).status_code == 400
    forged = browser.post(papers, {"upload_id": "0" * 32}, content_type="application/json")
    assert forged.status_code == 404

    def do(deed, **given):
        address = reverse(f"dossier-paper-{deed}", args=[first])
        return browser.post(address, given, content_type="application/json")

    assert do("move", place=2).json()["place"] == 2
    assert titles(dossier) == ["Dự thảo", "Tờ trình 12"]
    address = reverse("dossier-paper-replace", args=[first])
    assert browser.post(address, {"upload": upload(), "reason": "Sửa"}).json()["version_number"] == 2
    told = browser.get(reverse("dossier-detail", args=[dossier.pk])).json()
    assert [paper["title"] for paper in told["working_copy"]] == ["Dự thảo", "Tờ trình 12"]
    assert [paper["place"] for paper in told["papers"]] == [1, 2]
    assert "add_paper" in told["allowed"]
    assert do("remove").status_code == 204
    assert do("remove").status_code == 404
    assert titles(dossier) == ["Dự thảo"]


def test_the_api_shows_others_only_what_they_were_given(cast, dossier, add, sign_in):
    given, hidden = add("A"), add("B")
    actions.distribute_version(given.version, by=cast.secretary, to=[cast.minister], because="Đọc")
    put_before_readers(dossier)
    browser = sign_in(cast.minister)
    told = browser.get(reverse("dossier-detail", args=[dossier.pk])).json()
    assert [paper["title"] for paper in told["papers"]] == ["A"]
    assert told["working_copy"] == []
    assert browser.post(reverse("dossier-papers", args=[dossier.pk]), {"upload": upload()}).status_code == 403
    for paper in (given, hidden):
        assert browser.post(reverse("dossier-paper-remove", args=[paper.pk])).status_code == 404
    assert sign_in(cast.nobody).get(reverse("dossier-detail", args=[dossier.pk])).status_code == 404
