"""Who does what with a paper on its way through the signers: by hand, and not from the table."""

import pytest

from core.actors import CLOCK, WORKER
from signatures import rules, tasks
from signatures.models import PreservedCopy, Signature, SigningRequest, SigningStep
from signatures.rules import Mark
from tests.conftest import CAST
from tests.signatures.signing import ask, make_paper, step_for

ASKING, SIGNING = (
    "request_signatures",
    {"prepare_signature", "sign_step", "refuse_signature", "pass_signature"},
)
SEALING = {"prepare_signature", "affix_seal", "sign_step", "refuse_signature"}

# person: a paper not yet sent round; the open request; the minister's signature; the seal, at its turn
MAY = {
    "chair": (set(), {"withdraw_signing"}, set(), set()),
    "vice_chair": (set(), {"withdraw_signing"}, set(), set()),
    "minister": (set(), set(), SIGNING, set()),
    "other_minister": (set(), set(), set(), set()),
    "third_minister": (set(), set(), set(), set()),
    "assistant": (set(), set(), set(), set()),
    "secretary": ({ASKING}, {"withdraw_signing"}, {"pass_signature"}, SEALING),
    "archivist": (set(), set(), set(), set()),
    "administrator": (set(), set(), set(), set()),
    "auditor": (set(), set(), set(), set()),
    "submitter": (set(), set(), set(), set()),
    "other_submitter": (set(), set(), set(), set()),
    "outside_secretary": (set(), set(), set(), set()),
    "outside_member": (set(), set(), set(), set()),
    "outside_auditor": (set(), set(), set(), set()),
    "nobody": (set(), set(), set(), set()),
}


def allowed(user, thing):
    """By person and moment; of what is given with the deed (a reason, a stand-in) something good is there."""
    thing.reason_given = "Vì lý do khác."
    book = rules.SIGNING_REQUEST if isinstance(thing, SigningRequest) else rules.SIGNING_STEP
    if isinstance(thing, SigningRequest):
        thing.wanted = thing.wanted or tuple(thing.steps.all())
    return set(book.allowed(user, thing))


@pytest.fixture
def on_the_way(house, monkeypatch):
    monkeypatch.setattr(SigningStep, "may_pass_to", lambda step, appointment: True)
    monkeypatch.setattr(SigningStep, "proposed", house.vice_chair.appointments.get(), raising=False)
    seal = SigningStep(place=2, organisation=house.office, mark=Mark.NONE)
    return ask(house, step_for(house.minister), seal)


def test_the_matrix_names_the_whole_cast():
    assert set(MAY) == set(CAST)


def test_who_asks_signs_seals_refuses_and_passes_on(house, on_the_way):
    fresh = SigningRequest(version=make_paper(house))
    fresh.wanted = (step_for(house.minister),)
    signature, seal = on_the_way.steps.select_related("request").order_by("place")
    for person, (new, whole, signing, _sealing) in MAY.items():
        user = getattr(house, person)
        assert allowed(user, fresh) == new, person
        assert allowed(user, on_the_way) == whole, person
        assert allowed(user, signature) == signing, person
        assert allowed(user, seal) == set(), person
    tasks.embed_signature(house.sign(signature, house.minister).pk)
    for person, (_new, _whole, _signing, sealing) in MAY.items():
        step = SigningStep.objects.get(pk=seal.pk)
        assert allowed(getattr(house, person), step) == sealing, person


def test_what_only_the_worker_does(house, on_the_way):
    signature = house.sign(on_the_way.steps.first(), house.minister)
    step, copy = signature.step, PreservedCopy(version=on_the_way.version)
    deeds = [
        (rules.SIGNATURE, signature, {"embed_signature", "void_signature", "stamp_statement"}),
        (rules.SIGNING_STEP, step, {"settle_step", "release_step"}),
        (rules.SIGNING_REQUEST, on_the_way, {"complete_signing"}),
        (rules.PRESERVATION, copy, {"order_preservation", "record_preservation"}),
    ]
    for book, thing, names in deeds:
        for name in names:
            assert book.allows(name, WORKER, thing), name
            assert not book.allows(name, CLOCK, thing), name
            assert not [person for person in CAST if book.allows(name, getattr(house, person), thing)], name


def test_who_may_act_may_also_see(house, on_the_way):
    for person in CAST:
        user = getattr(house, person)
        acts = allowed(user, on_the_way) or any(allowed(user, step) for step in on_the_way.steps.all())
        if acts:
            assert on_the_way in SigningRequest.objects.visible_to(user), person
    signature = house.sign(on_the_way.steps.first(), house.minister)
    assert signature in Signature.objects.visible_to(house.minister)
    assert signature not in Signature.objects.visible_to(house.chair)


def test_the_office_and_who_presides_end_what_another_has_begun(house, on_the_way):
    """A request by the worker too: nobody asked for it, and somebody must be able to end it."""
    SigningRequest.objects.filter(pk=on_the_way.pk).update(requested_by=None, requested_by_name="worker")
    on_the_way.refresh_from_db()
    may = {person for person in CAST if "withdraw_signing" in allowed(getattr(house, person), on_the_way)}
    assert may == {"secretary", "chair", "vice_chair"}
    on_the_way.requested_by = house.submitter
    assert "withdraw_signing" in allowed(house.submitter, on_the_way)
