"""The archive for other systems: read, and the ordering of evidence."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive.models import EvidenceBundle
from decisions.models import Resolution


class SegmentOut(serializers.Serializer):
    text = serializers.CharField()
    is_hit = serializers.BooleanField()


class SnippetOut(serializers.Serializer):
    page = serializers.IntegerField(help_text="Counted from 1; 0 where nothing of the query is in the text.")
    segments = SegmentOut(many=True)


class HitOut(serializers.Serializer):
    """A paper that was found, with the words that were looked for marked."""

    version = serializers.IntegerField(source="entry.pk")
    resolution = serializers.IntegerField(source="entry.resolution_id")
    is_resolution = serializers.BooleanField(source="entry.is_resolution")
    body = serializers.IntegerField(source="entry.body_id")
    kind = serializers.CharField(source="entry.kind")
    number = serializers.CharField(source="entry.number")
    title = serializers.CharField(source="entry.title")
    issued_on = serializers.DateField(source="entry.issued_on")
    title_segments = SegmentOut(source="title", many=True)
    snippet = SnippetOut()


class PageOut(serializers.Serializer):
    results = HitOut(source="hits", many=True)
    next = serializers.SerializerMethodField(
        help_text="The value of `after` for the next page; null on the last."
    )
    begun = serializers.BooleanField(
        source="query.begun", help_text="The last word was taken for a beginning; hand it on with `after`."
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_next(self, page: Any) -> str | None:
        return str(page.next) if page.next else None


class CountOut(serializers.Serializer):
    count = serializers.IntegerField()
    is_capped = serializers.BooleanField(help_text="There are more; the breakdown looks at the newest.")
    years = serializers.DictField(child=serializers.IntegerField())
    kinds = serializers.DictField(child=serializers.IntegerField())
    bodies = serializers.DictField(child=serializers.IntegerField())


class ResolutionOut(serializers.ModelSerializer):
    number = serializers.CharField(source="full_number")
    signer_title = serializers.CharField(source="signer.title")
    signer_name = serializers.CharField(source="signer.user.full_name")
    lead_agency = serializers.CharField(source="lead_agency.name")
    rule_set = serializers.CharField(source="rule_set.name")

    class Meta:
        model = Resolution
        fields = (
            "id",
            "body",
            "number",
            "issued_on",
            "subject",
            "signer_title",
            "signer_name",
            "lead_agency",
            "rule_set",
            "bases",
            "articles",
            "recipients",
        )
        read_only_fields = fields


class EvidenceOut(serializers.ModelSerializer):
    """An evidence bundle (docs/reference/evidence-bundle.md)."""

    class Meta:
        model = EvidenceBundle
        fields = (
            "id",
            "resolution",
            "role",
            "ordered_by_name",
            "ordered_at",
            "work_state",
            "manifest_sha256",
            "contents",
            "is_sealed",
            "is_logged",
            "sha256",
            "size",
        )
        read_only_fields = fields
