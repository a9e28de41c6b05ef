"""The trail, which only grows, and the log over it, which shows that it only grew."""

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
    def is_sealed(self) -> bool:
        return self.sealed_until is not None and self.sealed_until > clock.now()


APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


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
