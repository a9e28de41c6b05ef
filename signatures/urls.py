"""Addresses of signatures."""

app_name = "signatures"
urlpatterns: list = []
