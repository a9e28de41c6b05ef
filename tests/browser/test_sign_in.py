"""Signing in as a person does it: password, app, passkey, recovery code, and the door that stays shut."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import expect

from audit.models import AuditEvent
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def allow_plain_http(settings):
    """A passkey wants https; the test server speaks http on localhost."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def sign_in(page, person, password=PASSWORD):
    page.goto("/accounts/login/")
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill(person.username)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def authenticator(page):
    """A device with a fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session, device


def test_a_minister_signs_in_by_password_and_out_again(page, cast):
    sign_in(page, cast.minister)

    expect(page.locator("h1")).to_have_text("Việc cần làm của tôi")
    page.locator("details.menu-of-user summary").click()
    page.locator("details.menu-of-user").get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "people.sign_in",
        "people.sign_out",
    ]


def test_the_page_asked_for_comes_after_signing_in(page, cast):
    page.goto("/people/?q=anh")

    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill(cast.minister.email.upper())
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()

    expect(page).to_have_url(re.compile(r"/people/\?q=anh$"))


def test_five_mistakes_close_the_door_for_this_account_alone(page, cast):
    for number in range(5):
        sign_in(page, cast.minister, f"sai {number}")
        expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng.")

    sign_in(page, cast.minister)  # the right password, too late
    expect(page.get_by_role("alert")).to_contain_text("Vui lòng chờ năm phút")

    sign_in(page, cast.other_minister)  # the same room, the same address
    expect(page.locator("h1")).to_have_text("Việc cần làm của tôi")


def test_an_app_is_set_up_and_asked_for(page, page_for, cast):
    sign_in(page, cast.minister)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Mật khẩu").fill(PASSWORD)  # a fresh proof first
    page.get_by_role("button", name="Xác nhận").click()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Mã hiện trên ứng dụng").fill(code_now(secret))
    page.get_by_role("button", name="Thiết lập", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Đã thiết lập ứng dụng xác thực.")

    other = page_for()
    sign_in(other, cast.minister)
    expect(other.locator("h1")).to_have_text("Bước xác thực thứ hai")
    other.get_by_label("Mã xác thực").fill("000000")
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Mã này không đúng.")
    assert AuditEvent.objects.filter(action="people.fail_sign_in", details__factor="totp").exists()


def test_a_recovery_code_opens_once(page_for, cast):
    TOTP.activate(cast.minister, generate_totp_secret())
    code = RecoveryCodes.activate(cast.minister).get_unused_codes()[0]

    first = page_for()
    sign_in(first, cast.minister)
    first.get_by_label("Mã xác thực").fill(code)
    first.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(first.locator("h1")).to_have_text("Việc cần làm của tôi")

    second = page_for()
    sign_in(second, cast.minister)
    second.get_by_label("Mã xác thực").fill(code)
    second.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("Mã này không đúng.")


def test_a_passkey_is_set_up_and_signs_in_alone(page, authenticator, cast):
    sign_in(page, cast.minister)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Tên khóa").fill("Máy tính bảng")
    page.get_by_role("button", name="Tiếp tục trên thiết bị").click()
    expect(page.locator("#messages")).to_contain_text("Đã thêm khóa.")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("rowheader", name="Máy tính bảng")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()

    expect(page.locator("h1")).to_have_text("Việc cần làm của tôi")
    assert AuditEvent.objects.filter(action="people.add_second_factor", details__factor="webauthn").exists()


def test_a_passkey_that_does_not_answer_is_said_in_words(page, authenticator, cast):
    session, device = authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()

    expect(page.locator("#messages")).to_contain_text("Chưa dùng được khóa truy cập")


def test_signing_out_everywhere_else_ends_the_other_sessions(page_for, cast):
    here, there = page_for(), page_for()
    sign_in(here, cast.minister)
    expect(here.locator("h1")).to_have_text("Việc cần làm của tôi")
    sign_in(there, cast.minister)
    expect(there.locator("h1")).to_have_text("Việc cần làm của tôi")

    here.goto("/accounts/sessions/")
    here.get_by_role("button", name="Đăng xuất ở mọi nơi khác").click()

    expect(here.locator("#messages")).to_contain_text("Đã đăng xuất ở mọi nơi khác.")
    there.goto("/")
    expect(there.locator("h1")).to_have_text("Đăng nhập")


OPEN_PAGES = ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/")
OWN_PAGES = ("/accounts/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/", "/notices/")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
def test_the_pages_of_an_account_fit(page_for, cast, check_fit, size, language):
    stranger = page_for(size=size, language=language)
    page = page_for(cast.minister, size=size, language=language)
    for visitor, addresses in ((stranger, OPEN_PAGES), (page, OWN_PAGES)):
        for address in addresses:
            visitor.goto(address)
            check_fit(visitor)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_an_account_are_open_to_all(page_for, cast, check_axe, size):
    stranger, page = page_for(size=size), page_for(cast.minister, size=size)
    for visitor, addresses in ((stranger, OPEN_PAGES), (page, OWN_PAGES)):
        for address in addresses:
            visitor.goto(address)
            check_axe(visitor)
