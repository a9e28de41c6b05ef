"""The shape of what the API takes and gives about dossiers and their papers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents import resumable, rules
from documents.models import Dossier, DossierPaper, Section
from documents.naming import propose
from documents.queries import find_reading_list
from documents.refusals import Refused
from documents.rules import MADE_HERE, DocumentKind
from documents.uploads import receive_paper

KINDS = [choice for choice in DocumentKind.choices if choice[0] not in MADE_HERE]


class SectionOut(serializers.ModelSerializer):
    class Meta:
        model = Section
        fields = ["id", "title", "place"]
        read_only_fields = fields


class DossierPaperOut(serializers.ModelSerializer):
    """A paper at its place in the copy that is worked on."""

    title = serializers.CharField(source="version.document.title", read_only=True)
    kind = serializers.CharField(source="version.document.kind", read_only=True)
    number = serializers.CharField(source="version.document.number", read_only=True)
    version_number = serializers.IntegerField(source="version.number", read_only=True)
    sha256 = serializers.CharField(source="version.sha256", read_only=True)
    size = serializers.IntegerField(source="version.size", read_only=True)
    pages = serializers.IntegerField(source="version.pages", read_only=True, allow_null=True)
    work_state = serializers.CharField(source="version.work_state", read_only=True)
    refused_because = serializers.CharField(source="version.refused_because", read_only=True)

    class Meta:
        model = DossierPaper
        fields = [
            "id",
            "place",
            "section",
            "version",
            "version_number",
            "title",
            "kind",
            "number",
            "sha256",
            "size",
            "pages",
            "work_state",
            "refused_because",
        ]
        read_only_fields = fields


class ReadablePaperOut(serializers.Serializer):
    """A paper as it lies before the caller. Pages are counted through the whole dossier."""

    place = serializers.IntegerField()
    section = serializers.CharField()
    version = serializers.IntegerField(source="version.pk")
    title = serializers.CharField(source="version.document.title")
    sha256 = serializers.CharField(source="version.sha256")
    first_page = serializers.IntegerField(allow_null=True)
    pages = serializers.IntegerField()


class DossierOut(serializers.ModelSerializer):
    """`papers` is what the caller may read of the newest issue (before the first: of the copy that is worked
    on); `working_copy` is for those who work on it."""

    sections = SectionOut(many=True, read_only=True)
    papers = serializers.SerializerMethodField()
    working_copy = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = Dossier
        fields = [
            "id",
            "body",
            "title",
            "status",
            "prepared_by",
            "is_with_agency",
            "sections",
            "papers",
            "working_copy",
            "allowed",
        ]
        read_only_fields = fields

    @extend_schema_field(ReadablePaperOut(many=True))
    def get_papers(self, dossier: Dossier) -> Any:
        listed = find_reading_list(self.context["request"].user, dossier)
        return ReadablePaperOut(list(listed), many=True).data

    @extend_schema_field(DossierPaperOut(many=True))
    def get_working_copy(self, dossier: Dossier) -> Any:
        user = self.context["request"].user
        if not rules.works_on_dossier(user, dossier):
            return []
        papers = DossierPaper.objects.visible_to(user).filter(dossier=dossier)
        return DossierPaperOut(papers.select_related("version__document").order_by("place"), many=True).data

    def get_allowed(self, dossier: Dossier) -> list[str]:
        """The actions that the caller may do now: what a page shows as buttons."""
        return rules.DOSSIER.allowed(self.context["request"].user, dossier)


class UploadIn(serializers.Serializer):
    """A file: sent along, or before in pieces (tus 1.0 at /papers/uploads/) and named by its id."""

    upload = serializers.FileField(required=False)
    upload_id = serializers.UUIDField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """What cannot be taken is told at the field, and nothing of it is kept."""
        dossier: Dossier | None = self.context.get("dossier")
        key, upload = given.pop("upload_id", None), given.get("upload")
        if key is not None:
            upload = resumable.take(self.context["request"].user, key)
        if upload is None:
            raise serializers.ValidationError({"upload": self.error_messages["required"]}, code="required")
        try:
            given["upload"] = received = receive_paper(upload)
            if dossier is not None and dossier.papers.filter(version__sha256=received.sha256).exists():
                received.upload.discard()
                raise Refused("already_there")
        except Refused as refusal:
            raise serializers.ValidationError({"upload": str(refusal)}, code=refusal.code) from refusal
        return given


class NewPaperIn(UploadIn):
    """Kind and title are read off the file's name where they are not given."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    title = serializers.CharField(max_length=500, allow_blank=True, default="")
    section = serializers.PrimaryKeyRelatedField(
        queryset=Section.objects.all(), allow_null=True, default=None
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        given = super().validate(given)
        kind, title = propose(given["upload"].file_name)
        return {**given, "kind": given.get("kind") or kind, "title": given["title"] or title}


class ReplacementIn(UploadIn):
    reason = serializers.CharField(max_length=500)


class PlaceIn(serializers.Serializer):
    """`place` counts from 1 among the papers of the section; without it the paper goes to the end."""

    section = serializers.PrimaryKeyRelatedField(
        queryset=Section.objects.all(), allow_null=True, default=None
    )
    place = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, default=None)
