"""The organisation's seal: one button for the office; a worker signs with the key in the module."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from core import clock
from core.work import WorkState
from core.workflow import Conflict
from signatures import actions, tasks
from signatures.demonstration import _SIGNER, _certify, _name
from signatures.models import Signature, SigningStep
from signatures.rules import KeyWay, Mark, RequestStatus, SignatureStatus
from signatures.trust import build_trust_store
from tests.signatures.samples import START, pki
from tests.signatures.signing import ask, register, step_for
from tests.tokens import PIN


@pytest.fixture
def sealing(house, settings, token, tmp_path, monkeypatch):
    """The office's seal lives in a module (SoftHSM) that the workers reach."""
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(PIN)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = token.module, token.label
    settings.PKCS11_PIN_FILE = str(tmp_path / "pin")
    settings.SEAL_SIGNER = ""
    public = token.make_key(f"seal-{tmp_path.name}", "ec")
    holder = SimpleNamespace(public_key=lambda: public)
    identity = _certify(
        _name("Văn phòng Chính phủ", "Văn phòng Chính phủ"), holder, pki().issuer, START, _SIGNER
    )
    house.seal = register(
        identity, organisation=house.office, way=KeyWay.SERVER, key_name=f"seal-{tmp_path.name}"
    )
    return house


def seal_step(house, place=1):
    return SigningStep(place=place, organisation=house.office, mark=Mark.NONE)


def test_the_office_presses_one_button(sealing, verify):
    signing = ask(sealing, step_for(sealing.minister), seal_step(sealing, 2))
    first, last = signing.steps.order_by("place")
    with pytest.raises(Conflict, match="Nguyễn Hữu Đức"):
        actions.affix_seal(last, by=sealing.secretary, certificate=sealing.seal)
    tasks.embed_signature(sealing.sign(first, sealing.minister).pk)
    for person in (sealing.minister, sealing.chair, sealing.outside_secretary):
        with pytest.raises(PermissionDenied):
            actions.affix_seal(last, by=person, certificate=sealing.seal)
    signature = actions.affix_seal(last, by=sealing.secretary, certificate=sealing.seal)
    assert signature.status == SignatureStatus.PREPARED  # nothing was signed in the web process
    tasks.seal_paper(signature.pk)
    tasks.embed_signature(signature.pk)
    signing.refresh_from_db()
    assert signing.status == RequestStatus.COMPLETED
    with signing.result.open_file() as file:
        report = verify(file.read(), build_trust_store(), at=clock.now())
    assert [found.signer for found in report.signatures] == ["Nguyễn Hữu Đức", "Văn phòng Chính phủ"]
    assert report.verdict == "valid"


def test_a_module_that_is_down_is_asked_again(sealing, settings):
    step = ask(sealing, seal_step(sealing)).steps.get()
    signature = actions.affix_seal(step, by=sealing.secretary, certificate=sealing.seal)
    works, settings.PKCS11_TOKEN = settings.PKCS11_TOKEN, "another token"
    tasks.seal_paper(signature.pk)
    signature.refresh_from_db()
    assert (signature.status, signature.work_state) == (SignatureStatus.PREPARED, WorkState.QUEUED)
    assert signature.work_error == "ServerKeyUnavailable"
    settings.PKCS11_TOKEN = works
    tasks.seal_paper(signature.pk)
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.SIGNED


def test_a_seal_that_came_too_late_is_not_put_on(sealing):
    signing = ask(sealing, seal_step(sealing))
    signature = actions.affix_seal(signing.steps.get(), by=sealing.secretary, certificate=sealing.seal)
    actions.withdraw_signing(signing, by=sealing.secretary, reason="Gửi nhầm.")
    tasks.seal_paper(signature.pk)
    signature.refresh_from_db()
    assert (signature.status, signature.work_state) == (SignatureStatus.PREPARED, WorkState.FAILED)
    assert not Signature.objects.exclude(value=None).exists()


def test_a_persons_key_in_a_token_is_nothing_for_the_worker(house):
    """Whatever the queue holds: the worker completes what the module has signed, and nothing else."""
    step = ask(house, step_for(house.minister)).steps.get()
    certificate = house.certificates[house.minister]
    signature = actions.prepare_signature(step, by=house.minister, certificate=certificate)
    tasks.seal_paper(signature.pk)
    signature.refresh_from_db()
    assert (signature.status, signature.work_attempts) == (SignatureStatus.PREPARED, 0)
