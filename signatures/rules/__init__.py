"""The law of signatures: who signs, with which key; who checks; whom the house trusts."""

from signatures.rules.keys import (
    IMAGE,
    SIGNING_CERTIFICATE,
    CertificateStatus,
    KeyWay,
    sees_image,
    sees_signing_certificate,
)
from signatures.rules.signing import (
    PRESERVATION,
    SIGNATURE,
    SIGNING_REQUEST,
    SIGNING_STEP,
    Mark,
    RequestStatus,
    SignatureStatus,
    StepStatus,
    sees_signature,
    sees_signing_request,
)
from signatures.rules.trust import CERTIFICATE, CertificateUse, sees_certificate
from signatures.rules.verification import VERIFICATION, Verdict

__all__ = [
    "CERTIFICATE",
    "IMAGE",
    "PRESERVATION",
    "SIGNATURE",
    "SIGNING_CERTIFICATE",
    "SIGNING_REQUEST",
    "SIGNING_STEP",
    "VERIFICATION",
    "CertificateStatus",
    "CertificateUse",
    "KeyWay",
    "Mark",
    "RequestStatus",
    "SignatureStatus",
    "StepStatus",
    "Verdict",
    "sees_certificate",
    "sees_image",
    "sees_signature",
    "sees_signing_certificate",
    "sees_signing_request",
]
