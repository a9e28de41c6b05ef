"""What the trail keeps of signing in, and what it must never keep."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import logout

from audit.models import AuditEvent
from people.rules import Role
from tests import factories

pytestmark = pytest.mark.django_db


def sign_in(client, login, password=factories.PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def entries():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "actor_name", "body_id", "details"))


def test_signing_in_and_out(cast, client):
    sign_in(client, cast.minister.username)
    client.post("/accounts/logout/")

    assert entries() == [
        ("people.sign_in", "Nguyễn Hữu Đức", cast.body.pk, {"methods": ["password"]}),
        ("people.sign_out", "Nguyễn Hữu Đức", cast.body.pk, {}),
    ]


@pytest.mark.parametrize("by", ["username", "email"])
def test_a_failure_is_filed_with_the_account_without_what_was_typed(cast, client, by):
    sign_in(client, getattr(cast.minister, by).upper(), "mật khẩu sai")

    assert entries() == [("people.fail_sign_in", "Nguyễn Hữu Đức", cast.body.pk, {"factor": "password"})]
    assert "mật khẩu sai" not in json.dumps(
        list(AuditEvent.objects.values()), default=str, ensure_ascii=False
    )


def test_an_unknown_name_leaves_no_trace_but_a_line_in_the_security_log(cast, client, caplog):
    with caplog.at_level("WARNING", logger="security"):
        sign_in(client, "ke.la.mat", "bí mật")

    assert entries() == []
    assert "unknown account" in caplog.text
    assert "ke.la.mat" not in caplog.text and "bí mật" not in caplog.text


def test_each_body_of_the_person_reads_of_it(cast, client):
    factories.appoint(cast.minister, Role.MEMBER, cast.province)

    sign_in(client, cast.minister.username)

    assert {body for _, _, body, _ in entries()} == {cast.body.pk, cast.province.pk}


def test_a_person_without_office_is_recorded_too(cast, client):
    sign_in(client, cast.nobody.username)

    assert entries()[0][:3] == ("people.sign_in", "Người không có chức vụ", None)


def test_a_wrong_second_factor(cast, client):
    TOTP.activate(cast.minister, generate_totp_secret())
    sign_in(client, cast.minister.username)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert entries() == [("people.fail_sign_in", "Nguyễn Hữu Đức", cast.body.pk, {"factor": "totp"})]


@pytest.mark.django_db(transaction=True)
def test_changes_of_password_and_second_step(cast, client):
    sign_in(client, cast.minister.username)
    new = {"oldpassword": factories.PASSWORD, "password1": "sen nở mùa hạ", "password2": "sen nở mùa hạ"}
    client.post("/accounts/password/change/", new)
    client.post("/accounts/reauthenticate/", {"password": "sen nở mùa hạ"})
    TOTP.activate(cast.minister, generate_totp_secret())
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")

    actions = [entry[0] for entry in entries()]
    assert actions[:2] == ["people.sign_in", "people.change_password"]
    assert {"people.renew_recovery_codes", "people.remove_second_factor"} <= set(actions)


def test_signing_out_of_nothing_leaves_no_trace(client, db):
    client.post("/accounts/logout/")

    assert entries() == []


def test_five_failures_close_an_account_under_both_its_names(cast, client):
    for number in range(5):
        sign_in(client, cast.minister.username if number % 2 else cast.minister.email, "sai")

    for name in (cast.minister.username, cast.minister.email):
        assert "năm phút" in sign_in(client, name).content.decode()
    assert sign_in(client, cast.other_minister.username).status_code == 302  # from the same address


def test_ending_a_session_in_which_nobody_was_signed_in_leaves_no_trace(client, rf, db):
    request = rf.get("/")
    request.session, request.user = client.session, None

    logout(request)

    assert entries() == []
