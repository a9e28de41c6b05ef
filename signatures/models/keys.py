"""The certificates that people and organisations sign with, and the pictures that their signatures show."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from documents.models import object_name
from people.rules import Role
from signatures import rules
from signatures.rules import CertificateStatus, KeyWay


class SigningCertificateQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_signing_certificate)

    def of(self, person: Any) -> "SigningCertificateQuerySet":
        return self.filter(holder=person)

    def of_seals(self) -> "SigningCertificateQuerySet":
        return self.filter(organisation__isnull=False)

    def shown(self) -> "SigningCertificateQuerySet":
        """Without those whose key never answered and no longer may."""
        lapsed = Q(status=CertificateStatus.UNPROVEN, challenge_ends_at__lt=clock.now(), claim_error="")
        return self.exclude(lapsed)

    def usable(self) -> "SigningCertificateQuerySet":
        """Registered, and valid at this moment."""
        now = clock.now()
        return self.filter(
            status=CertificateStatus.REGISTERED, not_before__lte=now, not_after__gte=now
        ).order_by("-registered_at", "-pk")


class SigningCertificate(models.Model):
    """The certificate of a person, or of an organisation's seal; the key is never here but in the module."""

    holder = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="signing_certificates"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="seal_certificates"
    )
    way = models.CharField(_("key"), max_length=8, choices=KeyWay)
    status = models.CharField(
        _("status"), max_length=10, choices=CertificateStatus, default=CertificateStatus.UNPROVEN
    )
    subject = models.CharField(_("name"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=300)
    serial = models.CharField(_("serial number"), max_length=60)
    fingerprint = models.CharField("SHA-256", max_length=64)
    der = models.BinaryField()
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    key_name = models.CharField(max_length=200, blank=True)  # credential of the service, label in the module
    challenge = models.BinaryField(null=True)  # the text that the key signs once, to be believed
    to_sign = models.BinaryField(null=True)  # DER of the signed attributes over it
    challenge_ends_at = models.DateTimeField(null=True, blank=True)
    claim_error = models.CharField(max_length=200, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)  # the key answered
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SigningCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing certificate")
        verbose_name_plural = _("signing certificates")
        constraints = [
            models.CheckConstraint(
                name="certificate_of_a_person_or_a_seal",
                condition=Q(holder__isnull=False, organisation__isnull=True)
                | Q(holder__isnull=True, organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="certificate_registered_once",
                fields=["fingerprint"],
                condition=Q(status__in=[CertificateStatus.CLAIMED, CertificateStatus.REGISTERED]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def trail_case(self) -> models.Model:
        return self.holder or self

    @property
    def owner(self) -> Any:
        """The person, or the organisation whose seal it is."""
        return self.holder or self.organisation

    @property
    def is_in_validity(self) -> bool:
        return self.not_before <= clock.now() <= self.not_after

    def serves_a_body_of(self, administrator: Any) -> bool:
        served = self.organisation.bodies_served.all() if self.organisation else ()
        return bool({body.pk for body in served} & administrator.body_ids(Role.ADMINISTRATOR))

    def is_usable_by(self, signature: Any) -> bool:
        """Her own for her own signature; the organisation's for a step that asks for its seal."""
        if self.status != CertificateStatus.REGISTERED or not self.is_in_validity:
            return False
        step = signature.step
        if step is not None and step.organisation_id is not None:
            return self.organisation_id == step.organisation_id
        return self.holder_id == signature.by_id


class ImageQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_image)

    def newest(self) -> "ImageQuerySet":
        """Of each owner the one that is drawn now."""
        later = SignatureImage.objects.filter(
            models.Q(holder=models.OuterRef("holder"))
            | models.Q(organisation=models.OuterRef("organisation")),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(later))


class SignatureImage(models.Model):
    """The hand signature (blue) of a person or the seal (red) of an organisation: PNG with a clear ground."""

    holder = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="signature_images"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="seal_images"
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    width_mm = models.DecimalField(_("width in millimetres"), max_digits=5, decimal_places=1)
    height_mm = models.DecimalField(_("height in millimetres"), max_digits=5, decimal_places=1)
    registered_at = models.DateTimeField(default=clock.now)
    registered_by_name = models.CharField(max_length=200, blank=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a signature")
        verbose_name_plural = _("pictures of signatures")
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(
                name="picture_of_a_person_or_a_seal",
                condition=Q(holder__isnull=False, organisation__isnull=True)
                | Q(holder__isnull=True, organisation__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.holder or self.organisation)

    @property
    def trail_case(self) -> models.Model:
        return self.holder or self

    def serves_a_body_of(self, administrator: Any) -> bool:
        served = self.organisation.bodies_served.all() if self.organisation else ()
        return bool({body.pk for body in served} & administrator.body_ids(Role.ADMINISTRATOR))

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")
