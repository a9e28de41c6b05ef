"""Addresses of audit."""

from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [
    path("", views.search_trail, name="search_trail"),
    path("export/", views.export_trail, name="export_trail"),
    path("log/", views.read_log, name="read_log"),
    path("entries/<int:pk>/", views.read_entry, name="read_entry"),
    path("entries/<int:pk>/proof/", views.prove_entry, name="prove_entry"),
    path("<str:case_type>/<int:case_id>/", views.read_case, name="read_case"),
    path("<str:case_type>/<int:case_id>/proof/", views.prove_case, name="prove_case"),
]
