"""What follows from the count, for other systems."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions
from opinions.api.reading import read
from opinions.models import Remark
from opinions.result_serializers import (
    ExplanationIn,
    OfficeOpinionIn,
    RemarkOut,
    ReportIn,
    SettlementIn,
    StanceIn,
)
from opinions.serializers import ReasonIn, RequestOut


class ResultDeeds:
    """Deeds of a request that is counted."""

    @extend_schema(request=ReportIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def report(self: Any, request: Request, pk: str) -> Response:
        """The lead agency reports, and says whether to collect again."""
        given = read(ReportIn, request)
        return self.answer_with(actions.report_on_opinions(self.get_object(), by=request.user, **given))

    @extend_schema(request=OfficeOpinionIn, responses=RequestOut)
    @action(detail=True, methods=["post"], url_path="office-opinion")
    def office_opinion(self: Any, request: Request, pk: str) -> Response:
        given = read(OfficeOpinionIn, request)
        return self.answer_with(actions.record_office_opinion(self.get_object(), by=request.user, **given))

    @extend_schema(request=None, responses={201: RequestOut})
    @action(detail=True, methods=["post"])
    def again(self: Any, request: Request, pk: str) -> Response:
        """The answer is the new draft."""
        repeat = actions.collect_again(self.get_object(), by=request.user)
        return self.answer_with(repeat, status.HTTP_201_CREATED)

    @extend_schema(request=ReasonIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def session(self: Any, request: Request, pk: str) -> Response:
        """The matter goes on the agenda of the next session."""
        given = read(ReasonIn, request)
        return self.answer_with(actions.refer_to_session(self.get_object(), by=request.user, **given))


class RemarkViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The members' conditions and remarks; `?request=7` for those of one request."""

    serializer_class = RemarkOut
    queryset = Remark.objects.none()

    def get_queryset(self) -> Any:
        remarks = Remark.objects.visible_to(self.request.user).in_words().order_by("-request", "number")
        wanted = self.request.query_params.get("request", "")
        return remarks.filter(request=wanted) if wanted.isdecimal() else remarks

    def answer_with(self, remark: Remark) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=remark.pk)).data)

    @extend_schema(request=ExplanationIn, responses=RemarkOut)
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        given = read(ExplanationIn, request)
        return self.answer_with(actions.explain_remark(self.get_object(), by=request.user, **given))

    @extend_schema(request=SettlementIn, responses=RemarkOut)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        given = read(SettlementIn, request)
        return self.answer_with(actions.settle_remark(self.get_object(), by=request.user, **given))

    @extend_schema(request=StanceIn, responses=RemarkOut)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        given = read(StanceIn, request)
        return self.answer_with(actions.answer_settlement(self.get_object(), by=request.user, **given))
