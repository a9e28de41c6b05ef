"""Remote signing against a real server of the CSC interface (certomancer-csc-dummy), which pins the hash."""

import base64
import json
import logging
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.urls import reverse

from core.workflow import Conflict
from signatures.keys import remote
from signatures.models import SigningCertificate
from signatures.values import is_made_by
from tests.workers import wait_for


@pytest.fixture(scope="module")
def service(authority, tmp_path_factory):
    """Its keys are of people whom the authority knows."""
    folder = tmp_path_factory.mktemp("csc")
    signers = {
        kind: authority.issue("Nguyễn Hữu Đức", f"Bộ Tài chính {kind}", key=kind) for kind in ("ec", "rsa")
    }
    described = yaml.safe_load(authority.configuration_file.read_text())
    for path in authority.folder.glob("*.[kp]e[ym]"):
        (folder / path.name).write_bytes(path.read_bytes())
    certificates = described["pki-architectures"]["demo"]["certs"]
    keys = described["keysets"]["demo"]["keys"]
    for kind, signer in signers.items():
        key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{kind}.key").write_bytes(key)
        (folder / f"{kind}.pem").write_bytes(signer.pem)
        keys[kind] = {"path": f"{kind}.key"}
        certificates[kind] = {
            **next(iter(certificates.values())),
            "issuer": "issuer",
            "serial": signer.certificate.serial_number,
            "certificate-file": f"{kind}.pem",
        }
    own = {"root", "issuer", "timestamps", "responder", *signers}
    described["pki-architectures"]["demo"]["certs"] = {k: v for k, v in certificates.items() if k in own}
    (folder / "service.yaml").write_text(yaml.safe_dump(described))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "csc_dummy", str(folder / "service.yaml"), str(port), "2"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(lambda: _listens(port) or process.poll() is not None, 20)
        assert process.poll() is None, (folder / "log").read_text()
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}/csc/v1", signers=signers)
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def configured(settings, service):
    settings.CSC_URL = service.url
    return service


def certificate_of(service, kind):
    return SimpleNamespace(der=service.signers[kind].der, key_name=f"demo/{kind}")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_service_signs_this_and_nothing_else(configured, kind):
    certificate = certificate_of(configured, kind)
    value = remote.sign_remotely(certificate, b"decision", pin="1234", otp="567890")
    assert is_made_by(certificate.der, value, b"decision")
    assert not is_made_by(certificate.der, value, b"another")


def test_a_permission_is_good_for_its_hash_only(configured, monkeypatch):
    """The server itself refuses; the client sends the hash with the request for permission."""
    ask, other = remote._ask, remote.encode(bytes(32))
    monkeypatch.setattr(
        remote, "_ask", lambda method, body: ask(method, body | ({"hash": [other]} if "SAD" in body else {}))
    )
    with pytest.raises(remote.RemoteSigningFailed):
        remote.sign_remotely(certificate_of(configured, "ec"), b"decision", pin="1234")


def test_only_what_can_sign_is_listed(configured):
    listed = remote.list_credentials(SimpleNamespace(email="duc@example.vn"))
    assert {each["key_name"] for each in listed} == {"demo/ec", "demo/rsa"}
    assert base64.b64decode(listed[0]["certificate"]) in {s.der for s in configured.signers.values()}
    assert remote.check_service() == "Certomancer CSC test server"


def test_another_key_of_the_service_is_not_taken_for_ones_own(configured):
    mixed = SimpleNamespace(der=configured.signers["rsa"].der, key_name="demo/ec")
    with pytest.raises(Conflict):
        remote.sign_remotely(mixed, b"decision")


@pytest.fixture
def crooked(settings):
    """A service that keeps what it was sent, and answers as it is told."""
    heard, answers = [], {}

    class Crooked(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.path, sent, dict(self.headers)))
            status, content = answers.get(self.path, (200, b"{}"))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Crooked)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.CSC_URL = f"http://127.0.0.1:{server.server_port}"
    yield SimpleNamespace(heard=heard, answers=answers)
    server.shutdown()
    thread.join()
    server.server_close()


SCRIPT = {"accept": "application/json"}
PERMISSION = (200, b'{"SAD": "yes"}')


@pytest.mark.parametrize(
    "permission, signing",
    [
        ((401, b'{"error": "PIN 314159 is wrong"}'), (200, b"{}")),
        ((500, b""), (200, b"{}")),
        ((302, b""), (200, b"{}")),
        ((200, b"not json"), (200, b"{}")),
        ((200, b"[]"), (200, b"{}")),
        ((200, b'{"SAD": 7}'), (200, b"{}")),
        (PERMISSION, (200, b'{"signatures": []}')),
        (PERMISSION, (200, b'{"signatures": ["***"]}')),
        (PERMISSION, (200, b'{"signatures": ["AAAA"]}')),
        (PERMISSION, (200, b'{"signatures": 7}')),
    ],
)
def test_whatever_the_service_answers_no_secret_is_told(crooked, authority, caplog, permission, signing):
    crooked.answers |= {"/credentials/authorize": permission, "/signatures/signHash": signing}
    caplog.set_level(logging.DEBUG)
    identity = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    with pytest.raises(remote.RemoteSigningFailed) as refused:
        remote.sign_remotely(SimpleNamespace(der=identity.der, key_name="x"), b"decision", pin="314159")
    assert "314159" not in str(refused.value) + caplog.text
    assert refused.value.__cause__ is None
    assert crooked.heard[0][1]["PIN"] == "314159"
    assert "314159" not in str([heard[1] for heard in crooked.heard[1:]])


def test_this_system_shows_its_token(crooked, settings, tmp_path):
    (tmp_path / "token").write_text("a-long-token\n")
    settings.CSC_TOKEN_FILE = str(tmp_path / "token")
    remote.check_service()
    assert crooked.heard[0][2]["Authorization"] == "Bearer a-long-token"


def test_a_service_that_is_away(settings):
    settings.CSC_URL = "http://127.0.0.1:9"
    with pytest.raises(remote.RemoteSigningFailed):
        remote.check_service()


def test_a_person_claims_and_proves_her_remote_key(configured, cast, sign_in):
    browser = sign_in(cast.minister)
    credentials = browser.get(reverse("signatures:list_credentials")).json()["credentials"]
    chosen = next(each for each in credentials if each["key_name"] == "demo/ec")
    sent = {"way": "remote", "certificate": chosen["certificate"], "key_name": chosen["key_name"]}
    order = browser.post(reverse("signatures:begin_claim"), sent).json()
    value = browser.post(order["remote_url"], {"pin": "1234", "otp": ""}).json()["value"]
    assert browser.post(order["complete_url"], {"value": value}).json()["state"] == "claimed"
    assert SigningCertificate.objects.get().key_name == "demo/ec"


def claim(browser, der, name, way="remote"):
    sent = {"way": way, "certificate": base64.b64encode(der).decode(), "key_name": name}
    return browser.post(reverse("signatures:begin_claim"), sent)


def hold(crooked, person, name, der):
    """The service has this key of this person, and of nobody else."""
    listed = json.dumps({"credentialIDs": [name]}).encode()
    told = {"key": {"status": "enabled"}, "cert": {"certificates": [base64.b64encode(der).decode()]}}
    crooked.answers |= {
        "/credentials/list": (200, listed),
        "/credentials/info": (200, json.dumps(told).encode()),
    }


def test_nobody_claims_what_the_service_does_not_hold_for_her(crooked, cast, sign_in, authority):
    theirs = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính").der
    mine = authority.issue("Trần Thị Mai", "Bộ Y tế").der
    hold(crooked, cast.minister, "hers", mine)
    browser = sign_in(cast.minister)
    for der, name in ((theirs, "his"), (mine, "his"), (theirs, "hers"), (mine, "")):
        refused = claim(browser, der, name)
        assert refused.status_code == 422
        assert "Dịch vụ ký số" in refused.json()["detail"]
    assert not SigningCertificate.objects.exists()
    assert crooked.heard[0][1]["userID"] == cast.minister.email
    assert claim(browser, mine, "hers").status_code == 200


def test_no_pin_goes_to_the_service_for_a_key_that_is_elsewhere(crooked, cast, sign_in, authority):
    """A claim of another way names a credential without being asked about it."""
    browser = sign_in(cast.minister)
    order = claim(browser, authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính").der, "his", way="token").json()
    assert browser.post(order["remote_url"], {"pin": "1234"}).status_code == 404
    assert crooked.heard == []


def test_pins_are_not_guessed(crooked, cast, sign_in, authority):
    own = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    hold(crooked, cast.minister, "hers", own.der)
    crooked.answers["/credentials/authorize"] = (401, b"{}")
    browser = sign_in(cast.minister)
    address = claim(browser, own.der, "hers").json()["remote_url"]
    crooked.heard.clear()
    told = [browser.post(address, {"pin": str(pin)}, headers=SCRIPT) for pin in range(1000, 1007)]
    assert [each.status_code for each in told] == [409] * 5 + [429] * 2
    assert [sent["PIN"] for _, sent, _ in crooked.heard] == ["1000", "1001", "1002", "1003", "1004"]
    assert "quá nhiều lần" in told[-1].json()["detail"]


def test_the_right_pin_begins_anew(configured, cast, sign_in, settings):
    """Many papers in a row are no guessing."""
    settings.ACCOUNT_RATE_LIMITS = {"unlock_remote_key": "1/5m/user"}
    browser = sign_in(cast.minister)
    address = claim(browser, configured.signers["ec"].der, "demo/ec").json()["remote_url"]
    assert [browser.post(address, {"pin": "1234"}).status_code for _ in range(3)] == [200] * 3


def test_a_script_hears_why_the_service_failed(cast, sign_in, settings, authority):
    settings.CSC_URL = ""
    browser = sign_in(cast.minister)
    refused = browser.get(reverse("signatures:list_credentials"), headers={"accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json()["detail"]
