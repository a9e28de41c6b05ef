"""A verification as a validation report of ETSI TS 119 102-2 (V1.2.1), from what was found and nothing else.

The same report gives the same bytes, so that their checksum can be kept.
"""

import base64
import re
from datetime import UTC, datetime

from lxml import etree

from verifier.pdf.report import FAILED, INDETERMINATE, PASSED, Report, SignatureResult, TimestampResult

VR = "http://uri.etsi.org/19102/v1.2.1#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
DS = "http://www.w3.org/2000/09/xmldsig#"
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {"vr": VR, "xades": XADES, "ds": DS, "xs": XS, "xsi": XSI}

SHA_256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MAIN = {PASSED: "total-passed", INDETERMINATE: "indeterminate", FAILED: "total-failed"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PROCESSES = {"basic": "Basic", "with_time": "LTVM", "at_timestamp": "LTVM", "long_term": "LTA"}


def write_etsi_report(report: Report, *, at: datetime, trust_store: str = "") -> bytes:
    """One element for each signature and document timestamp; `at` is the time of validation."""
    root = etree.Element(_tag("ValidationReport"), nsmap=NAMESPACES)
    for place, found in enumerate(report.signatures, start=1):
        _write_signature(root, report, found, at, f"signature-{place}", trust_store)
    if not report.signatures:
        nothing = SignatureResult("", "", INDETERMINATE, "SIGNED_DATA_NOT_FOUND", report.verdict)
        _write_signature(root, report, nothing, at, "", trust_store)
    certificates = {
        found.certificate_sha256: found for found in report.signatures if found.certificate_sha256
    }
    if certificates:
        objects = _add(root, "SignatureValidationObjects")
        for fingerprint in certificates:
            _write_certificate(objects, fingerprint)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_signature(
    root: etree._Element, report: Report, found: SignatureResult, at: datetime, name: str, trust_store: str
) -> None:
    """In the order of the schema."""
    element = _add(root, "SignatureValidationReport")
    if name:
        identifier = _add(element, "SignatureIdentifier", id=name)
        _add(identifier, "HashOnly", "false")
        _add(identifier, "DocHashOnly", "false")
        _add(identifier, "DAIdentifier", _clean(found.field))
    _write_policy(element, report, found)
    times = _add(element, "ValidationTimeInfo")
    _add(times, "ValidationTime", _say(at))
    best = _add(times, "BestSignatureTime")
    _add(best, "POETime", _say(found.best_time or at))
    _add(best, "TypeOfProof", "urn:etsi:019102:poetype:validation")
    _write_digest(_add(element, "SignersDocument"), report.file_sha256)
    if found.claimed_time:
        signing = _add(_add(element, "SignatureAttributes"), "SigningTime", Signed="true")
        _add(signing, "Time", _say(found.claimed_time))
    if found.certificate_sha256:
        signer = _add(element, "SignerInformation")
        _add(signer, "SignerCertificate", VOReference=_name(found.certificate_sha256))
        _add(signer, "Signer", _clean(", ".join(part for part in (found.signer, found.organisation) if part)))
    process = _add(element, "SignatureValidationProcess")
    kind = PROCESSES.get(found.rung, "Basic")
    _add(process, "SignatureValidationProcessID", f"urn:etsi:019102:validationprocess:{kind}")
    status = _add(element, "SignatureValidationStatus")
    _add(status, "MainIndication", f"urn:etsi:019102:mainindication:{MAIN[found.indication]}")
    if found.sub_indication:
        _add(status, "SubIndication", f"urn:etsi:019102:subindication:{found.sub_indication}")
    _write_details(status, report, found, trust_store)


def _write_policy(element: etree._Element, report: Report, found: SignatureResult) -> None:
    policy = _add(_add(element, "ValidationConstraintsEvaluationReport"), "SignatureValidationPolicy")
    implied = _add(policy, "SignaturePolicyIdentifier")
    etree.SubElement(implied, f"{{{XADES}}}SignaturePolicyImplied")
    _add(policy, "PolicyName", f"profile {found.profile or report.profile}, algorithms {report.policy}")


def _write_details(status: etree._Element, report: Report, found: SignatureResult, trust_store: str) -> None:
    """What the standard has no place for, by name."""
    details = {
        "kind": found.kind,
        "reason": found.reason,
        "level": found.level,
        "intact": found.intact,
        "digest-algorithm": found.digest_algorithm,
        "covers-whole-file": found.covers_whole_file,
        "changes-after": found.changes_after,
        "signature-destroyed": report.destroyed,
        "deviations": " ".join(report.deviations),
        "trust-store-sha256": trust_store,
        "unit": found.unit,
        "office-code": found.office_code,
        "error": report.error,
        "detail": found.detail,
        **_describe_timestamp(found.timestamp),
    }
    associated = _add(status, "AssociatedValidationReportData")
    additional = _add(associated, "AdditionalValidationReportData")
    for key, value in details.items():
        if value not in (None, ""):
            data = _add(additional, "ReportData")
            _add(data, "Type", f"urn:ecabinet:validation:{key}")
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            _add(data, "Value", _clean(shown)).set(f"{{{XSI}}}type", "xs:string")


def _describe_timestamp(found: TimestampResult | None) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "timestamp-time": _say(found.time),
        "timestamp-indication": " ".join(part for part in (found.indication, found.sub_indication) if part),
        "timestamp-authority": found.authority,
    }


def _write_certificate(objects: etree._Element, fingerprint: str) -> None:
    element = _add(objects, "ValidationObject", id=_name(fingerprint))
    _add(element, "ObjectType", "urn:etsi:019102:validationObject:certificate")
    _write_digest(_add(element, "ValidationObjectRepresentation"), fingerprint)


def _write_digest(element: etree._Element, sha256: str) -> None:
    digest = _add(element, "DigestAlgAndValue")
    etree.SubElement(digest, f"{{{DS}}}DigestMethod", Algorithm=SHA_256)
    value = etree.SubElement(digest, f"{{{DS}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(sha256)).decode()


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _tag(name), **attributes)
    element.text = text
    return element


def _tag(name: str) -> str:
    return f"{{{VR}}}{name}"


def _name(fingerprint: str) -> str:
    return f"certificate-{fingerprint}"


def _say(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    """What a hostile file calls itself may hold characters that no XML may (XML 1.0, 2.2)."""
    return _FORBIDDEN.sub("\ufffd", text)
