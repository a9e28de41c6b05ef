"""The deeds around signatures."""

from signatures.actions.keys import (
    begin_claim,
    claim_certificate,
    confirm_certificate,
    end_certificate,
    register_image,
)
from signatures.actions.signing import (
    affix_seal,
    complete_signature,
    complete_signing,
    embed_signature,
    pass_signature,
    prepare_signature,
    prepare_statement,
    refuse_signature,
    refuse_signing,
    release_step,
    request_signatures,
    settle_step,
    sign_step,
    void_signature,
    withdraw_signing,
)
from signatures.actions.trust import add_revocation_list, distrust_certificate, trust_certificate
from signatures.actions.verification import order_verification, record_verification

__all__ = [
    "add_revocation_list",
    "affix_seal",
    "begin_claim",
    "claim_certificate",
    "complete_signature",
    "complete_signing",
    "confirm_certificate",
    "distrust_certificate",
    "embed_signature",
    "end_certificate",
    "order_verification",
    "pass_signature",
    "prepare_signature",
    "prepare_statement",
    "record_verification",
    "refuse_signature",
    "refuse_signing",
    "register_image",
    "release_step",
    "request_signatures",
    "settle_step",
    "sign_step",
    "trust_certificate",
    "void_signature",
    "withdraw_signing",
]
