"""Dossiers and their papers for other systems: what the pages show and do, under the same rules."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from documents import actions, rules
from documents.models import Dossier, DossierPaper
from documents.serializers import (
    DossierOut,
    DossierPaperOut,
    NewPaperIn,
    PlaceIn,
    ReplacementIn,
)

FILES = [MultiPartParser, JSONParser]  # with the file, or with the id of one that was sent before


def read(serializer: type[Serializer], request: Request, **context: Any) -> dict[str, Any]:
    """What was sent, in its right shape; anything else is 400."""
    sent = serializer(data=request.data, context={"request": request, **context})
    sent.is_valid(raise_exception=True)
    return sent.validated_data


class DossierViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = DossierOut
    queryset = Dossier.objects.none()

    def get_queryset(self) -> Any:
        dossiers = Dossier.objects.visible_to(self.request.user).order_by("-pk")
        return dossiers.select_related("body").prefetch_related("sections")

    @extend_schema(
        request={"multipart/form-data": NewPaperIn, "application/json": NewPaperIn},
        responses={201: DossierPaperOut},
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def papers(self, request: Request, pk: str) -> Response:
        """Put a paper into the dossier."""
        dossier = self.get_object()
        rules.DOSSIER.check("add_paper", request.user, dossier)
        given = read(NewPaperIn, request, dossier=dossier)
        paper = actions.add_paper(dossier, by=request.user, **given)
        return Response(DossierPaperOut(paper).data, status=status.HTTP_201_CREATED)


class DossierPaperViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A paper of the copy that is worked on."""

    serializer_class = DossierPaperOut
    queryset = DossierPaper.objects.none()

    def get_queryset(self) -> Any:
        papers = DossierPaper.objects.visible_to(self.request.user).order_by("pk")
        papers = papers.filter(dossier__in=Dossier.objects.in_hands_of(self.request.user))
        return papers.select_related("dossier__body", "version__document")

    @extend_schema(
        request={"multipart/form-data": ReplacementIn, "application/json": ReplacementIn},
        responses=DossierPaperOut,
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def replace(self, request: Request, pk: str) -> Response:
        """A newer version takes the place of the paper."""
        paper = self.get_object()
        rules.DOSSIER.check("replace_paper", request.user, paper.dossier)
        given = read(ReplacementIn, request, dossier=paper.dossier)
        return Response(DossierPaperOut(actions.replace_paper(paper, by=request.user, **given)).data)

    @extend_schema(request=PlaceIn, responses=DossierPaperOut)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        given = read(PlaceIn, request)
        return Response(DossierPaperOut(actions.move_paper(self.get_object(), by=request.user, **given)).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        actions.remove_paper(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
