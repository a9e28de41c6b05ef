"""What the pages of keys tell of each certificate; as few questions to the database for many as for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from django.db.models import QuerySet

from people.models import Appointment
from signatures import rules
from signatures.keys.certificates import NameCheck, compare_names, find_trusted_issuer
from signatures.models import SigningCertificate, TrustedCertificate
from signatures.rules import ANCHORS, CertificateStatus, CertificateUse


@dataclass(frozen=True)
class KeyLine:
    certificate: SigningCertificate
    allowed: list[str]
    names: list[NameCheck]
    trusted_issuer: str

    @property
    def differs(self) -> bool:
        return not all(name.is_same for name in self.names)


def describe(certificates: QuerySet[SigningCertificate], user: Any) -> list[KeyLine]:
    found = list(
        certificates.select_related("holder", "organisation").prefetch_related("organisation__bodies_served")
    )
    _bring_offices(one.holder for one in found if one.holder is not None)
    anchors, links = _list_authorities()
    return [
        KeyLine(
            certificate=one,
            allowed=rules.SIGNING_CERTIFICATE.allowed(user, one),
            names=compare_names(one),
            trusted_issuer=find_trusted_issuer(bytes(one.der), anchors, links),
        )
        for one in found
    ]


def claims_waiting_for(administrator: Any) -> QuerySet[SigningCertificate]:
    """Of people whom she administers; her own waits for another administrator."""
    seen = SigningCertificate.objects.visible_to(administrator).filter(status=CertificateStatus.CLAIMED)
    return seen.filter(holder__isnull=False).exclude(holder=administrator).order_by("pk")


def _bring_offices(people: Iterable[Any]) -> None:
    """What `current_appointments` would ask for each of them."""
    people = list(people)
    held: defaultdict[int, list[Appointment]] = defaultdict(list)
    appointments = Appointment.objects.current().filter(user__in=people).order_by("pk")
    for appointment in appointments.select_related("body", "organisation", "assists"):
        held[appointment.user_id].append(appointment)
    for person in people:
        person.current_appointments = held[person.pk]


def _list_authorities() -> tuple[list[bytes], list[bytes]]:
    """Those that sign certificates: trusted, and leading to a trusted one."""
    anchors, links = [], []
    for use, pem in TrustedCertificate.objects.trusted().order_by("pk").values_list("use", "pem"):
        der = load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
        if use in ANCHORS and use != CertificateUse.TIMESTAMPS:
            anchors.append(der)
        elif use not in ANCHORS:
            links.append(der)
    return anchors, links
