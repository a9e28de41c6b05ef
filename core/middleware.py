"""Refusals become pages here, so that no view catches anything."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from core.workflow import Conflict


class RefusalMiddleware:
    """The right person at the wrong moment gets the reason and the way back, with status 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Conflict) and not request.accepts("text/html"):  # asked by a script
            return JsonResponse({"detail": str(exception)}, status=exception.http_status)
        if isinstance(exception, Conflict):
            return render(request, "409.html", {"reason": str(exception)}, status=exception.http_status)
        if isinstance(exception, RedisError):  # signing in counts attempts there
            return render(request, "503.html", status=503)
        return None
