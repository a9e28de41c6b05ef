"""Timestamps (RFC 3161) from the authorities that the settings name, asked one after the other.

A token is taken only when it answers this very question, and when the verifier finds it good under the trust
store: a timestamp that we would not believe later is no timestamp.
"""

import asyncio
import http.client
import logging
import secrets
import socket
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, tsp
from django.conf import settings

from core import clock
from signatures.deadlines import Deadline
from signatures.trust import build_trust_store
from verifier.pdf.trust import TrustStore

logger = logging.getLogger(__name__)

SECONDS = 10.0  # for one authority, from the connection to the last byte
LARGEST = 64 * 1024  # bytes of an answer
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Asked is who the settings name, and nobody whom that one names."""

    def redirect_request(self, *_: object) -> None:
        return None


class WatchedHTTP(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_watch(http.client.HTTPConnection, self.deadline), request)


class WatchedHTTPS(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_watch(http.client.HTTPSConnection, self.deadline), request)


def _watch(kind: type[http.client.HTTPConnection], deadline: Deadline) -> Any:
    """Makes connections whose socket the deadline ends, before anything is said on it."""

    def connect(*where: Any, **options: Any) -> socket.socket:
        made = socket.create_connection(*where, **options)
        deadline.watch(made)
        return made

    def make(host: str, **options: Any) -> http.client.HTTPConnection:
        connection = kind(host, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection

    return make


class TimestampUnavailable(Exception):
    """None of the authorities gives a timestamp at present."""


class UnfitAnswer(Exception):
    """An authority has answered, but not with a timestamp for this question."""


@dataclass(frozen=True)
class Timestamp:
    token: bytes  # DER of the CMS
    at: datetime


def request_timestamp(
    digest: bytes, algorithm: str = "sha256", *, trust: TrustStore | None = None
) -> Timestamp:
    """A timestamp over this digest; `TimestampUnavailable` when nobody gives one that holds."""
    trust = trust or build_trust_store()
    for address in settings.TSA_URLS:
        try:
            return _ask(address, digest, algorithm, trust)
        except Exception as problem:  # whatever it sent: not a timestamp, and the next one is asked
            logger.warning("No timestamp from %s: %s %s", address, type(problem).__name__, problem)
    raise TimestampUnavailable(f"{len(settings.TSA_URLS)} asked")


def _ask(address: str, digest: bytes, algorithm: str, trust: TrustStore) -> Timestamp:
    nonce = secrets.randbits(63)
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}), "hashed_message": digest}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    request = urllib.request.Request(
        address, query.dump(), {"Content-Type": QUERY, "Accept": REPLY, "User-Agent": "e-Cabinet"}
    )
    with Deadline(SECONDS) as deadline:
        opener = urllib.request.build_opener(NoRedirects, WatchedHTTP(deadline), WatchedHTTPS(deadline))
        with opener.open(request, timeout=SECONDS) as answer:
            content = answer.read(LARGEST + 1)
        if deadline.is_over:
            raise UnfitAnswer("too late")
    if len(content) > LARGEST:
        raise UnfitAnswer("too long")
    return _read_answer(content, digest, algorithm, nonce, trust)


def _read_answer(content: bytes, digest: bytes, algorithm: str, nonce: int, trust: TrustStore) -> Timestamp:
    """RFC 3161, 2.4.2: this question's digest and nonce, and an authority that we believe."""
    answer = tsp.TimeStampResp.load(content, strict=True)
    if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise UnfitAnswer(f"refused: {answer['status'].native}")
    token = answer["time_stamp_token"]
    told = token["content"]["encap_content_info"]["content"].parsed
    if told["message_imprint"]["hash_algorithm"]["algorithm"].native != algorithm:
        raise UnfitAnswer("another digest algorithm")
    if told["message_imprint"]["hashed_message"].native != digest:
        raise UnfitAnswer("a timestamp over something else")
    if told["nonce"].native != nonce:
        raise UnfitAnswer("an answer to another question")
    if (reason := _judge(token["content"], digest, trust)) not in ("ok", "revocation_unknown"):
        raise UnfitAnswer(reason)
    return Timestamp(token.dump(), told["gen_time"].native)


def _judge(token: cms.SignedData, digest: bytes, trust: TrustStore) -> str:
    """The verifier's word on the token: its own signature, purpose, chain and time."""
    # Heavy, and not for every process that knows of timestamps.
    from verifier.pdf.indications import indicate, reason_of
    from verifier.pdf.ladder import Case, validate_timestamp

    case = Case(token, lambda: digest, trust, clock.now(), gather_knowledge(trust))
    return reason_of(*indicate(asyncio.run(validate_timestamp(case, token, lambda _name: digest))))


def gather_knowledge(trust: TrustStore) -> Any:
    """What the verifier may know of revocation and of issuers, apart from what lies in a file."""
    from pyhanko.sign.validation.policy_decl import LocalKnowledge
    from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

    return LocalKnowledge(
        known_crls=[CRLContainer(item) for item in trust.revocation_lists()],
        known_ocsps=[found for item in trust.ocsp_answers() for found in OCSPContainer.load_multi(item)],
        known_certs=trust.intermediate_certificates(),
    )
