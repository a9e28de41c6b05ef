"""The demonstration signs for real, with the keys of its own authority. Their certificates say that they
prove nothing; they lie open in a folder, so that everybody can try them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from django.conf import settings
from PIL import Image

from core import clock
from ecabinet.demo.authority import Authority, Identity
from ecabinet.demo.keys import sign_data
from ecabinet.demo.pictures import HAND_MM, SEAL_MM, draw_hand, draw_seal
from ecabinet.demo.stamping import open_past_stamper
from notifications.models import Delivery, Notification
from people.models import Organisation, User
from signatures import actions
from signatures.demonstration import DemonstrationPki, make_revocation_list, sign_pdf
from signatures.keys.certificates import read_signer_certificate
from signatures.keys.pictures import Picture
from signatures.keys.server import is_configured, make_server_key
from signatures.models import SignatureImage, SigningCertificate, SigningRequest
from signatures.rules import KeyWay, StepStatus
from signatures.trust import read_certificate, read_list

ADDRESS = "http://127.0.0.1:8318"  # where `./run` lets the authority answer, unless another port is free
SIGNER = "ecabinet.demo.keys.sign_with_folder_key"


class DemoSigner:
    def __init__(self, folder: Path, since: datetime, address: str = ADDRESS) -> None:
        self.folder, self.since = folder, since
        self.authority = Authority(folder, address)
        own = self.authority
        self.pki = DemonstrationPki(own.root, own.issuer, own.timestamps)  # type: ignore[arg-type]
        self.identities: dict[int, Identity] = {}

    def sign(self, pdf: bytes, agency: str, at: datetime) -> bytes:
        """With the seal of the agency, timestamped."""
        seal: Any = self.authority.issue_once(agency, agency, start=self.since)
        return sign_pdf(pdf, seal, self.pki, at=at)

    def be_trusted(self, *, by: Any, confirmed_by: Any) -> None:
        """One administrator proposes the demonstration's authorities, another confirms; no paper is there yet
        whose verdict could change. And what they have revoked."""
        authorities = [read_certificate(authority.der) for authority in (self.pki.root, self.pki.issuer)]
        proposal = actions.propose_certificates(authorities, by=by, because="Chứng thư của bản trình diễn")
        actions.confirm_proposal(proposal, by=confirmed_by)
        for authority in (self.pki.root, self.pki.issuer):
            revoked = make_revocation_list(authority, clock.now())
            actions.add_revocation_list(by=by, revocations=read_list(revoked))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the weeks are told: timestamps of those weeks, and the seal's key at hand."""
        changed = {
            "TSA_URLS": settings.TSA_URLS,
            "DEMO_AUTHORITY_DIR": settings.DEMO_AUTHORITY_DIR,
            "SEAL_SIGNER": settings.SEAL_SIGNER,
        }
        with open_past_stamper(self.pki) as self.stamper:
            settings.DEMO_AUTHORITY_DIR = str(self.folder)
            settings.SEAL_SIGNER = "" if is_configured() else SIGNER
            try:
                yield
            finally:
                for name, value in changed.items():
                    setattr(settings, name, value)

    def hand_out_key(self, person: User, organisation: Organisation, *, by: Any) -> None:
        """A key file of the demonstration, claimed by the person and confirmed by an administrator."""
        identity = self.authority.issue_once(person.full_name, organisation.name, start=self.since)
        self.identities[person.pk] = identity
        certificate = SigningCertificate(
            holder=person, way=KeyWay.BROWSER, **read_signer_certificate(identity.der).fields
        )
        actions.begin_claim(certificate, by=person)
        value = sign_data(identity.key, bytes(certificate.to_sign or b""))
        actions.claim_certificate(certificate, by=person, value=value)
        actions.confirm_certificate(certificate, by=by)

    def clear_notices(self) -> None:
        """Nobody begins the demonstration with thirty notices about keys."""
        about_keys = Notification.objects.filter(kind__startswith="signatures/key_")
        Delivery.objects.filter(notification__in=about_keys).delete()
        about_keys.delete()

    def register_hand(self, person: User, *, by: Any) -> None:
        image = SignatureImage(holder=person, width_mm=HAND_MM[0], height_mm=HAND_MM[1])
        actions.register_image(image, by=by, picture=_read_picture(draw_hand(person.full_name)))

    def bring_seal(self, organisation: Organisation, *, by: Any) -> SigningCertificate:
        """Its key is made in the security module; where there is none it lies in the folder."""
        key_name = f"seal-{token_hex(4)}"  # a module keeps the keys of earlier demonstrations
        if is_configured():
            public: Any = load_der_public_key(make_server_key(key_name))
            made = self.authority.certify(public, organisation.name, organisation.name, start=self.since)
            der = made.public_bytes(Encoding.DER)
        else:
            identity = self.authority.issue(organisation.name, organisation.name, start=self.since)
            self.authority.keep_key(key_name, identity)
            der = identity.der
        image = SignatureImage(organisation=organisation, width_mm=SEAL_MM, height_mm=SEAL_MM)
        actions.register_image(image, by=by, picture=_read_picture(draw_seal(organisation.name)))
        certificate = SigningCertificate(
            organisation=organisation,
            way=KeyWay.SERVER,
            key_name=key_name,
            **read_signer_certificate(der).fields,
        )
        return actions.begin_claim(certificate, by=by)

    def sign_paper(self, signing: SigningRequest) -> None:
        """All whose turn comes, one after the other, each with her own key."""
        self.stamp_now()
        for step in signing.steps.filter(status=StepStatus.WAITING, signer__isnull=False):
            person = step.signer.user
            certificate = SigningCertificate.objects.usable().of(person).get()
            signature = actions.prepare_signature(step, by=person, certificate=certificate)
            value = sign_data(self.identities[person.pk].key, bytes(signature.to_sign))
            actions.complete_signature(signature, by=person, value=value)

    def stamp_now(self) -> None:
        settings.TSA_URLS = [self.stamper.address_at(clock.now())]


def _read_picture(png: bytes) -> Picture:
    with Image.open(BytesIO(png)) as image:
        return Picture(png, image.width, image.height)
