"""The designer of a request in a real browser: another kind, options in two levels, nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from opinions.actions._questions import read_questions
from opinions.models import OpinionRequest
from tests import factories
from tests.browser.conftest import DESK, PHONE, TABLET

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_request_is_designed_and_survives_a_closed_window(page_for, cast, check_axe, check_fit):
    factories.make_kind(cast.body, name="Phiếu ghi ý kiến", secrecy="either", place=2)
    page = page_for(cast.secretary)
    page.goto("/opinions/new/")
    page.get_by_label("Trích yếu").fill("Về lịch nghỉ Tết Nguyên đán")
    page.get_by_label("Loại phiếu lấy ý kiến").select_option(label="Phiếu ghi ý kiến")
    expect(page.get_by_label("Phiếu kín")).to_be_visible()
    page.get_by_label("Câu hỏi 1").fill("Chọn phương án nào?")
    page.get_by_role("button", name="Đưa phương án để chọn").click()
    page.get_by_label("Phương án 1", exact=True).fill("07 ngày")
    page.get_by_label("Phương án 2", exact=True).fill("Nghỉ dài hơn")
    page.get_by_role("button", name="Thêm phương án nhỏ").nth(1).click()
    page.get_by_label("Phương án nhỏ 2.1", exact=True).fill("09 ngày")
    page.get_by_label("Cơ quan chủ trì đề xuất").nth(1).check()
    expect(page.locator("[data-saved]")).to_contain_text("Đã lưu bản nháp", timeout=15_000)

    page.goto("/")
    page.goto("/opinions/new/")
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)
    expect(page.get_by_label("Phương án nhỏ 2.1", exact=True)).to_have_value("09 ngày")
    page.get_by_label("Cơ quan chủ trì", exact=True).select_option(label="Bộ Nội vụ")
    page.get_by_role("button", name="Lưu và thêm tài liệu").click()
    page.wait_for_url("**/opinions/*/")

    asked = read_questions(OpinionRequest.objects.get())[0]
    assert [option.text for option in asked.options] == ["07 ngày", "Nghỉ dài hơn"]
    assert [(part.text, part.is_proposed) for part in asked.options[1].parts] == [("09 ngày", True)]
