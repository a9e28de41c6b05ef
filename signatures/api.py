"""Papers for other systems: what they are, whether they are signed, where their bytes are."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from documents.models import DocumentVersion
from documents.rules import VERSION
from signatures.models import Verification


class VersionOut(serializers.ModelSerializer):
    title = serializers.CharField(source="document", read_only=True)
    kind = serializers.CharField(source="document.kind", read_only=True)
    reading = serializers.CharField(source="work_state", read_only=True)
    verdict = serializers.SerializerMethodField()
    file = serializers.HyperlinkedIdentityField(view_name="documents:download_version")
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = DocumentVersion
        fields = (
            "id",
            "title",
            "kind",
            "number",
            "file_name",
            "sha256",
            "size",
            "pages",
            "active_content",
            "added_at",
            "reading",
            "refused_because",
            "verdict",
            "file",
            "allowed",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(help_text="Empty while the signatures are being checked."))
    def get_verdict(self, version: DocumentVersion) -> str:
        newest: list[Any] = version.newest_verification
        return str(newest[0].shown_verdict) if newest else ""

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, version: DocumentVersion) -> list[str]:
        return VERSION.allowed(self.context["request"].user, version)


class VersionViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = VersionOut
    queryset = DocumentVersion.objects.none()

    def get_queryset(self) -> Any:
        newest = Prefetch("verifications", Verification.objects.newest(), to_attr="newest_verification")
        versions = DocumentVersion.objects.visible_to(self.request.user)
        return versions.select_related("document").prefetch_related(newest).order_by("-pk")
