"""The deeds around signatures."""

from signatures.actions.embedding import (
    complete_signing,
    embed_signature,
    release_step,
    settle_step,
    stamp_statement,
    void_signature,
)
from signatures.actions.keys import (
    begin_claim,
    claim_certificate,
    confirm_certificate,
    end_certificate,
    register_image,
)
from signatures.actions.preservation import order_preservation, record_preservation
from signatures.actions.proposals import (
    foresee_proposal,
    propose_certificates,
    propose_end,
    record_foreseen,
    reject_proposal,
    withdraw_proposal,
)
from signatures.actions.signing import (
    affix_seal,
    complete_signature,
    pass_signature,
    prepare_signature,
    prepare_statement,
    refuse_signature,
    refuse_signing,
    request_signatures,
    sign_step,
    withdraw_signing,
)
from signatures.actions.sources import add_source, ask_source, end_source, record_fetch
from signatures.actions.trust import (
    add_revocation_answer,
    add_revocation_list,
    confirm_proposal,
    distrust_certificate,
    link_certificate,
    trust_certificate,
)
from signatures.actions.verification import order_rechecks, order_verification, record_verification

__all__ = [
    "add_revocation_answer",
    "add_revocation_list",
    "add_source",
    "affix_seal",
    "ask_source",
    "begin_claim",
    "claim_certificate",
    "complete_signature",
    "complete_signing",
    "confirm_certificate",
    "confirm_proposal",
    "distrust_certificate",
    "embed_signature",
    "end_certificate",
    "end_source",
    "foresee_proposal",
    "link_certificate",
    "order_preservation",
    "order_rechecks",
    "order_verification",
    "pass_signature",
    "prepare_signature",
    "prepare_statement",
    "propose_certificates",
    "propose_end",
    "record_fetch",
    "record_foreseen",
    "record_preservation",
    "record_verification",
    "refuse_signature",
    "refuse_signing",
    "register_image",
    "reject_proposal",
    "release_step",
    "request_signatures",
    "settle_step",
    "sign_step",
    "stamp_statement",
    "trust_certificate",
    "void_signature",
    "withdraw_proposal",
    "withdraw_signing",
]
