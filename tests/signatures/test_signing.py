"""Papers on their way through the signers, from the first request to the signed version."""

import pytest

from core import clock
from core.work import WorkState
from signatures import tasks
from signatures.rules import RequestStatus, SignatureStatus
from signatures.trust import build_trust_store
from tests.signatures.signing import (
    ask,
    make_signer_of,
    open_stamper,
    register,
    sign_step,
    step_for,
    trust_all,
)


@pytest.fixture(scope="module")
def stamper():
    with open_stamper() as server:
        yield server


@pytest.fixture
def house(cast, settings, stamper):
    """The cast, each minister with a token and a registered certificate; authorities that are trusted."""
    stamper.at, stamper.trouble, stamper.asked = clock.now(), None, 0
    settings.TSA_URLS = [stamper.url]
    trust_all()
    cast.keys = {
        cast.minister: make_signer_of("Nguyễn Hữu Đức"),
        cast.other_minister: make_signer_of("Trần Ngọc Ánh", "Bộ Y tế", "p384"),
        cast.chair: make_signer_of("Phạm Quang Minh", "Chính phủ", "rsa"),
    }
    cast.certificates = {user: register(key, holder=user) for user, key in cast.keys.items()}
    cast.sign = lambda step, user: sign_step(step, user, cast.keys[user], cast.certificates[user])
    return cast


@pytest.mark.parametrize("who", ["minister", "other_minister", "chair"])
def test_a_paper_is_signed(house, verify, who):
    """P-256, P-384 and RSA."""
    user = getattr(house, who)
    signing = ask(house, step_for(user))
    signature = house.sign(signing.steps.get(), user)
    tasks.embed_signature(signature.pk)
    signing.refresh_from_db()
    signature.refresh_from_db()
    assert (signing.status, signature.status) == (RequestStatus.COMPLETED, SignatureStatus.EMBEDDED)
    assert signature.work_state == WorkState.DONE and signature.timestamp_at
    with signing.result.open_file() as file:
        report = verify(file.read(), build_trust_store(), at=clock.now())
    (found,) = report.signatures
    assert (report.verdict, found.level, found.signer) == ("valid", "B-T", str(user))
    assert report.file_sha256 == signing.result.sha256
