"""A resolution signed by its leader, then numbered and sealed by the office, as one paper (NĐ 30/2020)."""

from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse

from core import clock
from core.actors import WORKER
from core.workflow import Conflict
from decisions import actions, rules
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from decisions.wording import write_resolution
from documents import actions as documents
from documents import storage
from documents.models import Distribution
from documents.rendering import render_official
from notifications.models import Notification
from people.rules import Role
from signatures import actions as signatures
from signatures import embedding, tasks
from signatures.actions.embedding import complete_signing
from signatures.models import Signature, SigningRequest, SigningStep
from signatures.rules import KeyWay, Mark, RequestStatus, SignatureStatus, StepStatus
from signatures.verifier import verify_pdf
from tests.conftest import CAST
from tests.decisions.conftest import hand_in_pdf
from tests.signatures.signing import make_signer_of, open_stamper, register, sign_step, trust_all

pytest.importorskip("documents.typesetting", reason="WeasyPrint needs Pango", exc_type=OSError)
pytestmark = pytest.mark.django_db


@pytest.fixture
def house(cast):
    """A body that signs its resolutions digitally."""
    cast.rule_set.resolutions_signed = True
    cast.rule_set.save()
    return cast


def lay_out(resolution):
    """What the worker does, and that the text is looked through."""
    version = hand_in_pdf(resolution, render_official(write_resolution(resolution)))
    documents.record_text(version, by=WORKER, pages=["Nghị quyết"])


@pytest.fixture
def to_sign(house, draft):
    lay_out(draft)
    return draft


@pytest.fixture
def signing(to_sign, house):
    return actions.approve_for_signing(to_sign, by=house.vice_chair)


@pytest.fixture
def signed(signing):
    """All have signed, as far as the resolution knows."""
    with signing.text.open_file() as file:
        content = file.read() + b"\n"
    version = documents.add_signed_version(
        signing.text, by=WORKER, sha256=storage.keep_content(content), size=len(content)
    )
    signing.signings.update(status=RequestStatus.COMPLETED, result=version)
    actions.record_signing(signing, by=WORKER, version=version)
    documents.record_text(version, by=WORKER, pages=["Nghị quyết"])
    signing.refresh_from_db()
    return signing


@pytest.fixture
def seal(cast):
    identity = make_signer_of("Văn phòng Chính phủ", "Văn phòng Chính phủ")
    cast.seal_key = identity
    return register(identity, organisation=cast.body.office, way=KeyWay.SERVER, key_name="seal")


@pytest.fixture
def issued_unsealed(signed, seal, house, no_workers):
    return actions.issue_resolution(signed, by=house.secretary)


def notices(person):
    return list(
        Notification.objects.filter(recipient=person, kind__startswith="decisions/").values_list(
            "kind", flat=True
        )
    )


DRAFTING = {"draft_resolution", "edit_resolution"}
ALLOWED = {
    # who           draft, no PDF  laid out  being signed  signed  issued, not sealed yet
    "secretary": (DRAFTING, DRAFTING, set(), {"issue_resolution"}, {"seal_resolution"}),
    "vice_chair": (set(), {"approve_for_signing"}, set(), set(), set()),
    "chair": (set(), {"approve_for_signing"}, set(), set(), set()),
}


@pytest.mark.parametrize(
    "column, state", list(enumerate(["draft", "to_sign", "signing", "signed", "issued_unsealed"]))
)
def test_who_may_do_what_with_a_resolution_that_is_signed(request, house, seal, column, state):
    resolution = request.getfixturevalue(state)
    for name in CAST:
        allowed = set(rules.RESOLUTION.allowed(getattr(house, name), resolution))
        assert allowed == ALLOWED.get(name, (set(),) * 5)[column], name


@pytest.mark.parametrize("state", ["signing", "signed"])
def test_readers_see_nothing_of_it_before_it_is_issued(request, house, state):
    resolution = request.getfixturevalue(state)
    seeing = {
        name for name in CAST if Resolution.objects.visible_to(getattr(house, name)).filter(pk=resolution.pk)
    }
    assert seeing == {"secretary", "chair", "vice_chair"}


def test_the_leader_is_asked_for_her_signature_on_the_very_text_she_approved(signing, house):
    assert signing.status == ResolutionStatus.SIGNING
    (request,) = signing.signings
    assert request.version == signing.text == signing.newest_rendering.version
    (step,) = request.steps.all()
    assert (step.place, step.signer.user, step.mark) == (1, house.vice_chair, Mark.LEADER)


def test_the_text_before_the_signer_is_no_draft_and_leaves_number_day_and_month_blank(to_sign):
    document = write_resolution(to_sign)
    assert not document.is_draft
    assert document.number is None and document.issued_on is None
    assert document.place_and_date.endswith(f"năm {clock.today().year}")


def test_an_officer_may_put_her_initials_to_it_first(to_sign, house):
    wording = {"subject": to_sign.subject, "bases": ["Căn cứ"], "articles": ["Một."], "recipients": []}
    office = house.secretary.appointments.get()
    actions.edit_resolution(to_sign, by=house.secretary, initials_by=office, **wording)
    lay_out(to_sign)
    to_sign = actions.approve_for_signing(to_sign, by=house.vice_chair)
    steps = to_sign.signings.get().steps.all()
    assert [(step.place, step.signer.user, step.mark) for step in steps] == [
        (1, house.secretary, Mark.INITIALS),
        (2, house.vice_chair, Mark.LEADER),
    ]


def test_where_another_signs_the_text_is_laid_out_with_her_name_before(to_sign, house, no_workers):
    """The Prime Minister signs what was drafted for a deputy: his title and name stand below it."""
    actions.approve_for_signing(to_sign, by=house.chair)
    assert not to_sign.signings.exists()
    lay_out(to_sign)
    to_sign.refresh_from_db()
    (request,) = to_sign.signings
    assert request.version == to_sign.text
    assert request.steps.get().signer.user == house.chair
    assert write_resolution(Resolution.objects.get(pk=to_sign.pk)).signature.name == str(house.chair)


def test_nobody_approves_a_newer_text_unread(to_sign, house):
    with pytest.raises(Conflict, match="soạn lại"):
        actions.approve_for_signing(to_sign, by=house.vice_chair, text_sha256="0" * 64)


def test_a_refusal_makes_it_a_draft_again_and_says_why(signing, house):
    step = signing.signings.get().steps.get()
    signatures.refuse_signature(step, by=house.vice_chair, reason="Điều 2 chưa rõ.")
    signing.refresh_from_db()
    assert (signing.status, signing.returned_because) == (ResolutionStatus.DRAFT, "Điều 2 chưa rõ.")
    assert notices(house.secretary) == ["decisions/resolution_returned"]
    again = actions.approve_for_signing(signing, by=house.vice_chair)
    assert again.returned_because == ""
    assert again.signings.filter(status=RequestStatus.OPEN).count() == 1


def test_the_leader_takes_her_approval_back(signing, house):
    signatures.withdraw_signing(signing.signings.get(), by=house.vice_chair, reason="Chờ thêm ý kiến.")
    signing.refresh_from_db()
    assert (signing.status, signing.returned_because) == (ResolutionStatus.DRAFT, "Chờ thêm ý kiến.")


def seal_of(house):
    return [SigningStep(place=1, organisation=house.body.office, mark=Mark.SEAL)]


def finish(request, content=b"%PDF-1.7 signed by others"):
    """All of this request have signed; the signed file is a version of the paper."""
    request.sha256, request.size = storage.keep_content(content), len(content)
    request.save()
    complete_signing(request, by=WORKER)
    return request


@pytest.fixture
def strange(to_sign, house):
    """A request on the resolution's paper that is not the leader's, as if a hole were left somewhere."""
    return signatures.request_signatures(
        to_sign.text, by=house.secretary, steps=seal_of(house), is_ordered=True
    )


@pytest.mark.parametrize("state", ["to_sign", "signing", "signed"])
def test_nobody_sends_a_resolution_round_for_other_signatures(request, house, state, sign_in):
    resolution = request.getfixturevalue(state)
    with pytest.raises(Conflict, match="quy định tại nơi lập văn bản"):
        signatures.request_signatures(resolution.text, by=house.secretary, steps=seal_of(house))
    address = reverse("signatures:request_signatures", args=[resolution.text.pk])
    if state != "signing":  # where it is being signed the page leads there
        assert sign_in(house.secretary).post(address, {}).status_code == 409
    assert SigningRequest.objects.filter(version__document=resolution.document).count() == len(
        resolution.signings
    )


def test_what_others_sign_does_not_stand_for_the_leader(strange, to_sign, house, no_workers):
    """Approved and laid out anew for the chair: a seal on the text before is no signature of his."""
    actions.approve_for_signing(to_sign, by=house.chair)
    finish(strange)
    to_sign.refresh_from_db()
    assert (to_sign.status, to_sign.signing) == (ResolutionStatus.SIGNING, None)
    lay_out(to_sign)
    to_sign.refresh_from_db()
    assert to_sign.signing.version == to_sign.text != strange.result


def test_what_others_refuse_or_take_back_returns_nothing(strange, to_sign, house, no_workers):
    actions.approve_for_signing(to_sign, by=house.chair)
    signatures.withdraw_signing(strange, by=house.secretary, reason="Gửi nhầm.")
    to_sign.refresh_from_db()
    assert (to_sign.status, to_sign.returned_because) == (ResolutionStatus.SIGNING, "")


def test_the_seal_comes_onto_what_the_leader_has_signed(signed, seal, house, no_workers):
    """And onto nothing newer; only this sealing gives the paper to its readers."""
    by_leader = signed.signing.result
    other = finish(
        signatures.request_signatures(by_leader, by=WORKER, steps=seal_of(house), is_ordered=True)
    ).result
    assert signed.text == by_leader != other
    issued = actions.issue_resolution(signed, by=house.secretary)
    assert issued.sealing.version == issued.signing.result == by_leader
    assert not issued.is_sealed
    assert not Distribution.objects.filter(version__document=issued.document, role=Role.MEMBER).exists()


def test_the_office_takes_a_sealing_back_and_begins_it_anew(issued_unsealed, house):
    first = issued_unsealed.sealing
    signatures.withdraw_signing(first, by=house.secretary, reason="Sai vị trí dấu.")
    issued_unsealed.refresh_from_db()
    assert (issued_unsealed.status, issued_unsealed.is_sealed) == (ResolutionStatus.ISSUED, False)
    again = actions.seal_resolution(issued_unsealed, by=house.secretary)
    assert again.sealing != first and again.sealing.version == again.signing.result
    assert again.sealing.steps.count() == 4


@pytest.mark.parametrize("who", ["secretary", "chair"])
def test_the_office_and_who_presides_end_what_waits_for_a_leader_who_is_away(signing, house, who):
    signatures.withdraw_signing(signing.signing, by=getattr(house, who), reason="Đồng chí đi vắng.")
    signing.refresh_from_db()
    assert (signing.status, signing.returned_because) == (ResolutionStatus.DRAFT, "Đồng chí đi vắng.")


def test_without_a_seal_no_number_is_given(signed, house):
    with pytest.raises(Conflict, match="chưa có chứng thư số"):
        actions.issue_resolution(signed, by=house.secretary)
    signed.refresh_from_db()
    assert signed.number is None


def test_the_date_lies_in_the_year_that_stands_on_the_signed_text(signed, seal, house, no_workers):
    year = clock.today().year
    with pytest.raises(Conflict, match=f"ghi năm {year}"):
        actions.issue_resolution(signed, by=house.secretary, issued_on=date(year - 1, 12, 31))
    signed.refresh_from_db()
    assert signed.number is None


def test_the_office_writes_number_day_and_month_and_then_seals(issued_unsealed, house):
    request = issued_unsealed.signings.last()
    assert [(step.mark, step.words) for step in request.steps.all()] == [
        (Mark.NUMBER, "01"),
        (Mark.DAY, f"{clock.today():%d}"),
        (Mark.MONTH, f"{clock.today().month:02}" if clock.today().month < 3 else str(clock.today().month)),
        (Mark.SEAL, ""),
    ]
    assert {step.organisation for step in request.steps.all()} == {house.body.office}
    (begun,) = Signature.objects.filter(step__request=request)
    assert (begun.step.mark, begun.status, begun.by) == (
        Mark.NUMBER,
        SignatureStatus.PREPARED,
        house.secretary,
    )
    assert not Distribution.objects.filter(version=issued_unsealed.text, role=Role.MEMBER).exists()


def test_unsigned_resolutions_go_their_old_way(laid_out, cast):
    assert rules.RESOLUTION.allowed(cast.vice_chair, laid_out) == ["approve_resolution"]
    assert write_resolution(laid_out).is_draft
    with pytest.raises(Conflict, match="không quy định ký số"):
        actions.approve_for_signing(laid_out, by=cast.vice_chair)


@pytest.fixture
def stamper(settings):
    with open_stamper() as server:
        server.at = clock.now()
        settings.TSA_URLS = [server.url]
        yield server


def test_from_the_approval_to_the_sealed_paper(
    request, to_sign, house, token, stamper, settings, tmp_path, monkeypatch, no_workers
):
    """Real keys throughout: the leader's own, the organisation's in a security module."""
    from signatures.demonstration import _SIGNER, Identity, _certify, _name
    from tests.signatures.samples import START, pki
    from tests.tokens import PIN

    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(PIN)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = token.module, token.label
    settings.PKCS11_PIN_FILE, settings.SEAL_SIGNER = str(tmp_path / "pin"), ""
    monkeypatch.setattr(embedding, "verify_in_sandbox", verify_pdf)  # a child process costs a second
    trust_all()
    leader = make_signer_of(str(house.vice_chair), "Chính phủ")
    certificate = register(leader, holder=house.vice_chair)
    public = token.make_key("resolution-seal")
    office = str(house.body.office)
    made = _certify(_name(office, office), _Keyless(public), pki().issuer, START, _SIGNER)
    register(
        Identity(made.certificate, made.key),
        organisation=house.body.office,
        way=KeyWay.SERVER,
        key_name="resolution-seal",
    )

    to_sign = actions.approve_for_signing(to_sign, by=house.vice_chair)
    signature = sign_step(to_sign.signings.get().steps.get(), house.vice_chair, leader, certificate)
    tasks.embed_signature(signature.pk)
    to_sign.refresh_from_db()
    assert to_sign.status == ResolutionStatus.SIGNED
    assert notices(house.secretary) == ["decisions/resolution_signed"]

    documents.record_text(to_sign.text, by=WORKER, pages=["Nghị quyết"])
    actions.issue_resolution(to_sign, by=house.secretary)
    for _ in range(4):
        prepared = Signature.objects.get(status=SignatureStatus.PREPARED)
        tasks.seal_paper(prepared.pk)
        tasks.embed_signature(prepared.pk)

    to_sign.refresh_from_db()
    assert (to_sign.status, to_sign.is_sealed) == (ResolutionStatus.ISSUED, True)
    assert Distribution.objects.filter(version=to_sign.text, role=Role.MEMBER).exists()
    with to_sign.text.open_file() as file, pikepdf.open(file) as pdf:
        assert [field.F for field in pdf.Root.AcroForm.Fields] == [132] * 5
        assert all(field.Rect[2] > field.Rect[0] for field in pdf.Root.AcroForm.Fields)
    with storage.on_disk(to_sign.text) as file:
        report = verify_pdf(file, trust=embedding.build_trust_store(), at=clock.now())
    assert report.verdict == "valid"
    assert [found.signer for found in report.signatures] == [str(house.vice_chair), *[office] * 4]


class _Keyless:
    """The public half of a key that never leaves its module."""

    def __init__(self, public):
        self.public = public

    def public_key(self):
        return self.public


class TestPages:
    def url(self, name, resolution):
        return reverse(f"decisions:{name}", args=[resolution.pk])

    def test_the_leader_goes_from_the_approval_to_the_page_where_she_signs(self, to_sign, house, sign_in):
        client = sign_in(house.vice_chair)
        page = client.get(to_sign.get_absolute_url()).content.decode()
        assert self.url("approve_for_signing", to_sign) in page
        assert self.url("approve_resolution", to_sign) not in page
        answer = client.post(self.url("approve_for_signing", to_sign), {"text_sha256": to_sign.text.sha256})
        to_sign.refresh_from_db()
        assert answer.url == to_sign.signings.get().get_absolute_url()

    def test_the_page_says_who_signs_and_how_far_it_is(self, signing, house, sign_in):
        page = sign_in(house.vice_chair).get(signing.get_absolute_url()).content.decode()
        assert signing.signings.get().get_absolute_url() in page
        page = sign_in(house.secretary).get(self.url("show_signing", signing)).content.decode()
        assert str(house.vice_chair) in page
        assert "Read and sign" not in page

    def test_a_returned_text_says_why(self, signing, house, sign_in):
        actions.return_resolution(signing, by=WORKER, reason="Chưa đủ căn cứ.")
        assert "Chưa đủ căn cứ." in sign_in(house.secretary).get(signing.get_absolute_url()).content.decode()

    def test_the_office_goes_on_when_the_module_did_not_answer(self, issued_unsealed, house, sign_in):
        """What was prepared has lapsed: the number is begun anew, and nothing is asked for twice."""
        Signature.objects.update(expires_at=clock.now() - timedelta(hours=1), work_state="failed")
        client = sign_in(house.secretary)
        page = client.get(issued_unsealed.get_absolute_url()).content.decode()
        assert self.url("seal_resolution", issued_unsealed) in page
        assert client.post(self.url("seal_resolution", issued_unsealed)).status_code == 302
        assert issued_unsealed.signings.count() == 2
        step = issued_unsealed.signings.last().steps.first()
        assert (step.status, step.signatures.count()) == (StepStatus.WAITING, 2)

    def test_the_officer_for_the_initials_is_chosen_with_the_draft(self, to_sign, house, sign_in):
        client, address = sign_in(house.secretary), self.url("edit_resolution", to_sign)
        assert "initials_by" in client.get(address).content.decode()
        office = house.secretary.appointments.get()
        text = {"subject": "về vốn", "bases": "Căn cứ", "articles": "Một.", "recipients": ""}
        assert client.post(address, {**text, "initials_by": office.pk}).status_code == 302
        to_sign.refresh_from_db()
        assert to_sign.initials_by == office
        stranger = house.outside_secretary.appointments.get()
        assert client.post(address, {**text, "initials_by": stranger.pk}).status_code == 422
