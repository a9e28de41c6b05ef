"""The rules of deciding by body and date, the resolutions, and the register of their numbers."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from decisions import rules
from decisions.calendar import add_working_days
from decisions.rules import CopyForm, ResolutionStatus
from decisions.tally import Abstention, Basis, MajorityRule, Silence, Tie
from signatures.models import SigningCertificate, SigningRequest, Verification
from signatures.rules import KeyWay, RequestStatus, Verdict


class RuleSetQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_rule_set)

    def in_force(self, body: Any, on: date | None = None) -> "RuleSet":
        """The confirmed rule set of the body on that day; RuleSet.DoesNotExist where there is none."""
        confirmed = self.filter(body=body, valid_from__lte=on or clock.today(), confirmed_at__isnull=False)
        return confirmed.latest("valid_from", "pk")


class RuleSet(models.Model):
    """How a body decides from a day on. Never changed once confirmed: a new one follows."""

    class MajorityBasis(models.TextChoices):
        MEMBERS = Basis.MEMBERS.value, _("all members")
        SEATS = Basis.SEATS.value, _("all seats, the vacant ones too")
        ANSWERS = Basis.ANSWERS.value, _("the answers given")

    class SilenceRule(models.TextChoices):
        AGREES = Silence.AGREES.value, _("counts as agreement with the lead agency's proposal")
        NOTHING = Silence.NOTHING.value, _("is counted for no side")

    class TieRule(models.TextChoices):
        CHAIR = Tie.CHAIR.value, _("follows the chair's vote")
        FAILS = Tie.FAILS.value, _("is no majority")

    class AbstentionRule(models.TextChoices):
        STAYS = Abstention.STAYS.value, _("stays in the total")
        LEAVES = Abstention.LEAVES.value, _("leaves the total")

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="rule_sets")
    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("legal source"), max_length=300)
    valid_from = models.DateField(_("in force from"))
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    majority_basis = models.CharField(
        _("majority of"), max_length=8, choices=MajorityBasis, default=MajorityBasis.MEMBERS
    )
    majority_numerator = models.PositiveSmallIntegerField(_("majority: more than … parts"), default=1)
    majority_denominator = models.PositiveSmallIntegerField(
        _("majority: of … parts"), default=2, validators=[MinValueValidator(1)]
    )
    quorum_numerator = models.PositiveSmallIntegerField(_("quorum: at least … parts"), default=2)
    quorum_denominator = models.PositiveSmallIntegerField(
        _("quorum: of … parts"), default=3, validators=[MinValueValidator(1)]
    )
    tie = models.CharField(_("a tie"), max_length=8, choices=TieRule, default=TieRule.CHAIR)
    silence = models.CharField(_("silence"), max_length=8, choices=SilenceRule, default=SilenceRule.AGREES)
    abstention = models.CharField(
        _("abstention"), max_length=8, choices=AbstentionRule, default=AbstentionRule.STAYS
    )
    answer_days_min = models.PositiveSmallIntegerField(_("least working days to answer"), default=2)
    answer_days_max = models.PositiveSmallIntegerField(_("most working days to answer"), default=5)
    processing_days = models.PositiveSmallIntegerField(_("working days to process the result"), default=2)
    report_days = models.PositiveSmallIntegerField(_("working days for the lead agency's report"), default=5)
    publish_days = models.PositiveSmallIntegerField(_("working days to publish"), default=1)
    paper_lead_days = models.PositiveSmallIntegerField(
        _("working days papers come before a session"), default=3
    )
    notes_kept_days = models.PositiveSmallIntegerField(
        _("days that private notes are kept after the matter is closed"), default=90
    )
    resolutions_signed = models.BooleanField(
        _("resolutions are signed digitally"),
        default=False,
        help_text=_("The chair or a vice chair signs the text; the office affixes number, date and seal."),
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["body", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="one_rule_set_a_day",
                fields=["body", "valid_from"],
                condition=Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_days_are_a_span", condition=Q(answer_days_min__lte=F("answer_days_max"))
            ),
            models.CheckConstraint(
                name="majority_is_a_share", condition=Q(majority_numerator__lt=F("majority_denominator"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def majority_rule(self) -> MajorityRule:
        return MajorityRule(
            basis=Basis(self.majority_basis),
            numerator=self.majority_numerator,
            denominator=self.majority_denominator,
            tie=Tie(self.tie),
            silence=Silence(self.silence),
            abstention=Abstention(self.abstention),
        )

    def count_vacant(self, members: int) -> int:
        """Seats without a member; none where the law names no number of seats."""
        return max((self.seats or members) - members, 0)

    def list_days_off(self) -> set[date]:
        return set(self.body.days_off.values_list("day", flat=True))

    def span_of_answer_days(self, start: date) -> tuple[date, date]:
        """The earliest and the latest day for a deadline when the collection begins on `start`."""
        days_off = self.list_days_off()
        return (
            add_working_days(start, self.answer_days_min, days_off),
            add_working_days(start, self.answer_days_max, days_off),
        )


class DayOff(models.Model):
    """A public holiday, or a day of rest moved by the Prime Minister's decision."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="days_off")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="a_day_off_once", fields=["body", "day"])]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class ResolutionQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_resolution)

    def issued(self) -> "ResolutionQuerySet":
        return self.filter(status=ResolutionStatus.ISSUED)


class ElectronicCopyQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_copy)


class Resolution(models.Model):
    """What the body has decided, from the draft to the register (Nghị quyết)."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="resolutions")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="resolutions")
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="resolution")
    dossier = models.ForeignKey("documents.Dossier", models.PROTECT, null=True, related_name="resolutions")
    status = models.CharField(
        _("status"), max_length=8, choices=ResolutionStatus, default=ResolutionStatus.DRAFT
    )
    subject = models.CharField(_("subject"), max_length=500)
    lead_agency = models.ForeignKey("people.Organisation", models.PROTECT, related_name="resolutions")
    bases = ArrayField(models.TextField(), verbose_name=_("legal bases"), default=list)
    articles = ArrayField(models.TextField(), verbose_name=_("articles"), default=list)
    recipients = ArrayField(models.CharField(max_length=200), verbose_name=_("recipients"), default=list)
    signer = models.ForeignKey("people.Appointment", models.PROTECT, related_name="resolutions")
    initials_by = models.ForeignKey(
        "people.Appointment", models.PROTECT, null=True, blank=True, related_name="+"
    )  # who puts her initials to the text before it is signed (ký nháy)
    signing = models.ForeignKey(
        SigningRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )  # by the leader, since her newest approval
    sealing = models.ForeignKey(
        SigningRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )  # number, date and seal
    returned_because = models.CharField(_("returned because"), max_length=500, blank=True)
    drafted_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    notation = models.CharField(_("notation"), max_length=30)  # NQ-CP
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            models.UniqueConstraint(
                name="one_resolution_a_number",
                fields=["body", "notation", "year", "number"],
                condition=Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="issued_means_number_and_date",
                condition=~Q(status=ResolutionStatus.ISSUED)
                | Q(
                    number__isnull=False, year__isnull=False, issued_on__isnull=False, issued_at__isnull=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_number} {self.subject}".strip()

    def get_absolute_url(self) -> str:
        return reverse("decisions:read_resolution", args=[self.pk])

    @property
    def full_number(self) -> str:
        """As printed: a number below 10 has a leading 0 (Nghị định 30/2020/NĐ-CP, phụ lục I)."""
        return f"{self.number:02}/{self.notation}" if self.number else ""

    @property
    def newest_rendering(self) -> Any | None:
        return self.document.renderings.select_related("version").order_by("-pk").first()

    @property
    def is_signed_digitally(self) -> bool:
        return self.rule_set.resolutions_signed

    @property
    def printed_year(self) -> int:
        """The year that stands on a text in which number, day and month are left blank."""
        return timezone.localtime(self.approved_at or self.drafted_at).year

    @property
    def text(self) -> Any | None:
        """The text that counts: as it was signed and sealed by those who must, or as it was laid out last."""
        for signing in (self.sealing, self.signing):
            if signing is not None and signing.result is not None:
                return signing.result
        laid_out = self.document.renderings.filter(version__isnull=False).select_related("version")
        newest = laid_out.order_by("-version__number").first()
        return newest.version if newest else None

    @property
    def signings(self) -> Any:
        """By the leader, then by the organisation."""
        return SigningRequest.objects.filter(pk__in=[self.signing_id, self.sealing_id]).order_by("pk")

    @property
    def seal(self) -> SigningCertificate | None:
        return find_seal(self.body)

    @property
    def is_sealed(self) -> bool:
        return not self.is_signed_digitally or (
            self.sealing is not None and self.sealing.status == RequestStatus.COMPLETED
        )


class ElectronicCopy(models.Model):
    """A signed paper copied for others: the same bytes, and the organisation's words on them."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="electronic_copies")
    source = models.ForeignKey("documents.DocumentVersion", models.PROTECT, related_name="electronic_copies")
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="electronic_copy")
    signing = models.ForeignKey(
        SigningRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the organisation's words
    form = models.CharField(_("form of the copy"), max_length=2, choices=CopyForm, default=CopyForm.COPY)
    number = models.PositiveIntegerField(_("number"))
    notation = models.CharField(_("notation"), max_length=30)  # SY-VPCP
    year = models.PositiveSmallIntegerField(_("year"))
    made_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)

    objects = ElectronicCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("electronic copy")
        verbose_name_plural = _("electronic copies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_electronic_copy_a_number", fields=["body", "notation", "year", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.full_number}"

    def get_absolute_url(self) -> str:
        return reverse("decisions:read_copy", args=[self.pk])

    @property
    def full_number(self) -> str:
        return f"{self.number:02}/{self.notation}"

    @property
    def trail_case(self) -> models.Model:
        return self.source.trail_case

    @property
    def is_of_valid_paper(self) -> bool:
        newest = Verification.objects.filter(version=self.source_id).done().last()
        return newest is not None and newest.verdict == Verdict.VALID

    @property
    def seal(self) -> SigningCertificate | None:
        return find_seal(self.body)

    @property
    def is_certified(self) -> bool:
        return self.signing is not None and self.signing.status == RequestStatus.COMPLETED

    @property
    def text(self) -> Any:
        """The bytes of the original; with the organisation's words, once they are on it."""
        if self.signing is not None and self.signing.result is not None:
            return self.signing.result
        return self.document.versions.order_by("number").first()


def find_seal(body: Any) -> SigningCertificate | None:
    """That of the office which serves the body: its key lies in the security module."""
    usable = SigningCertificate.objects.usable()
    return usable.filter(organisation=body.office_id, way=KeyWay.SERVER).first()


class NumberRegister(models.Model):
    """The last number given in a year: numbers begin at 01 on 1 January and leave no gap."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="number_registers")
    notation = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number register")
        verbose_name_plural = _("number registers")
        constraints = [
            models.UniqueConstraint(name="one_register_a_year", fields=["body", "notation", "year"])
        ]

    def __str__(self) -> str:
        return f"{self.notation} {self.year}: {self.last}"
