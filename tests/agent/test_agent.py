"""The program for tokens on the signer's own computer: a real process, a real module (SoftHSM), real HTTP."""

import base64
import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.cms import build_attributes
from signatures.values import is_made_by
from tests.computer import AGENT, OTHER_SITE, SITE, Computer
from tests.tokens import PIN, find_softhsm, make_token


@pytest.fixture(scope="module")
def machine(tmp_path_factory, authority):
    module = find_softhsm()
    if module is None:
        pytest.skip("softhsm2 is not installed")
    token = make_token(module, tmp_path_factory.mktemp("agent-token"), "Nguyễn Hữu Đức")
    certificates = {}
    for kind in ("rsa", "ec"):
        public = token.make_key(kind, kind)
        certificates[kind] = authority.certify(public, "Nguyễn Hữu Đức", f"Bộ Tài chính {kind}")
        token.put(certificates[kind], kind)
    computer = Computer(tmp_path_factory.mktemp("agent"), token)
    computer.certificates = {
        kind: certificate.public_bytes(Encoding.DER) for kind, certificate in certificates.items()
    }
    yield computer
    computer.stop()


@pytest.fixture
def computer(machine):
    machine.forget()
    return machine


def make_order(computer, kind="ec", content=b"decision", **changed):
    certificate = computer.certificates[kind]
    digest = hashlib.sha256(content)
    return {
        "signature": 7,
        "to_sign": base64.b64encode(build_attributes(certificate, digest.digest())).decode(),
        "sha256": digest.hexdigest(),
        "digest": "sha256",
        "certificate": base64.b64encode(certificate).decode(),
        "title": "Nghị quyết về kế hoạch năm 2027",
        "signer": "Nguyễn Hữu Đức",
        "expires_at": (datetime.now(UTC) + timedelta(minutes=10)).isoformat(),
        **changed,
    }


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_paper_is_signed_after_its_owner_saw_it(computer, kind):
    listed = computer.ask("GET", "/certificates").plain["certificates"]
    assert {base64.b64decode(each["certificate"]) for each in listed} == set(computer.certificates.values())
    order = make_order(computer, kind)

    answer = computer.sign(order)

    assert answer.status == 200, answer.plain
    value = base64.b64decode(answer.plain["values"][0])
    assert is_made_by(computer.certificates[kind], value, base64.b64decode(order["to_sign"]))
    (shown,) = computer.shown
    assert shown["site"] == SITE
    assert shown["orders"][0]["sha256"] == order["sha256"]
    assert shown["orders"][0]["title"] == order["title"]
    assert "Nguyễn Hữu Đức" in shown["orders"][0]["certificate"]


def test_several_papers_take_one_pin_and_all_are_listed(computer):
    orders = [make_order(computer, content=b"one", title="Tờ trình"), make_order(computer, content=b"two")]
    answer = computer.sign(*orders)
    for order, value in zip(orders, answer.plain["values"], strict=True):
        certificate = computer.certificates["ec"]
        assert is_made_by(certificate, base64.b64decode(value), base64.b64decode(order["to_sign"]))
    (shown,) = computer.shown
    assert [each["title"] for each in shown["orders"]] == [order["title"] for order in orders]


@pytest.mark.parametrize(
    "origin", [OTHER_SITE, "null", None, "http://cabinet.example.gov.vn", SITE + ":8443"]
)
@pytest.mark.parametrize(
    "deed", [("OPTIONS", "/sign"), ("GET", "/"), ("GET", "/certificates"), ("POST", "/nonce")]
)
def test_a_site_that_is_not_named_sees_nothing(computer, origin, deed):
    answer = computer.ask(*deed, {} if deed[0] == "POST" else None, Origin=origin)
    assert (answer.status, answer.content) == (403, b"")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_another_name_for_this_computer_is_refused(computer):
    answer = computer.ask("GET", "/certificates", Host="cabinet.example.gov.vn")
    assert (answer.status, answer.content) == (403, b"")


def test_the_browser_is_told_that_the_named_site_may_reach_this_computer(computer):
    answer = computer.ask("OPTIONS", "/sign", **{"Access-Control-Request-Private-Network": "true"})
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_plain_form_cannot_order(computer):
    plain = {"nonce": computer.nonce(), "orders": [make_order(computer)]}
    answer = computer.ask("POST", "/sign", plain, **{"Content-Type": "text/plain"})
    assert answer.status == 422
    assert computer.shown == []


def test_a_number_counts_once(computer):
    nonce = computer.nonce()
    assert computer.sign(make_order(computer), nonce=nonce).status == 200
    for used in (nonce, "", None, "x" * 43):
        assert computer.sign(make_order(computer), nonce=used).plain == {"error": "nonce"}
    assert len(computer.shown) == 1


def test_a_wrong_pin_signs_nothing_and_is_told_nowhere(computer):
    computer.enter("wrong-pin-5519")
    answer = computer.sign(make_order(computer))
    assert answer.plain == {"error": "pin"}
    assert "5519" not in computer.log
    computer.enter(PIN)
    assert computer.sign(make_order(computer)).status == 200
    assert PIN not in computer.log


def test_the_owner_may_say_no(computer):
    computer.enter("")
    assert computer.sign(make_order(computer)).plain == {"error": "refused"}


def attributes(order):
    return cms.CMSAttributes.load(base64.b64decode(order["to_sign"]))


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def other_paper(computer):
    return make_order(computer, sha256=hashlib.sha256(b"another paper").hexdigest())


def other_digest(computer):
    return make_order(computer, message_digest=hashlib.sha256(b"another paper").hexdigest())


def other_certificate(computer):
    return make_order(computer, certificate=encode(computer.certificates["rsa"]))


def not_attributes(computer):
    return make_order(computer, to_sign=encode(b"transfer one million"))


def more_attributes(computer):
    found = attributes(make_order(computer))
    time = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": datetime.now(UTC)})]})
    return make_order(computer, to_sign=encode(cms.CMSAttributes([*found, time]).dump()))


def bytes_behind(computer):
    order = make_order(computer)
    return {**order, "to_sign": encode(base64.b64decode(order["to_sign"]) + b"\0")}


@pytest.mark.parametrize(
    "make", [other_paper, other_digest, other_certificate, not_attributes, more_attributes, bytes_behind]
)
def test_what_does_not_fit_the_paper_is_not_even_shown(computer, make):
    assert computer.sign(make(computer)).plain == {"error": "mismatch"}
    assert computer.shown == []


@pytest.mark.parametrize(
    "changed, word",
    [
        ({"expires_at": "2026-01-01T00:00:00+00:00"}, "expired"),
        ({"expires_at": "tomorrow"}, "orders"),
        ({"title": ""}, "orders"),
        ({"title": "x" * 501}, "orders"),
        ({"digest": "md5"}, "orders"),
        ({"to_sign": "***"}, "orders"),
        ({"sha256": 7}, "orders"),
    ],
)
def test_orders_out_of_shape_are_refused(computer, changed, word):
    assert computer.sign(make_order(computer, **changed)).plain == {"error": word}
    assert computer.shown == []


def test_lists_that_are_none_are_refused(computer):
    for orders in ([], "all", None, [make_order(computer)] * 21, [7]):
        assert computer.sign(orders=orders).plain == {"error": "orders"}
    mixed = [make_order(computer, "ec"), make_order(computer, "rsa")]
    assert computer.sign(*mixed).plain == {"error": "orders"}


def test_a_title_cannot_imitate_the_window(computer):
    computer.sign(make_order(computer, title="Tờ trình\n   SHA-256: 00000000\u202e"))
    assert computer.shown[0]["orders"][0]["title"] == "Tờ trình    SHA-256: 00000000"


def test_a_token_that_was_pulled_out(computer):
    inside, outside = computer.token.folder / "tokens", computer.token.folder / "pulled-out"
    inside.rename(outside)
    inside.mkdir()
    try:
        assert computer.ask("GET", "/certificates").plain == {"certificates": []}
        assert computer.sign(make_order(computer)).plain == {"error": "token"}
        assert computer.shown == []
    finally:
        inside.rmdir()
        outside.rename(inside)
    assert computer.sign(make_order(computer)).status == 200


def test_it_listens_on_this_computer_only(computer):
    wanted = f"{computer.port:04X}"
    lines = Path(f"/proc/{computer.process.pid}/net/tcp").read_text().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert [place for place in listening if place.endswith(f":{wanted}")] == [f"0100007F:{wanted}"]


@pytest.mark.parametrize(
    "written, said",
    [
        ("", "No site may ask yet"),
        ('origins = ["http://cabinet.example.gov.vn"]', "not a site with https"),
        ('origins = ["https://cabinet.example.gov.vn/"]', "scheme and host only"),
        ('origins = ["*"]', "not a site with https"),
        (f'origins = ["{SITE}"]\nmodule = "/none.so"', "library is not there"),
        ("origins = [", "not TOML"),
    ],
)
def test_a_bad_configuration_says_what_to_write(tmp_path, written, said):
    (tmp_path / "config.toml").write_text(written)
    command = [sys.executable, "-m", "ecabinet_agent", "--config", str(tmp_path / "config.toml")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(AGENT)}, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
