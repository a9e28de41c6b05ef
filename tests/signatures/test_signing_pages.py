"""The pages of signing, through HTTP: who is asked, who signs, who refuses, who stands in."""

import base64
import re
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from people import actions as people
from people.models import User
from people.rules import DelegationScope
from signatures import actions
from signatures.models import Signature, SigningRequest
from signatures.rules import KeyWay, Mark, RequestStatus, StepStatus
from tests.conftest import CAST
from tests.signatures.signing import ask, make_paper, make_signer_of, register, sign, step_for

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", response.content.decode())


def as_person(person):
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


def prepare(client, step, certificate, **changes):
    sent = {"certificate": certificate.pk, "seen": step.request.sha256, **changes}
    return client.post(f"/signatures/steps/{step.pk}/prepare/", sent, headers={"accept": "application/json"})


def stand_in(cast, replaced, delegate):
    today = clock.today()
    return people.grant_delegation(
        replaced.appointments.get(),
        by=cast.administrator,
        delegate=delegate.appointments.get(),
        scope=DelegationScope.SIGNING,
        valid_from=today,
        valid_until=today + timedelta(5),
        order_number="15/QĐ-TTg",
        order_date=today,
        order_issuer="Thủ tướng Chính phủ",
    )


@pytest.fixture
def minister(cast):
    """Her key, registered."""
    identity = make_signer_of("Nguyễn Hữu Đức")
    return identity, register(identity, holder=cast.minister)


# Asking


def rows(*signers, **more):
    sent = {"purpose": "Ban hành trong tuần", **more}
    for number, (who, mark) in enumerate(signers, 1):
        sent |= {f"who_{number}": who, f"mark_{number}": mark, f"words_{number}": ""}
    return sent


def office(person):
    return person.appointments.get().pk


def test_the_office_sends_a_paper_round_in_turns_and_at_the_same_time(cast, sign_in):
    version = make_paper(cast)
    client = sign_in(cast.secretary)
    assert client.get(f"/signatures/versions/{version.pk}/request/").status_code == 200

    sent = rows((office(cast.minister), "initials"), (office(cast.vice_chair), "leader"), ("seal", "leader"))
    answer = client.post(
        f"/signatures/versions/{version.pk}/request/", {**sent, "together_2": "on", "send": "1"}
    )

    signing = SigningRequest.objects.get()
    assert answer.status_code == 302 and answer.url == signing.get_absolute_url()
    found = [(step.place, step.signer and step.signer.user, step.mark) for step in signing.steps.all()]
    assert found == [
        (1, cast.minister, "initials"), (1, cast.vice_chair, "leader"), (2, None, Mark.SEAL)
    ]  # fmt: skip
    assert signing.steps.last().organisation == cast.body.office


def test_signers_are_added_moved_and_removed_without_a_script(cast, sign_in):
    version = make_paper(cast)
    client = sign_in(cast.secretary)
    sent = rows((office(cast.minister), "initials"), (office(cast.chair), "leader"))
    url = f"/signatures/versions/{version.pk}/request/"

    def order(page):
        return re.findall(r'<option value="(\d+)" selected', page)

    assert 'name="who_3"' in words(client.post(url, {**sent, "add_signer": "1"}))
    moved = order(words(client.post(url, {**sent, "up_signer": "2"})))
    assert moved == [str(office(cast.chair)), str(office(cast.minister))]
    assert order(words(client.post(url, {**sent, "down_signer": "2"}))) == moved[::-1]  # nowhere to go
    assert order(words(client.post(url, {**sent, "remove_signer": "1"}))) == moved[:1]
    assert not SigningRequest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"who_1": ""}, "who_1"),
        ({"who_1": "999999"}, "who_1"),
        ({"mark_1": "number"}, "words_1"),
        ({"due_at": "hôm qua"}, "due_at"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_at_its_field(cast, sign_in, changes, said):
    version = make_paper(cast)
    sent = rows((office(cast.minister), "leader")) | changes
    answer = sign_in(cast.secretary).post(f"/signatures/versions/{version.pk}/request/", sent)

    assert answer.status_code == 422 and f"id_{said}" in words(answer)
    assert not SigningRequest.objects.exists()


@pytest.mark.parametrize("who", CAST)
def test_who_may_have_a_paper_signed(cast, who):
    version = make_paper(cast)
    answer = as_person(getattr(cast, who)).get(f"/signatures/versions/{version.pk}/request/")

    expected = {"secretary": 200, "auditor": 403, "chair": 403}
    assert answer.status_code in (expected.get(who, 404), 404 if who != "secretary" else 200)


def test_a_paper_that_is_being_signed_leads_to_its_request(cast, sign_in):
    signing = ask(cast, step_for(cast.minister))
    answer = sign_in(cast.secretary).get(f"/signatures/versions/{signing.version_id}/request/")

    assert answer.status_code == 302 and answer.url == signing.get_absolute_url()


# The page of a request


@pytest.mark.parametrize("who", CAST)
def test_who_sees_the_page_and_what_it_lets_them_do(cast, minister, who):
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair, place=2))
    step = signing.steps.first()
    client = as_person(getattr(cast, who))
    ends = who in ("secretary", "chair", "vice_chair")
    sees = ends or who in ("auditor", "minister")

    page = client.get(signing.get_absolute_url())
    assert page.status_code == (200 if sees else 404)
    assert client.get(f"{signing.get_absolute_url()}state/").status_code == page.status_code
    assert ("<sign-step" in words(page)) == (who == "minister")
    refuse = client.get(f"/signatures/steps/{step.pk}/refuse/").status_code
    assert refuse == (200 if who == "minister" else 403 if sees else 404)
    withdraw = client.get(f"{signing.get_absolute_url()}withdraw/").status_code
    assert withdraw == (200 if ends else 403 if sees else 404)
    assert prepare(client, step, minister[1]).status_code == (
        200 if who == "minister" else 422 if sees else 404
    )
    file = client.get(f"{signing.get_absolute_url()}file/").status_code
    assert file == (200 if who in ("secretary", "minister", "vice_chair") else 404)


def test_the_next_signer_waits_for_those_before(cast, minister):
    identity = make_signer_of("Lê Thị Thanh Hà")
    later = register(identity, holder=cast.vice_chair)
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair, place=2))
    client = as_person(cast.vice_chair)

    assert "<sign-step" not in words(client.get(signing.get_absolute_url()))
    answer = prepare(client, signing.steps.last(), later)
    assert answer.status_code == 409 and "Nguyễn Hữu Đức" in answer.json()["detail"]


def test_the_order_for_the_key_and_the_answer(cast, minister):
    identity, certificate = minister
    signing = ask(cast, step_for(cast.minister))
    step = signing.steps.get()
    client = as_person(cast.minister)
    order = prepare(client, step, certificate).json()

    assert order["sha256"] == signing.sha256 and order["digest"] == "sha256"
    assert base64.b64decode(order["certificate"]) == identity.der
    value = sign(identity, base64.b64decode(order["to_sign"]), order["digest"])
    bad = client.post(order["complete_url"], {"value": base64.b64encode(bytes(70)).decode()},
                      headers={"accept": "application/json"})  # fmt: skip
    assert bad.status_code == 409 and bad.json()["detail"]
    assert client.post(order["complete_url"], {"value": "§"}).status_code == 422
    done = client.post(order["complete_url"], {"value": base64.b64encode(value).decode()})

    assert done.status_code == 200 and done.json()["url"] == signing.get_absolute_url()
    again = client.post(order["complete_url"], {"value": base64.b64encode(value).decode()},
                        headers={"accept": "application/json"})  # fmt: skip
    assert again.status_code == 409  # a second press


def test_nothing_is_signed_that_was_not_seen(cast, minister):
    signing = ask(cast, step_for(cast.minister))
    answer = prepare(as_person(cast.minister), signing.steps.get(), minister[1], seen="0" * 64)

    assert answer.status_code == 422 and "ký" in answer.json()["detail"]
    assert not Signature.objects.exists()


def test_only_ones_own_registered_certificate_signs(cast, minister):
    other = register(make_signer_of("Trần Ngọc Ánh"), holder=cast.other_minister)
    signing = ask(cast, step_for(cast.minister))

    assert prepare(as_person(cast.minister), signing.steps.get(), other).status_code == 422


def test_nobody_completes_anothers_signature(cast, minister):
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair))
    order = prepare(as_person(cast.minister), signing.steps.first(), minister[1]).json()

    assert as_person(cast.vice_chair).post(order["complete_url"], {"value": "AA=="}).status_code == 404


def test_without_a_certificate_the_page_says_what_to_do(cast):
    signing = ask(cast, step_for(cast.minister))
    page = words(as_person(cast.minister).get(signing.get_absolute_url()))

    assert "<sign-step" not in page and "chưa có chứng thư số" in page


def test_a_refusal_has_its_reason_and_ends_the_round(cast, sign_in):
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair, place=2))
    step = signing.steps.first()
    client = sign_in(cast.minister)
    url = f"/signatures/steps/{step.pk}/refuse/"

    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Số liệu trang 2 chưa thống nhất."}).status_code == 302
    signing.refresh_from_db()
    assert signing.status == RequestStatus.REFUSED
    assert "Số liệu trang 2 chưa thống nhất." in words(client.get(signing.get_absolute_url()))
    assert client.get(url).status_code == 409


def test_whoever_asked_takes_the_paper_back(cast, sign_in):
    signing = ask(cast, step_for(cast.minister))
    client = sign_in(cast.secretary)

    url = f"{signing.get_absolute_url()}withdraw/"
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Nhầm phiên bản."}).status_code == 302
    signing.refresh_from_db()
    assert signing.status == RequestStatus.WITHDRAWN
    assert "Nhầm phiên bản." in words(client.get(signing.get_absolute_url()))


def test_a_signature_is_passed_to_the_stand_in_of_the_register_alone(cast):
    signing = ask(cast, step_for(cast.minister))
    step = signing.steps.get()
    client = as_person(cast.minister)
    url = f"/signatures/steps/{step.pk}/pass/"
    assert client.get(url).status_code == 409
    assert "/pass/" not in words(client.get(signing.get_absolute_url()))

    stand_in(cast, cast.minister, cast.other_minister)
    assert "/pass/" in words(client.get(signing.get_absolute_url()))
    assert client.post(url, {"to": office(cast.third_minister)}).status_code == 422
    assert client.post(url, {"to": office(cast.other_minister)}).status_code == 302
    step.refresh_from_db()
    assert step.signer.user == cast.other_minister and step.stands_in_for.user == cast.minister
    assert client.get(signing.get_absolute_url()).status_code == 200  # she still sees what becomes of it
    page = words(as_person(cast.other_minister).get(signing.get_absolute_url()))
    assert "Nguyễn Hữu Đức" in page and 'id="sign"' in page


def test_a_stand_in_whose_order_has_ended_is_told_why_she_cannot_sign(cast):
    signing = ask(cast, step_for(cast.minister))
    delegation = stand_in(cast, cast.minister, cast.other_minister)
    actions.pass_signature(signing.steps.get(), by=cast.minister, to=cast.other_minister.appointments.get())
    people.end_delegation(delegation, by=cast.administrator, reason="Đã về.")
    page = words(as_person(cast.other_minister).get(signing.get_absolute_url()))

    assert 'id="sign"' not in page and "không còn" in page


# The seal


def test_the_office_puts_on_the_seal_with_one_button(cast, no_workers):
    register(make_signer_of("Văn phòng Chính phủ"), organisation=cast.office, way=KeyWay.SERVER)
    signing = ask(cast, _seal(cast))
    step = signing.steps.get()
    client = as_person(cast.secretary)
    page = words(client.get(signing.get_absolute_url()))
    assert f"/signatures/steps/{step.pk}/seal/" in page and "<sign-step" not in page

    certificate = client.get(signing.get_absolute_url()).context["seal_form"].fields["certificate"].queryset
    answer = client.post(f"/signatures/steps/{step.pk}/seal/", {"certificate": certificate.get().pk})
    assert answer.status_code == 302 and Signature.objects.get().step == step
    page = words(client.get(signing.get_absolute_url()))
    assert 'data-state="embedding"' in page and "/seal/" not in page


def _seal(cast):
    from signatures.models import SigningStep

    return SigningStep(place=1, organisation=cast.office, mark=Mark.SEAL)


# Lists


def test_the_lists_tell_what_waits_what_was_asked_and_what_is_done(cast, sign_in):
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair, place=2))
    title = str(signing)

    def listed(person, show):
        return title in words(as_person(person).get("/signatures/", {"show": show}))

    assert [listed(cast.minister, show) for show in ("waiting", "asked", "done")] == [True, False, False]
    assert [listed(cast.vice_chair, show) for show in ("waiting", "asked", "done")] == [False] * 3
    assert [listed(cast.secretary, show) for show in ("waiting", "asked", "done")] == [False, True, False]
    actions.refuse_signature(signing.steps.first(), by=cast.minister, reason="Chưa rõ.")
    assert [listed(cast.minister, show) for show in ("waiting", "asked", "done")] == [False, False, True]


def test_the_lists_are_narrowed(cast, sign_in):
    signing = ask(cast, step_for(cast.minister))
    signing.due_at = clock.now() - timedelta(days=1)
    signing.save()
    client = sign_in(cast.minister)

    def found(**filters):
        return str(signing.get_absolute_url()) in words(client.get("/signatures/", filters))

    assert found() and found(due="overdue") and found(q=str(signing)[:6])
    assert not found(due="soon") and not found(q="không có tờ nào như vậy")
    assert client.get("/signatures/?show=x&due=x&page=x&q=%00").status_code == 200


@pytest.mark.parametrize("show", ["waiting", "asked", "done"])
def test_the_lists_ask_as_much_for_1_as_for_9(cast, django_assert_num_queries, show):
    client = as_person(cast.secretary if show == "asked" else cast.minister)

    def more(count):
        for _ in range(count):
            signing = ask(cast, step_for(cast.minister))
            if show == "done":
                actions.refuse_signature(signing.steps.get(), by=cast.minister, reason="Không.")

    more(1)
    url = f"/signatures/?show={show}"
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(url)
    more(8)
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_the_page_asks_as_much_for_1_signer_as_for_8(cast, django_assert_num_queries):
    few = ask(cast, step_for(cast.minister))
    many = ask(cast, *[step_for(cast.minister, place=n) for n in range(1, 9)])
    client = as_person(cast.secretary)
    client.get(few.get_absolute_url())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        client.get(few.get_absolute_url())
    with django_assert_num_queries(len(counted)):
        client.get(many.get_absolute_url())


def test_papers_are_signed_one_after_another(cast, minister):
    identity, certificate = minister
    first, second = ask(cast, step_for(cast.minister)), ask(cast, step_for(cast.minister))
    client = as_person(cast.minister)
    page = words(client.get("/signatures/"))
    assert f"{first.get_absolute_url()}?row=1" in page

    def sign_here(signing):
        order = client.post(
            f"/signatures/steps/{signing.steps.get().pk}/prepare/?row=1",
            {"certificate": certificate.pk, "seen": signing.sha256},
        ).json()
        value = sign(identity, base64.b64decode(order["to_sign"]))
        sent = {"value": base64.b64encode(value).decode()}
        return client.post(order["complete_url"], sent).json()["url"]

    assert f"{second.get_absolute_url()}?row=1" in words(client.get(f"{first.get_absolute_url()}?row=1"))
    assert sign_here(first) == f"{second.get_absolute_url()}?row=1"
    assert sign_here(second) == "/signatures/"
    assert {step.status for one in (first, second) for step in one.steps.all()} <= {
        StepStatus.SIGNING, StepStatus.SIGNED
    }  # fmt: skip


def test_the_state_tells_when_something_has_changed(cast):
    signing = ask(cast, step_for(cast.minister), step_for(cast.vice_chair))
    client = as_person(cast.minister)
    key = client.get(signing.get_absolute_url()).context["page"].key
    url = f"{signing.get_absolute_url()}state/"
    assert client.get(url, {"seen": key, "mine": "1"}).status_code == 200

    actions.refuse_signature(signing.steps.last(), by=cast.vice_chair, reason="Không.")
    answer = client.get(url, {"seen": key, "mine": "1"})
    assert "HX-Refresh" not in answer and 'href=""' in words(answer)
    assert client.get(url, {"seen": key})["HX-Refresh"] == "true"  # nothing on this page can get lost


def test_a_token_signs_several_papers_with_one_pin(cast, minister):
    first, second = ask(cast, step_for(cast.minister)), ask(cast, step_for(cast.minister))
    ask(cast, step_for(cast.vice_chair))
    client = as_person(cast.minister)

    assert "/signatures/together/" in words(client.get("/signatures/"))
    page = client.get("/signatures/together/")
    assert [step.request for step in page.context["steps"]] == [first, second]
    assert "<sign-together" in words(page)
    other = as_person(cast.vice_chair)
    assert "/signatures/together/" not in words(other.get("/signatures/"))
    assert "<sign-together" not in words(other.get("/signatures/together/"))  # without a token
