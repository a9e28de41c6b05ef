"""Opinion requests: what is asked, in which issue, until when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from decisions.models import RuleSet
from decisions.tally import MajorityRule, Silence
from opinions import rules
from opinions.models.kinds import AnswerClass, RequestKind
from opinions.rules import BranchChoice, DecidedBy, QuestionForm, RequestStatus, SlipStatus
from opinions.wording import index_words, split_words


class RequestQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_request)

    def matching(
        self,
        *,
        words: str = "",
        state: str = "",
        kind: Any = None,
        agency: Any = None,
        since: date | None = None,
        until: date | None = None,
    ) -> "RequestQuerySet":
        """Those in a state, of a kind, of a lead agency, sent in these days, with these words in the subject:
        typed with accents or without."""
        exact = {"status": state, "kind": kind, "lead_agency": agency, "words__contains": split_words(words)}
        found = self.filter(**{name: value for name, value in exact.items() if value})
        if since:
            found = found.filter(opened_at__gte=_at(since, time.min))
        if until:
            found = found.filter(opened_at__lte=_at(until, time.max))
        return found

    def with_progress(self) -> "RequestQuerySet":
        """With the number of members asked and of those who have answered, for the rows shown alone."""
        slips = self.model.slips.rel.related_model.objects.filter(request=OuterRef("pk")).order_by()
        number = slips.values("request").annotate(number=Count("pk")).values("number")
        answered = number.filter(status=SlipStatus.ANSWERED)
        return self.annotate(
            asked_count=Coalesce(Subquery(number), 0), answered_count=Coalesce(Subquery(answered), 0)
        )

    def overdue(self) -> "RequestQuerySet":
        """Open, and the deadline has passed: the clock closes them."""
        return self.filter(status=RequestStatus.OPEN, deadline__lte=clock.now())


def _at(day: date, moment: time) -> datetime:
    """Office time."""
    return timezone.make_aware(datetime.combine(day, moment))


class OpinionRequest(models.Model):
    """Phiếu lấy ý kiến: one matter put before all members, with its dossier, until a deadline."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="opinion_requests")
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.DRAFT)
    subject = models.CharField(_("subject"), max_length=500)
    words = ArrayField(models.CharField(max_length=500), default=list, editable=False)  # found by these
    proposal = models.TextField(_("proposal of the lead agency"), blank=True)
    kind = models.ForeignKey(
        RequestKind, models.PROTECT, related_name="requests", verbose_name=_("kind of request")
    )
    is_secret = models.BooleanField(_("secret ballot"), default=False)
    issue = models.PositiveSmallIntegerField(default=1)  # a correction that voids the answers makes a new one
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats"
    )  # the collection that this one repeats
    lead_agency = models.ForeignKey(
        "people.Organisation", models.PROTECT, related_name="opinion_requests", verbose_name=_("lead agency")
    )
    adviser = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("adviser unit"),
    )
    adviser_opinion = models.TextField(_("independent opinion of the adviser unit"), blank=True)
    follower = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests_followed",
        verbose_name=_("follow-up person"),
    )
    dossier = models.OneToOneField("documents.Dossier", models.PROTECT, related_name="opinion_request")
    deadline = models.DateTimeField(_("deadline"))
    exception_order = models.CharField(
        _("order for another deadline"),
        max_length=300,
        blank=True,
        help_text=_("Who ordered it, with number and date: letter 512/VPCP-TH, 20/11/2026."),
    )
    exception_reason = models.TextField(_("reason for another deadline"), blank=True)
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
    report = models.TextField(_("report of the lead agency"), blank=True)
    report_repeats = models.BooleanField(_("the lead agency proposes to collect again"), null=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by_name = models.CharField(max_length=200, blank=True)
    office_opinion = models.TextField(_("opinion of the office on the result"), blank=True)
    session_reason = models.TextField(_("reason for taking it to a session"), blank=True)
    session_at = models.DateTimeField(null=True, blank=True)
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
            GinIndex(fields=["words"], name="requests_by_words"),
            models.Index(
                fields=["deadline", "id"], condition=Q(status__in=rules.LIVE), name="requests_to_be_done"
            ),
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = index_words(self.subject)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("opinions:read_request", args=[self.pk])

    @property
    def has_exception(self) -> bool:
        """Another deadline than the rules allow was ordered: by whom, and why, is recorded."""
        return bool(self.exception_order.strip() and self.exception_reason.strip())

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

    @cached_property
    def classes(self) -> Mapping[str, AnswerClass]:
        """The answers that this form offers, by code, in their order."""
        return {offered.code: offered for offered in self.kind.answer_classes.all()}

    @property
    def silence(self) -> Silence:
        """What silence means here: the form's own rule, else that of the rule set."""
        rule_set = self.rule_set_in_force
        return Silence(self.kind.silence or (rule_set.silence if rule_set else Silence.NOTHING))

    @property
    def silence_agrees(self) -> bool:
        return self.silence is Silence.AGREES

    @property
    def silence_in_words(self) -> str:
        return str(dict(RuleSet.SilenceRule.choices)[self.silence])

    @property
    def silence_source(self) -> str:
        """Where it stands what silence means: in the kind of request, else in the rule set."""
        rule_set = self.rule_set_in_force
        if self.kind.silence or rule_set is None:
            return str(self.kind)
        return f"{rule_set.name}, {rule_set.source}"

    @property
    def majority_rule(self) -> MajorityRule:
        """The rules it is counted by: those of the rule set, as the form adapts them."""
        assert self.rule_set is not None  # the constraint of a sent request
        unopposed = self.kind.decided_by == DecidedBy.NO_OBJECTION
        return replace(self.rule_set.majority_rule, silence=self.silence, unopposed=unopposed)

    @property
    def session_calls(self) -> int:
        """How many members call for a session by their answer; of several questions the one with the most."""
        calling = [code for code, offered in self.classes.items() if offered.calls_session]
        counted = [(question.result or {}).get("classes", {}) for question in self.questions.all()]
        return max((sum(figures.get(code, 0) for code in calling) for figures in counted), default=0)

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


class RequestIssue(models.Model):
    """What was put before the members: the first sending, and each correction that voids answers."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    dossier_issue = models.ForeignKey("documents.DossierIssue", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    issued_at = models.DateTimeField(default=clock.now)
    issued_by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("issue of a request")
        verbose_name_plural = _("issues of a request")
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(name="one_request_issue_a_number", fields=["request", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.request} ({self.number})"


class DeadlineChange(models.Model):
    """The deadline was moved while the members were being asked."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="deadline_changes")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.TextField(_("reason"))
    order = models.CharField(_("order for another deadline"), max_length=300, blank=True)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("change of a deadline")
        verbose_name_plural = _("changes of deadlines")
        ordering = ["request", "changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request}: {self.before:%d/%m/%Y} → {self.after:%d/%m/%Y}"


class CurrentQuestions(models.Manager):
    """Those that stand in the newest issue."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(dropped_in__isnull=True)


class Question(models.Model):
    """What the members are asked, with the figures of the answers once they are counted."""

    request = models.ForeignKey(OpinionRequest, models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    text = models.TextField(_("question"))
    form = models.CharField(_("form"), max_length=10, choices=QuestionForm, default=QuestionForm.POSITIONS)
    max_choices = models.PositiveSmallIntegerField(_("at most … options"), default=1)
    dropped_in = models.PositiveSmallIntegerField(null=True, blank=True)  # the issue that asks otherwise
    result = models.JSONField(null=True, blank=True)  # decisions.tally.Tally as plain values

    objects = CurrentQuestions()
    ever: "models.Manager[Question]" = models.Manager()  # with those of earlier issues

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="one_question_a_place",
                fields=["request", "place"],
                condition=Q(dropped_in__isnull=True),
            ),
            models.CheckConstraint(name="at_least_one_choice", condition=Q(max_choices__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def offered(self) -> "list[Option]":
        """What can be chosen: each option without parts, and the parts of the others."""
        options = list(self.options.all())
        divided = {option.parent_id for option in options}
        return [option for option in options if option.pk not in divided]


class Option(models.Model):
    """One thing to choose; it may have parts of its own, of which one is chosen instead (two levels)."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(_("option"), max_length=500)
    is_proposed = models.BooleanField(_("proposed by the lead agency"), default=False)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["question", "place"]
        constraints = [models.UniqueConstraint(name="one_option_a_place", fields=["question", "place"])]

    def __str__(self) -> str:
        return f"{self.parent.text}: {self.text}" if self.parent else self.text
