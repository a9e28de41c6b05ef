"""Refusals as JSON."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.workflow import Conflict


def answer_refusal(exception: Exception, context: dict[str, Any]) -> Response | None:
    """A `Conflict` is 409 with its reason; the rest is as Django REST framework does it."""
    if isinstance(exception, Conflict):
        return Response({"detail": str(exception)}, status=exception.http_status)
    return exception_handler(exception, context)
