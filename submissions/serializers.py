"""The shape of what the API takes and gives."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.models import DossierPaper
from documents.rules import MADE_HERE, DocumentKind
from people.models import Body, Organisation
from submissions import rules
from submissions.models import MatterKind, Submission
from submissions.rules import REASON_LIMIT


class CheckOut(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]
    missing = serializers.CharField(help_text="What to do about it; empty where nothing is missing.")


class HeldPaperOut(serializers.ModelSerializer):
    title = serializers.CharField(source="version.document.title", read_only=True)
    kind = serializers.CharField(source="version.document.kind", read_only=True)
    pages = serializers.IntegerField(source="version.pages", read_only=True)
    sha256 = serializers.CharField(source="version.sha256", read_only=True)

    class Meta:
        model = DossierPaper
        fields = ["id", "version", "place", "title", "kind", "pages", "sha256"]
        read_only_fields = fields


class SubmissionOut(serializers.ModelSerializer):
    """As in a list: without what asks the database once more for each."""

    title = serializers.CharField(source="dossier.title", read_only=True)
    body = serializers.IntegerField(source="dossier.body_id", read_only=True)
    agency = serializers.IntegerField(source="dossier.prepared_by_id", read_only=True)
    agency_name = serializers.CharField(source="dossier.prepared_by.name", read_only=True)

    class Meta:
        model = Submission
        fields = [
            "id",
            "dossier",
            "body",
            "title",
            "agency",
            "agency_name",
            "kind",
            "status",
            "wanted_on",
            "due_on",
            "is_late",
            "handed_in_at",
            "check_by",
            "returned_at",
            "return_reason",
            "accepted_at",
            "submit_by",
            "removal_proposed_at",
            "removal_reason",
            "taken_up_at",
        ]
        read_only_fields = fields


class WholeSubmissionOut(SubmissionOut):
    """One submission, with what its kind requires and the papers that the caller may read."""

    allowed = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()

    class Meta(SubmissionOut.Meta):
        fields = [*SubmissionOut.Meta.fields, "allowed", "checks", "papers"]
        read_only_fields = fields

    def get_allowed(self, submission: Submission) -> list[str]:
        """The actions that the caller may do now: what a page shows as buttons."""
        return rules.SUBMISSION.allowed(self.context["request"].user, submission)

    @extend_schema_field(CheckOut(many=True))
    def get_checks(self, submission: Submission) -> Any:
        return CheckOut(rules.check_submission(submission), many=True).data

    @extend_schema_field(HeldPaperOut(many=True))
    def get_papers(self, submission: Submission) -> Any:
        papers = DossierPaper.objects.visible_to(self.context["request"].user)
        papers = papers.filter(dossier=submission.dossier_id).select_related("version__document")
        return HeldPaperOut(papers.order_by("place", "pk"), many=True).data


class EditedSubmissionIn(serializers.Serializer):
    title = serializers.CharField(max_length=500)
    kind = serializers.PrimaryKeyRelatedField(queryset=MatterKind.objects.all())
    wanted_on = serializers.DateField(allow_null=True, default=None)


class NewSubmissionIn(EditedSubmissionIn):
    agency = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.all())


class WhyIn(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_LIMIT)


KIND_FIELDS = [
    "name",
    "source",
    "required",
    "summary_over_pages",
    "summary_pages",
    "lead_days",
    "check_days",
    "submit_days",
    "valid_from",
]


class MatterKindOut(serializers.ModelSerializer):
    is_in_force = serializers.BooleanField(read_only=True)
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = MatterKind
        fields = ["id", "body", *KIND_FIELDS, "valid_until", "is_in_force", "allowed"]
        read_only_fields = fields

    def get_allowed(self, kind: MatterKind) -> list[str]:
        return rules.MATTER_KIND.allowed(self.context["request"].user, kind)


class MatterKindIn(serializers.ModelSerializer):
    body = serializers.PrimaryKeyRelatedField(queryset=Body.objects.all())
    required = serializers.ListField(  # type: ignore[assignment]
        child=serializers.ChoiceField(choices=[c for c in DocumentKind.choices if c[0] not in MADE_HERE]),
        allow_empty=False,
    )

    class Meta:
        model = MatterKind
        fields = ["body", *KIND_FIELDS]


class LastDayIn(serializers.Serializer):
    last_day = serializers.DateField()
