"""Addresses of the archive."""

from django.urls import path

from archive import views

app_name = "archive"
urlpatterns = [
    path("", views.search, name="search"),
    path("count/", views.count_hits, name="count_hits"),
    path("resolutions/<int:pk>/", views.read_resolution, name="read_resolution"),
    path("resolutions/<int:pk>/evidence/", views.read_evidence, name="read_evidence"),
    path("resolutions/<int:pk>/evidence/order/", views.order_evidence, name="order_evidence"),
    path("evidence/checker/", views.download_checker, name="download_checker"),
    path("evidence/<int:pk>/file/", views.download_evidence, name="download_evidence"),
]
