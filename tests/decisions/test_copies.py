"""Electronic copies (sao y): a signed paper's own bytes, with the words of the copying organisation."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import clock
from core.actors import WORKER
from core.workflow import Conflict
from decisions import actions, rules
from decisions.models import ElectronicCopy, NumberRegister
from documents import actions as documents
from signatures import actions as signatures
from signatures.models import Signature, SigningStep, Verification
from signatures.rules import KeyWay, Mark, SignatureStatus, Verdict
from tests.conftest import CAST
from tests.signatures.papers import add_paper
from tests.signatures.samples import paper
from tests.signatures.signing import make_signer_of, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_paper(cast, no_workers):
    """A paper of the office whose signatures were found valid."""
    version = add_paper(cast, paper())
    documents.record_text(version, by=WORKER, pages=["Nghị quyết"])
    Verification.objects.filter(version=version).update(work_state="done", verdict=Verdict.VALID)
    return version


@pytest.fixture
def seal(cast):
    cast.office.short_name = "VPCP"
    cast.office.save()
    identity = make_signer_of("Văn phòng Chính phủ", "Văn phòng Chính phủ")
    return register(identity, organisation=cast.office, way=KeyWay.SERVER, key_name="seal")


@pytest.fixture
def copy(signed_paper, seal, cast):
    return actions.make_copy(signed_paper, by=cast.secretary, form="SY")


def test_a_copy_is_a_paper_of_its_own_with_the_same_bytes_and_a_number_of_its_own_register(
    copy, signed_paper
):
    assert (copy.full_number, str(copy)) == ("01/SY-VPCP", "SAO Y 01/SY-VPCP")
    assert copy.text.sha256 == signed_paper.sha256
    assert copy.document != signed_paper.document
    assert copy.document.number == "01/SY-VPCP"
    register = NumberRegister.objects.get(notation="SY-VPCP")
    assert (register.last, register.year) == (1, clock.today().year)
    assert signed_paper.document.versions.count() == 1


def test_its_words_come_onto_it_once_it_has_been_read(copy, cast):
    assert copy.signing is None
    documents.record_text(copy.text, by=WORKER, pages=["Nghị quyết"])
    copy.refresh_from_db()
    step = copy.signing.steps.get()
    assert (step.mark, step.words, step.organisation) == (Mark.COPY, "SAO Y", cast.office)
    begun = Signature.objects.get(step=step)
    assert (begun.status, begun.by) == (SignatureStatus.PREPARED, cast.secretary)
    assert not copy.is_certified


def test_each_form_has_a_register_of_its_own(copy, signed_paper, cast):
    again = actions.make_copy(signed_paper, by=cast.secretary, form="SY")
    other = actions.make_copy(signed_paper, by=cast.secretary, form="SL")
    assert (again.full_number, other.full_number) == ("02/SY-VPCP", "01/SL-VPCP")


@pytest.mark.parametrize("verdict", [Verdict.UNDECIDED, Verdict.INVALID, Verdict.UNSIGNED])
def test_the_office_vouches_only_for_what_was_found_valid(signed_paper, seal, cast, verdict):
    Verification.objects.filter(version=signed_paper).update(verdict=verdict)
    with pytest.raises(Conflict, match="xác nhận hợp lệ"):
        actions.make_copy(signed_paper, by=cast.secretary, form="SY")
    assert not ElectronicCopy.objects.exists() and not NumberRegister.objects.exists()


def test_without_a_seal_no_copy_and_no_number(signed_paper, cast):
    with pytest.raises(Conflict, match="chứng thư số"):
        actions.make_copy(signed_paper, by=cast.secretary, form="SY")
    assert not NumberRegister.objects.exists()


def test_only_the_office_makes_copies_and_its_archivist_and_auditor_see_them(copy, cast):
    for name in CAST:
        person = getattr(cast, name)
        assert rules.COPY.allows("certify_copy", person, copy) == (name == "secretary"), name
        seen = ElectronicCopy.objects.visible_to(person).exists()
        assert seen == (name in {"secretary", "archivist", "auditor"}), name
    with pytest.raises(PermissionDenied):
        actions.make_copy(copy.source, by=cast.chair, form="SY")


def test_the_page_of_a_copy(copy, signed_paper, cast, sign_in):
    client = sign_in(cast.secretary)
    page = client.get(copy.get_absolute_url()).content.decode()
    assert "01/SY-VPCP" in page and "hx-get" in page
    made = client.post(reverse("decisions:make_copy", args=[signed_paper.pk]), {"form": "SY"})
    assert made.url == ElectronicCopy.objects.latest("pk").get_absolute_url()
    bad = client.post(reverse("decisions:make_copy", args=[signed_paper.pk]), {"form": "??"})
    assert bad.status_code == 404
    assert sign_in(cast.minister).get(copy.get_absolute_url()).status_code == 404


def test_when_the_module_did_not_answer_the_office_goes_on(copy, cast, sign_in):
    documents.record_text(copy.text, by=WORKER, pages=["Nghị quyết"])
    Signature.objects.update(work_state="failed")
    client, again = sign_in(cast.secretary), reverse("decisions:certify_copy", args=[copy.pk])
    assert again in client.get(copy.get_absolute_url()).content.decode()
    assert client.post(again).status_code == 302
    copy.refresh_from_db()
    assert copy.signing.steps.get().signatures.count() == 2


def test_nobody_sends_a_copy_round_for_other_signatures(copy, cast):
    documents.record_text(copy.text, by=WORKER, pages=["Nghị quyết"])
    copy.refresh_from_db()
    signatures.withdraw_signing(copy.signing, by=cast.secretary, reason="Sai thể thức.")
    step = SigningStep(place=1, organisation=cast.office, mark=Mark.SEAL)
    with pytest.raises(Conflict, match="quy định tại nơi lập văn bản"):
        signatures.request_signatures(copy.text, by=cast.secretary, steps=[step])


def test_the_office_takes_the_words_back_and_puts_them_on_anew(copy, cast):
    documents.record_text(copy.text, by=WORKER, pages=["Nghị quyết"])
    copy.refresh_from_db()
    first = copy.signing
    signatures.withdraw_signing(first, by=cast.secretary, reason="Sai thể thức.")
    again = actions.certify_copy(copy, by=cast.secretary)
    assert again.signing != first and not again.is_certified
    assert again.signing.version == again.text == first.version
