"""The shape of what the API takes and gives once the opinions are collected."""

from rest_framework import serializers

from opinions import rules
from opinions.models import Remark
from opinions.rules import MemberStance, RemarkVerdict


class RemarkOut(serializers.ModelSerializer):
    """One row of the table of remarks: whose, what was said, and what became of it."""

    member = serializers.CharField(source="slip.member.full_name", read_only=True)
    member_title = serializers.CharField(source="slip.member_title", read_only=True)
    question = serializers.IntegerField(source="answer.question_id", read_only=True)
    position = serializers.CharField(source="answer.taken.code", read_only=True)
    words = serializers.CharField(read_only=True)
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = Remark
        fields = [
            "id",
            "request",
            "number",
            "issue",
            "slip",
            "member",
            "member_title",
            "question",
            "position",
            "words",
            "status",
            "verdict",
            "explanation",
            "explained_at",
            "explained_by_name",
            "settlement",
            "settled_at",
            "settled_by_name",
            "stance",
            "stance_words",
            "stance_at",
            "allowed",
        ]
        read_only_fields = fields

    def get_allowed(self, remark: Remark) -> list[str]:
        """The actions that the caller may do now: what a page shows as buttons."""
        return rules.REMARK.allowed(self.context["request"].user, remark)


class ExplanationIn(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=[choice for choice in RemarkVerdict.choices if choice[0]])
    explanation = serializers.CharField(max_length=rules.REASON_LIMIT)


class SettlementIn(serializers.Serializer):
    note = serializers.CharField(max_length=rules.REASON_LIMIT, allow_blank=True, default="")


class StanceIn(serializers.Serializer):
    stance = serializers.ChoiceField(choices=[choice for choice in MemberStance.choices if choice[0]])
    words = serializers.CharField(max_length=rules.REASON_LIMIT, allow_blank=True, default="")


class ReportIn(serializers.Serializer):
    report = serializers.CharField(max_length=20_000)
    repeats = serializers.BooleanField(help_text="Whether the lead agency proposes to collect again.")


class OfficeOpinionIn(serializers.Serializer):
    opinion = serializers.CharField(max_length=20_000)
