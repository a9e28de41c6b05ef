"""Dossiers on their way to the Office, for other systems: what a page shows, under the same rules."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from submissions import actions
from submissions.models import MatterKind, Submission
from submissions.serializers import (
    EditedSubmissionIn,
    LastDayIn,
    MatterKindIn,
    MatterKindOut,
    NewSubmissionIn,
    SubmissionOut,
    WholeSubmissionOut,
    WhyIn,
)


def read(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """What was sent, in its right shape; anything else is 400."""
    sent = serializer(data=request.data, context={"request": request})
    sent.is_valid(raise_exception=True)
    return sent.validated_data


class SubmissionViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = WholeSubmissionOut
    queryset = Submission.objects.none()

    def get_queryset(self) -> Any:
        submissions = Submission.objects.visible_to(self.request.user).order_by("-pk")
        return submissions.select_related("dossier__body", "dossier__prepared_by", "kind")

    def get_serializer_class(self) -> type[SubmissionOut]:
        return SubmissionOut if self.action == "list" else WholeSubmissionOut

    def answer_with(self, submission: Submission, code: int = status.HTTP_200_OK) -> Response:
        """The submission as it stands now."""
        found = self.get_queryset().get(pk=submission.pk)
        return Response(self.get_serializer(found).data, status=code)

    @extend_schema(request=NewSubmissionIn, responses={201: WholeSubmissionOut})
    def create(self, request: Request) -> Response:
        prepared = actions.prepare_submission(by=request.user, **read(NewSubmissionIn, request))
        return self.answer_with(prepared, status.HTTP_201_CREATED)

    @extend_schema(request=EditedSubmissionIn, responses=WholeSubmissionOut)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: str) -> Response:
        given = read(EditedSubmissionIn, request)
        return self.answer_with(actions.edit_submission(self.get_object(), by=request.user, **given))

    @extend_schema(request=None, responses=WholeSubmissionOut)
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request: Request, pk: str) -> Response:
        return self.answer_with(actions.hand_in_submission(self.get_object(), by=request.user))

    @extend_schema(request=WhyIn, responses=WholeSubmissionOut)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        given = read(WhyIn, request)
        return self.answer_with(actions.return_submission(self.get_object(), by=request.user, **given))

    @extend_schema(request=None, responses=WholeSubmissionOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return self.answer_with(actions.accept_submission(self.get_object(), by=request.user))

    @extend_schema(request=WhyIn, responses=WholeSubmissionOut)
    @action(detail=True, methods=["post"])
    def removal(self, request: Request, pk: str) -> Response:
        given = read(WhyIn, request)
        return self.answer_with(actions.propose_removal(self.get_object(), by=request.user, **given))


class MatterKindViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = MatterKindOut
    queryset = MatterKind.objects.none()

    def get_queryset(self) -> Any:
        kinds = MatterKind.objects.visible_to(self.request.user).select_related("body")
        return kinds.order_by("body", "name", "-valid_from")

    @extend_schema(request=MatterKindIn, responses={201: MatterKindOut})
    def create(self, request: Request) -> Response:
        kind = actions.add_matter_kind(MatterKind(**read(MatterKindIn, request)), by=request.user)
        return Response(self.get_serializer(kind).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=LastDayIn, responses=MatterKindOut)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        given = read(LastDayIn, request)
        kind = actions.end_matter_kind(self.get_object(), by=request.user, **given)
        return Response(self.get_serializer(kind).data)
