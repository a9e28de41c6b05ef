"""Addresses of documents."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("versions/<int:pk>/", views.read_version, name="read_version"),
    path("versions/<int:pk>/file/", views.download_version, name="download_version"),
    path("versions/<int:pk>/place/", views.save_place, name="save_place"),
]
