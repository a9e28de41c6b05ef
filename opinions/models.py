"""Opinion requests, their questions, the members' slips and answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from decisions.models import RuleSet
from decisions.tally import Position
from opinions import rules
from opinions.rules import BranchChoice, RequestStatus, SlipStatus
from opinions.wording import tidy
from people.models import Appointment, User
from people.rules import Role


class RequestQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_request)

    def matching(self, *, words: str = "", state: str = "") -> "RequestQuerySet":
        """Those in a state, and with these words in the subject."""
        found = self.filter(status=state) if state else self
        return found.filter(subject__icontains=tidy(words)) if words else found

    def with_progress(self) -> "RequestQuerySet":
        """With the number of members asked and of those who have answered."""
        answered = Count("slips", filter=Q(slips__status=SlipStatus.ANSWERED))
        return self.annotate(asked_count=Count("slips"), answered_count=answered)

    def overdue(self) -> "RequestQuerySet":
        """Open, and the deadline has passed: the clock closes them."""
        return self.filter(status=RequestStatus.OPEN, deadline__lte=clock.now())


class OpinionRequest(models.Model):
    """Phiếu lấy ý kiến: one matter put before all members, with its dossier, until a deadline."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="opinion_requests")
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.DRAFT)
    subject = models.CharField(_("subject"), max_length=500)
    proposal = models.TextField(_("proposal of the lead agency"), blank=True)
    lead_agency = models.ForeignKey(
        "people.Organisation", models.PROTECT, related_name="opinion_requests", verbose_name=_("lead agency")
    )
    dossier = models.OneToOneField("documents.Dossier", models.PROTECT, related_name="opinion_request")
    deadline = models.DateTimeField(_("deadline"))
    drafted_by = models.ForeignKey("people.User", models.PROTECT, related_name="requests_drafted")
    drafted_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)  # two people on one draft: the second is told
    edited_by_name = models.CharField(max_length=200, blank=True)
    unsaved = models.JSONField(default=dict, blank=True)  # what was typed into the form since it was saved
    unsaved_by_name = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(_("reason for returning"), blank=True)
    approved_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="requests_approved"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, null=True, blank=True, related_name="opinion_requests"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    branch = models.CharField(_("outcome"), max_length=1, choices=BranchChoice, blank=True)
    process_by = models.DateField(_("result to be processed by"), null=True, blank=True)
    report_by = models.DateField(_("report of the lead agency due by"), null=True, blank=True)
    referral_note = models.TextField(_("note to the lead agency"), blank=True)
    referred_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    synthesis = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.OneToOneField(
        "decisions.Resolution", models.PROTECT, null=True, blank=True, related_name="opinion_request"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion request")
        verbose_name_plural = _("opinion requests")
        indexes = [
            models.Index(fields=["body", "status", "deadline"], name="requests_by_deadline"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sent_means_rules_person_and_time",
                condition=Q(status__in=rules.BEFORE_SENDING)
                | Q(rule_set__isnull=False, approved_by__isnull=False, opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_means_outcome_and_time",
                condition=~Q(status__in=rules.AFTER_CLOSING)
                | (Q(closed_at__isnull=False, process_by__isnull=False) & ~Q(branch="")),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("opinions:read_request", args=[self.pk])

    @property
    def deadline_day(self) -> date:
        return timezone.localdate(self.deadline)

    @cached_property
    def rule_set_in_force(self) -> RuleSet | None:
        """The rules it was opened under; before that, those of today."""
        if self.rule_set is not None:
            return self.rule_set
        try:
            return RuleSet.objects.in_force(self.body_id)
        except RuleSet.DoesNotExist:
            return None

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.OPEN

    @property
    def is_counted(self) -> bool:
        return self.status in rules.AFTER_CLOSING

    @property
    def tone(self) -> str:
        """The colour of the tag of its state."""
        return {
            RequestStatus.OPEN: "navy",
            RequestStatus.SUBMITTED: "amber",
            RequestStatus.DECIDED: "green",
        }.get(RequestStatus(self.status), "grey")

    @property
    def newest_synthesis(self) -> Any | None:
        """The piece of work that makes the synthesis, with its PDF once it is made."""
        if self.synthesis is None:
            return None
        return self.synthesis.renderings.select_related("version").order_by("-pk").first()

    @property
    def trail_cases(self) -> list[models.Model]:
        """What the trail of this matter is filed under: request, dossier, and the papers made from it."""
        resolution = self.resolution
        made = [self.synthesis, resolution, resolution and resolution.document]
        return [self, self.dossier, *(case for case in made if case)]


class Question(models.Model):
    """What the members are asked, with the figures of the answers once they are counted."""

    request = models.ForeignKey(OpinionRequest, models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    text = models.TextField(_("question"))
    result = models.JSONField(null=True, blank=True)  # decisions.tally.Tally as plain values

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(name="one_question_a_place", fields=["request", "place"])]

    def __str__(self) -> str:
        return self.text


class SlipQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_slip)

    def still_in_time(self) -> "SlipQuerySet":
        return self.filter(request__deadline__gt=clock.now())

    def unanswered(self) -> "SlipQuerySet":
        return self.exclude(status__in=[SlipStatus.ANSWERED, SlipStatus.SILENT])


class OpinionSlip(models.Model):
    """The slip of one member: drafts of the assistant, and the answer that counts."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="slips")
    member = models.ForeignKey("people.User", models.PROTECT, related_name="slips")
    member_title = models.CharField(max_length=200)  # as of the day of sending
    is_chair = models.BooleanField(default=False)
    place = models.PositiveIntegerField()  # protocol order of that day
    status = models.CharField(_("status"), max_length=10, choices=SlipStatus, default=SlipStatus.PENDING)
    draft = models.JSONField(default=dict, blank=True)  # {question id: {"position": …, "reason": …}}
    drafted_by_name = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    own_draft = models.JSONField(default=dict, blank=True)  # the member's unsent words: for her eyes alone
    own_draft_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="slips_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=16, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion slip")
        verbose_name_plural = _("opinion slips")
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["member", "status"], name="slips_of_a_member")]
        constraints = [
            models.UniqueConstraint(name="one_slip_a_member", fields=["request", "member"]),
            models.CheckConstraint(
                name="answered_means_person_time_receipt",
                condition=Q(status=SlipStatus.ANSWERED, answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(receipt="")
                | ~Q(status=SlipStatus.ANSWERED) & Q(answered_by__isnull=True, answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_title} {self.member.full_name}"

    def get_absolute_url(self) -> str:
        return self.request.get_absolute_url()

    @property
    def is_answered(self) -> bool:
        return self.status == SlipStatus.ANSWERED

    @property
    def is_silent(self) -> bool:
        return self.status == SlipStatus.SILENT

    @property
    def current_answers(self) -> dict[str, dict[str, str]]:
        """As a draft is kept: {question id: {"position": …, "reason": …}}."""
        return {
            str(answer.question_id): {"position": answer.position, "reason": answer.reason}
            for answer in self.answers.all()
        }

    @property
    def drafted_answers(self) -> "list[Answer]":
        """The assistant's draft, as answers that were never given."""
        return [
            Answer(slip=self, question=question, **self.draft[str(question.pk)])
            for question in self.request.questions.all()
            if str(question.pk) in self.draft
        ]

    @property
    def tone(self) -> str:
        return {SlipStatus.ANSWERED: "green", SlipStatus.SUBMITTED: "navy", SlipStatus.RETURNED: "amber"}.get(
            SlipStatus(self.status), "grey"
        )

    @property
    def body_id(self) -> int:
        return self.request.body_id

    @property
    def trail_case(self) -> Any:
        return self.request


class Answer(models.Model):
    """The position of one member on one question, as it stands."""

    class PositionChoice(models.TextChoices):
        AGREE = Position.AGREE.value, _("Agree")
        DISAGREE = Position.DISAGREE.value, _("Disagree")
        OTHER = Position.OTHER.value, _("Other opinion")

    slip = models.ForeignKey(OpinionSlip, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    position = models.CharField(_("position"), max_length=8, choices=PositionChoice)
    reason = models.TextField(_("reason or opinion"), blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__place"]
        constraints = [
            models.UniqueConstraint(name="one_answer_a_question", fields=["slip", "question"]),
            models.CheckConstraint(
                name="only_agreement_needs_no_reason",
                condition=Q(position=Position.AGREE.value) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip}: {self.get_position_display()}"

    @property
    def tone(self) -> str:
        """In results only: a choice that is still open has no colour."""
        return {Position.AGREE: "green", Position.DISAGREE: "navy", Position.OTHER: "amber"}[
            Position(self.position)
        ]


def find_assistants(body_id: int, members: Iterable[Any]) -> models.QuerySet:
    """Those who assist one of the members today."""
    offices = Appointment.objects.current().filter(
        body=body_id,
        role=Role.ASSISTANT,
        assists__in=Appointment.objects.current(),
        assists__user__in=[member.pk for member in members],
    )
    return User.objects.filter(pk__in=offices.values("user"), is_active=True)
