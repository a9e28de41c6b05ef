"""The certificates that the house trusts, and what their authorities have revoked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from signatures import rules
from signatures.rules import CertificateUse


class CertificateQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_certificate)

    def trusted(self) -> "CertificateQuerySet":
        return self.filter(trusted_until__isnull=True)


class TrustedCertificate(models.Model):
    """A certificate that an administrator supplied; from when, and until when it was trusted."""

    use = models.CharField(_("use"), max_length=10, choices=CertificateUse)
    subject = models.CharField(_("name"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64)
    pem = models.TextField()
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    trusted_from = models.DateTimeField(_("trusted since"), default=clock.now)
    trusted_until = models.DateTimeField(_("trusted until"), null=True, blank=True)
    trusted_by_name = models.CharField(max_length=200)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted certificate")
        verbose_name_plural = _("trusted certificates")
        constraints = [
            models.UniqueConstraint(
                name="trusted_once", fields=["fingerprint"], condition=models.Q(trusted_until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.subject


class ListQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_certificate)


class RevocationList(models.Model):
    """What an authority has revoked, supplied by an administrator. Its signature is checked at each use."""

    issuer = models.CharField(_("issued by"), max_length=300)
    fingerprint = models.CharField("SHA-256", max_length=64, unique=True)
    der = models.BinaryField()
    issued_at = models.DateTimeField(_("issued"))
    next_at = models.DateTimeField(_("next one due"), null=True, blank=True)
    added_at = models.DateTimeField(_("supplied"), default=clock.now)
    added_by_name = models.CharField(max_length=200)

    objects = ListQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation list")
        verbose_name_plural = _("revocation lists")

    def __str__(self) -> str:
        return f"{self.issuer} {self.issued_at:%d/%m/%Y}"
