"""What changed, in the browser: from a PDF to the Word file that followed it, by hand and by key."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from weasyprint import HTML

from documents import actions
from documents.files.conversion import find_converter
from documents.models import DocumentVersion
from tests.browser.conftest import DESK, PHONE, TABLET, beside_the_browser
from tests.documents.office import make_docx
from tests.documents.samples import upload

pytestmark = pytest.mark.django_db(transaction=True)

CLAUSES = (
    "Điều 1. Giao Bộ Tài chính bố trí kinh phí quản lý rừng ngập mặn trong dự toán ngân sách hằng năm.",
    "Điều 2. Ủy ban nhân dân các tỉnh chịu trách nhiệm bảo vệ diện tích rừng được giao.",
    "Điều 3. Nghị quyết này có hiệu lực thi hành kể từ ngày 15 tháng 6 năm 2026.",
)
CHANGED = (
    CLAUSES[0].replace("bố trí kinh phí", "bố trí đủ kinh phí"),
    CLAUSES[1],
    CLAUSES[2].replace("15 tháng 6", "30 tháng 6"),
    "Điều 4. Các Bộ trưởng chịu trách nhiệm thi hành Nghị quyết này.",
)


def typeset(paragraphs):
    return HTML(string="<html lang=vi>" + "".join(f"<p>{words}</p>" for words in paragraphs)).write_pdf()


@pytest.fixture
def follow(cast):
    """`follow(file)`: a draft as PDF, and the file that took its place; both given to a minister."""

    def make(file):
        dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
        draft = upload(typeset(CLAUSES), "du-thao.pdf")
        paper = actions.add_paper(dossier, by=cast.secretary, upload=draft, title="Dự thảo Nghị quyết")
        reason = "Tiếp thu ý kiến của Bộ Tài chính"
        actions.replace_paper(paper, by=cast.secretary, upload=file, reason=reason)
        versions = list(DocumentVersion.objects.order_by("number"))
        for version in versions:
            actions.distribute_version(version, by=cast.secretary, to=[cast.minister], because="Phiếu")
        return versions

    return lambda file: beside_the_browser(lambda: make(file))


@pytest.mark.skipif(find_converter() is None, reason="LibreOffice is not installed")
def test_a_minister_walks_through_what_changed(page_for, follow, cast, check_axe, check_fit):
    _, newer = follow(upload(make_docx(*CHANGED), "du-thao.docx"))
    page = page_for(cast.minister)
    page.goto(newer.get_absolute_url())
    page.get_by_text("Bản 2", exact=True).click()
    expect(page.locator(".versions")).to_contain_text("Tiếp thu ý kiến của Bộ Tài chính")
    page.get_by_role("link", name="Có gì thay đổi so với bản 1").click()

    expect(page.locator(".compare-counts")).to_contain_text("3 thay đổi: 2 thêm, 1 sửa")
    expect(page.locator(".compare-text del")).to_contain_text("15")
    place = page.locator("[data-place]")
    page.get_by_role("button", name="Thay đổi sau").click()
    expect(place).to_have_text("Thay đổi 1/3")
    page.keyboard.press("n")
    expect(place).to_have_text("Thay đổi 2/3")
    expect(page.locator("#change-2")).to_have_class("has-figures is-current")
    page.keyboard.press("p")
    expect(place).to_have_text("Thay đổi 1/3")
    page.locator("[data-listed='3'] a").click()
    expect(page.locator("#listed-3")).to_have_attribute("aria-current", "true")
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)


def test_the_pages_lie_beside_each_other_with_their_changes_marked(
    page_for, follow, cast, check_axe, check_fit
):
    versions = follow(upload(typeset(CHANGED), "du-thao-2.pdf"))
    page = page_for(cast.minister)
    page.goto(reverse("reading:compare_versions", args=[version.pk for version in versions]) + "?view=pages")

    expect(page.locator(".sheet image")).to_have_count(2)
    page.keyboard.press("n")
    mark = page.locator(".sheet-newer rect[data-change='1']")
    expect(mark).to_have_class("sheet-mark mark-added is-current")
    word, sheet = mark.bounding_box(), page.locator(".sheet-newer .sheet-page").bounding_box()
    assert sheet["x"] < word["x"] < sheet["x"] + sheet["width"]
    assert sheet["y"] < word["y"] < sheet["y"] + sheet["height"] / 3
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)
