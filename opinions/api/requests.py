"""The written procedure for other systems: what a page shows and does, under the same rules."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions
from opinions.api.ballots import BallotDeeds
from opinions.api.deadlines import DeadlineDeeds
from opinions.api.exports import ExportDeeds
from opinions.api.lists import FilteredRequests
from opinions.api.reading import read
from opinions.api.results import ResultDeeds
from opinions.models import OpinionRequest
from opinions.serializers import (
    DecisionIn,
    EditedRequestIn,
    NewRequestIn,
    NoteIn,
    ReasonIn,
    RequestOut,
)


class RequestViewSet(
    BallotDeeds,
    DeadlineDeeds,
    ExportDeeds,
    ResultDeeds,
    mixins.RetrieveModelMixin,
    FilteredRequests,
    viewsets.GenericViewSet,
):
    serializer_class = RequestOut
    queryset = OpinionRequest.objects.none()

    def get_queryset(self) -> Any:
        requests = OpinionRequest.objects.visible_to(self.request.user).with_progress().order_by("-pk")
        return requests.select_related(
            "lead_agency", "rule_set", "body", "dossier", "kind", "follower"
        ).prefetch_related("questions__options", "kind__answer_classes")

    def answer_with(self, opinion_request: OpinionRequest, code: int = status.HTTP_200_OK) -> Response:
        """The request as it stands now, to those who may still see it."""
        found = self.get_queryset().get(pk=opinion_request.pk)
        return Response(self.get_serializer(found).data, status=code)

    @extend_schema(request=NewRequestIn, responses={201: RequestOut})
    def create(self, request: Request) -> Response:
        given = read(NewRequestIn, request)
        questions = given.pop("questions")
        drafted = actions.draft_request(OpinionRequest(**given), by=request.user, questions=questions)
        return self.answer_with(drafted, status.HTTP_201_CREATED)

    @extend_schema(request=EditedRequestIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: str) -> Response:
        given = read(EditedRequestIn, request)
        return self.answer_with(actions.edit_request(self.get_object(), by=request.user, **given))

    @extend_schema(request=None, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        return self.answer_with(actions.submit_request(self.get_object(), by=request.user))

    @extend_schema(request=ReasonIn, responses={204: None})
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """The draft goes back to the office, out of the caller's sight."""
        given = read(ReasonIn, request)
        actions.return_request(self.get_object(), by=request.user, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        return self.answer_with(actions.approve_request(self.get_object(), by=request.user))

    @extend_schema(request=ReasonIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        given = read(ReasonIn, request)
        return self.answer_with(actions.withdraw_request(self.get_object(), by=request.user, **given))

    @extend_schema(request=NoteIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def refer(self, request: Request, pk: str) -> Response:
        given = read(NoteIn, request)
        return self.answer_with(actions.refer_request(self.get_object(), by=request.user, **given))

    @extend_schema(request=DecisionIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, pk: str) -> Response:
        given = read(DecisionIn, request)
        return self.answer_with(actions.draft_decision(self.get_object(), by=request.user, **given))
