"""What a person types is not lost: drafts, an ended session, a refused file."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from opinions.models import OpinionSlip
from tests.factories import PASSWORD
from tests.opinions import steps

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Đề nghị đánh giá thêm tác động ngân sách."


@pytest.fixture
def slip_page(page_for, cast):
    opinion_request = steps.send(cast)
    page = page_for(cast.minister)
    page.goto(opinion_request.get_absolute_url())
    return page


def fill(page):
    page.locator("label.choice", has_text="Ý kiến khác").click()
    page.get_by_label("Lý do hoặc nội dung ý kiến").fill(WORDS)


def test_a_draft_saves_itself_and_says_so(slip_page, cast):
    fill(slip_page)

    expect(slip_page.locator("[data-saved]")).to_contain_text("Đã lưu bản nháp")
    slip_page.reload()
    expect(slip_page.get_by_label("Lý do hoặc nội dung ý kiến")).to_have_value(WORDS)
    assert not OpinionSlip.objects.get(member=cast.minister).is_answered


def test_an_ended_session_leads_to_signing_in_and_back_to_the_words(slip_page, cast):
    Session.objects.all().delete()
    fill(slip_page)
    expect(slip_page.locator("[data-saved]")).to_contain_text("giữ trên thiết bị này")

    slip_page.get_by_role("button", name="Tiếp tục").click()
    slip_page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill(cast.minister.username)
    slip_page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    slip_page.get_by_role("button", name="Đăng nhập", exact=True).click()

    expect(slip_page.get_by_label("Lý do hoặc nội dung ý kiến")).to_have_value(WORDS)
    expect(slip_page.locator("[data-saved]")).to_contain_text("khôi phục")


def test_what_was_sent_is_not_brought_back_later(slip_page):
    fill(slip_page)
    slip_page.get_by_role("button", name="Tiếp tục").click()
    slip_page.get_by_role("button", name="Gửi ý kiến").click()
    expect(slip_page.get_by_role("status")).to_contain_text("Đã ghi nhận")

    slip_page.reload()
    slip_page.get_by_role("link", name="Thay đổi ý kiến").click()

    expect(slip_page.locator("[data-saved]")).to_have_text("")


def test_a_server_out_of_reach_is_told_in_words(slip_page, contexts):
    fill(slip_page)
    slip_page.context.set_offline(True)
    slip_page.get_by_role("button", name="Tiếp tục").click()

    expect(slip_page.locator("#messages")).to_contain_text("Hiện không kết nối được với máy chủ")
    expect(slip_page.get_by_label("Lý do hoặc nội dung ý kiến")).to_have_value(WORDS)
    contexts.complaints.clear()  # htmx writes down what it could not reach
