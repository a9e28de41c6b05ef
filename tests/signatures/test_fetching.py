"""Authorities are asked at allowed addresses only, over real HTTP; what they give counts by its signature."""

import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core import clock
from core.work import WorkState
from signatures import actions, fetching, tasks
from signatures.models import (
    RevocationAnswer,
    RevocationList,
    RevocationSource,
    TrustedCertificate,
    Verification,
)
from signatures.rules import CertificateUse, SourceKind
from signatures.timestamping import TimestampUnavailable, request_timestamp
from signatures.trust import build_trust_store, read_certificate
from signatures.wording import FAILURES
from tests.signatures.papers import add_paper, issuer, make_report, newest, settle, trust
from tests.signatures.samples import pki, revocation_lists

NOW = clock.now()
FRESH = (NOW - timedelta(hours=1), NOW + timedelta(days=1))


class Server(ThreadingHTTPServer):
    """Gives whatever a test puts at a path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.at: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.asked: list[str] = []

    def put(self, path: str, content: bytes, status: int = 200, **headers: str) -> str:
        self.at[path] = (status, content, headers)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, content, headers = self.server.at[self.path]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server():
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(cast):
    """`ask(url, kind)`: the address is allowed and asked at once."""

    def ask(url: str, kind: str = SourceKind.LIST, **fields) -> RevocationSource:
        source = RevocationSource(kind=kind, url=url, **{"is_internal": True, **fields})
        actions.add_source(source, by=cast.administrator)
        tasks.fetch_source(source.pk)
        source.refresh_from_db()
        assert source.failure == "" or source.failure in FAILURES
        return source

    return ask


# Lists


def test_a_list_is_fetched_checked_and_used(cast, server, ask):
    trust(cast)
    (mine, _) = revocation_lists(*FRESH)
    source = ask(server.put("/a.crl", mine))
    assert (source.failure, source.failures, source.work_state) == ("", 0, WorkState.DONE)
    assert source.succeeded_at and source.next_at > clock.now()
    assert build_trust_store().crls == (mine,)
    assert RevocationList.objects.get().added_by_name == "worker"


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"<html>404</html>", "unreadable"),
        (b"", "unreadable"),
        (revocation_lists(*FRESH)[1], "not_signed"),  # of the root, which is not trusted here
        (revocation_lists(NOW - timedelta(days=9), NOW - timedelta(days=2))[0], "out_of_date"),
        (revocation_lists(NOW + timedelta(days=1), NOW + timedelta(days=2))[0], "out_of_date"),
    ],
    ids=["a page", "nothing", "another's", "old", "of tomorrow"],
)
def test_what_is_no_list_in_force_of_a_trusted_authority_is_not_taken(cast, server, ask, content, failure):
    trust(cast)
    assert ask(server.put("/a.crl", content)).failure == failure
    assert not RevocationList.objects.exists()


def test_a_forged_list_is_not_taken(cast, server, ask):
    trust(cast)
    forged = bytearray(revocation_lists(*FRESH)[0])
    forged[-1] ^= 1
    assert ask(server.put("/a.crl", bytes(forged))).failure == "not_signed"


def test_an_older_list_does_not_replace_a_newer_one(cast, server, ask):
    trust(cast)
    newer = revocation_lists(NOW - timedelta(minutes=5), NOW + timedelta(days=1))[0]
    older = revocation_lists(*FRESH)[0]
    ask(server.put("/new.crl", newer))
    source = ask(server.put("/old.crl", older))
    assert (source.failure, build_trust_store().crls) == ("older", (newer,))


def test_a_newer_list_takes_the_place_of_the_older_but_not_of_what_it_has_dropped(cast, server, ask):
    trust(cast)
    serial = 4711
    first = revocation_lists(*FRESH, revoked=[(serial, NOW)])[0]
    second = revocation_lists(NOW - timedelta(minutes=30), FRESH[1], revoked=[(serial, NOW), (4712, NOW)])[0]
    third = revocation_lists(NOW - timedelta(minutes=5), FRESH[1], revoked=[(4712, NOW)])[0]
    for number, content in enumerate((first, second)):
        ask(server.put(f"/{number}.crl", content))
    assert build_trust_store().crls == (second,)
    ask(server.put("/3.crl", third))
    assert set(build_trust_store().crls) == {second, third}, "4711 is revoked still"


def test_the_same_list_again_is_no_news(cast, server, ask):
    trust(cast)
    source = ask(server.put("/a.crl", revocation_lists(*FRESH)[0]))
    actions.ask_source(source, by=cast.administrator)
    tasks.fetch_source(source.pk)
    source.refresh_from_db()
    assert (source.failure, RevocationList.objects.count(), len(server.asked)) == ("", 1, 2)


def test_a_paper_of_a_certificate_that_is_revoked_only_now_is_checked_anew(cast, server, ask):
    trust(cast)
    ask(server.put("/0.crl", revocation_lists(*FRESH)[0]))
    (good,) = make_report("ok").signatures
    from dataclasses import replace

    hit, other = add_paper(cast), add_paper(cast)
    settle(hit, make_report(signatures=(replace(good, serial="ab12"),)))
    settle(other, make_report(signatures=(replace(good, serial="ff"),)))
    later = revocation_lists(NOW - timedelta(minutes=5), FRESH[1], revoked=[(0xAB12, NOW)])[0]
    ask(server.put("/1.crl", later))
    assert newest(hit).is_waiting
    assert not newest(other).is_waiting


# The network


def test_a_source_that_is_down_is_shown_and_asked_again_soon(cast, ask):
    trust(cast)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        source = ask(f"http://127.0.0.1:{nobody.getsockname()[1]}/a.crl")
    assert (source.failure, source.failures) == ("no_answer", 1)
    assert source.next_at < clock.now() + timedelta(minutes=16)
    assert source.succeeded_at is None
    for _ in range(8):
        actions.ask_source(source, by=cast.administrator)
        tasks.fetch_source(source.pk)
    source.refresh_from_db()
    assert source.failures == 9
    assert clock.now() < source.next_at <= clock.now() + timedelta(minutes=source.every_minutes)


def test_nobody_is_followed_elsewhere(cast, server, ask):
    trust(cast)
    good = server.put("/good.crl", revocation_lists(*FRESH)[0])
    source = ask(server.put("/moved.crl", b"", 302, Location=good))
    assert source.failure == "leads_elsewhere"
    assert server.asked == ["/moved.crl"]


def test_the_internal_network_is_asked_only_where_that_was_allowed(cast, server, ask):
    trust(cast)
    source = ask(server.put("/a.crl", revocation_lists(*FRESH)[0]), is_internal=False)
    assert source.failure == "internal_address"
    assert server.asked == []


@pytest.mark.parametrize(
    "number",
    "127.0.0.1 10.0.0.1 192.168.1.1 169.254.169.254 ::1 ::ffff:10.0.0.1 fe80::1%eth0 0.0.0.0".split(),
)
def test_numbers_of_the_internal_network_are_known(number):
    assert not fetching.is_public(number)


def test_a_number_of_the_internet_is_public():
    assert fetching.is_public("113.160.1.1")


@pytest.mark.parametrize(
    ("status", "content", "headers", "failure"),
    [
        (404, b"", {}, "refused"),
        (200, b"x" * 300, {}, "too_large"),
        (200, b"x", {"Content-Length": "100"}, "no_answer"),
    ],
    ids=["refused", "too large", "broken off"],
)
def test_a_server_in_trouble_gives_nothing(cast, server, ask, monkeypatch, status, content, headers, failure):
    monkeypatch.setattr("signatures.fetching.LIMIT", 200)
    assert ask(server.put("/a.crl", content, status, **headers)).failure == failure


@pytest.fixture
def dripping():
    """A server that sends a byte of its answer each tenth of a second, and never comes to an end."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def drip() -> None:
            with suppress(OSError):
                connection, _ = door.accept()
                with connection:
                    for byte in b"HTTP/1.0 200 OK\r\nX: " + b"x" * 60:
                        connection.send(bytes([byte]))
                        time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"


def test_a_server_that_drips_is_given_up(cast, dripping, ask, monkeypatch):
    monkeypatch.setattr("signatures.fetching.PATIENCE", 0.6)
    begin = time.monotonic()
    assert ask(dripping).failure == "no_answer"
    assert time.monotonic() - begin < 4


def test_a_time_stamp_authority_that_drips_is_given_up(cast, dripping, settings, monkeypatch):
    monkeypatch.setattr("signatures.timestamping.SECONDS", 0.6)
    settings.TSA_URLS = [dripping]
    begin = time.monotonic()
    with pytest.raises(TimestampUnavailable):
        request_timestamp(bytes(32))
    assert time.monotonic() - begin < 4


def test_an_ended_address_is_asked_no_more(cast, server, ask):
    source = ask(server.put("/a.crl", b""))
    actions.end_source(source, by=cast.administrator)
    with clock.at(clock.now() + timedelta(days=2)):
        tasks.ask_sources()
        tasks.fetch_source(source.pk)
    assert len(server.asked) == 1


def test_addresses_are_asked_when_it_is_time(cast, server, ask):
    trust(cast)
    source = ask(server.put("/a.crl", revocation_lists(*FRESH)[0]))
    tasks.ask_sources()
    source.refresh_from_db()
    assert source.work_state == WorkState.DONE
    with clock.at(source.next_at + timedelta(seconds=1)):
        tasks.ask_sources()
        source.refresh_from_db()
        assert source.work_state == WorkState.QUEUED


# An authority as it is: root, issuing authority, OCSP, over HTTP


@pytest.fixture
def root(cast, authority):
    return trust(cast, read_certificate(authority.root.der))


def test_the_issuing_authority_is_fetched_and_leads_to_its_root(cast, authority, root, server, ask):
    source = ask(server.put("/ca.cer", authority.issuer.der), SourceKind.CERTIFICATE)
    assert source.failure == ""
    link = TrustedCertificate.objects.get(use=CertificateUse.LINK)
    store = build_trust_store()
    assert (store.intermediates, len(store.anchors)) == ((authority.issuer.der,), 1)
    assert link.proposal is None
    assert ask(server.put("/again.cer", authority.issuer.der), SourceKind.CERTIFICATE).failure == ""
    assert TrustedCertificate.objects.count() == 2


def test_an_issuing_authority_of_strangers_is_not_taken(cast, root, server, ask):
    source = ask(server.put("/ca.cer", pki().issuer.der), SourceKind.CERTIFICATE)
    assert source.failure == "not_signed"
    assert TrustedCertificate.objects.count() == 1


def test_lists_of_a_real_authority_are_fetched(cast, authority, root, ask):
    trust(cast, read_certificate(authority.issuer.der))
    for url in authority.crl_urls:
        assert ask(url).failure == ""
    assert len(build_trust_store().crls) == 2


def paper_signed_by(cast, serial: int, name: str):
    from dataclasses import replace

    (good,) = make_report("ok").signatures
    version = add_paper(cast)
    settle(version, make_report(signatures=(replace(good, serial=f"{serial:x}", issuer=name),)))
    return version


def test_answers_are_asked_for_on_the_signers_of_papers(cast, authority, root, ask):
    certificate = trust(cast, read_certificate(authority.issuer.der))
    signer = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    name = certificate.subject.split(",")[0]
    version = paper_signed_by(cast, signer.certificate.serial_number, name)
    source = ask(authority.ocsp_url, SourceKind.ANSWER, authority=certificate)
    assert source.failure == ""
    answer = RevocationAnswer.objects.get()
    assert (answer.status, answer.serial) == ("good", f"{signer.certificate.serial_number:x}")
    assert len(build_trust_store().ocsps) == 1
    assert not newest(version).is_waiting or newest(version).cause == "trust"


def test_one_refused_question_stops_no_other(cast, authority, root, ask, monkeypatch):
    """Of three signers the responder does not want to hear of the first, and answers about the rest."""
    certificate = trust(cast, read_certificate(authority.issuer.der))
    name = certificate.subject.split(",")[0]
    signers = [authority.issue(f"Nguyễn Văn {letter}", "Bộ Tài chính") for letter in "AB"]
    for signer in signers:
        paper_signed_by(cast, signer.certificate.serial_number, name)
    real, asked = fetching.load, []

    def refuse_first(source, question=None):
        asked.append(question)
        if len(asked) == 1:
            raise fetching.FetchFailed("refused")
        return real(source, question)

    monkeypatch.setattr(fetching, "load", refuse_first)
    source = ask(authority.ocsp_url, SourceKind.ANSWER, authority=certificate)
    assert (source.failure, len(asked), RevocationAnswer.objects.count()) == ("refused", 2, 1)


def test_nobody_is_asked_about_numbers_from_a_strangers_file(cast):
    """It names the authority, but the verifier has found no way from its signer to it."""
    from dataclasses import replace

    certificate = trust(cast)
    name = certificate.subject.split(",")[0]
    listed = {}
    for number, reason in enumerate(("chain_unknown", "revocation_unknown", "ok"), 100):
        (one,) = make_report(reason).signatures
        settle(add_paper(cast), make_report(signatures=(replace(one, serial=f"{number:x}", issuer=name),)))
        listed[reason] = number
    found = fetching.list_serials_in_question(issuer().certificate)
    assert sorted(found) == [listed["revocation_unknown"], listed["ok"]]


def test_an_answer_of_another_authority_is_not_taken(cast, authority, server, ask, root):
    """A good answer, but on certificates of an authority with the same serial numbers."""
    certificate = trust(cast, read_certificate(authority.issuer.der))
    other = trust(cast, issuer())
    signer = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    serial = signer.certificate.serial_number
    paper_signed_by(cast, serial, certificate.subject.split(",")[0])
    assert ask(authority.ocsp_url, SourceKind.ANSWER, authority=certificate).failure == ""
    taken = bytes(RevocationAnswer.objects.get().der)
    RevocationAnswer.objects.all().delete()
    paper_signed_by(cast, serial, other.subject.split(",")[0])
    source = ask(server.put("/ocsp", taken), SourceKind.ANSWER, authority=other)
    assert source.failure == "not_signed"
    broken = bytearray(taken)
    broken[-300] ^= 1
    url = server.put("/broken", bytes(broken))
    assert ask(url, SourceKind.ANSWER, authority=certificate).failure in ("not_signed", "unreadable")
    assert not RevocationAnswer.objects.exists()


def test_an_authority_no_longer_trusted_is_not_asked(cast, authority, root, ask):
    certificate = trust(cast, read_certificate(authority.issuer.der))
    TrustedCertificate.objects.filter(pk=certificate.pk).update(trusted_until=clock.now())
    source = ask(authority.ocsp_url, SourceKind.ANSWER, authority=certificate)
    assert source.failure == "authority_not_trusted"
    assert not Verification.objects.exists()
