"""The facts of signatures."""

from signatures.models.keys import SignatureImage, SigningCertificate
from signatures.models.signing import PreservedCopy, Signature, SigningRequest, SigningStep, Statement
from signatures.models.trust import RevocationList, TrustedCertificate
from signatures.models.verification import Verification

__all__ = [
    "PreservedCopy",
    "RevocationList",
    "Signature",
    "SignatureImage",
    "SigningCertificate",
    "SigningRequest",
    "SigningStep",
    "Statement",
    "TrustedCertificate",
    "Verification",
]
