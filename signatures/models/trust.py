"""Whom the house trusts, what the authorities have revoked, and every store of it that a verdict rests on."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from signatures import rules
from signatures.rules import ANCHORS, CertificateUse


class CertificateQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_certificate)

    def trusted(self) -> "CertificateQuerySet":
        return self.filter(trusted_until__isnull=True)

    def anchors(self) -> "CertificateQuerySet":
        """Those that two administrators vouch for."""
        return self.trusted().filter(use__in=ANCHORS)


class TrustedCertificate(models.Model):
    """A certificate that two administrators vouch for, or that leads to one; since when, and until when.

    `trusted_*` is what was done here and when. `counts_*` is what it means for papers: what is proven to have
    been signed within that time may rest on it.
    """

    use = models.CharField(_("use"), max_length=10, choices=CertificateUse)
    subject = models.CharField(_("name"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64)
    pem = models.TextField()
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    counts_from = models.DateTimeField(_("counts from"), null=True, blank=True)
    counts_until = models.DateTimeField(_("counts until"), null=True, blank=True)
    trusted_from = models.DateTimeField(_("trusted since"), default=clock.now)
    trusted_until = models.DateTimeField(_("trusted until"), null=True, blank=True)
    trusted_by_name = models.CharField(max_length=200)
    proposal = models.ForeignKey(
        "signatures.TrustProposal", models.PROTECT, null=True, blank=True, related_name="entered"
    )

    ending: Any = None  # the proposal under which the trust is being ended

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted certificate")
        verbose_name_plural = _("trusted certificates")
        constraints = [
            models.UniqueConstraint(
                name="trusted_once", fields=["fingerprint"], condition=Q(trusted_until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.subject


class RevocationQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_certificate)

    def in_use(self) -> "RevocationQuerySet":
        return self.filter(is_superseded=False)


class RevocationList(models.Model):
    """What an authority has revoked. Its signature was checked on the way in, and is again at each use.

    A list is superseded when a later one of the same scope names all that it names; one that tells of a
    certificate which the later one has dropped stays in use.
    """

    issuer = models.CharField(_("issued by"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64, unique=True)
    scope = models.CharField(max_length=64, blank=True, db_index=True)  # which lists replace each other
    der = models.BinaryField()
    entries = models.PositiveIntegerField(_("revoked certificates"), default=0)
    issued_at = models.DateTimeField(_("issued"))
    next_at = models.DateTimeField(_("next one due"), null=True, blank=True)
    added_at = models.DateTimeField(_("supplied"), default=clock.now)
    added_by_name = models.CharField(max_length=200)
    is_superseded = models.BooleanField(default=False)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation list")
        verbose_name_plural = _("revocation lists")

    def __str__(self) -> str:
        return f"{self.issuer} {self.issued_at:%d/%m/%Y}"

    @property
    def is_overdue(self) -> bool:
        return self.next_at is not None and self.next_at < clock.now()


class RevocationAnswer(models.Model):
    """An authority's answer on one certificate (OCSP, RFC 6960). The newest on each certificate is used."""

    responder = models.CharField(_("answered by"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64, unique=True)
    scope = models.CharField(max_length=64, db_index=True)  # the issuer and the serial number asked about
    serial = models.CharField(_("serial number"), max_length=60)
    status = models.CharField(_("status"), max_length=10)  # good, revoked or unknown (RFC 6960)
    der = models.BinaryField()
    issued_at = models.DateTimeField(_("issued"))
    next_at = models.DateTimeField(_("next one due"), null=True, blank=True)
    added_at = models.DateTimeField(_("supplied"), default=clock.now)
    added_by_name = models.CharField(max_length=200)
    is_superseded = models.BooleanField(default=False)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation answer")
        verbose_name_plural = _("revocation answers")

    def __str__(self) -> str:
        return f"{self.responder} {self.serial}"

    @property
    def is_overdue(self) -> bool:
        return self.next_at is not None and self.next_at < clock.now()


class SnapshotQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_certificate)


class TrustSnapshot(models.Model):
    """All that was trusted when a verdict was reached, by the fingerprint that the verdict names.

    `content` names each part by its SHA-256; the parts themselves are rows that are never erased.
    """

    fingerprint = models.CharField("SHA-256", max_length=64, unique=True)
    content: Any = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the trust")
        verbose_name_plural = _("states of the trust")

    def __str__(self) -> str:
        return self.fingerprint

    def get_absolute_url(self) -> str:
        return reverse("signatures:read_snapshot", args=[self.fingerprint])
