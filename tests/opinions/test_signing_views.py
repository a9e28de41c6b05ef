"""The pages and the API on which an answer is signed."""

import base64
import json

import pytest
from django.urls import reverse

from core import clock
from documents.models import Rendering
from opinions import actions
from opinions.models import AnswerSheet
from opinions.rules import SheetStanding, SignatureState
from opinions.tasks import render_slip
from signatures import tasks
from signatures.models import Signature
from tests import factories
from tests.opinions import steps
from tests.signatures.signing import make_signer_of, open_stamper, register, sign, trust_all

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stamper_server():
    with open_stamper() as server:
        yield server


@pytest.fixture
def house(cast, settings, stamper_server, monkeypatch):
    """A request whose answers are signed, and a minister with a key."""
    monkeypatch.setattr("opinions.tasks.render_official", lambda slip: b"%PDF-1.7 slip")
    stamper_server.at, stamper_server.trouble = clock.now(), None
    settings.TSA_URLS = [stamper_server.url]
    trust_all()
    cast.key = make_signer_of(str(cast.minister))
    cast.certificate = register(cast.key, holder=cast.minister)
    kind = factories.make_kind(cast.body, name="Phiếu ký số", signing="required")
    cast.opinion_request = steps.send(cast, kind=kind)
    cast.slip = steps.slip_of(cast.opinion_request, cast.minister)
    cast.question = cast.opinion_request.questions.get().pk
    return cast


def fill(house, step):
    return {f"position_{house.question}": "agree", f"reason_{house.question}": "", "step": step}


def prepare(house):
    answers = steps.give(house.opinion_request, steps.AGREE)
    sheet = actions.prepare_answer(house.slip, by=house.minister, answers=answers)
    return AnswerSheet.objects.get(pk=sheet.pk)


def render(sheet):
    render_slip(Rendering.objects.get(document=sheet.paper_id).pk)
    return AnswerSheet.objects.get(pk=sheet.pk)


def test_from_the_form_to_the_signature(house, sign_in):
    client = sign_in(house.minister)
    answer, page = (
        reverse(f"opinions:{name}", args=[house.slip.pk]) for name in ("answer_slip", "sign_slip")
    )
    assert client.get(page).status_code == 302  # nothing is ready yet
    review = client.post(answer, fill(house, "review")).content.decode()
    assert 'value="sign"' in review and 'value="send"' not in review
    assert client.post(answer, fill(house, "send")).status_code == 409
    assert client.post(answer, fill(house, "sign")).headers["Location"] == page
    state = reverse("opinions:watch_slip", args=[house.slip.pk])
    assert "HX-Refresh" not in client.get(state).headers
    assert state in client.get(page).content.decode()

    sheet = render(AnswerSheet.objects.get())
    assert client.get(state).headers["HX-Refresh"] == "true"
    shown = client.get(page).content.decode()
    assert sheet.version.sha256 in shown and sheet.nonce in shown
    order_url = reverse("opinions:sign_answer", args=[house.slip.pk])
    given = {"certificate": house.certificate.pk, "seen": "0" * 64}
    refused = client.post(order_url, given)
    assert refused.status_code == 422 and "phiếu cần ký" in refused.json()["detail"]
    order = client.post(order_url, given | {"seen": sheet.version.sha256}).json()
    assert order["sha256"] == sheet.statement.sha256 == order["message_digest"]
    value = base64.b64encode(sign(house.key, base64.b64decode(order["to_sign"]))).decode()
    assert client.post(order["complete_url"], {"value": "?"}).status_code == 422
    done = client.post(order["complete_url"], {"value": value})
    assert done.json()["url"] == f"{house.slip.get_absolute_url()}#answer"
    assert client.post(order["complete_url"], {"value": value}).status_code == 409

    card = client.get(house.slip.get_absolute_url()).content.decode()
    assert reverse("opinions:watch_signature", args=[sheet.pk]) in card
    tasks.embed_signature(order["signature"])
    kept = client.get(reverse("opinions:download_words", args=[sheet.pk]))
    assert kept.content == bytes(sheet.statement.content)
    cms = client.get(reverse("opinions:download_signature", args=[sheet.pk])).content
    assert cms == bytes(Signature.objects.get().cms)


def test_an_answer_that_waits_for_its_signature_is_told_of(house, sign_in):
    prepare(house)
    card = sign_in(house.minister).get(house.slip.get_absolute_url()).content.decode()
    assert reverse("opinions:sign_slip", args=[house.slip.pk]) in card


def test_a_slip_that_could_not_be_made_is_said_so(house, sign_in):
    prepare(house)
    Rendering.objects.update(work_state="failed")
    shown = sign_in(house.minister).get(reverse("opinions:watch_slip", args=[house.slip.pk])).content.decode()
    assert "could not be made" in shown or "Không lập được phiếu" in shown


def test_until_the_close_nobody_else_finds_any_of_it(house, sign_in):
    sheet = render(prepare(house))
    mine = [reverse(f"opinions:{name}", args=[house.slip.pk]) for name in ("sign_slip", "watch_slip")]
    for person in (house.secretary, house.chair, house.auditor, house.assistant, house.other_minister):
        client = sign_in(person)
        assert {client.get(url).status_code for url in mine} == {404}
        given = {"certificate": house.certificate.pk, "seen": sheet.version.sha256}
        assert client.post(reverse("opinions:sign_answer", args=[house.slip.pk]), given).status_code == 404
    signature = actions.sign_answer(sheet, by=house.minister, certificate=house.certificate)
    url = reverse("opinions:complete_answer", args=[signature.pk])
    assert sign_in(house.other_minister).post(url, {"value": "aGE="}).status_code == 404
    actions_after = [
        reverse(f"opinions:{name}", args=[sheet.pk])
        for name in ("watch_signature", "download_words", "download_signature")
    ]
    AnswerSheet.objects.filter(pk=sheet.pk).update(
        standing=SheetStanding.COUNTS, signature_state=SignatureState.HOLDS, signed_at=clock.now()
    )
    assert {sign_in(house.secretary).get(url).status_code for url in actions_after} == {404}
    steps.close(house.opinion_request)
    assert sign_in(house.secretary).get(actions_after[0]).status_code == 200
    AnswerSheet.objects.filter(pk=sheet.pk).update(standing=SheetStanding.REPLACED)
    seen = [sign_in(one).get(actions_after[1]).status_code for one in (house.secretary, house.minister)]
    assert seen == [404, 200], "an answer that she replaced stays hers alone"


def test_other_systems_sign_by_the_same_rules(house, sign_in):
    client = sign_in(house.minister)
    base = f"/api/slips/{house.slip.pk}"
    answers = {"answers": [{"question": house.question, "position": "agree"}]}

    def post(path, body):
        return client.post(f"{base}/{path}/", json.dumps(body), content_type="application/json")

    assert post("answer", answers).status_code == 409
    assert client.get(f"{base}/to-sign/").status_code == 404
    ready = post("prepare-answer", answers).json()
    assert not ready["is_made"] and ready["statement"] == ""
    assert post("sign-answer", {"certificate": house.certificate.pk}).status_code == 409
    render(AnswerSheet.objects.get())
    ready = client.get(f"{base}/to-sign/").json()
    assert json.loads(ready["statement"])["body"]["slip"]["sha256"] == ready["paper_sha256"]
    other = register(make_signer_of("Trần Ngọc Ánh"), holder=house.other_minister)
    assert post("sign-answer", {"certificate": other.pk}).status_code == 400
    order = post("sign-answer", {"certificate": house.certificate.pk}).json()
    assert order["sha256"] == ready["statement_sha256"]
    value = base64.b64encode(sign(house.key, base64.b64decode(order["to_sign"]))).decode()
    done = client.post(
        f"/api/signatures/{order['signature']}/complete/",
        json.dumps({"value": value}),
        content_type="application/json",
    )
    assert done.status_code == 200
    assert client.get(f"{base}/").json()["status"] == "answered"
    assert sign_in(house.other_minister).get(f"{base}/to-sign/").status_code == 404
