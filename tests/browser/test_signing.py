"""Signing as people do it: the paper on the screen, a real key, real timestamps, a seal from a module."""

import urllib.request
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.module_loading import import_string
from playwright.sync_api import expect
from weasyprint import HTML

from core import clock
from documents import storage
from signatures import actions
from signatures.authorities import read_list
from signatures.keys.certificates import name_in_words
from signatures.models import RevocationList, SigningRequest, TrustedCertificate
from signatures.rules import CertificateUse, KeyWay, RequestStatus, StepStatus
from signatures.trust import build_trust_store
from signatures.verifier import verify_pdf
from tests.authority import PASSWORD
from tests.browser.conftest import PHONE, TABLET, beside_the_browser
from tests.computer import Computer
from tests.signatures.signing import ask, make_paper, register, sign, step_for
from tests.tokens import PIN, find_softhsm, make_token

pytestmark = pytest.mark.django_db(transaction=True)

PAPER = """<style>@page { size: A4 } body { font-family: serif }</style>
<p>Số: 15/NQ-CP</p><h1>Nghị quyết về tháo gỡ khó khăn cho sản xuất</h1>
<p>Điều 1. Giao Bộ Tài chính chủ trì.</p>
<p style="margin-left: 9cm">KT. THỦ TƯỚNG<br>PHÓ THỦ TƯỚNG<br><br><br><br><br>Lê Thị Thanh Hà</p>"""
PATIENCE = 90_000  # milliseconds for timestamps and what a worker does, on a machine that is busy
DONE_AT_ONCE = {"signatures.tasks.embed_signature", "signatures.tasks.seal_paper"}


def trust(authority):
    """The authority and its lists of today, as administrators have entered them."""
    for identity, use in ((authority.root, CertificateUse.ROOT), (authority.issuer, CertificateUse.ISSUER)):
        TrustedCertificate.objects.create(
            use=use,
            subject=name_in_words(identity.certificate.subject),
            fingerprint=identity.certificate.fingerprint(hashes.SHA256()).hex(),
            pem=identity.pem.decode(),
            not_before=identity.certificate.not_valid_before_utc,
            not_after=identity.certificate.not_valid_after_utc,
            trusted_by_name="Phan Đình Lâm",
        )
    for url in authority.crl_urls:
        with urllib.request.urlopen(url, timeout=10) as answer:
            made = read_list(answer.read())
        RevocationList.objects.create(
            issuer=made.issuer,
            fingerprint=made.fingerprint,
            der=made.der,
            issued_at=made.issued_at,
            next_at=made.next_at,
            added_by_name="Phan Đình Lâm",
        )


@pytest.fixture
def house(cast, authority, settings, token, tmp_path, monkeypatch, address):
    """A leader with a key file, a minister, the office's seal in a module; workers that are quick."""
    settings.TSA_URLS = [authority.tsa_url]
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(PIN)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = token.module, token.label
    settings.PKCS11_PIN_FILE = str(tmp_path / "pin")
    settings.SEAL_SIGNER = ""
    monkeypatch.setattr(
        "core.queue._send", lambda task, ids: import_string(task)(*ids) if task in DONE_AT_ONCE else None
    )
    trust(authority)
    cast.leader = authority.issue(cast.vice_chair.full_name, "Chính phủ")
    register(cast.leader, holder=cast.vice_chair, way=KeyWay.BROWSER)
    cast.adviser = authority.issue(cast.minister.full_name, "Bộ Tài chính", key="rsa")
    cast.advisers = register(cast.adviser, holder=cast.minister)
    public = token.make_key(f"seal-{tmp_path.name}", "ec")
    seal = authority.certify(public, "Văn phòng Chính phủ", "Văn phòng Chính phủ")
    held = SimpleNamespace(certificate=seal, der=seal.public_bytes(Encoding.DER))
    register(held, organisation=cast.office, way=KeyWay.SERVER, key_name=f"seal-{tmp_path.name}")
    return cast


def put_initials(house, step):
    """The minister signs first, elsewhere."""
    signature = actions.prepare_signature(step, by=house.minister, certificate=house.advisers)
    value = sign(house.adviser, bytes(signature.to_sign), signature.digest)
    actions.complete_signature(signature, by=house.minister, value=value)


def open_key(page, content, password):
    frame = page.frame_locator("iframe.key-frame")
    file = {"name": "khoa.p12", "mimeType": "application/x-pkcs12", "buffer": content}
    frame.locator("[name=file]").set_input_files(file)
    frame.locator("[name=password]").fill(password)
    frame.locator("[data-submit]").click()
    return frame


def test_initials_then_the_leader_then_the_seal(page_for, house, check_axe, check_fit, picture):
    version = make_paper(house, HTML(string=PAPER).write_pdf())
    office = page_for(house.secretary)
    office.goto(f"/signatures/versions/{version.pk}/request/")
    signers = ((house.minister, "initials"), (house.vice_chair, "leader"))
    for number, (person, mark) in enumerate(signers, 1):
        office.locator(f"#id_who_{number}").select_option(str(person.appointments.get().pk))
        office.locator(f"#id_mark_{number}").select_option(mark)
        office.get_by_role("button", name="Thêm người ký").click()
        expect(office.locator(f"#id_who_{number + 1}")).to_be_attached()
    office.locator("#id_who_3").select_option("seal")
    check_axe(office)
    office.get_by_role("button", name="Trình ký").last.click()
    expect(office.locator(".signer")).to_have_count(3)
    signing = SigningRequest.objects.get()
    beside_the_browser(lambda: put_initials(house, signing.steps.get(place=1)))

    leader = page_for(house.vice_chair, size=TABLET)
    leader.goto("/signatures/")
    leader.get_by_role("link", name=str(signing)).first.click()
    button = leader.get_by_role("button", name="Ký số")
    expect(button).to_be_enabled()
    expect(leader.locator(".pdfViewer canvas").first).to_be_visible()
    check_axe(leader)
    check_fit(leader)
    picture(leader, "signing")
    button.dblclick()
    frame = open_key(leader, house.leader.p12, "sai mật khẩu")
    expect(frame.get_by_role("alert")).not_to_be_empty()
    open_key(leader, house.leader.p12, PASSWORD)
    expect(leader.locator('.signer[data-state="signed"]')).to_have_count(2, timeout=PATIENCE)
    expect(leader.locator("#messages")).to_contain_text("Đã nhận chữ ký")

    # the page of the Office has asked by itself, and shows whose turn it is
    office.get_by_role("button", name="Đóng dấu số").click(timeout=PATIENCE)
    expect(office.get_by_text("Tất cả đã ký.")).to_be_visible(timeout=PATIENCE)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED
    report = beside_the_browser(lambda: verify(signing.result))
    assert [found.signer for found in report.signatures] == [
        "Nguyễn Hữu Đức", "Lê Thị Thanh Hà", "Văn phòng Chính phủ"
    ]  # fmt: skip
    assert report.verdict == "valid"


def verify(version):
    with storage.on_disk(version) as path:
        return verify_pdf(path, trust=build_trust_store(), at=clock.now())


def test_signing_is_cancelled_then_refused_with_a_reason(page_for, house, check_axe, check_fit):
    version = make_paper(house, HTML(string=PAPER).write_pdf())
    signing = ask(house, step_for(house.vice_chair), version=version)
    page = page_for(house.vice_chair, size=PHONE, touch=True)
    page.goto(signing.get_absolute_url())
    page.get_by_role("button", name="Ký số").click()
    page.frame_locator("iframe.key-frame").locator("[data-cancel]").click()
    expect(page.locator("[data-problem]")).to_contain_text("hủy")
    expect(page.get_by_role("button", name="Ký số")).to_be_enabled()
    check_axe(page)
    check_fit(page)

    page.get_by_role("link", name="Từ chối ký").click()
    page.get_by_role("button", name="Từ chối ký").click()
    expect(page.locator(".field-invalid")).to_be_visible()
    page.get_by_label("Lý do").fill("Số liệu trang 2 chưa thống nhất.")
    page.get_by_role("button", name="Từ chối ký").click()
    expect(page.locator(".signer-refused")).to_contain_text("Số liệu trang 2 chưa thống nhất.")
    assert signing.steps.get().status == StepStatus.REFUSED


def test_a_token_signs_two_papers_with_one_pin(
    page_for, house, address, authority, settings, tmp_path_factory, check_axe, check_fit
):
    module = find_softhsm()
    if module is None:
        pytest.skip("softhsm2 is not installed")
    token = make_token(module, tmp_path_factory.mktemp("token"), "Minister")
    certificate = authority.certify(token.make_key("mine", "rsa"), "Trần Ngọc Ánh", "Bộ Y tế")
    token.put(certificate, "mine")
    held = SimpleNamespace(certificate=certificate, der=certificate.public_bytes(Encoding.DER))
    register(held, holder=house.other_minister)
    content = HTML(string=PAPER).write_pdf()
    for number in range(3):
        version = make_paper(house, content + b"%" + str(number).encode() + b"\n")
        ask(house, step_for(house.other_minister), version=version)
    first, second, third = SigningRequest.objects.order_by("pk")
    computer = Computer(tmp_path_factory.mktemp("computer"), token, origin=address)
    try:
        settings.AGENT_PORT = computer.port
        page = page_for(house.other_minister, size=TABLET)
        page.goto("/signatures/")
        page.get_by_role("link", name="Ký nhiều văn bản một lần").click()
        sign_button = page.get_by_role("button", name="Ký số văn bản đã chọn")
        expect(sign_button).to_be_disabled()
        for place in (0, 1):
            page.locator("[data-show]").nth(place).click()
            expect(page.locator("[data-tick]").nth(place)).to_be_checked()
        expect(page.locator("[data-tick]").nth(2)).to_be_disabled()  # not looked at
        check_axe(page)
        check_fit(page)
        computer.enter("")
        sign_button.click()
        expect(page.locator("[data-problem]")).to_contain_text("hủy")
        computer.forget()
        sign_button.click()
        expect(page.locator("[data-told]")).to_contain_text("Đã ký 2 trên 2", timeout=PATIENCE)
        assert len(computer.shown[-1]["orders"]) == 2
    finally:
        computer.stop()
    statuses = [SigningRequest.objects.get(pk=one.pk).status for one in (first, second, third)]
    assert statuses == [RequestStatus.COMPLETED, RequestStatus.COMPLETED, RequestStatus.OPEN]
