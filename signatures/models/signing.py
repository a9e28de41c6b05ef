"""A paper on its way through the signers; a signature on its way into the file; what is kept for decades."""

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import UNDER_WAY, WorkItem, WorkQuerySet
from documents.models import object_name
from people.models import Appointment, Delegation
from signatures import rules, values
from signatures.rules import Mark, RequestStatus, SignatureStatus, StepStatus


class SigningRequestQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_signing_request)

    def open(self) -> "SigningRequestQuerySet":
        return self.filter(status=RequestStatus.OPEN)


class SigningRequest(models.Model):
    """One version of a paper is to be signed. The file grows by each signature; the last makes a version."""

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="signing_requests")
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.OPEN)
    requested_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    requested_by_name = models.CharField(max_length=200)
    requested_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(_("to be signed by"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(_("reason"), max_length=500, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)  # the file as signed so far
    size = models.PositiveBigIntegerField(_("size in bytes"))
    result = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="signed_by_request"
    )

    wanted: "tuple[SigningStep, ...]" = ()  # the steps proposed, while it is being made
    is_ordered = False  # while it is being made: by the order of the paper itself, not by hand
    reason_given = ""  # while it is being withdrawn

    objects = SigningRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing request")
        verbose_name_plural = _("signing requests")
        constraints = [
            models.UniqueConstraint(
                name="one_open_signing_a_version",
                fields=["version"],
                condition=Q(status=RequestStatus.OPEN),
            )
        ]

    def __str__(self) -> str:
        return str(self.version)

    def get_absolute_url(self) -> str:
        return reverse("signatures:read_signing", args=[self.pk])

    @property
    def body_id(self) -> int:
        return self.version.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.version.trail_case

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        """The bytes as signed so far."""
        return default_storage.open(self.storage_name, "rb")


class StepQuerySet(VisibleQuerySet):
    def waiting_for(self, user: Any) -> "StepQuerySet":
        """Those that this person can sign now: no earlier group is unfinished."""
        unsigned = SigningStep.objects.exclude(status=StepStatus.SIGNED)
        before = unsigned.filter(request=models.OuterRef("request"), place__lt=models.OuterRef("place"))
        return self.filter(
            ~models.Exists(before),
            status=StepStatus.WAITING,
            request__status=RequestStatus.OPEN,
            signer__user=user,
        )


class SigningStep(models.Model):
    """One signature wanted: whose, in which place of the order (equal places in any order), shown how."""

    request = models.ForeignKey(SigningRequest, models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField(_("place in the order"))
    signer = models.ForeignKey(
        "people.Appointment", models.PROTECT, null=True, blank=True, related_name="signing_steps"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )  # a seal
    stands_in_for = models.ForeignKey(
        "people.Appointment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    mark = models.CharField(_("shown as"), max_length=12, choices=Mark, default=Mark.LEADER)
    words = models.CharField(_("words shown"), max_length=300, blank=True)  # the number, the day, the copy
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    box = models.JSONField(null=True, blank=True)  # [left, bottom, right, top] in points; None: found or none
    status = models.CharField(_("status"), max_length=10, choices=StepStatus, default=StepStatus.WAITING)
    refused_because = models.CharField(_("reason"), max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason_given = ""  # while it is being refused
    proposed: Appointment | None = None  # while it is being passed on

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature wanted")
        verbose_name_plural = _("signatures wanted")
        ordering = ["request", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signed_by_a_person_or_a_seal",
                condition=Q(signer__isnull=False, organisation__isnull=True)
                | Q(signer__isnull=True, organisation__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.signer.user if self.signer else self.organisation)

    @property
    def body_id(self) -> int:
        return self.request.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.request.trail_case

    @property
    def principal(self) -> Appointment | None:
        """In whose place it is signed; the signer herself where nobody stands in."""
        return self.stands_in_for or self.signer

    def may_pass_to(self, appointment: Appointment) -> bool:
        """The register names this person as stand-in today."""
        if self.principal is None:
            return False
        stand_ins = Delegation.objects.standing_in_for(self.principal)
        return stand_ins.filter(delegate=appointment).exists()

    @property
    def before(self) -> StepQuerySet:
        steps = SigningStep.objects.filter(request=self.request_id, place__lt=self.place)
        return steps.exclude(status=StepStatus.SIGNED)

    @property
    def is_next(self) -> bool:
        return not self.before.exists()

    @property
    def names_before(self) -> list[str]:
        return [str(step) for step in self.before.select_related("signer__user", "organisation")]


class Statement(models.Model):
    """Canonical bytes that somebody signs apart from any file: an answer, a receipt. Never changed."""

    kind = models.CharField(max_length=80)  # the app's own name for it: "opinions.answer"
    target_id = models.BigIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class SignatureQuerySet(VisibleQuerySet, WorkQuerySet):  # type: ignore[override]
    sees = staticmethod(rules.sees_signature)

    def abandoned(self) -> "SignatureQuerySet":
        """Prepared files that nobody will sign any more."""
        lapsed = Q(status=SignatureStatus.PREPARED, expires_at__lt=clock.now())
        return self.filter(lapsed | Q(status=SignatureStatus.VOID)).exclude(prepared_sha256="")


class Signature(WorkItem):
    """One signature: prepared for one person, one file and one certificate; signed; put into the file.

    The work owed is the timestamp and the embedding (PAdES), or the timestamp alone (a statement's CMS).
    """

    longest_run = timedelta(minutes=3)

    step = models.ForeignKey(SigningStep, models.PROTECT, null=True, blank=True, related_name="signatures")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="signatures")
    certificate = models.ForeignKey(
        "signatures.SigningCertificate", models.PROTECT, related_name="signatures"
    )
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="signatures")
    status = models.CharField(
        _("status"), max_length=10, choices=SignatureStatus, default=SignatureStatus.PREPARED
    )
    document_sha256 = models.CharField(max_length=64)  # what is shown to the signer and signed
    prepared_sha256 = models.CharField(
        max_length=64, blank=True, db_index=True
    )  # the file with the empty place
    prepared = models.JSONField(default=dict)  # offsets and the field: what embedding needs
    to_sign = models.BinaryField()  # DER of the signed attributes (RFC 5652, 5.4)
    value = models.BinaryField(null=True)
    cms = models.BinaryField(null=True)  # of a statement, with its timestamp
    prepared_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    timestamp_at = models.DateTimeField(null=True, blank=True)
    timestamp_size = models.PositiveIntegerField(default=0)  # the next place is measured by it
    proposed_value: bytes | None = None  # while it is being completed

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.CheckConstraint(
                name="signature_of_a_file_or_a_statement",
                condition=Q(step__isnull=False, statement__isnull=True)
                | Q(step__isnull=True, statement__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_signature_a_step",
                fields=["step"],
                condition=Q(
                    step__isnull=False, status__in=[SignatureStatus.SIGNED, SignatureStatus.EMBEDDED]
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.step.request if self.step else self.statement)

    @property
    def body_id(self) -> int | None:
        return self.step.body_id if self.step else None

    @property
    def trail_case(self) -> models.Model:
        return self.step.trail_case if self.step else self

    @property
    def digest(self) -> str:
        """The name of the digest that goes with the certificate's key."""
        return values.digest_of(bytes(self.certificate.der))

    @property
    def has_fit_key(self) -> bool:
        try:
            return bool(self.digest)
        except values.UnfitKey:
            return False

    @property
    def value_holds(self) -> bool:
        """Whether the registered key has made the value that is handed in, over these very attributes."""
        value = self.proposed_value or b""
        return values.is_made_by(bytes(self.certificate.der), value, bytes(self.to_sign))

    @property
    def waits_for_timestamp(self) -> bool:
        """Signed, and owed a timestamp that no authority gives at present. It is asked again each minute."""
        return self.status == SignatureStatus.SIGNED and self.is_waiting and self.work_error == "no_timestamp"

    @property
    def is_superseded(self) -> bool:
        """The same person has begun the same signature once more."""
        if self.step_id is None:
            return False
        return Signature.objects.filter(step=self.step_id, by=self.by_id, pk__gt=self.pk).exists()

    @property
    def storage_name(self) -> str:
        return object_name(self.prepared_sha256)

    def open_file(self) -> Any:
        """The file with the empty place."""
        return default_storage.open(self.storage_name, "rb")


class PreservedCopyQuerySet(WorkQuerySet):
    def newest(self) -> "PreservedCopyQuerySet":
        return self.exclude(sha256="").order_by("version", "-pk").distinct("version")

    def waiting(self) -> "PreservedCopyQuerySet":
        return self.filter(work_state__in=UNDER_WAY)


class PreservedCopy(WorkItem):
    """A signed version with all evidence and an archive timestamp (PAdES B-LTA). The version itself stays as
    it is; before the newest timestamp lapses another copy follows."""

    longest_run = timedelta(minutes=5)

    version = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="preserved_copies")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    timestamp_at = models.DateTimeField(null=True, blank=True)
    renew_at = models.DateTimeField(null=True, blank=True)  # before the timestamp's certificate ends

    objects = PreservedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("preserved copy")
        verbose_name_plural = _("preserved copies")
        get_latest_by = "pk"

    def __str__(self) -> str:
        return str(self.version)

    @property
    def body_id(self) -> int:
        return self.version.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.version.trail_case

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")
