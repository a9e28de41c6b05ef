"""When time alone may change what a look at a paper finds: the next end or start of anything it rests on.

For the worker's child process: it reads the file. Where something does not say until when it holds, nothing
is known, and `Unknown` is raised.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, core, crl, ocsp, x509

from verifier.pdf.trust import TrustStore

STAMPS = ("signature_time_stamp_token", "content_time_stamp")


class Unknown(Exception):
    """Something that the file rests on does not say until when."""


def find_next_moment(path: Path, trust: TrustStore, at: datetime) -> datetime | None:
    """The first after `at`; None where nothing ends any more."""
    moments = (*_list_terms(), *_list_of_trust(trust), *_list_of_file(path))
    return min((moment for moment in moments if moment > at), default=None)


def _list_terms() -> Iterator[datetime]:
    """Of algorithms: whichever of them the file uses."""
    from verifier.pdf.algorithms import DIGESTS, KEYS  # Heavy, and not for the web process.

    terms = (*DIGESTS.values(), *(term for steps in KEYS.values() for _, term in steps))
    yield from (term.until for term in terms if term.until)


def _list_of_trust(trust: TrustStore) -> Iterator[datetime]:
    for anchor in (*trust.anchors, *trust.timestampers):
        yield from _list_of_certificate(anchor.certificate)
        yield from (term for term in (anchor.trusted_from, anchor.trusted_until) if term)
    for certificate in trust.intermediate_certificates():
        yield from _list_of_certificate(certificate)
    for revoked in trust.revocation_lists():
        yield from _list_of_list(revoked)
    for answer in trust.ocsp_answers():
        yield from _list_of_answer(answer)


def _list_of_file(path: Path) -> Iterator[datetime]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    with path.open("rb") as file:
        reader = PdfFileReader(file, strict=False)
        for item in reader.embedded_signatures:
            yield from _list_of_signed(item.signed_data)
        yield from _list_of_security_store(reader)


def _list_of_security_store(reader: Any) -> Iterator[datetime]:
    """ISO 32000-2, 12.8.4.3."""
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.sign.validation.dss import DocumentSecurityStore, NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return
    for certificate in store.load_certs():
        yield from _list_of_certificate(certificate)
    for item in store.crls:
        content = item.get_object().read_data(DecodePurpose.CRL)
        yield from _list_of_list(crl.CertificateList.load(content))
    for item in store.ocsps:
        content = item.get_object().read_data(DecodePurpose.OCSP_RESPONSE)
        yield from _list_of_answer(ocsp.OCSPResponse.load(content))


def _list_of_signed(signed: cms.SignedData) -> Iterator[datetime]:
    """A signature or a timestamp: its certificates, what it carries on revocation, the timestamps on it."""
    if signed["crls"] is not core.VOID and len(signed["crls"]):
        raise Unknown("revocation data in the signature itself")
    for choice in () if signed["certificates"] is core.VOID else signed["certificates"]:
        if choice.name != "certificate":
            raise Unknown(choice.name)
        yield from _list_of_certificate(choice.chosen)
    for info in signed["signer_infos"]:
        for attribute in (*_attributes(info["signed_attrs"]), *_attributes(info["unsigned_attrs"])):
            kind = attribute["type"].native
            for value in attribute["values"] if kind in STAMPS else ():
                yield from _list_of_signed(value["content"])
            for value in attribute["values"] if kind == "adobe_revocation_info_archival" else ():
                for revoked in value["crl"] or ():
                    yield from _list_of_list(revoked)
                for answer in value["ocsp"] or ():
                    yield from _list_of_answer(answer)


def _attributes(found: Any) -> Iterable[Any]:
    return () if found is core.VOID else found


def _list_of_certificate(certificate: x509.Certificate) -> Iterator[datetime]:
    yield certificate.not_valid_before
    yield certificate.not_valid_after


def _list_of_list(revoked: crl.CertificateList) -> Iterator[datetime]:
    told = revoked["tbs_cert_list"]
    yield from _must_end(told["this_update"].native, told["next_update"].native)


def _list_of_answer(answer: ocsp.OCSPResponse) -> Iterator[datetime]:
    basic = answer.basic_ocsp_response
    for single in basic["tbs_response_data"]["responses"]:
        yield from _must_end(single["this_update"].native, single["next_update"].native)
    for certificate in basic["certs"] if basic["certs"].native else ():
        yield from _list_of_certificate(certificate)


def _must_end(start: datetime, end: datetime | None) -> Iterator[datetime]:
    if end is None:
        raise Unknown("revocation data without an end")
    yield start
    yield end
