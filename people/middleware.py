"""A person's own settings for each page, and when she was last seen."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SEEN, BEGAN = "seen_at", "began_at"
SEEN_EVERY = 10 * 60  # seconds: the list of devices needs no more, and a page need not write


class PersonalSettingsMiddleware:
    """The language chosen by the person; before signing in, by cookie; else the house's.

    What the browser asks for is left aside: a member's English tablet shows Vietnamese all the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_choose_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if request.user.is_authenticated:  # after signing out on a shared tablet, Back shows nothing
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class LastSeenMiddleware:
    """Keeps the list of signed-in devices fresh without a write on each page, and ends sessions.

    Half a day after signing in one signs in again, however busy one was: being seen lengthens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if (
            request.user.is_authenticated
            and now - request.session.get(BEGAN, now) > settings.SESSION_COOKIE_AGE
        ):
            logout(request)
        if request.user.is_authenticated and now - request.session.get(SEEN, 0) > SEEN_EVERY:
            UserSession.objects.create_from_request(request)
            request.session[SEEN] = now
        return self.get_response(request)


def mark_seen(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Signing in is being seen."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _choose_language(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
