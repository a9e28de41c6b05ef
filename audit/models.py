"""The trail, which only grows, and the log over it, which shows that it only grew."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import rules
from audit.leaves import SET_LEAF
from core import clock
from core.models import VisibleQuerySet


class AuditEventQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_event)

    def of_cases(self, cases: list[models.Model]) -> "AuditEventQuerySet":
        """Everything that happened to these objects and to what belongs to them, in order."""
        wanted = models.Q(pk=None)
        for case in cases:
            wanted |= models.Q(case_type=case._meta.label_lower, case_id=case.pk)
        return self.filter(wanted).order_by("pk")

    def with_seals(self) -> "AuditEventQuerySet":
        """With the time until which the case keeps what was sealed in it, read at once for all."""
        kept = KeptSeal.objects.filter(
            case_type=models.OuterRef("case_type"), case_id=models.OuterRef("case_id")
        )
        longest = kept.order_by("-until").values("until")[:1]
        return self.annotate(
            kept_until=models.Case(models.When(sealed_until__isnull=False, then=models.Subquery(longest)))
        )


class AuditEvent(models.Model):
    """Names are copied and no foreign key is kept: the trail outlives what it tells of."""

    at = models.DateTimeField(_("time"), default=clock.now)
    action = models.CharField(_("action"), max_length=80)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("person"), max_length=200)
    body_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=80)
    target_id = models.BigIntegerField()
    target_name = models.CharField(_("object"), max_length=500)
    case_type = models.CharField(max_length=80)
    case_id = models.BigIntegerField()
    details = models.JSONField(default=dict)
    sealed_until = models.DateTimeField(null=True)  # nobody reads the details before
    salt = models.BinaryField(db_default=b"")  # these three are the trigger's
    leaf_hash = models.BinaryField("SHA-256", db_default=b"")
    transaction = models.BigIntegerField(db_default=0)  # that wrote it; the log waits for older ones to end

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        indexes = [
            models.Index(fields=["case_type", "case_id", "id"], name="audit_by_case"),
            models.Index(fields=["body_id", "id"], name="audit_by_body"),
            models.Index(fields=["transaction", "id"], name="audit_by_transaction"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the trail';",
            ),
            pgtrigger.Trigger(
                name="leaf", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SET_LEAF.strip()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M:%S} {self.actor_name}: {self.action} {self.target_name}"

    @property
    def opens_at(self) -> datetime | None:
        """When the details may be read: as was written with them, or later where the case moved the time."""
        if self.sealed_until is None:
            return None
        if not hasattr(self, "kept_until"):
            self.kept_until = KeptSeal.objects.longest(self.case_type, self.case_id)
        return max(self.sealed_until, self.kept_until or self.sealed_until)

    @property
    def is_sealed(self) -> bool:
        return self.opens_at is not None and self.opens_at > clock.now()


APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class KeptSealManager(models.Manager["KeptSeal"]):
    def longest(self, case_type: str, case_id: int) -> datetime | None:
        kept = self.filter(case_type=case_type, case_id=case_id)
        return kept.aggregate(longest=models.Max("until"))["longest"]


class KeptSeal(models.Model):
    """What is sealed in a case stays sealed until then: its time was moved after the entries were written."""

    case_type = models.CharField(max_length=80)
    case_id = models.BigIntegerField()
    until = models.DateTimeField()

    objects = KeptSealManager()

    class Meta:
        verbose_name = _("longer seal")
        verbose_name_plural = _("longer seals")
        indexes = [models.Index(fields=["case_type", "case_id", "-until"], name="seals_of_a_case")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.case_type} {self.case_id}: {self.until:%d/%m/%Y %H:%M}"


class LogEntry(models.Model):
    """Which place an entry of the trail has in the log. No foreign key: it stays when the entry is gone."""

    index = models.BigIntegerField(_("number in the log"), primary_key=True)
    event_id = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = _("place in the log")
        verbose_name_plural = _("places in the log")
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.index}: {self.event_id}"


class LogTile(models.Model):
    """256 hashes of the tree (verifier/log/tiles.py); those at its right edge are not full yet."""

    level = models.PositiveSmallIntegerField()
    place = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        verbose_name = _("hashes of the log")
        verbose_name_plural = _("hashes of the log")
        constraints = [models.UniqueConstraint(name="one_tile_a_place", fields=["level", "place"])]

    def __str__(self) -> str:
        return f"{self.level}/{self.place}"


class LogState(models.Model):
    """One row: how far the sequencer came."""

    size = models.BigIntegerField(_("entries"), default=0)
    horizon = models.BigIntegerField(default=0)  # every transaction before it has ended and is in the log
    cluster = models.BigIntegerField(default=0)  # numbers of transactions mean nothing in another one
    extended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of the log")
        verbose_name_plural = _("states of the log")

    def __str__(self) -> str:
        return str(self.size)


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    def covering(self, size: int) -> "CheckpointQuerySet":
        """Those over so many entries or more, the smallest first."""
        return self.filter(size__gte=size).order_by("size")


class Checkpoint(models.Model):
    """So many entries, and their root, signed by the log. What it says can never be taken back."""

    size = models.BigIntegerField(_("entries"), unique=True)
    root = models.BinaryField()
    note = models.TextField()
    is_decision = models.BooleanField(default=False)  # made because a decision was issued
    made_at = models.DateTimeField(_("time"), default=clock.now)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        get_latest_by = "size"
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.size}"

    @property
    def root_hex(self) -> str:
        return bytes(self.root).hex()

    @property
    def timestamp(self) -> "Attestation | None":
        return self.attestations.filter(kind=Attestation.Kind.TIMESTAMP).order_by("pk").first()


class Attestation(models.Model):
    """What others hold or have signed of a checkpoint: they would contradict a log that was changed."""

    class Kind(models.TextChoices):
        TIMESTAMP = "timestamp", _("timestamp")
        FOLDER = "folder", _("copy in another folder")
        MAIL = "mail", _("copy by mail")
        WITNESS = "witness", _("signature of a witness")

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="attestations")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    who = models.CharField(_("held by"), max_length=300)
    content = models.BinaryField(default=b"")  # the token, or the witness's lines
    made_at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        indexes = [models.Index(fields=["kind", "-id"], name="attestations_by_kind")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.who}"
