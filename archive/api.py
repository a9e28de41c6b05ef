"""The archive for other systems: search, counts and the register, read only."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from archive import actions
from archive.forms import SearchForm
from archive.models import EvidenceBundle
from archive.search import search, summarise
from archive.serializers import CountOut, EvidenceOut, PageOut, ResolutionOut
from decisions.models import Resolution
from documents.rules import DocumentKind
from documents.serving import StoredFile, serve_file

FILTERS = [
    OpenApiParameter(
        "q", OpenApiTypes.STR, description="Words, a document number, a phrase in quotation marks."
    ),
    OpenApiParameter("year", OpenApiTypes.INT),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=DocumentKind.values),
    OpenApiParameter("body", OpenApiTypes.INT),
    OpenApiParameter("begun", OpenApiTypes.BOOL, description="Take the last word for a beginning."),
]
AFTER = OpenApiParameter("after", OpenApiTypes.STR, description="`next` of the page before.")


class SearchViewSet(viewsets.ViewSet):
    """What the person signed in may read of the archive."""

    @extend_schema(parameters=[*FILTERS, AFTER], responses=PageOut)
    def list(self, request: Request) -> Response:
        form = self._read(request)
        page = search(form.query, request.user, form.filters, form.cleaned_data["after"])
        return Response(PageOut(page).data)

    @extend_schema(parameters=FILTERS, responses=CountOut)
    @action(detail=False)
    def count(self, request: Request) -> Response:
        form = self._read(request)
        return Response(CountOut(summarise(form.query, request.user, form.filters)).data)

    def _read(self, request: Request) -> SearchForm:
        form = SearchForm(request.query_params, user=request.user)
        if not form.is_valid():
            raise ValidationError(
                {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            )
        return form


class ResolutionViewSet(viewsets.ReadOnlyModelViewSet):
    """The register of issued resolutions, newest first."""

    serializer_class = ResolutionOut
    queryset = Resolution.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        resolutions = Resolution.objects.visible_to(self.request.user).issued()
        related = ("lead_agency", "rule_set", "signer__user")
        return resolutions.select_related(*related).order_by("-issued_on", "-pk")

    @extend_schema(request=None, responses={202: EvidenceOut})
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, pk: str) -> Response:
        """Order the evidence bundle of the decision, as one's office may read it."""
        bundle = actions.order_evidence(self.get_object(), by=request.user)
        return Response(EvidenceOut(bundle).data, status=status.HTTP_202_ACCEPTED)


class EvidenceViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The evidence bundles that were made for one's office."""

    serializer_class = EvidenceOut
    queryset = EvidenceBundle.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        bundles = EvidenceBundle.objects.visible_to(self.request.user).newest_first()
        return bundles.select_related("resolution")

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """The file itself; that it was taken is recorded."""
        bundle = actions.open_evidence(self.get_object(), by=request.user)
        file = StoredFile(bundle.sha256, bundle.size, bundle.file_name, "application/zip")
        return serve_file(request._request, file, as_attachment=True)
