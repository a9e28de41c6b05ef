"""The deadline, the issues and the progress of an open request, for other systems."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions, rules
from opinions.api.reading import read
from opinions.deadline_serializers import (
    DeadlinesOut,
    IssuesOut,
    NewDeadlineIn,
    ProgressOut,
    ReissueIn,
    describe_deadlines,
)
from opinions.pages.issues import show_issues
from opinions.pages.progress import show_ladder, show_progress, show_span
from opinions.rules import BEFORE_SENDING
from opinions.serializers import ReasonIn, RequestOut


class DeadlineDeeds:
    """Part of the requests' view set."""

    get_object: Any
    answer_with: Any

    @extend_schema(request=NewDeadlineIn, responses=RequestOut)
    @action(detail=True, methods=["post"], url_path="move-deadline")
    def move_deadline(self, request: Request, pk: str) -> Response:
        opinion_request = self.get_object()
        rules.REQUEST.check("move_deadline", request.user, opinion_request)
        given = read(NewDeadlineIn, request)
        return self.answer_with(actions.move_deadline(opinion_request, by=request.user, **given))

    @extend_schema(request=ReasonIn, responses=RequestOut)
    @action(detail=True, methods=["post"], url_path="correct-dossier")
    def correct_dossier(self, request: Request, pk: str) -> Response:
        given = read(ReasonIn, request)
        return self.answer_with(actions.correct_dossier(self.get_object(), by=request.user, **given))

    @extend_schema(request=ReissueIn, responses=RequestOut)
    @action(detail=True, methods=["post"], url_path="reissue-dossier")
    def reissue_dossier(self, request: Request, pk: str) -> Response:
        given = read(ReissueIn, request)
        return self.answer_with(actions.reissue_dossier(self.get_object(), by=request.user, **given))

    @extend_schema(request=None, responses=DeadlinesOut)
    @action(detail=True, methods=["get"])
    def deadlines(self, request: Request, pk: str) -> Response:
        opinion_request = self._find_sent()
        follows = rules.follows_request(request.user, opinion_request)
        ladder = show_ladder(opinion_request) if follows else []
        told = describe_deadlines(opinion_request, ladder, show_span(opinion_request))
        return Response(DeadlinesOut(told).data)

    @extend_schema(request=None, responses=ProgressOut)
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """For those who follow the request; for everyone else there is none."""
        opinion_request = self._find_sent()
        if not rules.follows_request(request.user, opinion_request):
            raise Http404
        return Response(ProgressOut(show_progress(request.user, opinion_request)).data)

    @extend_schema(request=None, responses=IssuesOut)
    @action(detail=True, methods=["get"])
    def issues(self, request: Request, pk: str) -> Response:
        told = show_issues(request.user, self._find_sent())
        for issue, questions in told["issues"]:
            issue.questions = [question.text for question in questions]
        shown = {"issues": [issue for issue, _ in told["issues"]], "members": told["rows"]}
        return Response(IssuesOut(shown).data)

    def _find_sent(self) -> Any:
        opinion_request = self.get_object()
        if opinion_request.status in BEFORE_SENDING:
            raise Http404
        return opinion_request
