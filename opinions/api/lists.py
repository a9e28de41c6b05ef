"""The lists for other systems: the same filters as on the page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions, rules
from opinions.api.reading import read
from opinions.forms.lists import spell_query
from opinions.models import SavedView
from opinions.pages.lists import read_filters

FILTERS = [
    OpenApiParameter(
        "list", str, enum=rules.RequestList.values, description="One of the lists of the caller"
    ),
    OpenApiParameter("q", str, description="Words in the subject, with or without accents"),
    OpenApiParameter("state", str, enum=rules.RequestStatus.values),
    OpenApiParameter("kind", int, description="Kind of request"),
    OpenApiParameter("agency", int, description="Lead agency"),
    OpenApiParameter("since", str, description="Sent from this day on: 2026-11-22"),
    OpenApiParameter("until", str, description="Sent until this day: 2026-11-30"),
]


class FilteredRequests(mixins.ListModelMixin):
    """The list of requests, narrowed as its address says. What is not understood is 400."""

    def filter_queryset(self, queryset: Any) -> Any:
        if self.action != "list":
            return queryset
        user, form = self.request.user, read_filters(self.request.user, self.request.query_params)
        chosen = form.chosen()
        if form.errors:
            raise serializers.ValidationError(form.errors)
        return queryset.matching(**chosen).filter(rules.in_list(form.chosen_list, user))

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class SavedViewOut(serializers.ModelSerializer):
    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "saved_at"]
        read_only_fields = fields


class SavedViewIn(serializers.Serializer):
    name = serializers.CharField(max_length=60)
    list = serializers.ChoiceField(rules.RequestList.choices, required=False)
    q = serializers.CharField(max_length=200, required=False)
    state = serializers.ChoiceField(rules.RequestStatus.choices, required=False)
    kind = serializers.IntegerField(required=False)
    agency = serializers.IntegerField(required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class SavedViewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The lists that the caller keeps: hers alone."""

    serializer_class = SavedViewOut
    queryset = SavedView.objects.none()

    def get_queryset(self) -> Any:
        return SavedView.objects.visible_to(self.request.user)

    @extend_schema(request=SavedViewIn, responses={201: SavedViewOut})
    def create(self, request: Request) -> Response:
        given = read(SavedViewIn, request)
        view = SavedView(owner=request.user, name=given.pop("name"), query=spell_query(given))
        kept = actions.save_view(view, by=request.user)
        return Response(self.get_serializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        actions.remove_view(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
