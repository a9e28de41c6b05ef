"""Reading a paper in the browser: searching without accents, keeping the place, and what if it fails."""

import io
import re

import pytest
from django.db import transaction
from playwright.sync_api import expect
from weasyprint import HTML

from documents import actions, storage
from documents.models import Document, DocumentVersion, ReadingPlace
from tests.browser.conftest import DESK, PHONE, TABLET

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "<p style='break-after: page'>Điều {0}. Bộ trưởng Bộ Tài chính quyết định mức phí thứ {0}.</p>"


@pytest.fixture
def version(cast):
    pdf = HTML(string="".join(PAGE.format(number) for number in range(1, 6))).write_pdf()
    document = Document.objects.create(body=cast.body, title="Tờ trình về phí bảo hiểm y tế")
    version = DocumentVersion.objects.create(
        document=document,
        file_name="to-trinh.pdf",
        sha256="ab" * 32,
        size=len(pdf),
        pages=5,
        work_state="done",
    )
    storage.keep(io.BytesIO(pdf), version.sha256)
    with transaction.atomic():
        actions.distribute_version(version, by=cast.secretary, to=[cast.minister], because="test")
    return version


@pytest.fixture
def open_paper(page_for, cast, version):
    def open_it(**wishes):
        page = page_for(cast.minister, **wishes)
        page.goto(version.get_absolute_url() + wishes.pop("place", ""))
        expect(page.locator(".page[data-page-number='1'] .textLayer")).to_contain_text("Điều")
        return page

    return open_it


def test_the_paper_can_be_read_at_every_size(open_paper, check_axe, check_fit):
    page = open_paper()

    expect(page.locator("[data-pages]")).to_have_text("/ 5")
    expect(page.locator("h1")).to_have_text("Tờ trình về phí bảo hiểm y tế")
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)


def test_search_forgives_missing_accents_and_minds_those_that_are_typed(open_paper):
    page = open_paper()
    page.get_by_role("button", name="Tìm trong tài liệu").click()

    for typed, told in {
        "dieu 1. bo truong": "Kết quả 1/1",
        "Điều 1": "Kết quả 1/1",
        "quyet dinh": "Kết quả 1/5",
        "múc phí": "Không tìm thấy trong tài liệu này",
        "mức phí": "Kết quả 1/5",
    }.items():
        page.get_by_role("searchbox").fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator("[data-found]")).to_have_text(told)


def test_it_opens_where_one_was_reading(open_paper, page_for, cast, version):
    page = open_paper()
    with page.expect_response(lambda answer: answer.url.endswith("/place/")) as answer:
        page.get_by_label("Trang", exact=True).fill("4")
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    assert ReadingPlace.objects.get(user=cast.minister).page == 4

    on_the_phone = page_for(cast.minister, size=PHONE)
    on_the_phone.goto(version.get_absolute_url())

    expect(on_the_phone.get_by_label("Trang", exact=True)).to_have_value("4")


def test_an_address_may_name_the_page(page_for, cast, version):
    page = page_for(cast.minister)
    page.goto(version.get_absolute_url() + "#page=3")

    expect(page.locator(".page[data-page-number='3'] .textLayer")).to_contain_text("Điều 3")
    expect(page.get_by_label("Trang", exact=True)).to_have_value("3")


def test_keys_turn_pages_and_night_is_remembered(open_paper):
    page = open_paper()
    page.get_by_role("button", name="Đêm").first.click()
    page.locator("[data-container]").focus()
    page.keyboard.press("n")
    expect(page.get_by_label("Trang", exact=True)).to_have_value("2")

    page.reload()

    expect(page.locator("pdf-reader")).to_have_attribute("data-theme", "night")


def test_a_file_that_cannot_be_shown_can_still_be_fetched(page_for, cast, version):
    page = page_for(cast.minister)
    page.route(
        re.compile("/file/$"), lambda route: route.fulfill(body="no pdf", content_type="application/pdf")
    )
    page.add_init_script("console.error = () => {}")
    page.goto(version.get_absolute_url())

    expect(page.get_by_role("alert")).to_contain_text("Không hiển thị được tài liệu ở đây")
    link = page.get_by_role("alert").get_by_role("link")
    assert link.get_attribute("href").endswith("/file/?save")


def test_a_stranger_finds_nothing(page_for, cast, version):
    page = page_for(cast.outside_member)

    assert page.goto(version.get_absolute_url()).status == 404
