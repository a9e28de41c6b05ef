"""The shape of deadlines, issues and the ladder of reminders in the API."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions import rules
from opinions.actions import AskedQuestion, OfferedOption
from opinions.ladder import RungKind
from opinions.models import DeadlineChange, OpinionRequest, OpinionSlip
from opinions.rules import QuestionForm
from opinions.serializers import AnswerOut


class NewDeadlineIn(serializers.Serializer):
    deadline = serializers.DateTimeField()
    reason = serializers.CharField(max_length=rules.REASON_LIMIT)
    order = serializers.CharField(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="Who ordered a deadline outside the rule, with number and date.",
    )


class PartIn(serializers.Serializer):
    text = serializers.CharField(max_length=500)
    is_proposed = serializers.BooleanField(default=False)


class OfferedOptionIn(PartIn):
    parts = PartIn(many=True, default=list)


class AskedQuestionIn(serializers.Serializer):
    text = serializers.CharField(max_length=2000)
    form = serializers.ChoiceField(QuestionForm.choices, default=QuestionForm.POSITIONS)
    max_choices = serializers.IntegerField(min_value=1, max_value=rules.OPTIONS_LIMIT, default=1)
    options = OfferedOptionIn(many=True, default=list)


class ReissueIn(serializers.Serializer):
    """`voids_answers`: a correction of substance; the members are asked anew, by other questions if given."""

    reason = serializers.CharField(max_length=rules.REASON_LIMIT, allow_blank=True, default="")
    voids_answers = serializers.BooleanField(default=False)
    questions = AskedQuestionIn(many=True, required=False, allow_empty=False)

    def validate_questions(self, given: list[Mapping[str, Any]]) -> list[AskedQuestion]:
        return [
            AskedQuestion(
                question["text"],
                question["form"],
                question["max_choices"],
                tuple(_read_option(option) for option in question["options"]),
            )
            for question in given
        ]

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("questions") and not given["voids_answers"]:
            raise serializers.ValidationError(
                {"voids_answers": gettext("Other questions need new answers: void those given so far.")}
            )
        return given


def _read_option(given: Mapping[str, Any]) -> OfferedOption:
    parts = tuple(OfferedOption(part["text"], part["is_proposed"]) for part in given["parts"])
    return OfferedOption(given["text"], given["is_proposed"] and not parts, parts)


class DeadlineChangeOut(serializers.ModelSerializer):
    class Meta:
        model = DeadlineChange
        fields = ["before", "after", "reason", "order", "changed_at", "changed_by_name"]
        read_only_fields = fields


class RungOut(serializers.Serializer):
    """`told_at` is empty while it is to come; `told`: how many members were reminded."""

    kind = serializers.ChoiceField(RungKind.choices, source="rung.kind")
    hours = serializers.IntegerField(source="rung.hours")
    at = serializers.DateTimeField(source="rung.at")
    told_at = serializers.DateTimeField(allow_null=True)
    told = serializers.IntegerField()


class DeadlinesOut(serializers.Serializer):
    deadline = serializers.DateTimeField()
    earliest = serializers.DateField(help_text="The days between which the rules allow the deadline.")
    latest = serializers.DateField()
    changes = DeadlineChangeOut(many=True)
    ladder = RungOut(many=True, help_text="For those who follow the request; empty for everyone else.")


class MemberProgressOut(serializers.ModelSerializer):
    """Whether, never what."""

    member = serializers.CharField(source="member.full_name", read_only=True)

    class Meta:
        model = OpinionSlip
        fields = ["id", "member", "member_title", "status", "opened_at", "answered_at"]
        read_only_fields = fields


class ProgressOut(serializers.Serializer):
    """`members` is empty for whoever sees only the numbers."""

    asked_count = serializers.IntegerField()
    answered_count = serializers.IntegerField()
    opened_count = serializers.IntegerField(help_text="Opened and not answered.")
    unopened_count = serializers.IntegerField()
    members = MemberProgressOut(many=True, source="progress")


class IssueOut(serializers.Serializer):
    number = serializers.IntegerField()
    dossier_issue = serializers.IntegerField(source="dossier_issue.number")
    reason = serializers.CharField()
    issued_at = serializers.DateTimeField()
    issued_by_name = serializers.CharField()
    questions = serializers.ListField(child=serializers.CharField())


class AnswerToIssueOut(serializers.Serializer):
    issue = serializers.IntegerField(source="issue.number")
    standing = serializers.CharField(source="sheet.standing", default="")
    given_at = serializers.DateTimeField(source="sheet.given_at", default=None, allow_null=True)
    answers = serializers.SerializerMethodField()

    @extend_schema_field(AnswerOut(many=True))
    def get_answers(self, told: Any) -> Any:
        return AnswerOut(told.sheet.answers.all(), many=True).data if told.sheet else []


class MemberIssuesOut(serializers.Serializer):
    member = serializers.CharField(source="slip.member.full_name")
    answers = AnswerToIssueOut(source="told", many=True)


class IssuesOut(serializers.Serializer):
    """Until the count only what the caller has answered."""

    issues = IssueOut(many=True)
    members = MemberIssuesOut(many=True)


def describe_deadlines(
    opinion_request: OpinionRequest, ladder: Any, span: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "deadline": timezone.localtime(opinion_request.deadline),
        "earliest": span["earliest"],
        "latest": span["latest"],
        "changes": opinion_request.deadline_changes.all(),
        "ladder": ladder,
    }
