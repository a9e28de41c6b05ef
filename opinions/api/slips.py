"""The slips for other systems."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions, rules
from opinions.api.ballots import VotingDeeds
from opinions.api.entries import EntryDeeds
from opinions.api.reading import read
from opinions.api.signing import SigningDeeds
from opinions.models import OpinionSlip
from opinions.serializers import (
    AnswersIn,
    DraftIn,
    ReasonIn,
    SlipOut,
)


class SlipViewSet(
    VotingDeeds,
    SigningDeeds,
    EntryDeeds,
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    viewsets.GenericViewSet,
):
    serializer_class = SlipOut
    queryset = OpinionSlip.objects.none()

    def get_queryset(self) -> Any:
        slips = OpinionSlip.objects.visible_to(self.request.user).order_by("-request", "place", "pk")
        return (
            slips.select_related("request__kind", "member", "stand_in")
            .with_facts()
            .prefetch_related("request__questions")
        )

    def answer_with(self, slip: OpinionSlip) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=slip.pk)).data)

    @extend_schema(request=AnswersIn, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        slip = self.get_object()
        rules.SLIP.check("answer_slip", request.user, slip)
        return self.answer_with(
            actions.answer_slip(slip, by=request.user, **read(AnswersIn, request, slip=slip))
        )

    @extend_schema(request=DraftIn, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str) -> Response:
        slip = self.get_object()
        rules.SLIP.check("draft_answer", request.user, slip)
        return self.answer_with(
            actions.draft_answer(slip, by=request.user, **read(DraftIn, request, slip=slip))
        )

    @extend_schema(request=DraftIn, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        slip = self.get_object()
        rules.SLIP.check("keep_draft", request.user, slip)
        return self.answer_with(
            actions.keep_draft(slip, by=request.user, **read(DraftIn, request, slip=slip))
        )

    @extend_schema(request=None, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        return self.answer_with(actions.submit_answer(self.get_object(), by=request.user))

    @extend_schema(request=ReasonIn, responses=SlipOut)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        given = read(ReasonIn, request)
        return self.answer_with(actions.return_answer(self.get_object(), by=request.user, **given))
