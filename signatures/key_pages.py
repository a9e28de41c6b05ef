"""What the pages of keys tell of each certificate."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from signatures import rules
from signatures.keys.certificates import NameCheck, compare_names, find_trusted_issuer
from signatures.models import SigningCertificate
from signatures.rules import CertificateStatus
from signatures.trust import build_trust_store


@dataclass(frozen=True)
class KeyLine:
    certificate: SigningCertificate
    allowed: list[str]

    @property
    def names(self) -> list[NameCheck]:
        return compare_names(self.certificate)

    @property
    def differs(self) -> bool:
        return not all(name.is_same for name in self.names)

    @cached_property
    def trusted_issuer(self) -> str:
        store = build_trust_store()
        anchors = [anchor.der for anchor in store.anchors]
        return find_trusted_issuer(bytes(self.certificate.der), anchors, list(store.intermediates))

    @property
    def is_asked(self) -> bool:
        """The security module is being asked."""
        certificate = self.certificate
        return certificate.status == CertificateStatus.UNPROVEN and not certificate.claim_error


def describe(certificate: SigningCertificate, user: Any) -> KeyLine:
    return KeyLine(certificate, rules.SIGNING_CERTIFICATE.allowed(user, certificate))


def claims_waiting_for(administrator: Any) -> QuerySet[SigningCertificate]:
    """Of people whom she administers; her own waits for another administrator."""
    seen = SigningCertificate.objects.visible_to(administrator).filter(status=CertificateStatus.CLAIMED)
    return (
        seen.filter(holder__isnull=False)
        .exclude(holder=administrator)
        .select_related("holder")
        .order_by("pk")
    )
