"""Addresses of archive."""

app_name = "archive"
urlpatterns: list = []
