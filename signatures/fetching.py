"""Asking the authorities: only at addresses that an administrator has allowed; nothing unsigned is believed.

The verifier has no network; this runs apart from it, on a queue of its own, and knows no file.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.db.models import Q

from core import clock
from core.actors import WORKER
from core.work import attempt, claim
from signatures.actions import (
    add_revocation_answer,
    add_revocation_list,
    link_certificate,
    record_fetch,
)
from signatures.authorities import LIMIT, read_answer, read_certificates, read_list
from signatures.deadlines import Deadline
from signatures.genuineness import (
    digest,
    find_fault_of_list,
    has_issued,
    has_signed_answer,
    is_from_future,
    key_bits,
    list_issuers,
)
from signatures.models import (
    RevocationAnswer,
    RevocationList,
    RevocationSource,
    SigningCertificate,
    TrustedCertificate,
    Verification,
)
from signatures.rules import CertificateStatus, SourceKind
from verifier.pdf.report import PASSED
from verifier.pdf.trust import UnfitTrust

PATIENCE = 20.0  # seconds for the whole of an answer
ALL_PATIENCE = 60.0  # seconds for all questions to one address
MOST_QUESTIONS = 500  # certificates asked about in one go
CHUNK = 64 * 1024
# What is wrong with an address, whatever it is asked about.
OF_THE_ADDRESS = ("bad_address", "bad_certificate", "internal_address", "leads_elsewhere")
# Both are said only when the path to a trusted authority is there.
WITH_A_PATH = ({"indication": PASSED}, {"reason": "revocation_unknown"})


class FetchFailed(Exception):
    """The code of what went wrong; the sentence for people stands in `wording.FAILURES`."""

    def __init__(self, code: str, *, found: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.found = found  # what was taken before


def fetch_source(pk: int) -> None:
    """Ask one address. Whatever goes wrong, what is here already stays in use and the failure is shown."""
    source = claim(RevocationSource.objects.used(), pk)
    if source is None:
        return
    with attempt(source):
        try:
            found, failure = TAKE[source.kind](source), ""
        except FetchFailed as failed:
            found, failure = failed.found, failed.code
        record_fetch(source, by=WORKER, failure=failure, found=found)


# What is taken


def take_list(source: RevocationSource) -> int:
    """A revocation list: signed by an authority that is trusted, in force, and newer than what is here."""
    try:
        revocations = read_list(load(source))
    except UnfitTrust:
        raise FetchFailed("unreadable") from None
    if fault := find_fault_of_list(revocations):
        raise FetchFailed(fault)
    if RevocationList.objects.filter(fingerprint=revocations.fingerprint).exists():
        return 0
    if revocations.next_at and revocations.next_at < clock.now():
        raise FetchFailed("out_of_date")
    newer = RevocationList.objects.filter(scope=revocations.scope, issued_at__gt=revocations.issued_at)
    if any(not find_fault_of_list(read_list(bytes(der))) for der in newer.values_list("der", flat=True)):
        raise FetchFailed("older")
    add_revocation_list(by=WORKER, revocations=revocations)
    return 1


def take_answers(source: RevocationSource) -> int:
    """An answer on each certificate of this authority that papers rest on, as far as a newer one is due.

    What goes wrong with one of them keeps nobody from asking about the others; it is told at the end.
    """
    issuer = _find_certificate(source)
    key = key_bits(issuer)
    if key is None:
        raise FetchFailed("unknown_key")
    taken, failure = 0, ""
    end = time.monotonic() + ALL_PATIENCE
    for serial in list_serials_in_question(issuer):
        question = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
            digest(issuer.subject.public_bytes()), digest(key), serial, SHA1()
        )
        try:
            content = load(source, question.build().public_bytes(Encoding.DER))
            taken += _take_answer(content, issuer, serial)
        except FetchFailed as failed:
            failure = failure or failed.code
            if failed.code in OF_THE_ADDRESS:
                break
        if time.monotonic() > end:  # the rest at the next time
            failure = failure or "no_answer"
            break
    if failure:
        raise FetchFailed(failure, found=taken)
    return taken


def _take_answer(content: bytes, issuer: x509.Certificate, serial: int) -> int:
    try:
        answer = read_answer(content)
    except UnfitTrust:
        raise FetchFailed("unreadable") from None
    if not has_signed_answer(issuer, answer.der, serial):
        raise FetchFailed("not_signed")
    if is_from_future(answer.issued_at) or (answer.next_at and answer.next_at < clock.now()):
        raise FetchFailed("out_of_date")
    if RevocationAnswer.objects.filter(scope=answer.scope, issued_at__gte=answer.issued_at).exists():
        return 0
    add_revocation_answer(by=WORKER, answer=answer)
    return 1


def take_certificates(source: RevocationSource) -> int:
    """Certificates of issuing authorities, each issued by one that is trusted already."""
    try:
        authorities = read_certificates(load(source))
    except UnfitTrust:
        raise FetchFailed("unreadable") from None
    known = set(TrustedCertificate.objects.trusted().values_list("fingerprint", flat=True))
    issuers = list(list_issuers())
    taken = 0
    for authority in (one for one in authorities if one.fingerprint not in known):
        if not any(has_issued(issuer, authority.certificate) for issuer in issuers):
            raise FetchFailed("not_signed")
        if not authority.not_before <= clock.now() <= authority.not_after:
            raise FetchFailed("out_of_date")
        link_certificate(by=WORKER, authority=authority)
        taken += 1
    return taken


TAKE: dict[str, Callable[[RevocationSource], int]] = {
    SourceKind.LIST: take_list,
    SourceKind.ANSWER: take_answers,
    SourceKind.CERTIFICATE: take_certificates,
}


def list_serials_in_question(issuer: x509.Certificate) -> list[int]:
    """Of the signers registered here, then of those on papers; not where the last answer still holds."""
    fresh = RevocationAnswer.objects.in_use().filter(next_at__gt=clock.now())
    held = {int(serial, 16) for serial in fresh.values_list("serial", flat=True)}
    wanted = dict.fromkeys((*_list_registered(issuer), *_list_signers_of_papers(issuer)))
    return [serial for serial in wanted if serial not in held][:MOST_QUESTIONS]


def _list_registered(issuer: x509.Certificate) -> Iterator[int]:
    registered = SigningCertificate.objects.filter(status=CertificateStatus.REGISTERED).order_by("pk")
    for der in registered.values_list("der", flat=True):
        certificate = x509.load_der_x509_certificate(bytes(der))
        if certificate.issuer == issuer.subject:
            yield certificate.serial_number


def _list_signers_of_papers(issuer: x509.Certificate) -> Iterator[int]:
    """Only where the verifier has found the way from the signer to a trusted authority: a stranger's file may
    name any issuer and any number."""
    names = [str(item.value) for item in issuer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    found = Q(pk=None)
    for told in WITH_A_PATH:
        signed = [{"kind": "signature", "issuer": name, **told} for name in names[:1]]
        if signed:
            found |= Q(report__signatures__contains=signed) | Q(same_as__report__signatures__contains=signed)
    papers = Verification.objects.decided().select_related("same_as").filter(found)
    for verification in papers.order_by("-pk")[:MOST_QUESTIONS]:
        report = verification.evidence
        for one in report.signatures if report else ():
            with_path = any(getattr(one, field) == it for told in WITH_A_PATH for field, it in told.items())
            if one.issuer in names[:1] and one.serial and with_path:
                yield int(one.serial, 16)


def _find_certificate(source: RevocationSource) -> x509.Certificate:
    """The authority that the address answers for, while it is trusted."""
    named = source.authority
    trusted = TrustedCertificate.objects.trusted()
    if named is None or not trusted.filter(fingerprint=named.fingerprint).exists():
        raise FetchFailed("authority_not_trusted")
    return x509.load_pem_x509_certificate(named.pem.encode())


# The network


def load(source: RevocationSource, question: bytes | None = None) -> bytes:
    """What stands at this very address. No other is followed to; nothing is read beyond a size and a time."""
    address = urlsplit(source.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise FetchFailed("bad_address")
    port = address.port or (443 if address.scheme == "https" else 80)
    with Deadline(PATIENCE) as deadline:
        try:
            connection = _connect(address.scheme, address.hostname, port, source.is_internal, deadline)
            try:
                content = _ask(connection, address.path or "/", address.query, question)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as problem:
            is_unsafe = isinstance(problem, ssl.SSLError) and not deadline.is_over
            raise FetchFailed("bad_certificate" if is_unsafe else "no_answer") from None
        if deadline.is_over:
            raise FetchFailed("no_answer")
    return content


def _connect(
    scheme: str, host: str, port: int, is_internal: bool, deadline: Deadline
) -> http.client.HTTPConnection:
    """To the very number that was looked at: a name cannot come to mean another one in between."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, place = found[0]
    if not is_internal and not all(is_public(str(entry[4][0])) for entry in found):
        raise FetchFailed("internal_address")
    plain = socket.socket(family, socket.SOCK_STREAM)
    plain.settimeout(PATIENCE / 2)
    try:
        plain.connect(place)
        deadline.watch(plain)
        connection = http.client.HTTPConnection(host, port)
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        else:
            connection.sock = plain
    except BaseException:
        plain.close()
        raise
    return connection


def is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def _ask(connection: http.client.HTTPConnection, path: str, query: str, question: bytes | None) -> bytes:
    target = f"{path}?{query}" if query else path
    if question is None:
        connection.request("GET", target, headers={"Accept-Encoding": "identity"})
    else:
        headers = {"Content-Type": "application/ocsp-request", "Accept-Encoding": "identity"}
        connection.request("POST", target, question, headers)
    response = connection.getresponse()
    if 300 <= response.status < 400:
        raise FetchFailed("leads_elsewhere")
    if response.status != 200:
        raise FetchFailed("refused")
    content = bytearray()
    while chunk := response.read1(CHUNK):
        content += chunk
        if len(content) > LIMIT:
            raise FetchFailed("too_large")
    if response.length:
        raise FetchFailed("no_answer")  # the line broke before the end
    return bytes(content)
