"""Connects the trail to the doors of signing in."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from people import middleware, sign_in_trail

        sign_in_trail.connect()
        user_logged_in.connect(middleware.mark_seen, dispatch_uid="people.mark_seen")
