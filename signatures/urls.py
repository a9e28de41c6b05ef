"""Addresses of signatures."""

from django.urls import path

from signatures import views

app_name = "signatures"
urlpatterns = [
    path("papers/<int:pk>/state/", views.paper_state, name="paper_state"),
    path("versions/<int:pk>/", views.read_verification, name="read_verification"),
    path("versions/<int:pk>/check/", views.order_verification, name="order_verification"),
    path("trust/", views.list_certificates, name="list_certificates"),
    path("trust/supply/", views.supply_certificate, name="supply_certificate"),
    path("trust/confirm/", views.trust_certificate, name="trust_certificate"),
    path("trust/<int:pk>/end/", views.distrust_certificate, name="distrust_certificate"),
    path("trust/lists/", views.add_revocation_list, name="add_revocation_list"),
]
