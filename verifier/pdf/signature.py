"""One signature or document timestamp of a PDF: its ladder, its bytes and its changes, in one result."""

from dataclasses import dataclass, replace

from asn1crypto import core as asn1
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko.sign.validation.status import SignatureCoverageLevel

from verifier.pdf import structure
from verifier.pdf.algorithms import WEAK_DIGESTS
from verifier.pdf.changes import STRICT_CHANGES
from verifier.pdf.indications import indicate
from verifier.pdf.judgement import (
    conclude,
    conclude_error,
    describe_signer,
    describe_timestamp,
    is_intact,
    judge_signature,
    name_error,
    refuse_many_certificates,
)
from verifier.pdf.ladder import Case, validate_timestamp
from verifier.pdf.report import FAILED, INDETERMINATE, PASSED, SignatureResult

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
    except Exception as error:
        return conclude_error(result, error)


def is_document_timestamp(signature: DictionaryObject) -> bool:
    """ISO 32000-2, 12.8.5. Older files give the timestamp the type of a signature."""
    return signature.get("/Type") == "/DocTimeStamp" or signature.get("/SubFilter") == TIMESTAMP


def unreadable_signature(field: str, error: Exception, profile: str) -> SignatureResult:
    malformed = isinstance(error, PdfReadError | CMSExtractionError | SignatureValidationError | ValueError)
    indication, sub_indication = (FAILED, "FORMAT_FAILURE") if malformed else (INDETERMINATE, None)
    reason = "malformed" if malformed else "not_verifiable"
    return SignatureResult(
        "signature", str(field), indication, sub_indication, reason, profile=profile, detail=name_error(error)
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
    refuse_many_certificates(embedded.signed_data)
    embedded.compute_integrity_info(STRICT_CHANGES)
    result = replace(
        result,
        intact=is_intact(case),
        covers_whole_file=embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        changes_after=_name_changes(embedded),
    )
    if result.kind == "document_timestamp":
        result = await _judge_document_timestamp(case, result)
    else:
        result = await judge_signature(case, result, evidence=around.evidence, archived=around.archived)
    return _apply_structure(around, result)


async def _judge_document_timestamp(case: Case, result: SignatureResult) -> SignatureResult:
    token = case.signed_data
    found = await validate_timestamp(case, token, case.compute_digest)
    timestamp = describe_timestamp(token, *indicate(found))
    return conclude(replace(result, timestamp=timestamp, rung="basic"), *indicate(found))


def _apply_structure(around: Surroundings, result: SignatureResult) -> SignatureResult:
    """The process of the standard ends at the signed bytes. These are about the others."""
    embedded = around.embedded
    if result.indication == FAILED:
        return result
    if not result.intact:  # Two computations that must agree.
        return conclude(result, FAILED, "SIG_CRYPTO_FAILURE")
    ranges = tuple(int(number) for number in embedded.byte_range)
    if len(ranges) != 4 or not structure.is_gap_exact(around.content, ranges, embedded.pkcs7_content):
        return conclude(result, FAILED, "FORMAT_FAILURE", reason="partial_coverage")
    if embedded.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return conclude(result, FAILED, "FORMAT_FAILURE", reason="partial_coverage")
    if result.changes_after == "suspicious":
        return conclude(
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
        return conclude(result, FAILED, "FORMAT_FAILURE", reason=reason)
    if result.indication == PASSED:
        result = conclude(result, INDETERMINATE, "SIG_CONSTRAINTS_FAILURE", reason=reason)
    return replace(result, profile="foreign")


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
        result = replace(result, claimed_time=embedded.self_reported_timestamp)
        return describe_signer(result, embedded.signer_cert)
    except Exception as error:  # Judging meets the same error and names it.
        return replace(result, detail=name_error(error))
