"""Private notes in a real browser: written, found again, followed, shared; nothing of them on the server."""

import io
import re

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect
from weasyprint import HTML

from documents import actions, storage
from documents.models import Document, DocumentText, DocumentVersion
from reading.models import Note, NotesKey
from tests.browser.conftest import PHONE, TABLET

pytestmark = pytest.mark.django_db(transaction=True)

PASSPHRASE = "mưa rào trên phố cũ"
SECRET = "Đề nghị giải trình rõ"
OLD = [
    "Điều 1. Mức phí bảo hiểm y tế là 4,5% mức tiền lương tháng của người lao động.",
    "Điều 2. Ngân sách nhà nước hỗ trợ 70% mức đóng cho người thuộc hộ cận nghèo.",
    "Điều 3. Bộ Y tế chủ trì, phối hợp với Bộ Tài chính hướng dẫn thi hành Nghị định này.",
]
NEW = [
    "Trang mới: mục lục và những quy định chung của dự thảo, chưa có trong bản trước đây.",
    OLD[0],
    "Điều 2. Ngân sách nhà nước hỗ trợ 80% mức đóng cho người thuộc hộ cận nghèo.",
]


def make_version(cast, document, number, pages, *readers):
    html = "".join(f"<p style='break-after: page'>{text}</p>" for text in pages)
    pdf = HTML(string=f"<style>@page {{ size: A4 landscape }}</style>{html}").write_pdf()
    version = DocumentVersion.objects.create(
        document=document,
        number=number,
        file_name="to-trinh.pdf",
        sha256=f"{number:064}",
        size=len(pdf),
        pages=len(pages),
        work_state="done",
    )
    DocumentText.objects.create(version=version, pages=pages)
    storage.keep(io.BytesIO(pdf), version.sha256)
    with transaction.atomic():
        actions.distribute_version(version, by=cast.secretary, to=readers, because="test")
    return version


@pytest.fixture
def document(cast):
    return Document.objects.create(body=cast.body, title="Tờ trình về phí bảo hiểm y tế")


@pytest.fixture
def version(cast, document):
    return make_version(cast, document, 1, OLD, cast.minister, cast.other_minister)


def open_notes(page, version):
    page.goto(version.get_absolute_url() + "#notes")
    expect(page.locator(".textLayer").filter(has_text=re.compile("Điều|Trang")).first).to_be_attached()
    return page.locator("notes-panel")


def field(place, label):
    return place.get_by_label(label, exact=True).filter(visible=True)


def seen(place, name):
    return place.get_by_role("button", name=name, exact=True).filter(visible=True)


def set_up(page):
    """The three steps of the first use. Gives the recovery code."""
    field(page, "Mật khẩu ghi chú").fill(PASSPHRASE)
    field(page, "Nhập lại lần nữa").fill(PASSPHRASE)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("[data-code]")).to_have_text(re.compile(r"(\w{5}-){5}\w{5}"))
    code = page.locator("[data-code]").text_content()
    page.get_by_role("button", name="Tôi đã cất giữ mã").click()
    page.get_by_label("Năm ký tự cuối của mã").fill(code[-5:].lower())
    page.get_by_role("button", name="Hoàn tất").click()
    expect(page.get_by_role("button", name="Viết tay")).to_be_visible()
    return code


def unlock(page, passphrase=PASSPHRASE):
    field(page, "Mật khẩu ghi chú").fill(passphrase)
    page.get_by_role("button", name="Mở ghi chú của tôi").click()


def select(page, number, words):
    """As a hand that draws over words: the selection, and the bar beside it."""
    page.evaluate(
        """([number, words]) => {
            const layer = document.querySelector(`.page[data-page-number="${number}"] .textLayer`);
            const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                document.getSelection().removeAllRanges();
                document.getSelection().addRange(range);
                return;
            }
            throw new Error(`not on page ${number}: ${words}`);
        }""",
        [number, words],
    )
    expect(page.get_by_role("toolbar", name="Đánh dấu đoạn đã chọn")).to_be_visible()


def highlight(page, number, words, colour="xanh lá"):
    select(page, number, words)
    page.get_by_role("button", name=f"Tô sáng màu {colour}").click()


def saved(page):
    expect(page.locator("[data-state]")).to_contain_text(re.compile(r"Đã lưu \d\d:\d\d"))


def turn_to(page, number):
    page.evaluate("number => document.querySelector('pdf-reader').goToPage(number)", number)
    expect(page.locator(f".page[data-page-number='{number}'] .textLayer span").first).to_be_attached()


def draw(page, number):
    box = page.locator(f".page[data-page-number='{number}'] .notes-marks").bounding_box()
    x, y = box["x"] + 120, box["y"] + 160
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 40, steps=5)
    page.mouse.up()


def read_rows():
    """All that the database holds of notes and keys, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT json_agg(n)::text FROM reading_note n), "
            "(SELECT json_agg(k)::text FROM reading_noteskey k), "
            "(SELECT json_agg(a)::text FROM audit_auditevent a WHERE action LIKE 'reading.%')"
        )
        return " ".join(filter(None, cursor.fetchone()))


def test_notes_are_written_found_on_another_device_and_unreadable_on_the_server(
    page_for, cast, version, check_axe, check_fit
):
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    check_axe(page)
    code = set_up(page)

    highlight(page, 1, "mức tiền lương tháng")
    expect(panel.locator(".note-quote")).to_have_text("mức tiền lương tháng")
    expect(page.locator(".page[data-page-number='1'] .notes-green polygon")).to_have_count(1)
    seen(panel, "Sửa").click()
    field(panel, "Nội dung ghi chú").fill(SECRET)
    seen(panel, "Xong").click()
    panel.get_by_role("button", name="Viết tay").click()
    draw(page, 1)
    draw(page, 1)
    page.get_by_role("toolbar", name="Nét viết tay").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".notes-marks polyline")).to_have_count(1)
    page.get_by_role("toolbar", name="Nét viết tay").get_by_role("button", name="Xong").click()
    panel.get_by_role("button", name="Tại một chỗ").click()
    page.locator(".page[data-page-number='1']").click(position={"x": 300, "y": 300})
    field(panel, "Nội dung ghi chú").fill("Hỏi lại Bộ Tài chính")
    seen(panel, "Xong").click()
    panel.get_by_role("button", name="Cho cả tài liệu").click()
    field(panel, "Nội dung ghi chú").fill("Đồng ý về nguyên tắc")
    seen(panel, "Xong").click()
    saved(page)
    check_axe(page)
    assert Note.objects.count() == 4
    rows = read_rows()
    for words in (SECRET, "lương", "Đồng ý", "Bộ Tài chính", "yellow", "highlight", PASSPHRASE, code):
        assert words not in rows

    page.reload()
    expect(panel.locator(".note")).to_have_count(4)
    expect(page.locator(".notes-marks polyline")).to_have_count(1)

    tablet = page_for(cast.minister, size=TABLET)
    panel = open_notes(tablet, version)
    unlock(tablet, "mật khẩu đăng nhập")
    expect(panel.get_by_role("alert").filter(visible=True)).to_contain_text("Mật khẩu ghi chú không đúng")
    unlock(tablet)
    expect(panel.get_by_text(SECRET)).to_be_visible()
    expect(tablet.get_by_role("button", name="Ghi chú: Hỏi lại Bộ Tài chính")).to_be_attached()
    check_axe(tablet)
    check_fit(tablet)

    panel.locator(".note").filter(has_text=SECRET).get_by_role("button", name="Xóa").click()
    expect(panel.get_by_text(SECRET)).to_have_count(0)
    panel.get_by_role("button", name="Hoàn tác").click()
    expect(panel.get_by_text(SECRET)).to_be_visible()
    assert Note.objects.count() == 4


def test_signing_out_forgets_the_key_and_the_recovery_code_sets_a_new_passphrase(page_for, cast, version):
    page = page_for(cast.minister, size=PHONE)
    panel = open_notes(page, version)
    code = set_up(page)
    panel.get_by_role("button", name="Cho cả tài liệu").click()
    field(panel, "Nội dung ghi chú").fill(SECRET)
    saved(page)
    page.goto("/")
    page.locator("details.menu").filter(visible=True).last.locator("summary").click()
    page.get_by_role("button", name="Đăng xuất").filter(visible=True).click()
    page.wait_for_url("**/login/")
    page.wait_for_load_state("networkidle")
    assert (
        page.evaluate(
            """() => new Promise((done) => {
            indexedDB.open("private notes").onsuccess = ({ target }) => {
                const asked = target.result.transaction("keys").objectStore("keys").count();
                asked.onsuccess = () => done(asked.result);
            };
        })"""
        )
        == 0
    )

    again = page_for(cast.minister)
    panel = open_notes(again, version)
    again.get_by_role("button", name="Tôi quên mật khẩu ghi chú").click()
    again.get_by_label("Mã khôi phục").fill("00000-" + code[6:])
    field(again, "Mật khẩu ghi chú mới").fill("một câu khác hẳn")
    field(again, "Nhập lại lần nữa").fill("một câu khác hẳn")
    again.get_by_role("button", name="Mở ghi chú của tôi").filter(visible=True).click()
    expect(panel.get_by_role("alert").filter(visible=True)).to_contain_text("Mã khôi phục không đúng")
    again.get_by_label("Mã khôi phục").fill(code.lower().replace("-", " "))
    again.get_by_role("button", name="Mở ghi chú của tôi").filter(visible=True).click()
    expect(panel.get_by_text(SECRET)).to_be_visible()
    assert NotesKey.objects.get().revision == 2


def test_a_note_that_cannot_be_sent_is_kept_and_sent_later(page_for, cast, version):
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    set_up(page)
    page.route(re.compile(r"/reading/notes/[0-9a-f-]{36}/"), lambda route: route.abort())
    panel.get_by_role("button", name="Cho cả tài liệu").click()
    field(panel, "Nội dung ghi chú").fill(SECRET)
    expect(page.locator("[data-state]")).to_contain_text("Chưa gửi được lên máy chủ")
    assert not Note.objects.exists()

    field(panel, "Nội dung ghi chú").fill(f"{SECRET} mức phí")
    page.unroute_all()
    page.reload()  # at once: not a letter is lost

    expect(panel.get_by_text(f"{SECRET} mức phí")).to_be_visible()
    saved(page)
    assert Note.objects.count() == 1


def test_two_devices_writing_the_same_note_lose_neither_text(page_for, cast, version):
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    set_up(page)
    panel.get_by_role("button", name="Cho cả tài liệu").click()
    field(panel, "Nội dung ghi chú").fill("Bản đầu")
    seen(panel, "Xong").click()
    saved(page)
    other = page_for(cast.minister)
    theirs = open_notes(other, version)
    unlock(other)
    for screen, words in ((theirs, "Viết trên máy hai"), (panel, "Viết trên máy một")):
        seen(screen, "Sửa").click()
        field(screen, "Nội dung ghi chú").fill(words)
        seen(screen, "Xong").click()
        expect(screen.locator("[data-state]")).to_contain_text("Đã lưu")

    expect(panel.get_by_text("Cả hai bản đều được giữ")).to_be_visible()
    expect(panel.get_by_text("Viết trên máy hai")).to_be_visible()
    expect(panel.get_by_text("Viết trên máy một")).to_be_visible()
    saved(page)
    assert Note.objects.count() == 2


def test_notes_follow_to_the_next_version_and_what_finds_no_place_is_listed(
    page_for, cast, document, version
):
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    set_up(page)
    highlight(page, 1, "mức tiền lương tháng")
    turn_to(page, 2)
    select(page, 2, "hỗ trợ 70% mức đóng cho người thuộc hộ cận nghèo")
    page.keyboard.press("h")
    turn_to(page, 3)
    highlight(page, 3, "chủ trì, phối hợp với Bộ Tài chính", "hồng")
    expect(panel.locator(".note")).to_have_count(3)
    saved(page)

    newer = make_version(cast, document, 2, NEW, cast.minister)
    page.goto(newer.get_absolute_url() + "#notes")

    expect(panel.get_by_text("Đã chuyển 3 ghi chú từ phiên bản trước. Cần xem lại: 1.")).to_be_visible()
    expect(panel.get_by_role("region", name="Cần xem lại")).to_contain_text(
        "chủ trì, phối hợp với Bộ Tài chính"
    )
    expect(panel.get_by_role("region", name="Cần xem lại")).to_contain_text("Trang 3 của phiên bản 1")
    expect(panel.get_by_text("có thay đổi nhỏ")).to_be_visible()
    turn_to(page, 2)
    expect(page.locator(".page[data-page-number='2'] .notes-green polygon")).not_to_have_count(0)
    turn_to(page, 3)
    expect(page.locator(".page[data-page-number='3'] .notes-green polygon")).not_to_have_count(0)
    panel.get_by_role("button", name="Giữ làm ghi chú chung").click()
    expect(panel.get_by_role("region", name="Cho cả tài liệu")).to_contain_text("phối hợp với Bộ Tài chính")
    saved(page)

    page.goto(newer.get_absolute_url())
    second = page_for(cast.minister)
    panel = open_notes(second, newer)
    unlock(second)
    expect(panel.locator(".note")).to_have_count(3)
    assert Note.objects.filter(version=newer).count() == 3


def test_a_note_is_shared_with_a_named_colleague_and_taken_back(page_for, cast, version):
    theirs = page_for(cast.other_minister)
    other_panel = open_notes(theirs, version)
    set_up(theirs)
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    set_up(page)
    highlight(page, 1, "mức tiền lương tháng")
    panel.get_by_role("button", name="Chia sẻ").click()
    expect(panel.get_by_text("chưa thiết lập ghi chú").first).to_be_visible()
    panel.get_by_role("button", name="Chia sẻ: Trần Ngọc Ánh").click()
    expect(panel.get_by_text("Đã chia sẻ với Trần Ngọc Ánh")).to_be_visible()

    theirs.reload()
    shared = other_panel.get_by_role("region", name="Được chia sẻ với tôi")
    expect(shared).to_contain_text("mức tiền lương tháng")
    expect(shared).to_contain_text("Của Nguyễn Hữu Đức")
    expect(shared.get_by_role("button", name="Xóa")).to_have_count(0)

    panel.get_by_role("button", name="Thôi chia sẻ: Trần Ngọc Ánh").click()
    expect(panel.get_by_role("button", name="Chia sẻ: Trần Ngọc Ánh")).to_be_visible()
    theirs.reload()
    expect(other_panel.locator("[data-empty]")).to_be_visible()
    expect(shared).to_be_hidden()


def test_notes_are_saved_for_printing_and_as_data(page_for, cast, version, check_axe, check_fit):
    page = page_for(cast.minister)
    panel = open_notes(page, version)
    set_up(page)
    highlight(page, 1, "mức tiền lương tháng")
    seen(panel, "Sửa").click()
    field(panel, "Nội dung ghi chú").fill("5 < 6 & <b>đúng</b>")
    seen(panel, "Xong").click()
    saved(page)
    page.goto("/reading/notes/")
    for size in (PHONE, TABLET):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        check_axe(page)
        check_fit(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu tất cả để in").click()
    printed = download.value.path().read_text()
    assert "mức tiền lương tháng" in printed and "<b>đúng" not in printed and "Trang 1" in printed
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu tất cả dạng dữ liệu").click()
    data = download.value.path().read_text()
    assert '"exact": "mức tiền lương tháng"' in data and "đúng</b>" in data


ANCHOR = """async ([deed, ...given]) => {
    const anchor = await import("/static/ecabinet/js/notes-anchor.js");
    return anchor[deed](...given);
}"""


def test_a_quotation_finds_its_place_by_its_words_and_what_stood_around(page, address):
    page.goto("/accounts/login/")

    def find(pages, exact, prefix="", suffix="", near=1):
        quote = {"exact": exact, "prefix": prefix, "suffix": suffix}
        found = page.evaluate(ANCHOR, ["findQuote", pages, quote, near])
        return found and (
            found["page"],
            pages[found["page"] - 1][found["start"] : found["end"]],
            found["exact"],
        )

    # Line breaks, hyphens and Vietnamese written in two ways are the same words.
    assert find(["x", "mức  tiền\nlương tháng"], "tiền lương") == (2, "tiền\nlương", True)
    assert find(["mu\u031b\u0301c phi\u0301"], "mức phí") == (1, "mu\u031b\u0301c phi\u0301", True)
    # Accents are other words; a few letters without what stood around them prove nothing.
    assert find(["múc phi"], "mức phí") is None
    assert find(["a b c d e"], "b", "zzz ", " yyy") is None
    # Of several places the one with the same words around it, else the nearest page.
    thrice = ["khoản 1 Điều này", "khoản 2 Điều này", "khoản 3 Điều này"]
    assert find(thrice, "Điều này", "khoản 2 ", "") == (2, "Điều này", True)
    assert find(["Bộ Tài chính"] * 3, "Bộ Tài chính", near=3) == (3, "Bộ Tài chính", True)
    # Nearly the same is found and said to be near; what was rewritten is not found.
    long = "Ngân sách nhà nước hỗ trợ 70% mức đóng cho người thuộc hộ cận nghèo"
    changed = long.replace("70%", "80%").replace("người thuộc", "thành viên")
    assert find(["Trang đầu.", f"Điều 2. {changed}."], long) == (2, changed, False)
    assert find(["Ngân sách địa phương tự cân đối theo quy định của Luật."], long) is None


def test_pages_are_known_again_by_what_they_say(page, address):
    page.goto("/accounts/login/")

    def find(before, after, number):
        return page.evaluate(ANCHOR, ["findPage", before, after, number])

    text = "Điều {0}. Bộ thứ {0} chủ trì, phối hợp với các bộ khác, quyết định khoản {0} trong năm {0}."
    before = [text.format(word) for word in ("một", "hai", "ba")]
    assert find(before, ["Mục lục", *before], 2) == 3
    assert find(before, [before[0], before[1].replace("quyết định", "hướng dẫn"), before[2]], 2) == 2
    assert find(before, ["Một văn bản hoàn toàn khác, không liên quan."] * 3, 2) is None
    assert find(["", "", ""], ["", "", ""], 2) == 2  # pictures of pages, as many as before
    assert find(["", ""], ["", "", ""], 2) is None
    stroke = {"kind": "ink", "page": 2, "strokes": []}
    assert page.evaluate(ANCHOR, ["follow", stroke, before, ["Mục lục", *before]]) == {**stroke, "page": 3}
    assert page.evaluate(ANCHOR, ["follow", stroke, None, None]) == {**stroke, "waits": True}
