"""One signature or document timestamp of a PDF: its ladder, its bytes and its changes, in one result."""

from dataclasses import dataclass, replace

from asn1crypto import cms, x509
from asn1crypto import core as asn1
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import EmbeddedPdfSignature, generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko.sign.validation.status import SignatureCoverageLevel

from verifier.pdf import structure
from verifier.pdf.algorithms import WEAK_DIGESTS
from verifier.pdf.changes import STRICT_CHANGES
from verifier.pdf.indications import indicate, reason_of
from verifier.pdf.ladder import (
    Case,
    climb_ladder,
    validate_signature_timestamp,
    validate_timestamp,
)
from verifier.pdf.levels import name_level
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED, SignatureResult, TimestampResult

MAX_CERTIFICATES = 20  # in one CMS structure: more are an attack on path building, not a chain
DETACHED = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES")
TIMESTAMP = "/ETSI.RFC3161"


@dataclass(frozen=True)
class Surroundings:
    """What the rest of the document says about one signature."""

    embedded: EmbeddedPdfSignature
    content: structure.Content
    profile: str  # by which the file was read
    strict: bool  # it was asked to be one of our own
    archived: bool  # a document timestamp follows
    evidence: LocalKnowledge  # certificates and revocation data that lie in the file
    open_end: bool  # bytes after the last end mark that no signature covers
    loose_end: bool  # a last revision that no signature covers, in a file that only a lenient reader takes


async def check_signature(case: Case, around: Surroundings) -> SignatureResult:
    result = _describe(around)
    try:
        return await _judge(case, around, result)
    except (SignatureValidationError, CMSExtractionError, PdfReadError) as error:
        sub_indication = getattr(error, "ades_subindication", None) or AdESFailure.FORMAT_FAILURE
        return _conclude(result, *indicate(sub_indication), detail=_name(error))
    except Exception as error:  # The file is hostile or merely old: whatever it raised, nothing is proved.
        return replace(result, indication=INDETERMINATE, reason="not_verifiable", detail=_name(error))


def is_document_timestamp(signature: DictionaryObject) -> bool:
    """ISO 32000-2, 12.8.5. Older files give the timestamp the type of a signature."""
    return signature.get("/Type") == "/DocTimeStamp" or signature.get("/SubFilter") == TIMESTAMP


def unreadable_signature(field: str, error: Exception, profile: str) -> SignatureResult:
    malformed = isinstance(error, PdfReadError | CMSExtractionError | SignatureValidationError | ValueError)
    indication, sub_indication = (FAILED, "FORMAT_FAILURE") if malformed else (INDETERMINATE, None)
    reason = "malformed" if malformed else "not_verifiable"
    return SignatureResult(
        "signature", str(field), indication, sub_indication, reason, profile=profile, detail=_name(error)
    )


def unsupported_signature(field: str, sub_filter: object, profile: str) -> SignatureResult:
    return SignatureResult(
        "signature",
        field,
        INDETERMINATE,
        None,
        "format_not_supported",
        profile=profile,
        detail=str(sub_filter),
    )


async def _judge(case: Case, around: Surroundings, result: SignatureResult) -> SignatureResult:
    embedded = around.embedded
    _refuse_many_certificates(embedded)
    certificate = embedded.signer_cert
    embedded.compute_integrity_info(STRICT_CHANGES)
    result = replace(
        result,
        intact=_is_intact(embedded, certificate),
        covers_whole_file=embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        changes_after=_name_changes(embedded),
    )
    if result.kind == "document_timestamp":
        result = await _judge_document_timestamp(case, result)
    else:
        result = await _judge_signature(case, around, result)
    return _apply_structure(around, result)


async def _judge_signature(case: Case, around: Surroundings, result: SignatureResult) -> SignatureResult:
    tokens = list(generic_cms.extract_tst_data_iter(case.signer_info, signed=False))
    timestamp = await _judge_timestamps(case, tokens)
    if timestamp and timestamp.indication == PASSED:
        case = replace(case, stamped=timestamp.time)
    level = name_level(
        case.signer_info,
        case.certificate,
        tokens,
        around.evidence,
        case.trust,
        stamped=timestamp is not None and timestamp.indication != FAILED,
        archived=around.archived,
    )
    result = replace(result, timestamp=timestamp, level=level, best_time=case.best_time)
    if case.trust.is_anchor(case.certificate):
        return _conclude(result, *indicate(AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE))
    rung = await climb_ladder(
        case,
        timestamped=timestamp is not None,
        archived=around.archived,
    )
    result = _conclude(replace(result, rung=rung.name), *indicate(rung.result))
    if result.indication == PASSED and timestamp and timestamp.indication == FAILED:
        return replace(
            result,
            indication=INDETERMINATE,
            sub_indication="SIG_CONSTRAINTS_FAILURE",
            reason="timestamp_invalid",
        )
    return result


async def _judge_document_timestamp(case: Case, result: SignatureResult) -> SignatureResult:
    token = case.signed_data
    found = await validate_timestamp(case, token, case.compute_digest)
    timestamp = _describe_timestamp(token, *indicate(found))
    return _conclude(replace(result, timestamp=timestamp, rung="basic"), *indicate(found))


async def _judge_timestamps(case: Case, tokens: list[cms.SignedData]) -> TimestampResult | None:
    """The best of the signature's tokens; most signatures have one."""
    order = (PASSED, INDETERMINATE, FAILED)
    results = []
    for token in tokens:
        if len(token["certificates"]) > MAX_CERTIFICATES:
            raise SignatureValidationError("too many certificates")
        results.append(_describe_timestamp(token, *indicate(await validate_signature_timestamp(case, token))))
    return min(results, key=lambda item: (order.index(item.indication), item.time), default=None)


def _apply_structure(around: Surroundings, result: SignatureResult) -> SignatureResult:
    """The process of the standard ends at the signed bytes. These are about the others."""
    embedded = around.embedded
    if result.indication == FAILED:
        return result
    ranges = tuple(int(number) for number in embedded.byte_range)
    if len(ranges) != 4 or not structure.is_gap_exact(around.content, ranges, embedded.pkcs7_content):
        return _conclude(result, FAILED, "FORMAT_FAILURE", reason="partial_coverage")
    if embedded.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return _conclude(result, FAILED, "FORMAT_FAILURE", reason="partial_coverage")
    if result.changes_after == "suspicious":
        return _conclude(
            result, FAILED, "FORMAT_FAILURE", reason="changed_after_signing", detail=_changes(embedded)
        )
    if not structure.is_padding_empty(embedded.pkcs7_content):
        return _mark_loose(around, result, "padding")
    if around.open_end:
        return _mark_loose(around, result, "bytes_after_end")
    if around.loose_end:  # Two readers may see two different last revisions.
        return _mark_loose(around, result, "lenient_reading")
    return result


def _mark_loose(around: Surroundings, result: SignatureResult, reason: str) -> SignatureResult:
    """Bytes that nobody signed: no forgery, but our own files have none, and elsewhere it is not "valid"."""
    if around.strict:
        return _conclude(result, FAILED, "FORMAT_FAILURE", reason=reason)
    if result.indication == PASSED:
        result = _conclude(result, INDETERMINATE, "SIG_CONSTRAINTS_FAILURE", reason=reason)
    return replace(result, profile="foreign")


def _conclude(
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


def _refuse_many_certificates(embedded: EmbeddedPdfSignature) -> None:
    if len(embedded.signed_data["certificates"]) > MAX_CERTIFICATES:
        raise SignatureValidationError("too many certificates")


def _is_intact(embedded: EmbeddedPdfSignature, certificate: x509.Certificate) -> bool:
    """Asked apart from the ladder, which stops before it at a weak algorithm."""
    content = embedded.signed_data["encap_content_info"]
    digest = embedded.compute_digest()
    if content["content_type"].native == "tst_info":
        token = content["content"].parsed
        if digest != token["message_imprint"]["hashed_message"].native:
            return False
        digest = _hash(embedded.md_algorithm, bytes(content["content"]))
    elif content["content"] is not asn1.VOID:
        raise SignatureValidationError(
            "content inside a detached signature", ades_subindication=AdESFailure.FORMAT_FAILURE
        )
    intact, valid = generic_cms.validate_sig_integrity(
        embedded.signer_info, certificate, content["content_type"].native, digest
    )
    return intact and valid


def _hash(name: str, content: bytes) -> bytes:
    digest = generic_cms.hashes.Hash(generic_cms.get_pyca_cryptography_hash(name))
    digest.update(content)
    return digest.finalize()


def _name_changes(embedded: EmbeddedPdfSignature) -> str:
    found = embedded.diff_result
    if not isinstance(found, DiffResult) or found.modification_level is ModificationLevel.OTHER:
        return "suspicious"
    if not embedded.summarise_integrity_info()["docmdp_ok"]:
        return "suspicious"
    return "none" if embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE else "allowed"


def _changes(embedded: EmbeddedPdfSignature) -> str:
    return str(embedded.diff_result)[:300]


def has_signed_attributes(embedded: EmbeddedPdfSignature) -> bool:
    return embedded.signer_info["signed_attrs"] is not asn1.VOID


def _describe(around: Surroundings) -> SignatureResult:
    embedded = around.embedded
    kind = "document_timestamp" if is_document_timestamp(embedded.sig_object) else "signature"
    result = SignatureResult(
        kind,
        str(embedded.field_name or ""),
        INDETERMINATE,
        None,
        "not_verifiable",
        digest_algorithm=embedded.md_algorithm,
        weak_digest=embedded.md_algorithm in WEAK_DIGESTS,
        profile=around.profile,
    )
    try:
        certificate = embedded.signer_cert
        return replace(
            result,
            signer=read_name(certificate.subject, "common_name"),
            organisation=read_name(certificate.subject, "organization_name"),
            unit=read_name(certificate.subject, "organizational_unit_name"),
            office_code=read_office_code(certificate.subject),
            issuer=read_name(certificate.issuer, "common_name"),
            serial=f"{certificate.serial_number:x}",
            certificate_sha256=certificate.sha256.hex(),
            claimed_time=embedded.self_reported_timestamp,
        )
    except Exception as error:  # Judging meets the same error and names it.
        return replace(result, detail=_name(error))


def _describe_timestamp(
    token: cms.SignedData, indication: str, sub_indication: str | None
) -> TimestampResult:
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


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
