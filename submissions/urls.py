"""Addresses of the dossiers on their way to the Office."""

from typing import Any

app_name = "submissions"
urlpatterns: list[Any] = []
