"""What CMS (RFC 5652) says, wherever it lies: one signature with its timestamps, judged and named."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from asn1crypto import cms, x509
from asn1crypto import core as asn1
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import LocalKnowledge

from verifier.pdf.algorithms import WEAK_DIGESTS
from verifier.pdf.indications import indicate, reason_of
from verifier.pdf.ladder import Case, climb_ladder, validate_signature_timestamp
from verifier.pdf.levels import name_level
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED, SignatureResult, TimestampResult

MAX_CERTIFICATES = 20  # in one CMS structure: more are an attack on path building, not a chain
MAX_NAMESAKES = 6  # authorities of one name: renewed keys and cross-certificates


async def judge_signature(
    case: Case, result: SignatureResult, *, evidence: LocalKnowledge, archived: bool
) -> SignatureResult:
    """`evidence`: what lies in the file. `archived`: a document timestamp follows."""
    tokens = list(generic_cms.extract_tst_data_iter(case.signer_info, signed=False))
    timestamp = await _judge_timestamps(case, tokens)
    if timestamp and timestamp.indication == PASSED:
        case = replace(case, stamped=timestamp.time)
    level = name_level(
        case.signer_info,
        case.certificate,
        tokens,
        evidence,
        case.trust,
        stamped=timestamp is not None and timestamp.indication != FAILED,
        archived=archived,
    )
    result = replace(result, timestamp=timestamp, level=level, best_time=case.best_time)
    if case.trust.is_anchor(case.certificate):
        return conclude(result, *indicate(AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE))
    rung = await climb_ladder(case, timestamped=timestamp is not None, archived=archived)
    result = conclude(replace(result, rung=rung.name), *indicate(rung.result))
    if result.indication == PASSED and timestamp and timestamp.indication == FAILED:
        return replace(
            result,
            indication=INDETERMINATE,
            sub_indication="SIG_CONSTRAINTS_FAILURE",
            reason="timestamp_invalid",
        )
    return result


async def _judge_timestamps(case: Case, tokens: list[cms.SignedData]) -> TimestampResult | None:
    """The best of the signature's tokens; most signatures have one."""
    order = (PASSED, INDETERMINATE, FAILED)
    results = []
    for token in tokens:
        refuse_many_certificates(token)
        results.append(describe_timestamp(token, *indicate(await validate_signature_timestamp(case, token))))
    return min(results, key=lambda item: (order.index(item.indication), item.time), default=None)


def conclude(
    result: SignatureResult,
    indication: str,
    sub_indication: str | None,
    *,
    reason: str = "",
    detail: str = "",
) -> SignatureResult:
    reason = reason or reason_of(indication, sub_indication)
    if reason == "weak_algorithm" and result.weak_digest:
        reason = "weak_digest"
    return replace(
        result,
        indication=indication,
        sub_indication=sub_indication,
        reason=reason,
        detail=detail or result.detail,
    )


def conclude_error(result: SignatureResult, error: Exception) -> SignatureResult:
    """Hostile or merely old: whatever it raised, nothing is proved."""
    if isinstance(error, SignatureValidationError | CMSExtractionError | PdfReadError):
        sub_indication = getattr(error, "ades_subindication", None) or AdESFailure.FORMAT_FAILURE
        return conclude(result, *indicate(sub_indication), detail=name_error(error))
    return replace(result, indication=INDETERMINATE, reason="not_verifiable", detail=name_error(error))


def refuse_many_certificates(signed_data: cms.SignedData) -> None:
    certificates = signed_data["certificates"]
    if certificates is asn1.VOID:
        return
    if len(certificates) > MAX_CERTIFICATES:
        raise SignatureValidationError("too many certificates")
    refuse_namesakes(item.chosen for item in certificates if item.name == "certificate")


def refuse_namesakes(certificates: Iterable[x509.Certificate]) -> None:
    """Many authorities of one name have more paths between them than anybody can try."""
    names = Counter(item.subject.hashable for item in certificates if item.ca)
    if any(number > MAX_NAMESAKES for number in names.values()):
        raise SignatureValidationError("too many authorities of one name")


def is_intact(case: Case) -> bool:
    """Asked apart from the ladder, which stops before it at a weak algorithm."""
    content = case.signed_data["encap_content_info"]
    digest = case.compute_digest()
    if content["content_type"].native == "tst_info":
        token = content["content"].parsed
        if digest != token["message_imprint"]["hashed_message"].native:
            return False
        name = case.signer_info["digest_algorithm"]["algorithm"].native
        digest = _hash(name, bytes(content["content"]))
    elif content["content"] is not asn1.VOID:
        raise SignatureValidationError(
            "content inside a detached signature", ades_subindication=AdESFailure.FORMAT_FAILURE
        )
    intact, valid = generic_cms.validate_sig_integrity(
        case.signer_info, case.certificate, content["content_type"].native, digest
    )
    return intact and valid


def _hash(name: str, content: bytes) -> bytes:
    digest = generic_cms.hashes.Hash(generic_cms.get_pyca_cryptography_hash(name))
    digest.update(content)
    return digest.finalize()


def describe_signer(result: SignatureResult, certificate: x509.Certificate) -> SignatureResult:
    """Who, for which organisation, by whose certificate."""
    return replace(
        result,
        signer=read_name(certificate.subject, "common_name"),
        organisation=read_name(certificate.subject, "organization_name"),
        unit=read_name(certificate.subject, "organizational_unit_name"),
        office_code=read_office_code(certificate.subject),
        issuer=read_name(certificate.issuer, "common_name"),
        serial=f"{certificate.serial_number:x}",
        certificate_sha256=certificate.sha256.hex(),
    )


def describe_timestamp(token: cms.SignedData, indication: str, sub_indication: str | None) -> TimestampResult:
    content = token["encap_content_info"]["content"].parsed
    algorithm = content["message_imprint"]["hash_algorithm"]["algorithm"].native
    reason = reason_of(indication, sub_indication)
    weak = algorithm in WEAK_DIGESTS
    return TimestampResult(
        time=content["gen_time"].native,
        indication=indication,
        sub_indication=sub_indication,
        authority=read_name(generic_cms.extract_certificate_info(token).signer_cert.subject, "common_name"),
        digest_algorithm=algorithm,
        weak_digest=weak,
        reason="weak_digest" if weak and reason == "weak_algorithm" else reason,
    )


def read_name(name: x509.Name, part: str) -> str:
    value = name.native.get(part, "")
    return ", ".join(value) if isinstance(value, list) else value


def read_office_code(name: x509.Name) -> str:
    """The code of the organisation: its tax code in Vietnam, "MST:0100109106"; or ETSI EN 319 412-1, 5.1.4.

    A person's own number (CMND, CCCD) says nothing of an office.
    """
    codes = (read_name(name, part) for part in ("user_id", "organization_identifier"))
    return next((code for code in codes if code and not code.upper().startswith(("CMND", "CCCD", "HC"))), "")


def name_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
