"""Reading a paper in the browser: searching without accents, keeping the place, and what if it fails."""

import io
import re

import pytest
from django.db import transaction
from playwright.sync_api import expect
from weasyprint import HTML

from documents import actions, storage
from documents.models import Document, DocumentText, DocumentVersion, DossierPaper, ReadingPlace
from people.names import fold
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.documents.samples import put_before_readers

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

    expect(page.locator("#reader-tools [data-pages]")).to_have_text("/ 5")
    expect(page.locator("h1")).to_have_text("Tờ trình về phí bảo hiểm y tế")
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)


def test_search_forgives_missing_accents_and_minds_those_that_are_typed(open_paper):
    page = open_paper()
    page.get_by_role("button", name="Tìm kiếm").click()

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
        page.get_by_role("textbox", name="Trang", exact=True).fill("4")
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    assert ReadingPlace.objects.get(user=cast.minister).page == 4

    on_the_phone = page_for(cast.minister, size=PHONE)
    on_the_phone.goto(version.get_absolute_url())

    expect(on_the_phone.get_by_role("textbox", name="Trang", exact=True)).to_have_value("4")


def test_an_address_may_name_the_page(page_for, cast, version):
    page = page_for(cast.minister)
    page.goto(version.get_absolute_url() + "#page=3")

    expect(page.locator(".page[data-page-number='3'] .textLayer")).to_contain_text("Điều 3")
    expect(page.get_by_role("textbox", name="Trang", exact=True)).to_have_value("3")


def test_keys_turn_pages_and_night_is_remembered(open_paper):
    page = open_paper()
    page.locator("#reader-display > summary").click()
    page.get_by_role("button", name="Đêm").click()
    page.locator("[data-container]").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Trang", exact=True)).to_have_value("2")

    page.reload()

    expect(page.locator("pdf-reader")).to_have_attribute("data-theme", "night")


def test_a_file_that_cannot_be_shown_can_still_be_fetched(page_for, cast, version):
    page = page_for(cast.minister)
    page.route(
        re.compile("/view/$"), lambda route: route.fulfill(body="no pdf", content_type="application/pdf")
    )
    page.add_init_script("console.error = () => {}")
    page.goto(version.get_absolute_url())

    expect(page.get_by_role("alert")).to_contain_text("Không hiển thị được tài liệu ở đây")
    links = page.get_by_role("alert").get_by_role("link")
    assert links.nth(0).get_attribute("href").endswith("/pages/1/")
    assert links.nth(1).get_attribute("href").endswith("/file/?save")


def test_a_stranger_finds_nothing(page_for, cast, version):
    page = page_for(cast.outside_member)

    assert page.goto(version.get_absolute_url()).status == 404


# In a dossier


@pytest.fixture
def dossier(cast, version):
    """The paper of five pages, then one of one page, which a worker has read too."""
    with transaction.atomic():
        dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ bảo hiểm y tế")
        pdf = HTML(string="<h1>Chương I</h1><p>Căn cứ Luật Ngân sách nhà nước</p>").write_pdf()
        second = DocumentVersion.objects.create(
            document=Document.objects.create(body=cast.body, title="Dự thảo Nghị quyết"),
            file_name="b.pdf",
            sha256=storage.keep_content(pdf),
            size=len(pdf),
            pages=1,
            work_state="done",
        )
        actions.distribute_version(second, by=cast.secretary, to=[cast.minister], because="test")
    for place, (paper, pages) in enumerate(
        {
            version: [f"Điều {number}. Bộ trưởng Bộ Tài chính" for number in range(1, 6)],
            second: ["Căn cứ Luật Ngân sách nhà nước"],
        }.items(),
        start=1,
    ):
        DossierPaper.objects.create(dossier=dossier, version=paper, place=place)
        DocumentText.objects.create(version=paper, pages=pages, folded=[fold(page) for page in pages])
    put_before_readers(dossier)
    return dossier


def test_from_paper_to_paper_of_a_dossier(open_paper, dossier, check_axe, check_fit):
    page = open_paper()
    panel = page.get_by_role("region", name="Bên cạnh tài liệu")
    expect(panel.get_by_role("link", name="1. Tờ trình")).to_have_attribute("aria-current", "page")
    expect(page.locator("[data-dossier-page]")).to_have_text("1")
    where = page.get_by_role("textbox", name="Trang", exact=True)
    where.fill("3")
    page.keyboard.press("Enter")
    where.fill("h60")
    page.keyboard.press("Enter")
    expect(page.locator(".reader-notice")).to_contain_text("Trang 60 của hồ sơ không thuộc tài liệu nào")
    expect(where).to_have_value("3")
    page.locator("#reader-page:enabled").fill("h6")
    page.keyboard.press("Enter")  # the one page of the second paper
    expect(page.locator("h1")).to_have_text("Dự thảo Nghị quyết")
    expect(page.locator("[data-dossier-page]")).to_have_text("6")
    expect(panel).to_contain_text("đã đọc đến trang")

    panel.get_by_label("Tìm trong cả hồ sơ").fill("dieu 4")
    page.keyboard.press("Enter")
    panel.get_by_role("link", name="Trang 4 · trang hồ sơ 4").click()
    expect(page.get_by_role("textbox", name="Trang", exact=True)).to_have_value("4")
    expect(page.locator(".page[data-page-number='4'] .highlight").first).to_have_text(re.compile("Điều 4"))
    check_axe(page)

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(page.url.partition("?")[0])
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Hồ sơ, mục lục").click()
    expect(panel.get_by_role("tab", name="Hồ sơ")).to_be_focused()
    check_axe(page)
    check_fit(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Hồ sơ, mục lục")).to_be_focused()


def test_small_pages_two_pages_and_the_list_of_keys(open_paper, check_axe):
    page = open_paper()
    page.get_by_role("tab", name="Trang").click()
    expect(page.locator("[data-thumbnail][data-drawn]")).to_have_count(5)
    page.get_by_role("button", name="Trang 3", exact=True).click()
    expect(page.get_by_role("textbox", name="Trang", exact=True)).to_have_value("3")
    page.get_by_role("tab", name="Trang").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Mục lục")).to_have_attribute("aria-selected", "true")

    page.locator("[data-container]").focus()
    page.keyboard.press("b")
    expect(page.locator(".pdfViewer .spread").first.locator(".page")).to_have_count(2)
    page.keyboard.press("f")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    check_axe(page)
    page.get_by_label("Dùng phím tắt một chữ cái").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator(".pdfViewer .spread").first).to_be_attached()  # letters do nothing now
    page.goto("/")  # what was not yet kept is kept on leaving
    for _ in range(50):
        if ReadingPlace.objects.get().scale:
            break
        page.wait_for_timeout(100)
    assert ReadingPlace.objects.get().scale == "page-fit"


def test_fingers_turn_and_enlarge(contexts, cast, version):
    page = contexts.open(cast.minister, size=TABLET, touch=True).new_page()
    page.goto(version.get_absolute_url())
    expect(page.locator(".page[data-page-number='1'] .textLayer")).to_contain_text("Điều")
    touch = page.context.new_cdp_session(page)

    def fingers(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    size = page.locator("[data-scale-shown]").first
    before = int(size.text_content().rstrip("%"))
    fingers("Start", (300, 500), (400, 500))
    fingers("Move", (250, 500), (450, 500))
    fingers("End")
    expect(size).not_to_have_text(f"{before}%")
    assert int(size.text_content().rstrip("%")) > 1.5 * before

    page.locator("#reader-display > summary").click()
    page.get_by_role("button", name="Vừa cả trang").click()
    page.keyboard.press("Escape")
    fingers("Start", (600, 500))
    fingers("Move", (300, 505))
    fingers("End")
    expect(page.get_by_role("textbox", name="Trang", exact=True)).to_have_value("2")


def test_without_scripts_there_are_the_list_and_pictures(contexts, cast, version, dossier):
    page = contexts.open(cast.minister, scripts=False).new_page()
    page.goto(version.get_absolute_url())
    expect(page.get_by_role("link", name="2. Dự thảo Nghị quyết")).to_be_visible()
    page.get_by_role("link", name="Đọc từng trang dạng ảnh").first.click()
    page.get_by_role("link", name="Xem lại").click()
    expect(page.get_by_role("img", name="Ảnh của trang 1")).to_be_visible()
