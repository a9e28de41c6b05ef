"""The organisation's seal: a real module (SoftHSM) signs; the key never comes out."""

import logging
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from django.core.management import CommandError, call_command

from signatures.keys.server import (
    ServerKeyUnavailable,
    check_server_keys,
    make_server_key,
    sign_with_server_key,
)
from signatures.values import is_made_by
from tests.tokens import PIN


@pytest.fixture
def module(settings, token, tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(f"{PIN}\n")
    settings.SEAL_SIGNER = ""  # the module itself, and not what a demonstration without one has
    settings.PKCS11_MODULE = token.module
    settings.PKCS11_TOKEN = token.label
    settings.PKCS11_PIN_FILE = str(tmp_path / "pin")
    return token


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_seal_signs_inside_the_module(module, authority, kind):
    label = f"seal-{kind}"
    public = module.make_key(label, kind)
    sealed = authority.certify(public, "Văn phòng Chính phủ", "Văn phòng Chính phủ")
    certificate = SimpleNamespace(der=sealed.public_bytes(Encoding.DER), key_name=label)

    value = sign_with_server_key(certificate, b"decision")

    assert is_made_by(certificate.der, value, b"decision")
    assert not is_made_by(certificate.der, value, b"another decision")
    assert label in check_server_keys()


def test_a_key_is_made_inside_and_only_once(module, authority):
    public = load_der_public_key(make_server_key("made-inside"))
    sealed = authority.certify(public, "Văn phòng Chính phủ", "Văn phòng Chính phủ")
    certificate = SimpleNamespace(der=sealed.public_bytes(Encoding.DER), key_name="made-inside")
    assert is_made_by(certificate.der, sign_with_server_key(certificate, b"decision"), b"decision")
    with pytest.raises(ServerKeyUnavailable):
        make_server_key("made-inside")


def test_a_wrong_pin_is_refused_and_never_told(module, settings, caplog):
    with open(settings.PKCS11_PIN_FILE, "w") as file:
        file.write("wrong-pin-7731")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ServerKeyUnavailable) as refused:
        check_server_keys()
    assert "7731" not in str(refused.value) + caplog.text
    assert refused.value.__cause__ is None


def test_a_key_that_is_not_there_and_a_token_that_is_not_there(module, settings, authority):
    identity = authority.issue("Văn phòng Chính phủ", "Văn phòng Chính phủ")
    with pytest.raises(ServerKeyUnavailable, match="none-such"):
        sign_with_server_key(SimpleNamespace(der=identity.der, key_name="none-such"), b"decision")
    settings.PKCS11_TOKEN = "another token"
    with pytest.raises(ServerKeyUnavailable, match="NoSuchToken"):
        check_server_keys()


@pytest.mark.django_db
def test_the_office_can_ask_whether_its_keys_are_there(module, settings, capsys):
    settings.CSC_URL = ""
    call_command("check_keys")
    told = capsys.readouterr().out
    assert "ok       security module" in told
    assert "without  signing service" in told
    settings.CSC_URL = "http://127.0.0.1:9"
    settings.PKCS11_TOKEN = "another token"
    with pytest.raises(CommandError, match="security module, signing service"):
        call_command("check_keys")
