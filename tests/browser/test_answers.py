"""Choosing among options, with a paper of one's own: counted along, kept, shown once more and sent."""

import pytest
from playwright.sync_api import expect

from opinions.models import OpinionSlip
from tests.documents.samples import make_pdf
from tests.opinions import steps

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = (390, 844)


def test_no_more_options_than_allowed_and_a_paper_go_with_the_answer(page_for, cast, check_axe, check_fit):
    opened = steps.send(cast, questions=[steps.CHOICE])
    page = page_for(cast.minister, size=PHONE)
    page.goto(opened.get_absolute_url())
    limit = page.locator("choice-limit")
    box = limit.get_by_role("checkbox")

    limit.locator("label", has_text="Giữ mức phí hiện hành").click()
    limit.locator("label", has_text="từ năm 2027").click()
    expect(limit).to_contain_text("Đã chọn: 2")
    expect(box.nth(3)).to_be_disabled()
    expect(box.nth(2)).to_be_enabled()  # a part of the same option counts no further
    paper = {"name": "phụ lục.pdf", "mimeType": "application/pdf", "buffer": make_pdf()}
    page.locator("#answer input[type=file]").set_input_files(paper)
    check_axe(page)
    check_fit(page)

    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#answer")).to_contain_text("phụ lục.pdf")
    page.get_by_role("button", name="Gửi ý kiến").click()

    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận")
    sheet = OpinionSlip.objects.get(member=cast.minister).current_sheet
    assert sheet.attachment.file_name == "phụ lục.pdf"
    assert len(next(iter(sheet.content.values()))["options"]) == 2
