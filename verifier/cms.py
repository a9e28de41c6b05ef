"""A signature apart from the file it is about: CMS (RFC 5652), detached (.p7s) or around its content (.p7m).

Same ladder, same words, same report as for a PDF. Archive timestamps (CAdES-A) are not read: a signature is
judged by what its own timestamp proves.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from asn1crypto import cms
from asn1crypto import core as asn1
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from verifier.pdf.algorithms import DIGESTS, POLICY, WEAK_DIGESTS
from verifier.pdf.document import join_knowledge, read_trusted_evidence
from verifier.pdf.indications import indicate
from verifier.pdf.judgement import (
    conclude,
    conclude_error,
    describe_signer,
    is_intact,
    judge_signature,
    refuse_many_certificates,
)
from verifier.pdf.ladder import Case
from verifier.pdf.report import FAILED, INDETERMINATE, Report, SignatureResult
from verifier.pdf.trust import TrustStore
from verifier.signed_data import encloses_content, list_digests, read_signed_data

LARGEST = 64 * 1024 * 1024  # of a CMS structure: with its content, a paper and not an archive
MAX_SIGNERS = 50

Digest = Callable[[str], bytes]


def verify_detached(signature: Path, content: Path, *, trust: TrustStore, at: datetime) -> Report:
    """Every signer of the structure apart. The report's checksum is that of the content."""
    with content.open("rb") as file:
        report = Report(hashlib.file_digest(file, "sha256").hexdigest(), profile="own", policy=POLICY)
    try:
        signed = _read(signature)
        results = list(_verify_each(signed, _make_digest(signed, content), trust, at))
    except Exception as error:  # Hostile or merely old: whatever it raised, nothing is proved.
        return replace(report, error=f"{type(error).__name__}: {error}"[:300])
    return replace(report, signatures=tuple(results))


def describe_detached(signature: Path) -> tuple[Report, list[tuple[str, str]]]:
    """While the signed file is not at hand: who is named as signer, and the digests that it must have."""
    with signature.open("rb") as file:
        report = Report(hashlib.file_digest(file, "sha256").hexdigest(), profile="own", policy=POLICY)
    try:
        signed = _read(signature)
        refuse_many_certificates(signed)
        if len(signed["signer_infos"]) > MAX_SIGNERS:
            raise ValueError("too many signers")
        named = [_name_signer(signed, info, at) for at, info in enumerate(signed["signer_infos"], start=1)]
        return replace(report, signatures=tuple(named)), list_digests(signed)
    except Exception as error:  # As above.
        return replace(report, error=f"{type(error).__name__}: {error}"[:300]), []


def _name_signer(signed: cms.SignedData, info: cms.SignerInfo, place: int) -> SignatureResult:
    alone = _take_apart(signed, info)
    result = _begin(place, info["digest_algorithm"]["algorithm"].native)
    with suppress(CMSExtractionError):  # without a certificate nobody is named
        result = describe_signer(result, generic_cms.extract_certificate_info(alone).signer_cert)
    claimed = generic_cms.extract_self_reported_ts(generic_cms.extract_signer_info(alone))
    return conclude(replace(result, claimed_time=claimed), *indicate(AdESIndeterminate.SIGNED_DATA_NOT_FOUND))


def verify_statement(signature: bytes, content: bytes, *, trust: TrustStore, at: datetime) -> SignatureResult:
    """One signer over a few bytes, all in memory."""
    try:
        signed = read_signed_data(signature)
        if len(signed["signer_infos"]) != 1 or encloses_content(signed):
            raise ValueError("a statement has one signer, and lies apart from its signature")
        (result,) = _verify_each(signed, lambda name: hashlib.new(name, content).digest(), trust, at)
    except Exception as error:  # As above.
        unjudged = SignatureResult("signature", "1", INDETERMINATE, None, "not_verifiable", profile="own")
        return replace(unjudged, detail=f"{type(error).__name__}: {error}"[:300])
    return result


def _read(path: Path) -> cms.SignedData:
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    return read_signed_data(path.read_bytes())


def _make_digest(signed: cms.SignedData, path: Path) -> Digest:
    """Of the file; what the structure itself encloses must be the same."""
    enclosed = signed["encap_content_info"]["content"]
    if enclosed is not asn1.VOID and enclosed.native != path.read_bytes():
        raise ValueError("the signature encloses something other than the file")

    def digest(name: str) -> bytes:
        if name not in DIGESTS:
            raise ValueError(f"unknown digest {name}")
        with path.open("rb") as file:
            return hashlib.file_digest(file, name).digest()

    return digest


def _verify_each(
    signed: cms.SignedData, digest: Digest, trust: TrustStore, at: datetime
) -> Iterator[SignatureResult]:
    refuse_many_certificates(signed)
    if len(signed["signer_infos"]) > MAX_SIGNERS:
        raise ValueError("too many signers")
    at_hand, evidence = read_trusted_evidence(trust), _read_evidence(signed)
    for place, info in enumerate(signed["signer_infos"], start=1):
        yield asyncio.run(_verify_one(_take_apart(signed, info), place, digest, trust, at, evidence, at_hand))


def _take_apart(signed: cms.SignedData, info: cms.SignerInfo) -> cms.SignedData:
    """The structure as if this signer were the only one, and the content lay elsewhere."""
    alone = signed.copy()
    alone["signer_infos"] = cms.SignerInfos([info])
    alone["encap_content_info"] = {"content_type": signed["encap_content_info"]["content_type"].native}
    return alone


async def _verify_one(
    signed: cms.SignedData,
    place: int,
    digest: Digest,
    trust: TrustStore,
    at: datetime,
    evidence: LocalKnowledge,
    at_hand: LocalKnowledge,
) -> SignatureResult:
    algorithm = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    result = _begin(place, algorithm)
    try:
        case = Case(signed, lambda: digest(algorithm), trust, at, join_knowledge(evidence, at_hand))
        result = describe_signer(result, case.certificate)
        claimed = generic_cms.extract_self_reported_ts(case.signer_info)
        if case.signer_info["signed_attrs"] is asn1.VOID:
            # Else the attributes of an honest signature could be given out as a file that was signed.
            raise SignatureValidationError(
                "no signed attributes", ades_subindication=AdESFailure.FORMAT_FAILURE
            )
        intact = is_intact(case)
        result = replace(result, intact=intact, covers_whole_file=intact, claimed_time=claimed)
        result = await judge_signature(case, result, evidence=evidence, archived=False)
        if not intact and result.indication != FAILED:  # Two computations that must agree.
            return conclude(result, FAILED, "SIG_CRYPTO_FAILURE")
        return result
    except Exception as error:
        return conclude_error(result, error)


def _begin(place: int, algorithm: str) -> SignatureResult:
    return SignatureResult(
        "signature",
        str(place),
        INDETERMINATE,
        None,
        "not_verifiable",
        digest_algorithm=algorithm,
        weak_digest=algorithm in WEAK_DIGESTS,
        profile="own",
    )


def _read_evidence(signed: cms.SignedData) -> LocalKnowledge:
    """RFC 5652, 5.1: revocation data beside the certificates."""
    found = signed["crls"]
    if found is asn1.VOID:
        return LocalKnowledge()
    lists = [item.chosen for item in found if item.name == "crl"]
    answers = [
        item.chosen["other_rev_info"].parsed
        for item in found
        if item.name == "other" and item.chosen["other_rev_info_format"].native == "ocsp_response"
    ]
    return LocalKnowledge(
        known_crls=[CRLContainer(item) for item in lists],
        known_ocsps=[answer for item in answers for answer in OCSPContainer.load_multi(item)],
    )
