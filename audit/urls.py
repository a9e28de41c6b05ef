"""Addresses of audit."""

from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [
    path("", views.search_trail, name="search_trail"),
    path("export/", views.export_trail, name="export_trail"),
    path("<str:case_type>/<int:case_id>/", views.read_case, name="read_case"),
]
