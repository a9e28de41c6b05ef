"""Looks at papers for other systems: the verdict, the evidence, and the report of ETSI TS 119 102-2."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request

from documents.models import DocumentVersion
from signatures import wording
from signatures.models import Verification

PAPER = OpenApiParameter("paper", OpenApiTypes.INT, description="Only of this paper.")


class ListedVerificationOut(serializers.ModelSerializer):
    paper = serializers.IntegerField(source="version_id", read_only=True)
    verdict = serializers.CharField(source="shown_verdict", read_only=True)

    class Meta:
        model = Verification
        fields: tuple[str, ...] = (
            "id",
            "paper",
            "cause",
            "verdict",
            "verdict_before",
            "checked_at",
            "sha256",
            "policy",
            "trust_store",
            "work_state",
        )
        read_only_fields = fields


class VerificationOut(ListedVerificationOut):
    sentence = serializers.SerializerMethodField()
    advice = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()

    class Meta(ListedVerificationOut.Meta):
        fields = (*ListedVerificationOut.Meta.fields, "sentence", "advice", "evidence")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(help_text="What people are told."))
    def get_sentence(self, verification: Verification) -> str:
        return wording.summarise(verification).sentence

    @extend_schema_field(serializers.CharField(help_text="What can be done about it; may be empty."))
    def get_advice(self, verification: Verification) -> str:
        return wording.summarise(verification).advice

    @extend_schema_field(serializers.DictField(help_text="All that was found, each signature for itself."))
    def get_evidence(self, verification: Verification) -> dict[str, Any]:
        report = verification.evidence
        return report.to_json() if report is not None else {}


class VerificationViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Every look at the signatures of the papers that one may read, the newest first."""

    queryset = Verification.objects.none()

    def get_serializer_class(self) -> Any:
        return ListedVerificationOut if self.action == "list" else VerificationOut

    def get_queryset(self) -> Any:
        readable = DocumentVersion.objects.visible_to(self.request.user)
        looks = Verification.objects.filter(version__in=readable.values("pk")).order_by("-pk")
        paper = self.request.query_params.get("paper", "")
        if paper:
            looks = looks.filter(version=int(paper) if paper.isdecimal() else None)
        return looks.defer("report") if self.action == "list" else looks.select_related("same_as")

    @extend_schema(parameters=[PAPER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.STR})
    @action(detail=True)
    def report(self, request: Request, pk: str) -> HttpResponse:
        """The evidence as validation report of ETSI TS 119 102-2."""
        verification = get_object_or_404(self.get_queryset().with_evidence(), pk=pk)
        return HttpResponse(verification.write_etsi_report(), content_type="application/xml")
