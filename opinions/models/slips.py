"""The members' slips, every answer that was ever given on them, and what each says."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from opinions import rules
from opinions.models.kinds import AnswerClass
from opinions.models.requests import OpinionRequest, Option, Question
from opinions.rules import SheetStanding, SheetWay, SignatureState, SlipStatus
from people.models import Appointment


class SlipQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_slip)

    def still_in_time(self) -> "SlipQuerySet":
        return self.filter(request__deadline__gt=clock.now())

    def unanswered(self) -> "SlipQuerySet":
        return self.filter(status__in=rules.UNANSWERED)

    def with_answers(self) -> "SlipQuerySet":
        """With the answer that counts, in three queries however many slips there are."""
        return self.prefetch_related(Prefetch("sheets", AnswerSheet.objects.counting(), to_attr="counting"))

    def with_facts(self) -> "SlipQuerySet":
        """With all that the rules ask of a slip, in one question for the whole list."""
        offices = Appointment.objects.current().voting()
        offices = offices.filter(body=OuterRef("request__body"), user=OuterRef("member"))
        return self.with_answers().prefetch_related("unsent").annotate(holds_office=Exists(offices))


class OpinionSlip(models.Model):
    """The slip of one member: drafts of the assistant, and the answer that counts."""

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="slips")
    member = models.ForeignKey("people.User", models.PROTECT, related_name="slips")
    member_title = models.CharField(max_length=200)  # as of the day of sending
    is_chair = models.BooleanField(default=False)
    place = models.PositiveIntegerField()  # protocol order of that day
    stand_in = models.ForeignKey(
        "people.Appointment", models.PROTECT, null=True, blank=True, related_name="slips_in_place_of"
    )  # by the register, as of the day of sending
    status = models.CharField(_("status"), max_length=10, choices=SlipStatus, default=SlipStatus.PENDING)
    taken_at: datetime | None = None  # when the deed that is under way took this slip
    opened_at = models.DateTimeField(null=True, blank=True)  # first seen by the member
    draft = models.JSONField(default=dict, blank=True)  # {question id: {"position": …, "reason": …}}
    drafted_by_name = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="slips_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=16, blank=True)
    dissent = models.TextField(_("reserved opinion"), blank=True)
    dissent_at = models.DateTimeField(null=True, blank=True)

    signed_sheet: "AnswerSheet | None" = None  # while its signature is being taken

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
    def current_sheet(self) -> "AnswerSheet | None":
        """The answer that counts; `with_answers` reads those of many slips at once."""
        if not hasattr(self, "counting"):
            self.counting = list(self.sheets.counting())
        return self.counting[0] if self.counting else None

    @property
    def answers(self) -> "list[Answer]":
        """Of the sheet that counts, in the order asked."""
        return list(self.current_sheet.answers.all()) if self.current_sheet else []

    def find_sheet_to_sign(self, writer: Any) -> "AnswerSheet | None":
        """What this person has made ready to sign, and not signed."""
        waiting = self.sheets.filter(standing=SheetStanding.TO_SIGN, given_by=writer.pk)
        sheet = waiting.select_related("statement", "given_by", "attachment").with_answers().first()
        if sheet is not None:
            sheet.slip = self
        return sheet

    @property
    def current_answers(self) -> dict[str, dict[str, Any]]:
        """As a draft is kept: {question id: {"position": …, "options": […], "reason": …}}."""
        return self.current_sheet.content if self.current_sheet else {}

    def find_unsent(self, writer: Any) -> "UnsentAnswer | None":
        """What this person has written and not sent."""
        return self.unsent.filter(writer=writer.pk).select_related("attachment__document").first()

    def find_attachment(self, writer: Any) -> Any:
        """What goes with the answer that this person would send now; what cannot be taken does not."""
        unsent = self.find_unsent(writer)
        kept = unsent or self.current_sheet
        attachment = kept.attachment if kept else None
        return attachment if attachment is not None and not attachment.refused_because else None

    @property
    def ended_sheets(self) -> "list[AnswerSheet]":
        """Every answer that counts no more, the newest first."""
        ended = self.sheets.exclude(standing__in=(SheetStanding.COUNTS, SheetStanding.TO_SIGN))
        ended = ended.select_related("given_by", "entered_by", "attachment__document", "scan__document")
        return list(ended.with_answers().order_by("-number"))

    @property
    def drafted_answers(self) -> "list[DraftedAnswer]":
        """The assistant's draft in words."""
        return [
            DraftedAnswer(question, self.request, self.draft[str(question.pk)])
            for question in self.request.questions.all()
            if str(question.pk) in self.draft
        ]

    @cached_property
    def is_in_office(self) -> bool:
        """Whether the member holds a voting office of the body still."""
        if "holds_office" in self.__dict__:  # read with the list
            return bool(self.__dict__["holds_office"])
        offices = Appointment.objects.current().voting()
        return offices.filter(body=self.body_id, user=self.member_id).exists()

    @property
    def is_silent(self) -> bool:
        return self.status == SlipStatus.SILENT

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


class UnsentAnswer(models.Model):
    """What a member, or her stand-in, has written and not sent: for the eyes of its writer alone."""

    slip = models.ForeignKey(OpinionSlip, models.PROTECT, related_name="unsent")
    writer = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    content = models.JSONField(default=dict)  # as a draft is kept
    attachment = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("unsent answer")
        verbose_name_plural = _("unsent answers")
        constraints = [models.UniqueConstraint(name="one_unsent_answer_a_writer", fields=["slip", "writer"])]

    def __str__(self) -> str:
        return f"{self.slip}: {self.writer}"


class SheetQuerySet(models.QuerySet["AnswerSheet"]):
    def counting(self) -> "SheetQuerySet":
        """Those that count, each with what it says."""
        counting = self.filter(standing=SheetStanding.COUNTS).with_answers()
        return counting.select_related("entered_by", "attachment__document", "scan__document")

    def with_answers(self) -> "SheetQuerySet":
        answers = Answer.objects.select_related("question", "taken").prefetch_related("options")
        return self.prefetch_related(Prefetch("answers", answers.order_by("question__place")))


AS_GIVEN = (
    "slip",
    "number",
    "issue",
    "way",
    "given_at",
    "given_by",
    "entered_by",
    "entry_reason",
    "scan",
    "attachment",
    "receipt",
)  # of a sheet; what becomes of it later changes beside that
NEVER_CHANGED = pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
NEVER_EMPTIED = pgtrigger.Trigger(
    name="never_emptied",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate what was answered';",
)


class AnswerSheet(models.Model):
    """One answer as it was given (Phiếu ghi ý kiến). Never changed: a later one replaces it; all are kept."""

    slip = models.ForeignKey(OpinionSlip, models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    issue = models.PositiveSmallIntegerField()  # of the request that it answers
    standing = models.CharField(_("standing"), max_length=10, choices=SheetStanding)
    way = models.CharField(_("came"), max_length=10, choices=SheetWay, default=SheetWay.ONLINE)
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")  # the member, her stand-in
    entered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+"
    )  # an officer, for an answer on paper or by telephone
    entry_reason = models.TextField(_("why it is entered for the member"), blank=True)
    scan = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    attachment = models.ForeignKey(
        "documents.DocumentVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt = models.CharField(_("receipt"), max_length=16)
    paper = models.OneToOneField(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="answer_sheet"
    )  # the slip as an official paper
    statement = models.OneToOneField(
        "signatures.Statement", models.PROTECT, null=True, blank=True, related_name="answer_sheet"
    )
    signature_state = models.CharField(
        max_length=8, choices=SignatureState, default=SignatureState.NONE, blank=True
    )
    nonce = models.CharField(max_length=32, blank=True)  # drawn for what is signed: nobody can guess its hash
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer given")
        verbose_name_plural = _("answers given")
        ordering = ["slip", "number"]
        constraints = [
            models.UniqueConstraint(name="one_sheet_a_number", fields=["slip", "number"]),
            models.UniqueConstraint(
                name="one_sheet_counts", fields=["slip"], condition=Q(standing=SheetStanding.COUNTS)
            ),
            models.UniqueConstraint(
                name="one_sheet_to_sign", fields=["slip"], condition=Q(standing=SheetStanding.TO_SIGN)
            ),
            models.CheckConstraint(
                name="entered_by_an_officer_with_a_reason",
                condition=Q(way=SheetWay.ONLINE, entered_by__isnull=True)
                | ~Q(way=SheetWay.ONLINE) & Q(entered_by__isnull=False) & ~Q(entry_reason=""),
            ),
            models.CheckConstraint(
                name="on_paper_means_a_scan", condition=~Q(way=SheetWay.PAPER) | Q(scan__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stays_as_given",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*AS_GIVEN),
            ),
            pgtrigger.Protect(
                name="counts_no_more",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.standing NOT IN ('counts', 'to_sign') AND OLD.standing IS DISTINCT FROM NEW.standing"
                ),
            ),
            NEVER_EMPTIED,
        ]

    def __str__(self) -> str:
        return f"{self.slip} ({self.number})"

    def says(self, content: dict[str, dict[str, Any]], attachment: Any) -> bool:
        return self.content == content and self.attachment_id == (attachment.pk if attachment else None)

    @property
    def is_signed(self) -> bool:
        return self.signature_state in (SignatureState.CHECKING, SignatureState.HOLDS)

    @property
    def is_overtaken(self) -> bool:
        """What lies before the members has changed since this was written down."""
        return self.slip.request.dossier.issues.filter(sealed_at__gt=self.given_at).exists()

    @property
    def rendering(self) -> Any | None:
        """The piece of work that makes the slip as a paper."""
        if self.paper is None:
            return None
        return self.paper.renderings.select_related("version").order_by("-pk").first()

    @property
    def version(self) -> Any | None:
        """The slip as a paper, once it is made."""
        return self.paper.versions.order_by("-number").first() if self.paper else None

    @property
    def is_on_its_way(self) -> bool:
        """It is made or being made, and can be signed then."""
        rendering = self.rendering
        is_made = self.statement_id is not None or (rendering is not None and rendering.is_waiting)
        return is_made and not self.is_overtaken

    @property
    def is_entered(self) -> bool:
        """By an officer, from a paper or a telephone call."""
        return self.way != SheetWay.ONLINE

    @property
    def content(self) -> dict[str, dict[str, Any]]:
        return {str(answer.question_id): answer.content for answer in self.answers.all()}

    @property
    def body_id(self) -> int:
        return self.slip.body_id

    @property
    def trail_case(self) -> Any:
        return self.slip.request


class Answer(models.Model):
    """What one sheet says to one question: the position taken or the options chosen, and the words."""

    sheet = models.ForeignKey(AnswerSheet, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    taken = models.ForeignKey(AnswerClass, models.PROTECT, null=True, blank=True, related_name="+")
    options = models.ManyToManyField(Option, through="ChosenOption", related_name="answers", blank=True)
    reason = models.TextField(_("reason or opinion"), blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_answer_a_question", fields=["sheet", "question"]),
        ]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    def __str__(self) -> str:
        return f"{self.question}: {self.said}"

    @property
    def position(self) -> str:
        """The code of the position taken; empty where options were chosen."""
        return self.taken.code if self.taken else ""

    @property
    def said(self) -> str:
        """In words."""
        return str(self.taken) if self.taken else "; ".join(str(option) for option in self.options.all())

    @property
    def content(self) -> dict[str, Any]:
        """As a draft is kept, signed and exported."""
        if self.taken:
            return {"position": self.taken.code, "reason": self.reason}
        return {"options": sorted(option.pk for option in self.options.all()), "reason": self.reason}

    @property
    def tone(self) -> str:
        return self.taken.tone if self.taken else "grey"


class ChosenOption(models.Model):
    """One of the options that an answer chooses."""

    answer = models.ForeignKey(Answer, models.PROTECT)
    option = models.ForeignKey(Option, models.PROTECT)

    class Meta:
        verbose_name = _("option chosen")
        verbose_name_plural = _("options chosen")
        db_table = "opinions_answer_options"
        constraints = [models.UniqueConstraint(name="an_option_once_an_answer", fields=["answer", "option"])]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    def __str__(self) -> str:
        return str(self.option)


class DraftedAnswer:
    """An answer that was never given, in words."""

    def __init__(self, question: Question, opinion_request: OpinionRequest, content: dict[str, Any]) -> None:
        self.question, self.reason = question, content.get("reason", "")
        taken = opinion_request.classes.get(content.get("position", ""))
        chosen = [option for option in question.options.all() if option.pk in content.get("options", ())]
        self.said = str(taken) if taken else "; ".join(str(option) for option in chosen)
