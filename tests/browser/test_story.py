"""The whole story as people live it: a real browser, real workers, the clock; from draft to archive.

1. A specialist drafts, uploads a paper, and sees “being checked” become the verdict; she submits.
2. A Deputy Prime Minister approves; a minister finds it first on his desk and reads the PDF.
3. His assistant can only prepare; he answers in two steps and changes his answer; a stranger gets 404.
4. The clock closes the request, the open page shows it by itself, and the synthesis appears.
5. The Office drafts the resolution, the Deputy approves it, the Office gives it a number.
6. The archivist finds it without accents; the auditor reads the case in order.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from weasyprint import HTML

from core import clock
from opinions.models import OpinionRequest
from opinions.rules import SlipStatus
from tests import factories
from tests.browser.conftest import TABLET, beside_the_browser
from tests.opinions import steps
from tests.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECT = "Về thanh toán chi phí bảo hiểm y tế vùng biên giới, hải đảo"
PATIENCE = 90_000  # milliseconds for what a worker does, on a machine that is busy


@pytest.fixture
def paper(request, tmp_path):
    """A real resolution of the gazette where the corpus is; else a paper signed with a demonstration key."""
    try:
        folder = request.getfixturevalue("corpus")
    except pytest.skip.Exception:
        path = tmp_path / "du-thao-nghi-quyet.pdf"
        path.write_bytes(beside_the_browser(sign_paper))
        return path, "bảo hiểm y tế"
    return next((folder / "gazette" / "signed").glob("nghi-quyet-so-113-*.pdf")), "Độc lập"


def sign_paper() -> bytes:
    from signatures.demonstration import create_pki, issue_signer, sign_pdf

    pdf = HTML(string=f"<html lang=vi><h1>Dự thảo Nghị quyết</h1><p>{SUBJECT}.").write_pdf()
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pki = create_pki(since)
    signer = issue_signer(pki, since, name="Bộ Y tế", organisation="Bộ Y tế")
    return sign_pdf(pdf, signer, pki, at=since + timedelta(days=30))


def test_from_the_draft_to_the_archive(page_for, cast, paper, start_worker, tmp_path, picture):
    path, word = paper
    later = steps.send(cast, deadline=factories.deadline_in(cast.rule_set, 5))

    office = page_for(cast.secretary)
    draft(office, cast)
    upload(office, path)
    expect(office.locator("#dossier-papers")).to_contain_text("Đang kiểm tra")
    office.locator("#dossier-papers").evaluate("(it) => it.scrollIntoView({block: 'center'})")
    picture(office, "checking")
    office.evaluate("window.stayed = true")
    start_worker("worker", "-Q", "verify,render,quick", "-c", "2")
    start_worker("beat", "-s", str(tmp_path / "schedule"), "--pidfile=")
    papers = office.locator("#dossier-papers")
    expect(papers).to_contain_text("Chưa kết luận được về chữ ký", timeout=PATIENCE)
    expect(papers).not_to_contain_text("Đang kiểm tra", timeout=PATIENCE)
    assert office.evaluate("window.stayed")
    office.locator("#dossier-papers").evaluate("(it) => it.scrollIntoView({block: 'center'})")
    picture(office, "verdict")
    office.get_by_role("button", name="Trình phê duyệt").click()
    expect(office.locator(".page-header")).to_contain_text("chờ phê duyệt gửi")
    opinion_request = OpinionRequest.objects.exclude(pk=later.pk).get()

    deputy = page_for(cast.vice_chair)
    deputy.goto("/")
    deputy.get_by_role("link", name=SUBJECT).click()
    deputy.get_by_role("button", name="Phê duyệt và gửi").click()
    expect(deputy.locator("#progress, #answer").first).to_be_visible()

    minister = page_for(cast.minister, size=TABLET)
    minister.goto("/")
    first = minister.locator(".task").first
    expect(first).to_contain_text(SUBJECT)
    expect(first).to_contain_text("Cho ý kiến")
    expect(first).to_contain_text("còn ")
    first.get_by_role("link", name=SUBJECT).click()
    read(minister, word)

    assistant = page_for(cast.assistant)
    assistant.goto("/")
    assistant.get_by_role("link", name=SUBJECT).click()
    expect(assistant.locator("form[action$='/answer/']")).to_have_count(0)
    assistant.get_by_label("Đồng ý", exact=True).check()
    assistant.get_by_role("button", name="Trình thành viên").click()
    expect(assistant.locator("main")).to_contain_text("Đồng ý với dự thảo Nghị quyết.")
    expect(assistant.locator("form[action$='/answer/'], .receipt")).to_have_count(0)

    minister.reload()
    expect(minister.locator("#answer")).to_contain_text(f"{cast.assistant.full_name} đã chuẩn bị")
    answer(minister, "Đồng ý")
    receipt = minister.locator(".receipt-code").inner_text()
    minister.get_by_role("link", name="Thay đổi ý kiến").click()
    answer(minister, "Ý kiến khác", "Đề nghị nêu rõ nguồn kinh phí.")
    expect(minister.locator(".receipt-code")).not_to_have_text(receipt)

    stranger = page_for(cast.outside_member)
    assert stranger.goto(f"/opinions/{opinion_request.pk}/").status == 404
    expect(stranger.locator("body")).not_to_contain_text(SUBJECT)

    close(minister, opinion_request)
    expect(minister.locator("#result")).to_contain_text("Đề nghị nêu rõ nguồn kinh phí.")
    assert opinion_request.slips.filter(status=SlipStatus.SILENT).count() == 4

    office.goto(f"/opinions/{opinion_request.pk}/")
    synthesis = office.locator("#synthesis").get_by_role("link", name="Báo cáo tổng hợp ý kiến")
    expect(synthesis.first).to_be_visible(timeout=PATIENCE)
    synthesis.first.click()
    expect(office.locator(".textLayer").first).to_contain_text("BÁO CÁO", timeout=PATIENCE)
    office.get_by_role("link", name="Quay lại").click()

    issue(office, deputy)

    find_without_accents(page_for(cast.archivist))
    read_trail(page_for(cast.auditor), cast)


def draft(page: Page, cast) -> None:
    page.goto("/opinions/")
    page.get_by_role("link", name="Lập phiếu mới").first.click()
    page.get_by_label("Trích yếu").fill(SUBJECT)
    page.get_by_label("Cơ quan chủ trì", exact=True).select_option(label="Bộ Y tế")
    deadline = factories.deadline_in(cast.rule_set)
    page.get_by_label("Thời hạn", exact=True).fill(f"{deadline:%Y-%m-%dT%H:%M}")
    page.get_by_label("Đề xuất của cơ quan chủ trì").fill("Thanh toán chi phí vượt dự toán đã thẩm định.")
    page.get_by_label("Câu hỏi 1").fill("Đồng ý với dự thảo Nghị quyết.")
    page.get_by_role("button", name="Lưu và thêm tài liệu").click()
    expect(page.locator("h1")).to_have_text(SUBJECT)


def upload(page: Page, path) -> None:
    page.get_by_label("Tệp", exact=True).set_input_files(path)
    row = page.locator(".upload-row")
    expect(row.locator("[data-state]")).to_contain_text("Đã gửi xong")
    row.get_by_label("Tên tài liệu").fill("Dự thảo Nghị quyết")
    page.get_by_role("button", name="Thêm vào hồ sơ").click()
    expect(page.locator("#dossier-papers")).to_contain_text("Dự thảo Nghị quyết")


def read(page: Page, word: str) -> None:
    """The paper itself, drawn and with its words, and back again."""
    place = page.url
    page.locator("#papers, .card").get_by_role("link", name=re.compile("Dự thảo Nghị quyết")).first.click()
    expect(page.locator(".textLayer").first).to_contain_text(word, timeout=PATIENCE)
    drawn = page.locator("canvas").first.evaluate(
        "(it) => new Set(it.getContext('2d').getImageData(0, 0, it.width, it.height).data).size"
    )
    assert drawn > 2
    page.get_by_role("link", name="Quay lại").click()
    expect(page).to_have_url(re.compile(re.escape(place.partition("#")[0])))


def answer(page: Page, position: str, reason: str = "") -> None:
    """Two steps: chosen, shown once more, sent."""
    page.locator("#answer").get_by_label(position, exact=True).check()
    if reason:
        page.get_by_label("Lý do hoặc nội dung ý kiến").fill(reason)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#answer")).to_contain_text("Ý kiến chưa được gửi.")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.locator(".receipt")).to_contain_text("Đã ghi nhận ý kiến của đồng chí")


def close(page: Page, opinion_request) -> None:
    """The deadline comes near; nobody touches anything, and the page shows the result."""
    soon = clock.now() + timedelta(seconds=12)
    OpinionRequest.objects.filter(pk=opinion_request.pk).update(deadline=soon)
    page.goto(f"/opinions/{opinion_request.pk}/")
    expect(page.locator("count-down")).to_contain_text("còn lại")
    expect(page.locator("#result")).to_be_visible(timeout=PATIENCE)


def issue(office: Page, deputy: Page) -> None:
    office.get_by_role("link", name="Dự thảo nghị quyết", exact=True).click()
    signer = office.get_by_label("Người ký")
    signer.select_option(signer.locator("option", has_text="Lê Thị Thanh Hà").get_attribute("value"))
    office.get_by_role("button", name="Tạo dự thảo").click()
    expect(office.locator("#rendering a").first).to_be_visible(timeout=PATIENCE)
    place = office.url
    deputy.goto(place)
    deputy.get_by_role("button", name="Duyệt ban hành").click()
    expect(deputy.get_by_role("button", name="Duyệt ban hành")).to_have_count(0)
    office.goto(place)
    office.locator("form[action$='/issue/'] button").click()
    expect(office.locator(".page-header")).to_contain_text("01/NQ-CP")


def find_without_accents(page: Page) -> None:
    """As soon as the workers have laid out the text with its number and read it: a sweep, at the latest."""
    kind = page.locator(".tag").get_by_text("Nghị quyết", exact=True)
    found = page.locator(".hit").filter(has=kind).first

    def is_found() -> bool:
        page.goto("/archive/")
        page.get_by_role("searchbox").fill("phi bao hiem y te")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        return found.count() > 0

    wait_for(is_found, seconds=2 * PATIENCE / 1000)
    expect(found.locator("mark").first).to_contain_text("bảo hiểm y tế")
    found.locator(".hit-title a").click()
    expect(page.locator("h1")).to_have_text(SUBJECT)


def read_trail(page: Page, cast) -> None:
    page.goto("/")
    page.get_by_role("link", name="Phiếu lấy ý kiến", exact=True).click()
    page.get_by_role("link", name=SUBJECT).click()
    page.get_by_role("link", name="Xem nhật ký của hồ sơ").click()
    expect(page.locator("h1")).to_have_text(SUBJECT)
    expect(page.locator(".trail-table")).to_be_visible()
    people = page.locator(".trail-table tbody th").all_inner_texts()
    told = "\n".join(people)
    wanted = [cast.secretary, cast.vice_chair, cast.minister]
    places = [told.find(person.full_name) for person in wanted]
    assert -1 not in places and places == sorted(places), f"{page.url}: {told}"
    assert people.count(cast.minister.full_name) >= 2


def test_a_minister_answers_without_script(contexts, browser, cast, live_server):
    opinion_request = steps.send(cast)
    signed_in = contexts.open(cast.minister)
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name=opinion_request.subject).click()
    page.get_by_label("Không đồng ý").check()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#answer")).to_contain_text("Cần nêu lý do")
    expect(page.get_by_label("Không đồng ý")).to_be_checked()

    page.get_by_label("Lý do hoặc nội dung ý kiến").fill("Chưa đánh giá đủ tác động.")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#answer")).to_contain_text("Ý kiến chưa được gửi.")
    page.get_by_role("button", name="Chọn lại").click()
    expect(page.get_by_label("Lý do hoặc nội dung ý kiến")).to_have_value("Chưa đánh giá đủ tác động.")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.locator(".receipt")).to_contain_text("Đã ghi nhận ý kiến của đồng chí")

    page.get_by_role("link", name="Thay đổi ý kiến").click()
    answer(page, "Đồng ý")
    slip = steps.slip_of(opinion_request, cast.minister)
    assert [given.position for given in slip.answers] == ["agree"]
    context.close()


def test_a_minister_answers_without_a_mouse(page_for, cast):
    """From the desk to the receipt with Tab, the arrows, space and Enter; focus is never lost nor hidden."""
    opinion_request = steps.send(cast)
    page = page_for(cast.minister)
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the main content
    tab_to(page, page.get_by_role("link", name=opinion_request.subject))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(opinion_request.subject)

    tab_to(page, page.get_by_label("Đồng ý", exact=True))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Ý kiến khác")).to_be_checked()
    tab_to(page, page.get_by_label("Lý do hoặc nội dung ý kiến"))
    page.keyboard.type("Cần quy định rõ mức hỗ trợ.")
    tab_to(page, page.get_by_role("button", name="Tiếp tục"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ý kiến chưa được gửi.")).to_be_visible()
    expect(page.locator(":focus")).to_have_count(1)
    tab_to(page, page.get_by_role("button", name="Gửi ý kiến"))
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_contain_text("Đã ghi nhận ý kiến của đồng chí")
    expect(page.locator(":focus")).to_have_count(1)


def tab_to(page: Page, wanted, most: int = 60) -> None:
    """Presses Tab until it has focus; whatever has focus on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        if wanted.evaluate("(it) => it === document.activeElement"):
            return
    raise AssertionError("it cannot be reached with Tab")


IS_SEEN = """() => {
  const it = document.activeElement.closest("label") ?? document.activeElement;
  const box = it.getBoundingClientRect();
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""
