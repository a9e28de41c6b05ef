"""Addresses of signatures."""

from django.urls import path

from signatures.views import signing, trust, verification

app_name = "signatures"
urlpatterns = [
    path("", signing.list_signings, name="list_signings"),
    path("versions/<int:pk>/request/", signing.request_signatures, name="request_signatures"),
    path("requests/<int:pk>/", signing.read_signing, name="read_signing"),
    path("requests/<int:pk>/state/", signing.show_signing_state, name="show_signing_state"),
    path("requests/<int:pk>/file/", signing.download_signing, name="download_signing"),
    path("requests/<int:pk>/withdraw/", signing.withdraw_signing, name="withdraw_signing"),
    path("steps/<int:pk>/prepare/", signing.prepare_signature, name="prepare_signature"),
    path("steps/<int:pk>/seal/", signing.affix_seal, name="affix_seal"),
    path("steps/<int:pk>/refuse/", signing.refuse_signature, name="refuse_signature"),
    path("steps/<int:pk>/pass/", signing.pass_signature, name="pass_signature"),
    path("signatures/<int:pk>/complete/", signing.complete_signature, name="complete_signature"),
    path("papers/<int:pk>/state/", verification.paper_state, name="paper_state"),
    path("versions/<int:pk>/", verification.read_verification, name="read_verification"),
    path("versions/<int:pk>/check/", verification.order_verification, name="order_verification"),
    path("trust/", trust.list_certificates, name="list_certificates"),
    path("trust/supply/", trust.supply_certificate, name="supply_certificate"),
    path("trust/confirm/", trust.trust_certificate, name="trust_certificate"),
    path("trust/<int:pk>/end/", trust.distrust_certificate, name="distrust_certificate"),
    path("trust/lists/", trust.add_revocation_list, name="add_revocation_list"),
]
