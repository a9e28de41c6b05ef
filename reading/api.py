"""The reading room for other systems: folders, and what changed between two papers."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from documents.actions import open_version
from documents.models import DocumentVersion
from reading.actions.comparisons import compare_versions
from reading.models import Comparison, Folder, FolderPaper
from reading.serializers import ComparisonIn, ComparisonOut, FolderOut


class FolderViewSet(viewsets.ReadOnlyModelViewSet):
    """One's own folders and the common library, with the papers that one may read."""

    serializer_class = FolderOut
    queryset = Folder.objects.none()

    def get_queryset(self) -> Any:
        seen = DocumentVersion.objects.visible_to(self.request.user).kept().values("pk")
        papers = FolderPaper.objects.filter(version__in=seen).select_related("version__document")
        shown = Prefetch("papers", papers.order_by("-pk"), to_attr="shown")
        return Folder.objects.visible_to(self.request.user).prefetch_related(shown).order_by("title", "pk")


class ComparisonViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What changed between two papers that the person signed in may read, both of them."""

    serializer_class = ComparisonOut
    queryset = Comparison.objects.none()

    def get_queryset(self) -> Any:
        comparisons = Comparison.objects.visible_to(self.request.user).order_by("pk")
        return comparisons.select_related("older__document", "newer__document")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who reads what changed has opened both papers."""
        comparison = self.get_object()
        for version in (comparison.older, comparison.newer):
            open_version(version, by=request.user)
        return Response(self.get_serializer(comparison).data)

    @extend_schema(request=ComparisonIn, responses={202: ComparisonOut})
    def create(self, request: Request) -> Response:
        """Asks for it; the same two are compared once."""
        sent = ComparisonIn(data=request.data)
        sent.is_valid(raise_exception=True)
        versions = DocumentVersion.objects.visible_to(request.user).kept().select_related("document")
        older, newer = (
            get_object_or_404(versions, pk=sent.validated_data[side]) for side in ("older", "newer")
        )
        comparison = compare_versions(older, newer, by=request.user)
        return Response(self.get_serializer(comparison).data, status=status.HTTP_202_ACCEPTED)
