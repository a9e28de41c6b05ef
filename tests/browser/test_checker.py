"""The page that checks a bundle in any browser: opened from a file, without server and network."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from audit import checkpoints
from tests.archive import evidence_case
from tests.verifier import tampering

PAGE = settings.BASE_DIR / "verifier" / "page" / "check.html"


@pytest.mark.django_db
def test_a_bundle_is_checked_where_it_lies(
    browser, cast, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    decision = evidence_case.decide(cast)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    good = tmp_path / "good.zip"
    good.write_bytes(bundle.path.read_bytes())

    context = browser.new_context(offline=True, locale="vi-VN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(PAGE.as_uri())
    page.get_by_label("Khóa công khai").fill(str(checkpoints.known_keys()[0]))
    page.get_by_label("Chọn hoặc kéo thả").set_input_files(good)
    expect(page.locator("#verdict")).to_have_text("Mọi nội dung mà trang này kiểm tra được đều đúng.")
    for words in (
        "17 tệp",
        "ký bằng khóa đã nhập",
        "kiểm đếm lại khớp",
        "dòng về vụ việc đều nằm trong nhật ký",
    ):
        expect(page.locator("ul.holds")).to_contain_text(words)

    files = tampering.take_apart(good)
    name = tampering.find(files, r"answers/\d+\.json", '"other"')
    files[name] = files[name].replace(b'"other"', b'"agree"')
    page.get_by_label("Chọn hoặc kéo thả").set_input_files(
        tampering.pack(tampering.list_anew(files), tmp_path / "forged.zip")
    )
    expect(page.locator("ul.fails")).to_contain_text("kiểm đếm lại KHÔNG khớp")
    expect(page.locator("ul.fails")).to_contain_text("không phải là danh mục đã ghi trong nhật ký")

    page.get_by_label("Chọn hoặc kéo thả").set_input_files(PAGE)
    expect(page.locator("ul.fails")).to_contain_text("không phải là gói chứng cứ")
    assert complaints == []
    context.close()
