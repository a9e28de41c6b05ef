"""Addresses of signatures."""

from django.urls import path

from signatures.views import keys, signing, trust, verification

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
    path("keys/", keys.list_keys, name="list_keys"),
    path("keys/claim/", keys.begin_claim, name="begin_claim"),
    path("keys/remote/", keys.list_credentials, name="list_credentials"),
    path("keys/file/", keys.open_key_file, name="open_key_file"),
    path("keys/waiting/", keys.list_claims, name="list_claims"),
    path("keys/picture/", keys.register_image, name="register_image"),
    path("keys/seal/", keys.register_seal, name="register_seal"),
    path("keys/seal/picture/", keys.register_seal_image, name="register_seal_image"),
    path("keys/pictures/<int:pk>/", keys.show_image, name="show_image"),
    path("keys/<int:pk>/prove/", keys.claim_certificate, name="claim_certificate"),
    path("keys/<int:pk>/prove-remotely/", keys.answer_remotely, name="answer_remotely"),
    path("keys/<int:pk>/confirm/", keys.confirm_certificate, name="confirm_certificate"),
    path("keys/<int:pk>/end/", keys.end_certificate, name="end_certificate"),
    path("signatures/<int:pk>/sign-remotely/", keys.sign_remotely, name="sign_remotely"),
]
