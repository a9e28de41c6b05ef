"""The facts of signatures."""

from signatures.models.keys import SignatureImage, SigningCertificate
from signatures.models.proposals import ForeseenVerdict, TrustProposal
from signatures.models.signing import PreservedCopy, Signature, SigningRequest, SigningStep, Statement
from signatures.models.sources import RevocationSource
from signatures.models.trust import RevocationAnswer, RevocationList, TrustedCertificate, TrustSnapshot
from signatures.models.verification import Verification

__all__ = [
    "ForeseenVerdict",
    "PreservedCopy",
    "RevocationAnswer",
    "RevocationList",
    "RevocationSource",
    "Signature",
    "SignatureImage",
    "SigningCertificate",
    "SigningRequest",
    "SigningStep",
    "Statement",
    "TrustProposal",
    "TrustSnapshot",
    "TrustedCertificate",
    "Verification",
]
