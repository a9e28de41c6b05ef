"""The deeds around signatures."""

from signatures.actions.trust import add_revocation_list, distrust_certificate, trust_certificate
from signatures.actions.verification import order_verification, record_verification

__all__ = [
    "add_revocation_list",
    "distrust_certificate",
    "order_verification",
    "record_verification",
    "trust_certificate",
]
