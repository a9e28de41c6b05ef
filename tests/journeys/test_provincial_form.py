"""A People's Committee collects opinions by its own form and its own working rule.

1. Its administrator puts the form with “not voting” in use; the Government's kinds are none of its business.
2. Members agree, disagree, do not vote, or choose among options proposed in two levels.
3. Not voting helps no side and stays in the total; silence is counted for no side, as this rule set says.
"""

from types import SimpleNamespace

import pytest

from opinions.models import Option
from people.rules import Role
from tests import factories
from tests.journeys.kinds import Traveller, close, url
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(cast, client):
    body, officer = cast.province, factories.make_officer
    people = SimpleNamespace(
        body=body,
        chair=officer("Võ Tá Kiên", Role.CHAIR, body, protocol_order=1),
        finance=officer("Lê Văn Đạt", Role.MEMBER, body, protocol_order=2),
        health=officer("Ka Thị Mai", Role.MEMBER, body, protocol_order=3),
        member=cast.outside_member,
        secretary=cast.outside_secretary,
        administrator=officer("Huỳnh Công", Role.ADMINISTRATOR, body),
        rule_set=factories.make_rule_set(
            body,
            name="Quy chế làm việc của Ủy ban nhân dân tỉnh Lâm Đồng",
            source="Quyết định số 28/2025/QĐ-UBND",
            silence="nothing",
        ),
    )
    people.traveller = Traveller(client)
    people.kind = people.traveller.put_in_use(people.administrator, body, "province")
    return people


def open_request(province, **more):
    return province.traveller.open_request(
        province.kind,
        by=province.secretary,
        approver=province.chair,
        agency=province.body.office,
        rule_set=province.rule_set,
        **more,
    )


def test_not_voting_helps_no_side(cast, province):
    opinion_request = open_request(province)
    assert not opinion_request.is_secret
    page = province.traveller.be(province.member).read(opinion_request.get_absolute_url())
    assert "Not voting" in page and "silence is counted for no side" in page
    province.traveller.be(cast.minister).read(opinion_request.get_absolute_url(), status=404)
    province.traveller.answer(opinion_request, province.chair, "agree")
    province.traveller.answer(opinion_request, province.finance, "agree")
    province.traveller.answer(opinion_request, province.health, "not_voting")
    counted = close(opinion_request)
    result = counted.questions.get().result
    assert (result["agree"], result["abstain"], result["silent"], result["needed"]) == (2, 1, 1, 3)
    assert counted.branch == "a", "two of four are no majority, and no tie of the whole committee"


def test_a_tie_of_the_whole_committee_follows_its_chair(province):
    opinion_request = open_request(province)
    for person, code in ((province.chair, "agree"), (province.finance, "agree")):
        province.traveller.answer(opinion_request, person, code)
    for person in (province.health, province.member):
        province.traveller.answer(opinion_request, person, "disagree", "Chưa cân đối được nguồn.")
    counted = close(opinion_request)
    assert counted.questions.get().result["chair_decided"]
    assert counted.branch == "c"


def test_a_choice_among_options_in_two_levels(province):
    options = {"option_1_1": "Giữ nguyên", "option_1_2": "Tăng mức hỗ trợ"}
    parts = {"option_1_3": "thêm 10%", "option_1_4": "thêm 20%", "level_1_3": "2", "level_1_4": "2"}
    opinion_request = open_request(
        province, form_1="options", most_1="1", proposed_1_3="on", **options, **parts
    )
    question = opinion_request.questions.get()
    chosen = {option.text: option.pk for option in Option.objects.filter(question=question)}
    assert [option.text for option in question.offered] == ["Giữ nguyên", "thêm 10%", "thêm 20%"]
    wanted = {province.chair: "thêm 10%", province.finance: "thêm 10%", province.health: "thêm 10%"}
    wanted[province.member] = "Giữ nguyên"
    for person, text in wanted.items():
        slip = steps.slip_of(opinion_request, person)
        province.traveller.be(person).send(
            url("answer_slip", slip.pk), **{f"options_{question.pk}": chosen[text]}, step="send"
        )
    counted = close(opinion_request)
    result = counted.questions.get().result
    assert result["adopted"] == [chosen["thêm 10%"]]
    assert counted.branch == "c", "one member chose what was not proposed"
    page = province.traveller.be(province.member).read(counted.get_absolute_url())
    assert "thêm 10%" in page
