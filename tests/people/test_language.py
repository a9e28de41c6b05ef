"""With Vietnamese chosen, nothing on the pages and in the mails of an account is English."""

import html
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(the|and|or|of|is|are|was|not|your|you|this|that|with|for|from|please|sign|password|e-?mail|user|username|"
    r"code|codes|key|keys|session|account|login|log|submit|save|change|enter|field|required|invalid|incorrect|"
    r"too|common|short|similar|characters|token|reset|remove|add|browser|address|hello|thank)\b",
    re.IGNORECASE,
)


def visible(page):
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    text = re.sub(r'<button[^>]*lang="en".*?</button>', " ", text, flags=re.S)  # the switch itself
    labels = " ".join(
        re.findall(r'(?:aria-label|alt|title|placeholder|data-words|data-failed)="([^"]*)"', text)
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", text) + " " + labels)


def assert_vietnamese(response, status=200):
    assert response.status_code == status, response.request["PATH_INFO"]
    found = sorted({word.group(0).lower() for word in ENGLISH.finditer(visible(response.content.decode()))})
    assert not found, f"{response.request['PATH_INFO']}: {found}"


@pytest.fixture
def minister(cast):
    cast.minister.username, cast.minister.email = "nguyen.huu.duc", "duc@chinhphu.vn"
    cast.minister.save()
    return cast.minister


@pytest.fixture
def signed_in(client, minister):
    client.post("/accounts/login/", {"login": minister.username, "password": factories.PASSWORD})
    return client


def confirm(client):
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})


def test_the_pages_for_strangers(client, db):
    for name in (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ):
        assert_vietnamese(client.get(reverse(name)))
    assert_vietnamese(client.get(reverse("account_reset_password_from_key_done")))
    assert_vietnamese(client.get("/accounts/password/reset/key/1-abc/"))
    assert_vietnamese(client.get("/accounts/logout/"), 302)


@pytest.mark.parametrize(
    "fields",
    [{}, {"login": "ai.do", "password": "sai"}, {"login": "ai.do@chinhphu.vn", "password": "sai"}],
)
def test_mistakes_when_signing_in(client, db, fields):
    assert_vietnamese(client.post("/accounts/login/", fields))


def test_too_many_mistakes(client, minister):
    for _ in range(6):
        answer = client.post("/accounts/login/", {"login": minister.username, "password": "sai"})
    assert "năm phút" in answer.content.decode()
    assert_vietnamese(answer)


def test_too_many_requests(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client.post("/accounts/password/reset/", {"email": "ai@chinhphu.vn"})
    assert_vietnamese(client.post("/accounts/password/reset/", {"email": "ai@chinhphu.vn"}), 429)


def test_the_pages_of_an_account(signed_in):
    for name in ("account_security", "account_change_password", "account_logout", "account_reauthenticate"):
        assert_vietnamese(signed_in.get(reverse(name)))
    assert_vietnamese(signed_in.get(reverse("usersessions_list")))
    assert_vietnamese(signed_in.get(reverse("mfa_index")))


@pytest.mark.parametrize("password", ["ngắn", "1234567890", "password12", "nguyen.huu.duc"])
def test_passwords_that_are_not_good_enough(signed_in, password):
    fields = {"oldpassword": "sai", "password1": password, "password2": password + "x"}

    answer = signed_in.post(reverse("account_change_password"), fields)

    assert "error-summary" in answer.content.decode()
    assert_vietnamese(answer)


def test_a_person_without_password_sets_one(minister):
    client = Client()
    minister.set_unusable_password()
    minister.save()
    client.force_login(minister)

    assert_vietnamese(client.get(reverse("account_set_password")))


def test_the_second_step(signed_in, minister):
    confirm(signed_in)
    assert_vietnamese(signed_in.get(reverse("mfa_activate_totp")))
    assert_vietnamese(signed_in.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    assert_vietnamese(signed_in.get(reverse("mfa_add_webauthn")))
    assert_vietnamese(signed_in.get(reverse("mfa_list_webauthn")))

    TOTP.activate(minister, generate_totp_secret())
    RecoveryCodes.activate(minister)
    key = Authenticator.objects.create(
        user=minister, type="webauthn", data={"name": "Máy tính bảng", "credential": {}}
    )
    for name in (
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
    ):
        assert_vietnamese(signed_in.get(reverse(name)))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert_vietnamese(signed_in.get(reverse(name, args=[key.pk])))
    signed_in.post(reverse("mfa_generate_recovery_codes"))
    assert_vietnamese(signed_in.get(reverse("mfa_index")))


def test_signing_in_with_a_code(client, minister):
    TOTP.activate(minister, generate_totp_secret())
    client.post("/accounts/login/", {"login": minister.username, "password": factories.PASSWORD})

    assert_vietnamese(client.get(reverse("mfa_authenticate")))
    assert_vietnamese(client.post(reverse("mfa_authenticate"), {"code": "000000"}))


def test_mails_are_in_the_language_of_their_reader(client, minister, signed_in):
    Client().post("/accounts/password/reset/", {"email": minister.email})
    new = {"oldpassword": factories.PASSWORD, "password1": "sen nở mùa hạ", "password2": "sen nở mùa hạ"}
    signed_in.post(reverse("account_change_password"), new)

    assert [letter.subject for letter in mail.outbox] == [
        "e-Cabinet: Đặt mật khẩu mới",
        "e-Cabinet: Mật khẩu đã được đổi",
    ]
    for letter in mail.outbox:
        words = re.sub(r"https?://\S+|Thiết bị: .*", " ", letter.body)
        assert not ENGLISH.findall(words), letter.body
    assert "http://localhost:8000/accounts/password/reset/key/" in mail.outbox[0].body

    minister.language = "en"
    minister.save()
    Client().post("/accounts/password/reset/", {"email": minister.email}, headers={"host": "evil.example"})
    assert mail.outbox[-1].subject == "e-Cabinet: Choose a new password"
    assert "evil.example" not in mail.outbox[-1].body


def test_a_stranger_gets_no_mail(client, db):
    client.post("/accounts/password/reset/", {"email": "ai@chinhphu.vn"})

    assert mail.outbox == []


def test_nobody_registers_herself(client, db, rf):
    from people.adapter import AccountAdapter

    assert client.get("/accounts/signup/").status_code == 404
    assert client.post("/accounts/signup/", {"email": "x@y.vn"}).status_code == 404
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False
