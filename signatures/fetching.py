"""Asking the authorities: only at addresses that an administrator has allowed; nothing unsigned is believed.

The verifier has no network; this runs apart from it, on a queue of its own, and knows no file.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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
from signatures.models import (
    RevocationAnswer,
    RevocationList,
    RevocationSource,
    SigningCertificate,
    TrustedCertificate,
    Verification,
)
from signatures.rules import CertificateStatus, SourceKind
from verifier.pdf.trust import UnfitTrust

PATIENCE = 20.0  # seconds for the whole of an answer
MOST_QUESTIONS = 500  # certificates asked about in one go
CHUNK = 64 * 1024
LEEWAY = timedelta(minutes=5)  # between our clock and that of an authority
DIGESTS = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}  # of answers that are believed


class FetchFailed(Exception):
    """The code of what went wrong; the sentence for people stands in `wording.FAILURES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fetch_source(pk: int) -> None:
    """Ask one address. Whatever goes wrong, what is here already stays in use and the failure is shown."""
    source = claim(RevocationSource.objects.used(), pk)
    if source is None:
        return
    with attempt(source):
        try:
            found, failure = TAKE[source.kind](source), ""
        except FetchFailed as failed:
            found, failure = 0, failed.code
        record_fetch(source, by=WORKER, failure=failure, found=found)


# What is taken


def take_list(source: RevocationSource) -> int:
    """A revocation list: signed by an authority that is trusted, in force, and newer than what is here."""
    try:
        revocations = read_list(load(source))
    except UnfitTrust:
        raise FetchFailed("unreadable") from None
    revoked = x509.load_der_x509_crl(revocations.der)
    if not any(_has_signed_list(issuer, revoked) for issuer in _list_issuers()):
        raise FetchFailed("not_signed")
    if RevocationList.objects.filter(fingerprint=revocations.fingerprint).exists():
        return 0
    lapsed = revocations.next_at and revocations.next_at < clock.now()
    if lapsed or revocations.issued_at > clock.now() + LEEWAY:
        raise FetchFailed("out_of_date")
    newer = RevocationList.objects.filter(scope=revocations.scope, issued_at__gt=revocations.issued_at)
    if newer.exists():
        raise FetchFailed("older")
    add_revocation_list(by=WORKER, revocations=revocations)
    return 1


def take_answers(source: RevocationSource) -> int:
    """An answer on each certificate of this authority that papers rest on, as far as a newer one is due."""
    issuer = _find_certificate(source)
    taken = 0
    for serial in list_serials_in_question(issuer):
        question = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
            _digest(issuer.subject.public_bytes()), _digest(_key_bits(issuer)), serial, SHA1()
        )
        content = load(source, question.build().public_bytes(Encoding.DER))
        taken += _take_answer(content, issuer, serial)
    return taken


def _take_answer(content: bytes, issuer: x509.Certificate, serial: int) -> int:
    try:
        answer = read_answer(content)
    except UnfitTrust:
        raise FetchFailed("unreadable") from None
    if not has_signed_answer(issuer, answer.der, serial):
        raise FetchFailed("not_signed")
    if answer.issued_at > clock.now() + LEEWAY or (answer.next_at and answer.next_at < clock.now()):
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
    issuers = list(_list_issuers())
    taken = 0
    for authority in (one for one in authorities if one.fingerprint not in known):
        if not any(_has_issued(issuer, authority.certificate) for issuer in issuers):
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
    """Of the signers registered here, and of those found on papers; not where the last answer still holds."""
    name = issuer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    wanted: set[int] = set()
    registered = SigningCertificate.objects.filter(status=CertificateStatus.REGISTERED)
    for der in registered.values_list("der", flat=True):
        certificate = x509.load_der_x509_certificate(bytes(der))
        if certificate.issuer == issuer.subject:
            wanted.add(certificate.serial_number)
    if name:
        signed_under = [{"issuer": str(name[0].value)}]
        papers = (
            Verification.objects.decided()
            .select_related("same_as")
            .filter(
                Q(report__signatures__contains=signed_under)
                | Q(same_as__report__signatures__contains=signed_under)
            )
        )
        for verification in papers.order_by("-pk")[:MOST_QUESTIONS]:
            report = verification.evidence
            wanted |= {
                int(one.serial, 16) for one in report.signatures if one.issuer == name[0].value and one.serial
            }
    fresh = RevocationAnswer.objects.in_use().filter(next_at__gt=clock.now())
    held = {int(serial, 16) for serial in fresh.values_list("serial", flat=True)}
    return sorted(wanted - held)[:MOST_QUESTIONS]


# Whose signature it bears


def _list_issuers() -> Iterable[x509.Certificate]:
    for pem in TrustedCertificate.objects.trusted().order_by("pk").values_list("pem", flat=True):
        yield x509.load_pem_x509_certificate(pem.encode())


def _find_certificate(source: RevocationSource) -> x509.Certificate:
    """The authority that the address answers for, while it is trusted."""
    named = source.authority
    trusted = TrustedCertificate.objects.trusted()
    if named is None or not trusted.filter(fingerprint=named.fingerprint).exists():
        raise FetchFailed("authority_not_trusted")
    return x509.load_pem_x509_certificate(named.pem.encode())


def _has_signed_list(issuer: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
    if issuer.subject != revoked.issuer:
        return False
    try:
        return revoked.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, UnsupportedAlgorithm):
        return False


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def has_signed_answer(issuer: x509.Certificate, der: bytes, serial: int) -> bool:
    """On the certificate asked about, by the authority itself or by one that it has appointed for just that
    (RFC 6960, 4.2.2.2)."""
    basic = asn1.OCSPResponse.load(der).basic_ocsp_response
    asked = basic["tbs_response_data"]["responses"][0]["cert_id"]
    digest = asked["hash_algorithm"]["algorithm"].native
    named = (asked["issuer_name_hash"].native, asked["issuer_key_hash"].native, asked["serial_number"].native)
    if named != (
        _digest(issuer.subject.public_bytes(), digest),
        _digest(_key_bits(issuer), digest),
        serial,
    ):
        return False
    embedded = basic["certs"] if basic["certs"].native else ()
    given = [x509.load_der_x509_certificate(one.dump()) for one in embedded]
    appointed = [one for one in given if one != issuer and _is_appointed(one, issuer)]
    return any(_has_signed(one, basic) for one in (issuer, *appointed))


def _is_appointed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    in_force = certificate.not_valid_before_utc <= clock.now() <= certificate.not_valid_after_utc
    return in_force and x509.ExtendedKeyUsageOID.OCSP_SIGNING in uses and _has_issued(issuer, certificate)


def _has_signed(certificate: x509.Certificate, basic: Any) -> bool:
    algorithm = basic["signature_algorithm"]
    key, value = certificate.public_key(), basic["signature"].native
    content = basic["tbs_response_data"].dump()
    try:
        digest = DIGESTS[algorithm.hash_algo]
        if isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pkcs1v15":
            key.verify(value, content, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
            key.verify(value, content, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def _digest(content: bytes, name: str = "sha1") -> bytes:

    return hashlib.new(name, content, usedforsecurity=False).digest()


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The public key as RFC 6960 hashes it: the bits alone, without the kind of key."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise FetchFailed("unknown_key")


# The network


def load(source: RevocationSource, question: bytes | None = None) -> bytes:
    """What stands at this very address. No other is followed to; nothing is read beyond a size and a time."""
    address = urlsplit(source.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise FetchFailed("bad_address")
    port = address.port or (443 if address.scheme == "https" else 80)
    end = time.monotonic() + PATIENCE
    try:
        connection = _connect(address.scheme, address.hostname, port, source.is_internal)
        try:
            return _ask(connection, address.path or "/", address.query, question, end)
        finally:
            connection.close()
    except ssl.SSLError:
        raise FetchFailed("bad_certificate") from None
    except (OSError, http.client.HTTPException):
        raise FetchFailed("no_answer") from None


def _connect(scheme: str, host: str, port: int, is_internal: bool) -> http.client.HTTPConnection:
    """To the very number that was looked at: a name cannot come to mean another one in between."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, place = found[0]
    if not is_internal and not all(is_public(str(entry[4][0])) for entry in found):
        raise FetchFailed("internal_address")
    plain = socket.socket(family, socket.SOCK_STREAM)
    plain.settimeout(PATIENCE / 2)
    try:
        plain.connect(place)
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


def _ask(
    connection: http.client.HTTPConnection, path: str, query: str, question: bytes | None, end: float
) -> bytes:
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
        if time.monotonic() > end:
            raise FetchFailed("no_answer")
    if response.length:
        raise FetchFailed("no_answer")  # the line broke before the end
    return bytes(content)
