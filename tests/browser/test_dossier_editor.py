"""The editor of a dossier in a real browser: order by keyboard, mouse and finger; files that are cut off."""

import re

import pytest
from playwright.sync_api import expect

from documents import actions, resumable
from documents.models import Dossier
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.documents.samples import make_pdf, received

pytestmark = pytest.mark.django_db(transaction=True)

PIECE = 6 * 1024 * 1024


@pytest.fixture
def dossier(no_workers, cast):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ bảo hiểm y tế")
    for title in ("Tờ trình", "Dự thảo", "Báo cáo"):
        actions.add_paper(dossier, by=cast.secretary, upload=received(), title=title)
    actions.add_section(dossier, by=cast.secretary, title="Phần I")
    dossier.papers.first().version.document.versions.model.objects.update(work_state="done")
    return dossier


@pytest.fixture
def open_editor(page_for, cast, dossier):
    def open_it(**wishes):
        page = page_for(cast.secretary, **wishes)
        page.goto(f"/papers/dossiers/{dossier.pk}/edit/")
        return page

    return open_it


def order(page):
    return page.locator(".paper-title").all_inner_texts()


def stored(dossier):
    papers = Dossier.objects.get(pk=dossier.pk).papers.select_related("version__document", "section")
    return [(str(paper.version), paper.section.title if paper.section else "") for paper in papers]


def test_papers_are_ordered_with_the_keyboard_alone(open_editor, check_axe, check_fit):
    page = open_editor()
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)
    down = page.get_by_role("button", name="Chuyển “Tờ trình” xuống")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".paper-title").first).to_have_text("Dự thảo")
    expect(down).to_be_focused()
    expect(page.locator("main > [role=status]")).to_have_text("“Tờ trình” hiện ở vị trí 2.")

    handle = page.get_by_role("button", name="Di chuyển “Báo cáo”")
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".paper-title").nth(1)).to_have_text("Báo cáo")
    expect(handle).to_be_focused()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".paper-title").nth(1)).to_have_text("Tờ trình")
    assert order(page) == ["Dự thảo", "Tờ trình", "Báo cáo"]


def drag(page, handle, target):
    """Takes the handle with the mouse to the target; does not let go."""
    handle.evaluate("(it) => it.scrollIntoView()")
    begin, end = handle.bounding_box(), target.bounding_box()
    assert end["y"] < page.viewport_size["height"] - 100, "no scrolling on the way"
    page.mouse.move(begin["x"] + 20, begin["y"] + 20)
    page.mouse.down()
    page.mouse.move(begin["x"] + 20, end["y"] - 60, steps=4)
    page.mouse.move(begin["x"] + 20, end["y"] + 10, steps=4)


def test_papers_are_dragged_into_another_section(open_editor, dossier):
    page = open_editor()
    handle = page.get_by_role("button", name="Di chuyển “Tờ trình”")
    target = page.get_by_text("Mục này chưa có tài liệu.")
    drag(page, handle, target)
    expect(page.locator("ol.drops-last")).to_have_attribute("data-title", "Phần I")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".drops-last, .is-dragged")).to_have_count(0)
    assert order(page) == ["Tờ trình", "Dự thảo", "Báo cáo"], "given up"

    drag(page, handle, target)
    page.mouse.up()
    expect(page.locator("main > [role=status]")).to_have_text("“Tờ trình” hiện ở vị trí 3.")
    assert stored(dossier) == [("Dự thảo", ""), ("Báo cáo", ""), ("Tờ trình", "Phần I")]


def test_a_file_that_is_cut_off_goes_on_by_itself_and_after_a_reload(
    open_editor, dossier, tmp_path, settings
):
    large = tmp_path / "To trinh 12.pdf"
    large.write_bytes(pad_pdf(make_pdf(), 2 * PIECE + 1000))
    small = tmp_path / "Bao cao tham dinh.pdf"
    small.write_bytes(make_pdf())
    page = open_editor()
    cut = {"left": 1}

    def break_the_line(route):
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0" and cut["left"]:
            cut["left"] -= 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/papers/uploads/*/", break_the_line)
    page.get_by_label("Tệp", exact=True).set_input_files([large, small])
    rows = page.locator(".upload-row")
    expect(rows.first.get_by_label("Tên tài liệu")).to_have_value("Tờ trình 12")
    expect(rows.nth(1).get_by_label("Loại tài liệu")).to_have_value("appraisal")
    assert cut["left"] == 0
    page.unroute_all()

    # Cut off for good: the page is loaded anew, and the same file goes on where it was.
    other = tmp_path / "Du thao Nghi quyet.pdf"
    other.write_bytes(pad_pdf(make_pdf(), 2 * PIECE + 1000))
    page.route(
        "**/papers/uploads/*/",
        lambda route: (
            route.abort("connectionreset")
            if route.request.headers.get("upload-offset") == str(PIECE)
            else route.continue_()
        ),
    )
    page.get_by_label("Tệp", exact=True).set_input_files(other)
    expect(rows.nth(2).locator("[data-state]")).to_have_text(re.compile("Mất kết nối"))
    page.unroute_all()
    page.reload()
    expect(page.locator("[data-unfinished]")).to_contain_text("Du thao Nghi quyet.pdf")
    sent = []
    page.on("request", lambda it: sent.append(it.headers["upload-offset"]) if it.method == "PATCH" else None)
    page.get_by_label("Tệp", exact=True).set_input_files([other, large, small])
    expect(rows).to_have_count(3)
    expect(rows.first.get_by_label("Tên tài liệu")).to_have_value("Dự thảo Nghị quyết")
    page.get_by_role("button", name="Thêm vào hồ sơ").click()
    expect(rows).to_have_count(0)
    expect(page.locator(".paper-title").nth(5)).to_have_text("Báo cáo thẩm định")
    assert sent[0] == str(PIECE), "what had come is not sent again"
    assert [title for title, _ in stored(dossier)][3:] == [
        "Dự thảo Nghị quyết",
        "Tờ trình 12",
        "Báo cáo thẩm định",
    ]
    assert not list(resumable.Path(settings.UPLOAD_DIR).glob("*.part"))


def pad_pdf(content: bytes, size: int) -> bytes:
    """A good PDF of this size: what is too much lies in a comment before its end."""
    head, mark, tail = content.rpartition(b"startxref")
    return head + b"%" + b"x" * (size - len(content) - 2) + b"\n" + mark + tail


def test_what_cannot_be_taken_is_told_at_its_row(open_editor, dossier, tmp_path):
    wrong = tmp_path / "Phu luc.pdf"
    wrong.write_bytes(b"MZ this is a program")
    page = open_editor(size=PHONE, language="en")
    page.get_by_label("Files", exact=True).set_input_files(wrong)
    expect(page.locator(".upload-row [data-state]")).to_have_text("Sent. Check kind and name, then add.")
    page.get_by_role("button", name="Add to the dossier").click()
    expect(page.locator(".upload-refused [data-state]")).not_to_have_text("Being looked into")
    assert "kind" in page.locator(".upload-refused [data-state]").inner_text()
    page.get_by_role("button", name="Do not send").click()
    expect(page.locator(".upload-row")).to_have_count(0)
    assert len(stored(dossier)) == 3


def test_while_papers_are_checked_nothing_typed_is_lost(open_editor, dossier):
    papers = dossier.papers.first().version.document.versions.model.objects
    papers.update(work_state="running")
    page = open_editor()
    page.get_by_role("button", name="Chuyển “Tờ trình” xuống").click()
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_visible()
    page.get_by_label("Tên mục mới").fill("Phần II")
    expect(page.locator("#dossier-papers")).to_contain_text("Đang kiểm tra")
    papers.update(work_state="done")
    expect(page.locator("#dossier-papers")).not_to_contain_text("đang đọc nội dung")
    expect(page.get_by_label("Tên mục mới")).to_have_value("Phần II")
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_visible()
