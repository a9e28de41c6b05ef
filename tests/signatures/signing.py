"""Signers with registered certificates, a timestamp authority that answers over HTTP, papers to sign."""

import threading
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos, cms, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from core import clock
from core.actors import WORKER
from documents import actions as documents
from documents.models import DocumentVersion
from signatures import actions
from signatures.demonstration import (
    _SIGNER,
    Identity,
    _certify,
    _name,
    make_revocation_list,
    make_timestamper,
)
from signatures.models import (
    RevocationList,
    Signature,
    SigningCertificate,
    SigningRequest,
    SigningStep,
    TrustedCertificate,
)
from signatures.rules import CertificateStatus, CertificateUse, KeyWay, Mark
from signatures.trust import read_list
from signatures.values import DIGESTS
from tests.signatures.papers import add_paper
from tests.signatures.samples import START, paper, pki


class Stamper(ThreadingHTTPServer):
    """RFC 3161 over HTTP, of the demonstration's authority. `trouble` changes what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.at = None
        self.trouble: str | None = None
        self.identity: Identity | None = None  # instead of the demonstration's
        self.asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def answer(self, query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        imprint = asked["message_imprint"]
        digest = imprint["hashed_message"].native
        nonce = asked["nonce"].native
        if self.trouble == "other digest":
            digest = bytes(len(digest))
        if self.trouble == "other nonce":
            nonce += 1
        if self.trouble == "refusal":
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        if self.trouble == "nonsense":
            return b"<html>"
        stamper: Any = make_timestamper(pki(), self.at)
        if self.identity is not None:
            stamper = DummyTimeStamper(
                _to_asn1(self.identity), _key_to_asn1(self.identity), stamper.certs_to_embed, fixed_dt=self.at
            )
        if self.trouble == "other authority":
            from tests.signatures.samples import rogue

            stamper = make_timestamper(rogue(), self.at)
        if self.trouble == "no authority":  # a signer's certificate, which may not stamp
            signer = make_signer_of("Người ký")
            stamper = DummyTimeStamper(
                _to_asn1(signer), _key_to_asn1(signer), make_timestamper(pki(), self.at).certs_to_embed
            )
        wanted = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm(
                        {"algorithm": imprint["hash_algorithm"]["algorithm"].native}
                    ),
                    "hashed_message": digest,
                },
                "nonce": cms.Integer(nonce),
                "cert_req": True,
            }
        )
        return bytes(stamper.request_tsa_response(wanted).dump())


class _Handler(BaseHTTPRequestHandler):
    server: Stamper

    def do_POST(self) -> None:
        self.server.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.trouble == "down":
            self.send_error(503)
            return
        content = self.server.answer(query)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def _to_asn1(identity: Identity) -> Any:
    from signatures.demonstration import _to_asn1 as convert

    return convert(identity)


def _key_to_asn1(identity: Identity) -> Any:
    from signatures.demonstration import _key_to_asn1 as convert

    return convert(identity)


@contextmanager
def open_stamper():
    server = Stamper()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def make_signer_of(name: str, organisation: str = "Bộ Tài chính", kind: str = "p256") -> Identity:
    keys = {
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    return _certify(_name(name, organisation), keys[kind](), pki().issuer, START, _SIGNER)


def sign(identity: Identity, data: bytes, digest: str = "sha256") -> bytes:
    """As a token does it."""
    algorithm = DIGESTS[digest]()
    if isinstance(identity.key, rsa.RSAPrivateKey):
        return identity.key.sign(data, padding.PKCS1v15(), algorithm)
    return identity.key.sign(data, ec.ECDSA(algorithm))


def register(identity: Identity, **owner: Any) -> SigningCertificate:
    """The certificate of a person (`holder`) or of a seal (`organisation`), confirmed."""
    certificate = identity.certificate
    return SigningCertificate.objects.create(
        **{"way": KeyWay.TOKEN, **owner},
        status=CertificateStatus.REGISTERED,
        subject=certificate.subject.rfc4514_string()[:300],
        issuer=certificate.issuer.rfc4514_string()[:300],
        serial=f"{certificate.serial_number:x}",
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        der=identity.der,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        registered_at=clock.now(),
    )


def trust_all(*, lists: bool = True) -> None:
    """The demonstration's root and issuer are trusted; their lists of today are there."""
    for identity, use in ((pki().root, CertificateUse.ROOT), (pki().issuer, CertificateUse.ISSUER)):
        TrustedCertificate.objects.create(**describe_authority(identity.certificate, use))
        if lists:
            supply_revocations(identity)


def describe_authority(certificate: Any, use: str) -> dict[str, Any]:
    return {
        "use": use,
        "subject": certificate.subject.rfc4514_string()[:300],
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
        "pem": certificate.public_bytes(Encoding.PEM).decode(),
        "not_before": certificate.not_valid_before_utc,
        "not_after": certificate.not_valid_after_utc,
        "trusted_by_name": "Phan Đình Lâm",
    }


def supply_revocations(identity: Identity, *, revoked: Any = ()) -> RevocationList:
    made = read_list(make_revocation_list(identity, clock.now(), revoked=revoked))
    return RevocationList.objects.create(
        issuer=made.issuer,
        fingerprint=made.fingerprint,
        der=made.der,
        issued_at=made.issued_at,
        next_at=made.next_at,
        added_by_name="Phan Đình Lâm",
    )


def make_paper(cast: Any, content: bytes | None = None) -> DocumentVersion:
    """A PDF of the office that has been read."""
    version = add_paper(cast, content or paper())
    documents.record_text(version, by=WORKER, pages=["Tờ trình"])
    version.refresh_from_db()
    return version


def step_for(user: Any, place: int = 1, mark: str = Mark.NONE) -> SigningStep:
    return SigningStep(place=place, signer=user.appointments.get(), mark=mark)


def ask(cast: Any, *steps: SigningStep, version: DocumentVersion | None = None) -> SigningRequest:
    return actions.request_signatures(
        version or make_paper(cast), by=cast.secretary, steps=steps, purpose="Ký ban hành"
    )


def sign_step(step: SigningStep, user: Any, identity: Identity, certificate: Any) -> Signature:
    """She prepares, her key signs, she hands in."""
    signature = actions.prepare_signature(step, by=user, certificate=certificate)
    value = sign(identity, bytes(signature.to_sign), signature.digest)
    return actions.complete_signature(signature, by=user, value=value)
