"""One table from pyHanko's result to the words of ETSI EN 319 102-1, and from those to the reason told."""

from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic

from verifier.pdf.report import FAILED, INDETERMINATE, PASSED

# pyHanko files EXPIRED and one NOT_YET_VALID under "indeterminate"; the standard says failed (5.1.3).
_MOVED: dict[AdESSubIndic, tuple[str, str | None]] = {
    AdESIndeterminate.EXPIRED: (FAILED, "EXPIRED"),
    AdESIndeterminate.NOT_YET_VALID: (FAILED, "NOT_YET_VALID"),
    # pyHanko's own catch-all has no name in the standard.
    AdESIndeterminate.GENERIC: (INDETERMINATE, None),
}

INDICATIONS: dict[AdESSubIndic, tuple[str, str | None]] = {
    AdESPassed.OK: (PASSED, None),
    **{item: (FAILED, item.name) for item in AdESFailure},
    **{item: (INDETERMINATE, item.name) for item in AdESIndeterminate},
    **_MOVED,
}

_REASON_OF_SUB_INDICATION = {
    "FORMAT_FAILURE": "malformed",
    "HASH_FAILURE": "altered",
    "SIG_CRYPTO_FAILURE": "forged",
    "REVOKED": "revoked",
    "EXPIRED": "expired",
    "NOT_YET_VALID": "not_yet_valid",
    "SIG_CONSTRAINTS_FAILURE": "constraints",
    "CHAIN_CONSTRAINTS_FAILURE": "certificate_not_for_signing",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "chain_invalid",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak_algorithm",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak_algorithm",
    "POLICY_PROCESSING_ERROR": "constraints",
    "SIGNATURE_POLICY_NOT_AVAILABLE": "constraints",
    "TIMESTAMP_ORDER_FAILURE": "timestamp_invalid",
    "NO_SIGNING_CERTIFICATE_FOUND": "no_certificate",
    "NO_CERTIFICATE_CHAIN_FOUND": "chain_unknown",
    "REVOKED_NO_POE": "revoked",
    "REVOKED_CA_NO_POE": "revoked_issuer",
    "OUT_OF_BOUNDS_NO_POE": "expired",
    "OUT_OF_BOUNDS_NOT_REVOKED": "expired",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE": "revocation_unknown",
    "NO_POE": "time_unproven",
    "TRY_LATER": "revocation_unknown",
    "SIGNED_DATA_NOT_FOUND": "signed_data_missing",
}

# Reasons that come from our own checks rather than from a sub-indication.
_OWN_REASONS = (
    "ok",
    "undecided",
    "weak_digest",
    "timestamp_invalid",
    "changed_after_signing",
    "partial_coverage",
    "bytes_after_end",
    "padding",
    "lenient_reading",
    "format_not_supported",
    "not_verifiable",
)

REASONS = tuple(sorted({*_REASON_OF_SUB_INDICATION.values(), *_OWN_REASONS}))


def indicate(result: AdESSubIndic) -> tuple[str, str | None]:
    return INDICATIONS[result]


def reason_of(indication: str, sub_indication: str | None) -> str:
    if indication == PASSED:
        return "ok"
    return _REASON_OF_SUB_INDICATION.get(sub_indication or "", "undecided")
