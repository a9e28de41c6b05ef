"""The whole file: one of two readers, every signature field judged, leftovers found by their bytes."""

import asyncio
import gc
import hashlib
import mmap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from verifier.pdf import structure
from verifier.pdf.algorithms import POLICY
from verifier.pdf.changes import is_visible
from verifier.pdf.judgement import refuse_namesakes
from verifier.pdf.ladder import Case
from verifier.pdf.reader import PaperReader
from verifier.pdf.report import FAILED, PASSED, Report, SignatureResult
from verifier.pdf.signature import (
    DETACHED,
    TIMESTAMP,
    Surroundings,
    check_signature,
    has_signed_attributes,
    is_document_timestamp,
    unreadable_signature,
    unsupported_signature,
)
from verifier.pdf.trust import TrustStore

MAX_REVISIONS = 50
MAX_SIGNATURES = 50
MAX_STORED = 200  # certificates, and again revocation data, in the document security store


class Locked(Exception):
    """Nobody reads it without a password."""


class BeyondLimits(Exception):
    """More of something than an honest document has."""


def verify_document(path: Path, *, trust: TrustStore, at: datetime, profile: str) -> Report:
    with path.open("rb") as file:
        report = Report(hashlib.file_digest(file, "sha256").hexdigest(), policy=POLICY)
        if path.stat().st_size == 0:
            return replace(report, error="empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            report = replace(report, destroyed=_reaches_beyond(content))
            try:
                with _without_collector():
                    return _verify(file, content, report, trust, at, profile)
            except Exception as error:  # Hostile or merely old: whatever it raised, nothing is proved.
                return replace(report, error=f"{type(error).__name__}: {error}"[:300])


@contextmanager
def _without_collector() -> Iterator[None]:
    """A large document is many small objects that all stay: looking for rubbish among them takes longest."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _reaches_beyond(content: structure.Content) -> bool:
    return any(structure.reaches_beyond(content, item) for item in structure.find_byte_ranges(content))


def _verify(
    file: IO[bytes], content: structure.Content, report: Report, trust: TrustStore, at: datetime, profile: str
) -> Report:
    strict = profile == "own"
    reader, profile, deviations = _open_reader(file, profile)
    if reader.xrefs.total_revisions > MAX_REVISIONS:
        raise BeyondLimits(f"{reader.xrefs.total_revisions} revisions")
    fields = list(enumerate_sig_fields(reader, filled_status=True))
    if len(fields) > MAX_SIGNATURES:
        raise BeyondLimits(f"{len(fields)} signatures")
    embedded, results = _read_fields(reader, fields, profile)
    results += asyncio.run(_check_all(reader, content, embedded, trust, at, profile, strict))
    results = _distrust_pictures(reader, fields, embedded, results)
    reachable = {tuple(int(number) for number in item.byte_range) for item in embedded}
    reachable |= _read_usage_rights(reader)
    destroyed = structure.find_destroyed(content, reachable)  # type: ignore[arg-type]
    deviations |= set(_list_deviations(embedded, results))
    if destroyed:
        deviations.add("signature_destroyed")
    return replace(
        report,
        destroyed=bool(destroyed),
        signatures=tuple(results),
        deviations=tuple(sorted(deviations)),
        profile="foreign" if any(result.profile == "foreign" for result in results) else profile,
    )


def _open_reader(file: IO[bytes], profile: str) -> tuple[PdfFileReader, str, set[str]]:
    """Strictly first. Files of other makers often keep two forms of cross-reference, which that refuses."""
    try:
        reader = _unlock(PaperReader(file, strict=True))
        if not reader.xrefs.hybrid_xrefs_present:
            return reader, "foreign" if profile == "foreign" else "own", set()
        deviation = "hybrid_reference"
    except PdfReadError:
        deviation = "lenient_reading"
    if profile == "own":
        raise PdfReadError(deviation)
    return _unlock(PaperReader(file, strict=False)), "foreign", {deviation}


def _unlock(reader: PdfFileReader) -> PdfFileReader:
    """What every reader opens without asking: encrypted with an empty password, for permissions."""
    if reader.encrypted and reader.decrypt("").status is AuthStatus.FAILED:
        raise Locked("a password is needed")
    return reader


def _read_usage_rights(reader: PdfFileReader) -> set[tuple[int, ...]]:
    """ISO 32000-1, 12.8.2.3: a maker's permission to its own reader has a range too, and signs nothing."""
    try:
        rights = reader.root["/Perms"]["/UR3"]
        methods = [reference["/TransformMethod"] for reference in rights["/Reference"]]
        return {tuple(int(number) for number in rights["/ByteRange"])} if methods == ["/UR3"] else set()
    except (KeyError, TypeError, ValueError, PdfReadError):
        return set()


def _distrust_pictures(
    reader: PdfFileReader,
    fields: list[Any],
    embedded: list[EmbeddedPdfSignature],
    results: list[SignatureResult],
) -> list[SignatureResult]:
    """What a later field shows counts as a signature's mark only when there is a signature behind it."""
    broken = {result.field for result in results if not result.intact}
    pictures = [_last_change(reader, field) for name, _, field in fields if name in broken and _shows(field)]
    signed = {str(item.field_name): item.signed_revision for item in embedded}
    return [
        replace(
            result,
            indication=FAILED,
            sub_indication="FORMAT_FAILURE",
            reason="changed_after_signing",
            changes_after="suspicious",
        )
        if result.intact and any(signed[result.field] < change for change in pictures)
        else result
        for result in results
    ]


def _shows(field: Any) -> bool:
    try:
        return is_visible(field.get_object())
    except Exception:  # Whatever it is, it was not made to be read.
        return True


def _last_change(reader: PdfFileReader, field: Any) -> int:
    try:
        return reader.xrefs.get_last_change(field.reference)
    except Exception:
        return reader.xrefs.total_revisions


def _read_fields(
    reader: PdfFileReader, fields: list[Any], profile: str
) -> tuple[list[EmbeddedPdfSignature], list[SignatureResult]]:
    embedded, results = [], []
    for name, _, field in fields:
        try:
            signature = EmbeddedPdfSignature(reader, field, name)
            sub_filter = signature.sig_object.get("/SubFilter")
            if sub_filter in (*DETACHED, TIMESTAMP):
                embedded.append(signature)
            else:
                results.append(unsupported_signature(name, sub_filter, profile))
        except Exception as error:
            results.append(unreadable_signature(name, error, profile))
    return sorted(embedded, key=lambda item: item.signed_revision), results


async def _check_all(
    reader: PdfFileReader,
    content: structure.Content,
    embedded: list[EmbeddedPdfSignature],
    trust: TrustStore,
    at: datetime,
    profile: str,
    strict: bool,
) -> list[SignatureResult]:
    evidence, at_hand = _read_evidence(reader), read_trusted_evidence(trust)
    covered = any(_reaches_end(item, content) for item in embedded)
    open_end = not covered and not _has_clean_end(reader, content)
    stamps = [item.signed_revision for item in embedded if is_document_timestamp(item.sig_object)]
    proven: dict[int, datetime] = {}  # by revision: the document timestamps that hold
    results: dict[int, SignatureResult] = {}
    # The newest first: a later timestamp proves when the earlier ones existed. Signatures last.
    order = sorted(
        range(len(embedded)), key=lambda i: (embedded[i].signed_revision in stamps, i), reverse=True
    )
    for place in order:
        item = embedded[place]
        around = Surroundings(
            embedded=item,
            content=content,
            profile=profile,
            strict=strict,
            archived=any(revision > item.signed_revision for revision in stamps),
            evidence=join_knowledge(evidence, _read_archival_attribute(item)),
            open_end=open_end,
            loose_end=not covered and not reader.strict,
        )
        case = Case(
            item.signed_data,
            item.compute_digest,
            trust,
            at,
            join_knowledge(around.evidence, at_hand),
            embedded=item,
            archived=tuple(
                moment for revision, moment in sorted(proven.items()) if revision > item.signed_revision
            ),
        )
        result = results[place] = await check_signature(case, around)
        if result.kind == "document_timestamp" and result.indication == PASSED and result.timestamp:
            proven[item.signed_revision] = result.timestamp.time
    return [results[place] for place in range(len(embedded))]


def _reaches_end(item: EmbeddedPdfSignature, content: structure.Content) -> bool:
    return int(item.byte_range[2]) + int(item.byte_range[3]) == len(content)


def _has_clean_end(reader: PdfFileReader, content: structure.Content) -> bool:
    last = reader.xrefs.get_xref_container_info(reader.xrefs.total_revisions - 1)
    return structure.ends_cleanly(content, last.end_location)


def _read_evidence(reader: PdfFileReader) -> LocalKnowledge:
    """The document security store (ISO 32000-2, 12.8.4.3). Its lists are signed by their issuers."""
    store = _look_up(reader.root, "/DSS")
    if not isinstance(store, DictionaryObject):
        return LocalKnowledge()
    lists = _read_streams(store, "/CRLs", DecodePurpose.CRL)
    answers = _read_streams(store, "/OCSPs", DecodePurpose.OCSP_RESPONSE)
    certificates = _load_each(
        _read_streams(store, "/Certs", DecodePurpose.CERTIFICATE), lambda item: [_parsed(Certificate, item)]
    )
    refuse_namesakes({item.dump(): item for item in certificates}.values())
    return LocalKnowledge(
        known_crls=_load_each(lists, lambda item: [CRLContainer(_parsed(CertificateList, item))]),
        known_ocsps=_load_each(answers, lambda item: OCSPContainer.load_multi(_parsed(OCSPResponse, item))),
        known_certs=certificates,
    )


def _look_up(dictionary: DictionaryObject, name: str) -> Any:
    """The object itself: `get` would give a reference to it."""
    try:
        return dictionary[name]
    except KeyError:
        return None


def _read_streams(store: DictionaryObject, name: str, purpose: DecodePurpose) -> list[bytes]:
    items = _look_up(store, name) or ()
    if len(items) > MAX_STORED:
        raise BeyondLimits("the security store holds too much")
    streams = [item.get_object() if isinstance(item, IndirectObject) else item for item in items]
    return [item.read_data(purpose) for item in streams if isinstance(item, StreamObject)]


def _parsed(kind: Any, content: bytes) -> Any:
    """Read to the bottom at once: an object that is malformed inside fails here and not on the way."""
    found = kind.load(content)
    found.native  # noqa: B018
    return found


def _load_each(items: list[bytes], load: Callable[[bytes], Iterable[Any]]) -> list[Any]:
    """What is no evidence proves nothing; the rest of the store still does."""
    found: list[Any] = []
    for item in items:
        with suppress(ValueError, TypeError, KeyError):
            found += load(item)
    return found


def join_knowledge(one: LocalKnowledge, other: LocalKnowledge) -> LocalKnowledge:
    return LocalKnowledge(
        known_ocsps=one.known_ocsps + other.known_ocsps,
        known_crls=one.known_crls + other.known_crls,
        known_certs=one.known_certs + other.known_certs,
    )


def read_trusted_evidence(trust: TrustStore) -> LocalKnowledge:
    return LocalKnowledge(
        known_crls=[CRLContainer(found) for found in trust.revocation_lists()],
        known_ocsps=[item for found in trust.ocsp_answers() for item in OCSPContainer.load_multi(found)],
        known_certs=trust.intermediate_certificates(),
    )


def _read_archival_attribute(item: EmbeddedPdfSignature) -> LocalKnowledge:
    """ISO 32000-2, 12.8.3.3.2: the older place for revocation data."""
    try:
        found = find_unique_cms_attribute(item.signer_info["signed_attrs"], "adobe_revocation_info_archival")
    except (MultivaluedAttributeError, NonexistentAttributeError):
        return LocalKnowledge()
    return LocalKnowledge(
        known_crls=[CRLContainer(entry) for entry in found["crl"]],
        known_ocsps=[OCSPContainer(entry) for entry in found["ocsp"]],
    )


def _list_deviations(embedded: list[EmbeddedPdfSignature], results: list[SignatureResult]) -> Iterator[str]:
    """What a reader of the verdict should know although it does not decide it."""
    if not all(has_signed_attributes(item) for item in embedded):
        yield "no_signed_attributes"
    if any(result.weak_digest or (result.timestamp and result.timestamp.weak_digest) for result in results):
        yield "weak_digest"
    if any(not structure.is_padding_empty(item.pkcs7_content) for item in embedded):
        yield "padding"
    yield from (result.reason for result in results if result.reason == "bytes_after_end")
    if results and not any(result.covers_whole_file and result.intact for result in results):
        yield "unsigned_revision"
