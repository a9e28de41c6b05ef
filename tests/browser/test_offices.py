"""The pages of the administrator and the auditor, in a real browser."""

import pytest
from playwright.sync_api import expect

from audit import trail
from notifications import outbox
from people.models import User
from people.rules import Role
from tests.browser.conftest import DESK, PHONE, TABLET

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_opens_an_account_and_appoints(page_for, cast):
    page = page_for(cast.administrator)
    page.goto("/people/")
    page.get_by_role("link", name="Mở tài khoản").click()
    page.get_by_label("Họ và tên").fill("Cao Thị Mới")
    page.get_by_label("Tên đăng nhập").fill("Cao Mới")
    page.get_by_label("Thư điện tử công vụ").fill("cao.moi@example.vn")
    page.get_by_role("button", name="Mở tài khoản và gửi thư mời").click()

    expect(page.get_by_role("alert")).to_contain_text("Chỉ dùng chữ thường không dấu")
    page.get_by_label("Tên đăng nhập").fill("cao.moi")
    page.get_by_role("button", name="Mở tài khoản và gửi thư mời").click()

    expect(page.locator("h1")).to_have_text("Bổ nhiệm Cao Thị Mới")
    page.get_by_label("Chức vụ").select_option(Role.ASSISTANT)
    page.get_by_label("Chức danh").fill("Trợ lý Bộ trưởng")
    page.get_by_label("Cơ quan").select_option(label="Bộ Tài chính")
    page.get_by_label("Giúp việc cho").select_option(label="Bộ trưởng Bộ Tài chính Nguyễn Hữu Đức")
    page.get_by_role("button", name="Nhập bổ nhiệm").click()

    expect(page.locator("#messages")).to_contain_text("Đã nhập việc bổ nhiệm.")
    expect(page.locator(".timeline")).to_contain_text("đương chức")
    assert User.objects.get(username="cao.moi").assisted_user_ids() == {cast.minister.pk}


def test_an_auditor_finds_a_deed_and_reads_its_details(page_for, cast):
    trail.record(
        "people.correct_user", by=cast.administrator, on=cast.minister, before={"full_name": "Nguyễn Hữu Đạt"}
    )
    page = page_for(cast.auditor)
    page.goto("/trail/")
    page.get_by_label("Đối tượng").fill("Nguyễn Hữu")
    page.get_by_role("button", name="Tìm kiếm").click()
    page.get_by_role("link", name="Nguyễn Hữu Đức").click()

    expect(page.locator("h1")).to_have_text("Nguyễn Hữu Đức")
    page.get_by_text("Chi tiết").first.click()
    expect(page.get_by_text("họ và tên: Nguyễn Hữu Đạt")).to_be_visible()


def test_the_trail_is_taken_along_as_a_file(page_for, cast):
    page = page_for(cast.auditor)
    page.goto("/trail/")
    with page.expect_download() as file:
        page.get_by_role("button", name="Sao chép các mục tìm được (CSV)").click()

    assert file.value.suggested_filename == "trail.csv"


def test_a_notice_is_read_with_the_keyboard(page_for, cast):
    outbox.tell([cast.minister], "documents/paper_refused", url="/people/", because="secret", added_by="An")
    page = page_for(cast.minister, size=PHONE)
    page.goto("/notices/")
    page.locator(".notice-row").focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Danh bạ")


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
def test_pages_fit_and_are_open_to_all(page_for, cast, check_axe, check_fit, size):
    trail.record("people.correct_user", by=cast.administrator, on=cast.minister, before={"phone": "1"})
    outbox.tell([cast.minister], "documents/paper_refused", url="/people/", because="secret", added_by="An")
    office, person = cast.minister.appointments.get().pk, cast.minister.pk
    pages = {
        cast.minister: ("/notices/", "/people/"),
        cast.auditor: ("/trail/", f"/trail/people.user/{person}/"),
        cast.administrator: (
            f"/people/{person}/",
            f"/people/bodies/{cast.body.pk}/register/",
            f"/people/{person}/bodies/{cast.body.pk}/appoint/",
            f"/people/appointments/{office}/end/",
            f"/people/{person}/deactivate/",
        ),
    }
    for who, addresses in pages.items():
        page = page_for(who, size=size)
        for address in addresses:
            page.goto(address)
            check_fit(page)
            if size != TABLET:
                check_axe(page)
