"""A member answers with her own key: the slip on the screen, a key file, a worker, a real timestamp."""

import json

import pytest
from django.utils.module_loading import import_string
from playwright.sync_api import expect

from documents.models import DocumentVersion
from opinions.models import AnswerSheet
from opinions.rules import SignatureState
from signatures.rules import KeyWay
from tests import factories
from tests.authority import PASSWORD
from tests.browser.conftest import TABLET
from tests.browser.test_signing import PATIENCE, open_key, trust
from tests.opinions import steps
from tests.signatures.signing import register

pytestmark = pytest.mark.django_db(transaction=True)

DONE_AT_ONCE = {"opinions.tasks.render_slip", "signatures.tasks.embed_signature"}


def test_a_member_reads_her_slip_signs_it_and_has_answered(
    page_for, cast, authority, settings, monkeypatch, check_axe, check_fit
):
    settings.TSA_URLS = [authority.tsa_url]
    trust(authority)
    monkeypatch.setattr(
        "core.queue._send", lambda task, ids: import_string(task)(*ids) if task in DONE_AT_ONCE else None
    )
    key = authority.issue(cast.minister.full_name, "Bộ Tài chính")
    register(key, holder=cast.minister, way=KeyWay.BROWSER)
    kind = factories.make_kind(cast.body, name="Phiếu ký số", signing="required")
    opinion_request = steps.send(cast, kind=kind)

    page = page_for(cast.minister, size=TABLET)
    page.goto(opinion_request.get_absolute_url())
    page.get_by_label("Ý kiến khác").check()
    page.get_by_label("Lý do").fill("Cần quy định rõ mức hỗ trợ.")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("button", name="Gửi ý kiến")).to_have_count(0)
    page.get_by_role("button", name="Ký số và gửi").click()

    expect(page.locator("#signed-words")).to_have_count(1, timeout=PATIENCE)  # the page of the signature
    button = page.get_by_role("button", name="Ký số và gửi")
    expect(button).to_be_enabled(timeout=PATIENCE)
    check_axe(page)
    check_fit(page)
    words = json.loads(page.locator("#signed-words").text_content())
    assert words["body"]["answers"][0]["reason"] == "Cần quy định rõ mức hỗ trợ."
    button.click()
    open_key(page, key.p12, PASSWORD)
    expect(page.locator(".receipt")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".answer-signature")).to_contain_text("Đã ký số", timeout=PATIENCE)
    check_axe(page)

    sheet = AnswerSheet.objects.get()
    assert sheet.signature_state == SignatureState.HOLDS
    paper = DocumentVersion.objects.get(document=sheet.paper)
    assert words["body"]["slip"]["sha256"] == paper.sha256
    with page.expect_download() as download:
        page.get_by_role("link", name="Chữ ký số (P7S)").click()
    assert download.value.path().read_bytes() == bytes(sheet.statement.signatures.get().cms)
