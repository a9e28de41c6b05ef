"""The verifier on content in memory, and the corpus."""

from datetime import datetime

import pytest

from signatures.verifier import TrustStore, verify_pdf
from tests.corpus import corpus
from tests.signatures.samples import NOW, trust
from verifier.pdf.indications import REASONS
from verifier.pdf.report import VERDICTS, Report

__all__ = ["corpus"]


@pytest.fixture
def verify(tmp_path):
    def verify(
        content: bytes, store: TrustStore | None = None, *, at: datetime = NOW, profile: str = "auto"
    ) -> Report:
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        report = verify_pdf(path, trust=trust() if store is None else store, at=at, profile=profile)
        assert report.verdict in VERDICTS
        assert all(signature.reason in REASONS for signature in report.signatures)
        return report

    return verify
