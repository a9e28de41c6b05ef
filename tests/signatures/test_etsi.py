"""The validation report of ETSI TS 119 102-2: read back by the classes that were made from its schema."""

from dataclasses import replace

import pytest
from pyhanko.generated.etsi import ts_11910202
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from signatures.demonstration import sign_pdf
from signatures.verifier import TrustStore
from tests.signatures import attacks, samples
from tests.signatures.samples import DAY, NOW, SIGNED, paper, pki, seal, signed
from verifier.pdf.etsi import write_etsi_report
from verifier.pdf.report import Report

STRICT = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True)


def read(report: Report):
    content = write_etsi_report(report, at=NOW, trust_store="ab" * 32)
    assert content == write_etsi_report(Report.from_json(report.to_json()), at=NOW, trust_store="ab" * 32)
    return XmlParser(config=STRICT).from_bytes(content, ts_11910202.ValidationReport)


def indications(found):
    statuses = [item.signature_validation_status for item in found.signature_validation_report]
    return [(item.main_indication.rsplit(":")[-1], *item.sub_indication) for item in statuses]


def test_a_valid_signature_and_its_evidence(verify):
    report = verify(samples.sign_to_level(paper(), "B-LTA"))
    found = read(report)
    assert indications(found) == [("total-passed",), ("total-passed",)]
    first = found.signature_validation_report[0]
    assert first.signature_validation_process.signature_validation_process_id.endswith(":LTA")
    assert first.signer_information.signer == "Nguyễn Hữu Đức, Bộ Tài chính"
    assert first.signers_document.digest_alg_and_value.digest_value.value.hex() == report.file_sha256
    (reference,) = first.signer_information.signer_certificate.voreference
    assert reference in [item.id for item in found.signature_validation_objects.validation_object]
    assert str(first.validation_time_info.best_signature_time.poetime) == "2026-03-01T08:00:00Z"


def test_one_element_for_each_signature(verify):
    content = sign_pdf(signed(), seal(), pki(), at=SIGNED + DAY, field="Seal")
    assert len(read(verify(content)).signature_validation_report) == 2
    assert (
        indications(read(verify(content, TrustStore())))
        == [("indeterminate", "urn:etsi:019102:subindication:NO_CERTIFICATE_CHAIN_FOUND")] * 2
    )


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", None, attacks.SHADOW["the content"](attacks.victim())]
)
def test_every_report_can_be_written(verify, content):
    report = verify(paper() if content is None else content)
    assert indications(read(report))[0][0] == ("total-failed" if report.signatures else "indeterminate")


def test_what_a_hostile_file_calls_itself_spoils_no_report(verify):
    report = verify(signed())
    signature = replace(report.signatures[0], field="<x>&\0\x08\ud800", signer="\ufffe]]>")
    report = replace(report, signatures=(signature,))
    (found,) = read(report).signature_validation_report
    assert found.signature_identifier.daidentifier == "<x>&\ufffd\ufffd\ufffd"
    assert report.to_json()["signatures"][0]["field"] == "<x>&\ufffd\x08\ufffd"
