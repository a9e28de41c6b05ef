"""A signed file made fit for decades (PAdES B-LTA, EN 319 142-1): the evidence of today goes into it as an
incremental update, and an archive timestamp over all of it. Before that lapses, the next one follows.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from signatures.timestamping import Timestamp, request_timestamp
from verifier.pdf.algorithms import DIGESTS, find_term
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

DIGEST = "sha256"
MARGIN = timedelta(days=180)  # renewed that long before the newest timestamp lapses


@dataclass(frozen=True)
class Preserved:
    timestamp_at: datetime
    renew_at: datetime


class Stamper(TimeStamper):
    """pyHanko's way to ask for a timestamp, answered by ours, which believes what the verifier believes."""

    def __init__(self, trust: TrustStore) -> None:
        super().__init__()
        self.trust = trust
        self.newest: Timestamp | None = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        self.newest = await asyncio.to_thread(
            request_timestamp, message_digest, md_algorithm, trust=self.trust
        )
        return cms.ContentInfo.load(self.newest.token)


def preserve_file(source: Path, target: IO[bytes], trust: TrustStore, *, size: int) -> Preserved:
    """Write the file with evidence and archive timestamp to `target`; `size`: of its place, in bytes."""
    with source.open("rb") as original:
        certificates = find_certificates(original, trust)
        writer = IncrementalPdfFileWriter(original, strict=False)
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=certificates,
            crls=find_lists(certificates, trust),
            ocsps=find_answers(certificates, trust),
        )
        stamper = Stamper(trust)
        stamping = PdfTimeStamper(stamper).async_timestamp_pdf(
            writer, DIGEST, bytes_reserved=2 * size, output=target
        )
        asyncio.run(stamping)
    assert stamper.newest is not None
    return Preserved(stamper.newest.at, find_renewal(stamper.newest, trust))


def find_certificates(file: IO[bytes], trust: TrustStore) -> list[x509.Certificate]:
    """Those in the file's signatures and timestamps, and their issuers as far as they are known here."""
    found: dict[bytes, x509.Certificate] = {}
    for embedded in PdfFileReader(file, strict=False).embedded_signatures:
        for signed in (embedded.signed_data, *extract_tst_data_iter(embedded.signer_info, signed=False)):
            found |= {item.chosen.dump(): item.chosen for item in signed["certificates"]}
    known = {item.subject.dump(): item for item in list_authorities(trust)}
    for certificate in list(found.values()):
        issuer = known.get(certificate.issuer.dump())
        while issuer is not None and issuer.dump() not in found:
            found[issuer.dump()] = issuer
            issuer = known.get(issuer.issuer.dump())
    return list(found.values())


def list_authorities(trust: TrustStore) -> list[x509.Certificate]:
    anchors = (*trust.anchors, *trust.timestampers)
    return [*(anchor.certificate for anchor in anchors), *trust.intermediate_certificates()]


def find_lists(certificates: Iterable[x509.Certificate], trust: TrustStore) -> list[crl.CertificateList]:
    """The revocation lists of those who issued these certificates."""
    issuers = {certificate.issuer.dump() for certificate in certificates}
    return [item for item in trust.revocation_lists() if item.issuer.dump() in issuers]


def find_answers(certificates: Iterable[x509.Certificate], trust: TrustStore) -> list[ocsp.OCSPResponse]:
    """The OCSP answers that speak of one of these certificates."""
    serials = {certificate.serial_number for certificate in certificates}
    return [
        item
        for item in trust.ocsp_answers()
        if any(
            answer["cert_id"]["serial_number"].native in serials for answer in item.response_data["responses"]
        )
    ]


def find_renewal(timestamp: Timestamp, trust: TrustStore) -> datetime:
    """Well before the first of these ends: a certificate of the timestamp's chain, an algorithm in it."""
    signed = cms.ContentInfo.load(timestamp.token)["content"]
    chain = [item.chosen for item in signed["certificates"]]
    known = {item.subject.dump(): item for item in list_authorities(trust)}
    chain += [known[item.issuer.dump()] for item in chain if item.issuer.dump() in known]
    ends = [item.not_valid_after for item in chain]
    terms = [find_term(item.public_key) for item in chain]
    terms += [DIGESTS.get(item["algorithm"].native) for item in signed["digest_algorithms"]]
    ends += [term.until for term in terms if term is not None and term.until is not None]
    life = min(ends) - timestamp.at
    return timestamp.at + max(life - MARGIN, life / 2)


def find_lack(report: Report) -> str:
    """What a file lacks to be preserved: nothing but a valid one is; empty when it is fit."""
    if report.verdict == "valid":
        return ""
    reasons = {item.reason for item in report.signatures if item.kind == "signature"}
    return "no_revocation_data" if "revocation_unknown" in reasons else f"verdict_{report.verdict}"


def is_long_term(report: Report) -> bool:
    signatures: list[Any] = [item for item in report.signatures if item.kind == "signature"]
    return report.verdict == "valid" and all(item.level == "B-LTA" for item in signatures)


def starts_with(file: Path, *, size: int, sha256: str) -> bool:
    """The version's own bytes come first, unchanged."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while size > 0 and (chunk := content.read(min(size, 1024 * 1024))):
            digest.update(chunk)
            size -= len(chunk)
    return size == 0 and digest.hexdigest() == sha256
