"""The shape of kinds of request, and of a draft with all that it says."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opinions import rules
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.models import AnswerClass, Option, Question, RequestKind
from opinions.rules import QuestionForm
from people.models import Organisation, User
from people.rules import Role


class AnswerClassOut(serializers.ModelSerializer):
    class Meta:
        model = AnswerClass
        fields = ["code", "label", "label_en", "counts_as", "reason", "raises_remark", "calls_session"]
        read_only_fields = fields


class KindOut(serializers.ModelSerializer):
    """In which form a body collects opinions. Once confirmed it never changes."""

    answers = AnswerClassOut(source="answer_classes", many=True, read_only=True)
    is_in_use = serializers.BooleanField(read_only=True)

    class Meta:
        model = RequestKind
        fields = [
            "id",
            "body",
            "name",
            "title",
            "first_question",
            "secrecy",
            "signing",
            "decided_by",
            "silence",
            "stand_ins_answer",
            "remind_before",
            "escalate_before",
            "quiet_from",
            "quiet_until",
            "answers",
            "is_in_use",
            "confirmed_at",
            "retired_at",
        ]
        read_only_fields = fields


class OptionOut(serializers.ModelSerializer):
    class Meta:
        model = Option
        fields = ["id", "parent", "place", "text", "is_proposed"]
        read_only_fields = fields


class QuestionOut(serializers.ModelSerializer):
    """A question with what can be chosen, and its figures once they are counted."""

    options = OptionOut(many=True, read_only=True)

    class Meta:
        model = Question
        fields = ["id", "place", "text", "form", "max_choices", "options", "result"]
        read_only_fields = fields


class PartIn(serializers.Serializer):
    text = serializers.CharField(max_length=500)
    is_proposed = serializers.BooleanField(default=False)


class OptionIn(PartIn):
    parts = PartIn(many=True, default=list, help_text="One of them is chosen instead.")


class FullQuestionIn(serializers.Serializer):
    text = serializers.CharField(max_length=2000)
    form = serializers.ChoiceField(choices=QuestionForm.choices, default=QuestionForm.POSITIONS)
    max_choices = serializers.IntegerField(min_value=1, max_value=rules.OPTIONS_LIMIT, default=1)
    options = OptionIn(many=True, default=list)

    def validate(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        count = len(given["options"]) + sum(len(option["parts"]) for option in given["options"])
        if count > rules.OPTIONS_LIMIT:
            raise serializers.ValidationError(
                gettext("offer at most %(limit)s options.") % {"limit": rules.OPTIONS_LIMIT}
            )
        return given


@extend_schema_field({"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/FullQuestion"}]})
class QuestionIn(serializers.Field):
    """Its text alone, or with the options that it offers."""

    def to_internal_value(self, given: Any) -> AskedQuestion:
        sent = FullQuestionIn(data={"text": given} if isinstance(given, str) else given)
        sent.is_valid(raise_exception=True)
        question = sent.validated_data
        options = tuple(
            OfferedOption(
                option["text"],
                option["is_proposed"] and not option["parts"],
                tuple(OfferedOption(part["text"], part["is_proposed"]) for part in option["parts"]),
            )
            for option in question["options"]
        )
        return AskedQuestion(question["text"], question["form"], question["max_choices"], options)

    def to_representation(self, asked: AskedQuestion) -> str:
        return asked.text


class DetailsIn(serializers.Serializer):
    """What a draft may say beside the matter itself. What is left out stays as it is."""

    kind = serializers.PrimaryKeyRelatedField(queryset=RequestKind.objects.all(), required=False)
    is_secret = serializers.BooleanField(required=False)
    adviser = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.all(), required=False, allow_null=True
    )
    adviser_opinion = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    follower = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), required=False, allow_null=True
    )
    exception_order = serializers.CharField(max_length=300, allow_blank=True, required=False)
    exception_reason = serializers.CharField(max_length=10_000, allow_blank=True, required=False)

    def validate_kind(self, kind: RequestKind) -> RequestKind:
        """A kind that this person cannot see does not exist for her."""
        if not RequestKind.objects.visible_to(self.context["request"].user).filter(pk=kind.pk).exists():
            raise serializers.ValidationError(gettext("There is no such kind of request."))
        return kind

    def validate_follower(self, follower: User | None) -> User | None:
        """Nobody of another body is named, nor looked up."""
        served = self.context["request"].user.body_ids(Role.SECRETARY)
        if follower is not None and not follower.body_ids(Role.SECRETARY) & set(served):
            raise serializers.ValidationError(gettext("Name someone of the Office as the follow-up person."))
        return follower
