"""The shape of what the API takes and gives."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions import rules
from opinions.kinds_serializers import DetailsIn, QuestionIn, QuestionOut
from opinions.models import Answer, AnswerSheet, OpinionRequest, OpinionSlip
from people.models import Appointment, Body, Organisation
from people.rules import PRESIDING


class RequestOut(serializers.ModelSerializer):
    questions = QuestionOut(many=True, read_only=True)
    lead_agency = serializers.CharField(source="lead_agency.name", read_only=True)
    rule_set = serializers.CharField(source="rule_set.name", read_only=True, default=None)
    answered_count = serializers.IntegerField(read_only=True)
    asked_count = serializers.IntegerField(read_only=True)
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = OpinionRequest
        fields = [
            "id",
            "body",
            "dossier",
            "status",
            "kind",
            "is_secret",
            "subject",
            "proposal",
            "lead_agency",
            "adviser",
            "adviser_opinion",
            "follower",
            "deadline",
            "exception_order",
            "exception_reason",
            "revision",
            "questions",
            "rule_set",
            "opened_at",
            "closed_at",
            "branch",
            "process_by",
            "report_by",
            "answered_count",
            "asked_count",
            "resolution",
            "allowed",
        ]
        read_only_fields = fields

    def get_allowed(self, opinion_request: OpinionRequest) -> list[str]:
        """The actions that the caller may do now: what a page shows as buttons."""
        return rules.REQUEST.allowed(self.context["request"].user, opinion_request)


class AnswerOut(serializers.Serializer):
    """The position taken, by its code, or the options chosen."""

    question = serializers.IntegerField(source="question_id", read_only=True)
    position = serializers.CharField(read_only=True)
    options = serializers.SerializerMethodField()
    reason = serializers.CharField(read_only=True)

    def get_options(self, answer: Answer) -> list[int]:
        return [option.pk for option in answer.options.all()]


class SlipOut(serializers.ModelSerializer):
    """The draft is for the member and her assistants alone; the answer for the member until the count."""

    member = serializers.CharField(source="member.full_name", read_only=True)
    answers = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField()
    entered_by = serializers.SerializerMethodField()
    attachment = serializers.SerializerMethodField()
    dissent = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = OpinionSlip
        fields = [
            "id",
            "request",
            "member",
            "member_title",
            "is_chair",
            "status",
            "answers",
            "draft",
            "answered_at",
            "receipt",
            "entered_by",
            "attachment",
            "dissent",
            "allowed",
        ]
        read_only_fields = fields

    def get_allowed(self, slip: OpinionSlip) -> list[str]:
        return rules.SLIP.allowed(self.context["request"].user, slip)

    @extend_schema_field(AnswerOut(many=True))
    def get_answers(self, slip: OpinionSlip) -> Any:
        is_shown = rules.reads_answers(self.context["request"].user, slip)
        return AnswerOut(slip.answers, many=True).data if is_shown else []

    def get_receipt(self, slip: OpinionSlip) -> str:
        """It is made of the answer: who knows it can try which answer it stands for."""
        return slip.receipt if rules.reads_answers(self.context["request"].user, slip) else ""

    def get_entered_by(self, slip: OpinionSlip) -> str:
        """The officer who entered for the member what came on paper or by telephone."""
        sheet = self._shown_sheet(slip)
        return str(sheet.entered_by) if sheet and sheet.entered_by else ""

    def get_attachment(self, slip: OpinionSlip) -> int | None:
        """The version of the paper that goes with the answer."""
        sheet = self._shown_sheet(slip)
        return sheet.attachment_id if sheet else None

    def get_dissent(self, slip: OpinionSlip) -> str:
        return slip.dissent if self._shown_sheet(slip) else ""

    def _shown_sheet(self, slip: OpinionSlip) -> AnswerSheet | None:
        return slip.current_sheet if rules.reads_answers(self.context["request"].user, slip) else None

    @extend_schema_field(AnswerOut(many=True))
    def get_draft(self, slip: OpinionSlip) -> list[dict[str, Any]]:
        if not rules.reads_draft(self.context["request"].user, slip):
            return []
        return [{"question": int(question), **answer} for question, answer in slip.draft.items()]


class RequestIn(DetailsIn):
    subject = serializers.CharField(max_length=500)
    proposal = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    lead_agency = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.all())
    deadline = serializers.DateTimeField()
    questions = serializers.ListField(child=QuestionIn(), max_length=rules.QUESTIONS_LIMIT, default=list)


class NewRequestIn(RequestIn):
    body = serializers.PrimaryKeyRelatedField(queryset=Body.objects.all())


class EditedRequestIn(RequestIn):
    revision = serializers.IntegerField(help_text="The revision that the caller has read.")


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=rules.REASON_LIMIT)


class NoteIn(serializers.Serializer):
    note = serializers.CharField(max_length=rules.REASON_LIMIT, allow_blank=True, default="")


class DecisionIn(serializers.Serializer):
    subject = serializers.CharField(max_length=500)
    bases = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    articles = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    recipients = serializers.ListField(child=serializers.CharField(max_length=200), default=list)
    signer = serializers.PrimaryKeyRelatedField(queryset=Appointment.objects.filter(role__in=PRESIDING))


class OneAnswerIn(serializers.Serializer):
    question = serializers.IntegerField()
    position = serializers.CharField(max_length=20, allow_blank=True, default="")
    options = serializers.ListField(
        child=serializers.IntegerField(), max_length=rules.OPTIONS_LIMIT, default=list
    )
    reason = serializers.CharField(max_length=rules.REASON_LIMIT, allow_blank=True, default="")


class AnswersIn(serializers.Serializer):
    """A position on every question; a reason unless it is agreement."""

    answers = OneAnswerIn(many=True)

    def validate_answers(self, given: list[Mapping[str, Any]]) -> dict[int, dict[str, str]]:
        answers = {
            one["question"]: {key: one[key] for key in ("position", "options", "reason") if one[key]}
            for one in given
        }
        if refusal := self.find_fault(answers):
            raise serializers.ValidationError(refusal)
        return answers

    def find_fault(self, answers: dict[int, dict[str, str]]) -> str | None:
        slip: OpinionSlip = self.context["slip"]
        return rules.answers_are_complete(slip.request, answers)


class DraftIn(AnswersIn):
    """Half an answer will do."""

    def find_fault(self, answers: dict[int, dict[str, str]]) -> str | None:
        slip: OpinionSlip = self.context["slip"]
        asked = {question.pk for question in slip.request.questions.all()}
        return None if set(answers) <= asked else gettext("Answer only the questions of this request.")
