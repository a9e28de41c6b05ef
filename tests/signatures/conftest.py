"""The verifier on content in memory, and the corpus."""

from datetime import datetime

import pytest

from core import clock
from signatures import embedding
from signatures.verifier import TrustStore, verify_pdf
from tests.corpus import corpus
from tests.signatures.samples import NOW, trust
from tests.signatures.signing import make_signer_of, open_stamper, register, sign_step, trust_all
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


@pytest.fixture(scope="session")
def stamper_server():
    with open_stamper() as server:
        yield server


@pytest.fixture
def stamper(stamper_server, settings):
    stamper_server.at, stamper_server.trouble, stamper_server.asked = clock.now(), None, 0
    stamper_server.identity = None
    settings.TSA_URLS = [stamper_server.url]
    return stamper_server


@pytest.fixture
def sandbox():
    """The real child process."""


@pytest.fixture
def house(cast, stamper, monkeypatch, request):
    """The cast, each signer with a key and a registered certificate, under authorities that are trusted.

    The verifier runs in this process, but where a test asks for `sandbox`: a child process costs a second.
    """
    if "sandbox" not in request.fixturenames:
        monkeypatch.setattr(embedding, "verify_in_sandbox", verify_pdf)
    trust_all()
    cast.keys = {
        cast.minister: make_signer_of("Nguyễn Hữu Đức"),
        cast.other_minister: make_signer_of("Trần Ngọc Ánh", "Bộ Y tế", "p384"),
        cast.chair: make_signer_of("Phạm Quang Minh", "Chính phủ", "rsa"),
    }
    cast.certificates = {user: register(key, holder=user) for user, key in cast.keys.items()}
    cast.sign = lambda step, user: sign_step(step, user, cast.keys[user], cast.certificates[user])
    return cast
