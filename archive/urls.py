"""Addresses of the archive."""

from django.urls import path

from archive import views

app_name = "archive"
urlpatterns = [
    path("", views.search, name="search"),
    path("count/", views.count_hits, name="count_hits"),
    path("resolutions/<int:pk>/", views.read_resolution, name="read_resolution"),
]
