"""Addresses of signatures."""

from django.urls import path

from signatures.views import trust, verification

app_name = "signatures"
urlpatterns = [
    path("papers/<int:pk>/state/", verification.paper_state, name="paper_state"),
    path("versions/<int:pk>/", verification.read_verification, name="read_verification"),
    path("versions/<int:pk>/check/", verification.order_verification, name="order_verification"),
    path("trust/", trust.list_certificates, name="list_certificates"),
    path("trust/supply/", trust.supply_certificate, name="supply_certificate"),
    path("trust/confirm/", trust.trust_certificate, name="trust_certificate"),
    path("trust/<int:pk>/end/", trust.distrust_certificate, name="distrust_certificate"),
    path("trust/lists/", trust.add_revocation_list, name="add_revocation_list"),
]
