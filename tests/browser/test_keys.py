"""Keys in a real browser: a key file in its sandbox, and a token through the agent of this computer."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from django.urls import reverse
from playwright.sync_api import expect

from signatures.models import SigningCertificate
from signatures.rules import CertificateStatus, KeyWay
from tests.authority import PASSWORD
from tests.browser.conftest import TABLET
from tests.computer import Computer
from tests.tokens import find_softhsm, make_token

pytestmark = pytest.mark.django_db(transaction=True)


def give_file(content: bytes) -> dict:
    return {"name": "khoa.p12", "mimeType": "application/x-pkcs12", "buffer": content}


def make_old(identity) -> bytes:
    """As programs wrote it until some years ago."""
    old = pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).key_cert_algorithm(old)
    protection = builder.hmac_hash(SHA1()).build(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(b"old", identity.key, identity.certificate, None, protection)


def test_a_key_file_proves_itself_in_a_frame_that_reaches_nothing(cast, page_for, check_axe, authority):
    """The minister tries an old file, then a wrong password, then hers, by RSA and by an elliptic curve."""
    page = page_for(cast.minister, language="en", size=TABLET)
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    for kind in ("ec", "rsa"):
        identity = authority.issue("Nguyễn Hữu Đức", f"Bộ Tài chính {kind}", key=kind)
        page.goto(reverse("signatures:list_keys"))
        page.get_by_role("button", name="In a key file").click()
        frame = page.frame_locator("iframe[title='Key file']")
        if kind == "ec":
            frame.get_by_label("Key file (.p12, .pfx)").set_input_files(give_file(make_old(identity)))
            frame.get_by_label("Password").fill(PASSWORD)
            frame.get_by_role("button", name="Open the key file").click()
            expect(frame.get_by_role("alert")).to_contain_text("openssl pkcs12 -legacy")
            check_axe(page)
        frame.get_by_label("Key file (.p12, .pfx)").set_input_files(give_file(identity.p12))
        frame.get_by_label("Password").fill("a wrong password")
        frame.get_by_role("button", name="Open the key file").click()
        expect(frame.get_by_role("alert")).to_contain_text("does not open with this password")
        frame.get_by_label("Password").fill(PASSWORD)
        frame.get_by_role("button", name="Open the key file").click()
        expect(frame.get_by_text("Proof that this key is yours")).to_be_visible()
        frame.get_by_role("button", name="Sign").click()
        expect(page.get_by_text("The key has answered")).to_be_visible()
    claimed = SigningCertificate.objects.filter(status=CertificateStatus.CLAIMED, way=KeyWay.BROWSER)
    assert claimed.count() == 2
    assert not [request for request in sent if PASSWORD in request or "a wrong password" in request]


def test_the_token_of_this_computer_proves_itself_through_the_agent(
    cast, page_for, address, authority, settings, tmp_path_factory
):
    module = find_softhsm()
    if module is None:
        pytest.skip("softhsm2 is not installed")
    token = make_token(module, tmp_path_factory.mktemp("token"), "Minister")
    token.put(authority.certify(token.make_key("mine", "rsa"), "Nguyễn Hữu Đức", "Bộ Tài chính"), "mine")
    computer = Computer(tmp_path_factory.mktemp("computer"), token, origin=address)
    try:
        settings.AGENT_PORT = computer.port
        page = page_for(cast.minister, language="en")
        page.goto(reverse("signatures:list_keys"))
        page.get_by_role("button", name="On a token in this computer").click()
        computer.enter("")
        page.get_by_role("button", name="Prove this key: Nguyễn Hữu Đức, Bộ Tài chính").click()
        expect(page.get_by_text("Signing was cancelled")).to_be_visible()
        computer.forget()
        page.get_by_role("button", name="Prove this key: Nguyễn Hữu Đức, Bộ Tài chính").click()
        expect(page.get_by_text("The key has answered")).to_be_visible()
    finally:
        computer.stop()
    assert computer.shown[0]["site"] == address
    assert SigningCertificate.objects.get(status=CertificateStatus.CLAIMED).way == KeyWay.TOKEN
