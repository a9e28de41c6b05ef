"""The synthesis and the statistics for other systems."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from opinions import actions, rules
from opinions.api.reading import read
from opinions.exports import FORMATS, name_file
from opinions.exports.json import spell
from opinions.forms.statistics import GROUPS
from opinions.statistics import count_all, count_by, span
from opinions.synthesis import gather_synthesis
from people.models import Body


class ExportIn(serializers.Serializer):
    format = serializers.ChoiceField(choices=sorted(FORMATS))


class StatisticsIn(serializers.Serializer):
    body = serializers.PrimaryKeyRelatedField(queryset=Body.objects.all())
    by = serializers.ChoiceField(choices=sorted(GROUPS), default="period")
    since = serializers.DateField(required=False, default=None)
    until = serializers.DateField(required=False, default=None)


class FiguresOut(serializers.Serializer):
    """Of a group of slips of requests that were counted."""

    name = serializers.CharField(help_text="Of the group; empty for all together.")
    requests = serializers.IntegerField()
    asked = serializers.IntegerField()
    on_time = serializers.IntegerField()
    late = serializers.IntegerField(
        help_text="First answered in the time by which the deadline was extended."
    )
    silent = serializers.IntegerField()
    hours = serializers.FloatField(allow_null=True, help_text="The median from sending to the first answer.")


class StatisticsOut(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    all = FiguresOut()
    groups = FiguresOut(many=True)


class ExportDeeds:
    """What is taken along."""

    get_object: Any

    @extend_schema(
        description="As docs/reference/synthesis.schema.json describes it.", responses=OpenApiTypes.OBJECT
    )
    @action(detail=True, methods=["get"])
    def synthesis(self, request: Request, pk: str) -> Response:
        opinion_request = self.get_object()
        rules.SYNTHESIS.check("export_synthesis", request.user, opinion_request)
        return Response(spell(gather_synthesis(opinion_request)))

    @extend_schema(request=ExportIn, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["post"])
    def export(self, request: Request, pk: str) -> HttpResponse:
        form = read(ExportIn, request)["format"]
        opinion_request = actions.export_synthesis(self.get_object(), by=request.user, form=form)
        wanted = FORMATS[form]
        response = HttpResponse(wanted.write(opinion_request), content_type=wanted.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name_file(opinion_request, form)}"'
        return response

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"], url_path="synthesis/renew")
    def renew_synthesis(self, request: Request, pk: str) -> Response:
        actions.renew_synthesis(self.get_object(), by=request.user)
        return Response(status=202)

    @extend_schema(
        parameters=[
            OpenApiParameter("body", int, required=True),
            OpenApiParameter("by", str, enum=sorted(GROUPS)),
            OpenApiParameter("since", OpenApiTypes.DATE),
            OpenApiParameter("until", OpenApiTypes.DATE),
        ],
        responses=StatisticsOut,
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def statistics(self, request: Request) -> Response:
        asked = StatisticsIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        body, by = asked.validated_data["body"], asked.validated_data["by"]
        if not rules.follows_body(request.user, body):
            raise NotFound
        days = asked.validated_data["since"], asked.validated_data["until"]
        since, until = span(*days, clock.today())
        found = {
            "since": since,
            "until": until,
            "all": count_all(body, since, until),
            "groups": count_by(by, body, since, until),
        }
        return Response(StatisticsOut(found).data)
