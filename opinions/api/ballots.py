"""Secret ballots for other systems."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions
from opinions.api.reading import read
from opinions.ballot_serializers import BoxOut, CountersIn, SealedIn
from opinions.ballots import describe_box, publish
from opinions.models import BallotBox
from opinions.pages.ballots import is_closed
from opinions.serializers import ReasonIn, RequestOut, SlipOut


class BallotDeeds:
    """Of requests. Counters make keys and open boxes in the browser alone."""

    get_object: Any
    answer_with: Any

    @extend_schema(request=CountersIn, responses=RequestOut)
    @action(detail=True, methods=["post"])
    def counters(self, request: Request, pk: str) -> Response:
        given = read(CountersIn, request)
        return self.answer_with(actions.name_counters(self.get_object(), by=request.user, **given))

    @extend_schema(responses=BoxOut)
    @action(detail=True, methods=["get"])
    def box(self, request: Request, pk: str) -> Response:
        """What a ballot is sealed for; with ballots, shares and results once it is closed."""
        boxes = BallotBox.objects.visible_to(request.user).select_related("request")
        ballot_box = get_object_or_404(boxes, request=self.get_object())
        if not ballot_box.fingerprint:
            raise Http404
        if is_closed(ballot_box):
            return Response(publish(ballot_box))
        return Response({"manifest": describe_box(ballot_box), "ballots": [], "shares": [], "results": None})

    @extend_schema(request=ReasonIn, responses=RequestOut)
    @action(detail=True, methods=["post"], url_path="abandon-box")
    def abandon_box(self, request: Request, pk: str) -> Response:
        given = read(ReasonIn, request)
        return self.answer_with(actions.abandon_box(self.get_object(), by=request.user, **given))


class VotingDeeds:
    """Of slips."""

    get_object: Any
    answer_with: Any

    @extend_schema(request=SealedIn, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def ballot(self, request: Request, pk: str) -> Response:
        given = read(SealedIn, request)
        return self.answer_with(actions.cast_ballot(self.get_object(), by=request.user, **given))
