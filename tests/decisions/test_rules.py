"""Who may do what with the rules and the resolutions of a body, written from the working rule by hand."""

import pytest

from decisions import rules
from decisions.models import DayOff, Resolution, RuleSet
from tests.conftest import CAST

# Điều 15(6), 15(9): the Office drafts and issues, the Prime Minister or a Deputy decides
OFFICE_DRAFT = {"draft_resolution", "edit_resolution"}
ALLOWED = {
    # who                  draft, no PDF    draft, laid out       approved              issued
    "secretary": (OFFICE_DRAFT, OFFICE_DRAFT, {"issue_resolution"}, set()),
    "vice_chair": (set(), {"approve_resolution"}, set(), set()),
    "chair": (set(), {"approve_resolution"}, set(), set()),
}
# Drafts are the Office's and those' who preside; what is issued is known to all who work for the body
SEES_DRAFT = {"secretary", "chair", "vice_chair"}
SEES_ISSUED = SEES_DRAFT | {
    "minister",
    "other_minister",
    "third_minister",
    "assistant",
    "archivist",
    "auditor",
}


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("column, state", [(0, "draft"), (1, "laid_out"), (2, "approved"), (3, "issued")])
def test_who_may_do_what_with_a_resolution(request, cast, name, column, state):
    resolution = request.getfixturevalue(state)
    allowed = set(rules.RESOLUTION.allowed(getattr(cast, name), resolution))
    assert allowed == ALLOWED.get(name, (set(),) * 4)[column]


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize(
    "state, seeing", [("draft", SEES_DRAFT), ("approved", SEES_DRAFT), ("issued", SEES_ISSUED)]
)
def test_who_sees_a_resolution(request, cast, name, state, seeing):
    resolution = request.getfixturevalue(state)
    visible = Resolution.objects.visible_to(getattr(cast, name)).filter(pk=resolution.pk).exists()
    assert visible == (name in seeing)


@pytest.mark.parametrize("name", CAST)
def test_who_may_act_may_see(request, cast, laid_out, name):
    person = getattr(cast, name)
    if rules.RESOLUTION.allowed(person, laid_out):
        assert Resolution.objects.visible_to(person).filter(pk=laid_out.pk).exists()


@pytest.mark.parametrize("name", CAST)
def test_only_the_administrator_sets_rules_and_days_off(cast, name):
    person, is_administrator = getattr(cast, name), name == "administrator"
    assert rules.RULE_SET.allows("confirm_rule_set", person, RuleSet(body=cast.body)) == is_administrator
    assert rules.DAY_OFF.allows("add_day_off", person, DayOff(body=cast.body)) == is_administrator


@pytest.mark.parametrize("name", CAST)
def test_all_who_work_for_the_body_know_its_rules(cast, name):
    strangers = {"outside_secretary", "outside_member", "outside_auditor", "nobody"}
    assert RuleSet.objects.visible_to(getattr(cast, name)).exists() == (name not in strangers)
