"""Sessions and their agendas for other systems: what a page shows and does, under the same rules."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from meetings import actions
from meetings.models import AgendaItem, Meeting
from meetings.serializers import (
    AgendaItemOut,
    AgendaPlaceIn,
    CancellationIn,
    EditedMeetingIn,
    MeetingOut,
    NewMeetingIn,
)


def read(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """What was sent, in its right shape; anything else is 400."""
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent.validated_data


class MeetingViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = MeetingOut
    queryset = Meeting.objects.none()

    def get_queryset(self) -> Any:
        return Meeting.objects.visible_to(self.request.user).with_matters().order_by("-starts_at", "-pk")

    def answer_with(self, meeting: Meeting, code: int = status.HTTP_200_OK) -> Response:
        """The session as it stands now."""
        found = self.get_queryset().get(pk=meeting.pk)
        return Response(self.get_serializer(found).data, status=code)

    @extend_schema(request=NewMeetingIn, responses={201: MeetingOut})
    def create(self, request: Request) -> Response:
        planned = actions.plan_meeting(Meeting(**read(NewMeetingIn, request)), by=request.user)
        return self.answer_with(planned, status.HTTP_201_CREATED)

    @extend_schema(request=EditedMeetingIn, responses=MeetingOut)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: str) -> Response:
        given = read(EditedMeetingIn, request)
        return self.answer_with(actions.edit_meeting(self.get_object(), by=request.user, **given))

    @extend_schema(request=CancellationIn, responses=MeetingOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        given = read(CancellationIn, request)
        return self.answer_with(actions.cancel_meeting(self.get_object(), by=request.user, **given))


class AgendaItemViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Those without a session are on the waiting list."""

    serializer_class = AgendaItemOut
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> Any:
        items = AgendaItem.objects.visible_to(self.request.user).order_by("-pk")
        return items.select_related("lead_agency", "meeting", "opinion_request")

    @extend_schema(request=AgendaPlaceIn, responses=AgendaItemOut)
    @action(detail=True, methods=["post"])
    def place(self, request: Request, pk: str) -> Response:
        item = actions.place_item(self.get_object(), by=request.user, **read(AgendaPlaceIn, request))
        return Response(self.get_serializer(self.get_queryset().get(pk=item.pk)).data)
