"""Who may do what with a dossier on its way, written by hand from Nghị định 191/2026/NĐ-CP, Điều 13 to 15."""

from datetime import timedelta

import pytest

from core import clock
from core.actors import CLOCK, WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents.rules import DocumentKind
from submissions import actions, rules
from submissions.models import MatterKind, Submission
from tests import factories
from tests.conftest import CAST
from tests.submissions import steps

pytestmark = pytest.mark.django_db

BEGIN = {"prepare_submission"}
EDIT, HAND_IN = {"edit_submission"}, {"hand_in_submission"}
RETURN, ACCEPT = {"return_submission"}, {"accept_submission"}


def late(cast):
    return steps.hand_in_late(cast)


def late_proposed(cast):
    return actions.propose_removal(late(cast), by=cast.secretary, reason="Nộp quá hạn.")


def by_the_office(cast):
    """The Ministry of Home Affairs hands in on paper: it has no officers here."""
    return steps.complete(cast, by=cast.secretary, agency=cast.home)


MOMENTS = {
    "incomplete": steps.prepare,
    "complete": steps.complete,
    "handed in": steps.hand_in,
    "handed in, a paper gone": steps.hand_in,
    "handed in late": late,
    "late, removal proposed": late_proposed,
    "returned": steps.give_back,
    "accepted": steps.accept,
    "taken up": lambda cast: actions.take_up_submission(steps.accept(cast), by=cast.secretary),
    "prepared by the Office": by_the_office,
    "returned to the Office": lambda cast: actions.return_submission(
        actions.hand_in_submission(by_the_office(cast), by=cast.secretary), by=cast.secretary, reason="Thiếu."
    ),
}

# moment: {who: actions}; who is not named may do nothing
SUBMISSION = {
    "incomplete": {"submitter": BEGIN | EDIT, "secretary": BEGIN},
    "complete": {"submitter": BEGIN | EDIT | HAND_IN, "secretary": BEGIN},
    "handed in": {"secretary": RETURN | ACCEPT},
    "handed in, a paper gone": {"secretary": RETURN},
    "handed in late": {"secretary": RETURN | ACCEPT | {"propose_removal"}},
    "late, removal proposed": {"secretary": RETURN | ACCEPT},
    "returned": {"submitter": EDIT | HAND_IN},
    "accepted": {"secretary": {"take_up_submission"}},
    "taken up": {},
    "prepared by the Office": {"secretary": BEGIN | EDIT | HAND_IN},
    "returned to the Office": {"secretary": EDIT | HAND_IN},
}

OFFICE, AGENCY = {"secretary"}, {"submitter"}
LOOKING_ON = {"chair", "vice_chair", "auditor"}
SEES = {
    "incomplete": OFFICE | AGENCY,
    "complete": OFFICE | AGENCY,
    "handed in": OFFICE | AGENCY | LOOKING_ON,
    "returned": OFFICE | AGENCY | LOOKING_ON,
    "accepted": OFFICE | AGENCY | LOOKING_ON,
    "taken up": OFFICE | AGENCY | LOOKING_ON,
    "prepared by the Office": OFFICE,
}


def everyone(cast):
    return {**{name: getattr(cast, name) for name in CAST}, "clock": CLOCK, "worker": WORKER}


def reach(cast, moment):
    submission = MOMENTS[moment](cast)
    if moment.endswith("a paper gone"):
        submission.dossier.papers.first().delete()
    return steps.fresh(submission)


@pytest.mark.parametrize("moment", SUBMISSION)
def test_who_may_do_what_with_a_submission(cast, moment):
    submission = reach(cast, moment)
    found = {name: set(rules.SUBMISSION.allowed(who, submission)) for name, who in everyone(cast).items()}
    assert {name: allowed for name, allowed in found.items() if allowed} == SUBMISSION[moment]


@pytest.mark.parametrize("moment", SEES)
def test_who_sees_a_submission(cast, moment):
    reach(cast, moment)
    seeing = {name for name in CAST if Submission.objects.visible_to(getattr(cast, name)).exists()}
    assert seeing == SEES[moment]


@pytest.mark.parametrize("moment", SUBMISSION)
def test_who_may_act_may_also_see(cast, moment):
    submission = reach(cast, moment)
    for name in CAST:
        person = getattr(cast, name)
        if rules.SUBMISSION.allowed(person, submission):
            assert Submission.objects.visible_to(person).filter(pk=submission.pk).exists(), name


@pytest.mark.parametrize("name", CAST)
def test_only_the_administrator_says_what_a_kind_of_matter_needs(cast, name):
    kind = steps.make_kind(cast)
    wanted = {"add_matter_kind", "end_matter_kind"} if name == "administrator" else set()
    assert set(rules.MATTER_KIND.allowed(getattr(cast, name), kind)) == wanted


@pytest.mark.parametrize("name", CAST)
def test_all_who_work_for_the_body_know_its_kinds(cast, name):
    steps.make_kind(cast)
    strangers = {"outside_secretary", "outside_member", "outside_auditor", "nobody"}
    assert MatterKind.objects.visible_to(getattr(cast, name)).exists() == (name not in strangers)


def test_an_officer_of_a_province_s_agency_is_a_stranger_here(cast):
    stranger = factories.make_officer("Lý Văn Xa", "submitter", cast.province, organisation=cast.finance)
    submission = reach(cast, "complete")
    assert rules.SUBMISSION.allowed(stranger, submission) == []
    assert not Submission.objects.visible_to(stranger).exists()


# What a dossier must hold


def missing(submission):
    return [check.missing for check in rules.check_submission(steps.fresh(submission)) if check.missing]


def test_each_missing_paper_is_named_and_all_at_once(cast):
    submission = steps.prepare(cast)
    steps.add(submission, DocumentKind.DRAFT)
    reasons = missing(submission)
    assert reasons == ["“Submission” is missing: add it.", "“Appraisal” is missing: add it."]
    with pytest.raises(Conflict) as refusal:
        actions.hand_in_submission(submission, by=cast.submitter)
    assert all(reason in str(refusal.value) for reason in reasons)


@pytest.mark.parametrize(
    ("pages", "summary", "reason"),
    [
        ([10], None, None),
        ([11], None, "A submission, report or scheme has 11 pages: add a summary."),
        ([10, 5], None, None),  # the length of each counts
        ([11], 6, None),
        ([11], 7, "The summary has 7 pages, at most 6 are allowed: shorten it."),
        ([3], 7, "The summary has 7 pages, at most 6 are allowed: shorten it."),
    ],
)
def test_over_ten_pages_need_a_summary_of_at_most_six(cast, pages, summary, reason):
    submission = steps.prepare(cast, kind=steps.make_kind(cast, required=["submission"]))
    for number in pages:
        steps.add(submission, DocumentKind.SUBMISSION, pages=number)
    steps.add(submission, DocumentKind.APPRAISAL, pages=200)  # what others wrote is as long as it is
    if summary:
        steps.add(submission, DocumentKind.SUMMARY, pages=summary)
    assert missing(submission) == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("state", "reason"),
    [(WorkState.QUEUED, "still being checked"), (WorkState.FAILED, "could not be accepted")],
)
def test_papers_are_looked_into_before_they_are_handed_in(cast, state, reason):
    submission = steps.complete(cast)
    steps.add(submission, DocumentKind.OTHER, state=state)
    with pytest.raises(Conflict, match=reason):
        actions.hand_in_submission(submission, by=cast.submitter)


def test_a_refused_paper_does_not_count(cast):
    submission = steps.prepare(cast, kind=steps.make_kind(cast, required=["submission"]))
    steps.add(submission, DocumentKind.SUBMISSION, state=WorkState.FAILED)
    assert "“Submission” is missing: add it." in missing(submission)


def test_the_clock_reminds_one_working_day_before(cast):
    with steps.on(steps.MONDAY - timedelta(days=7)):
        submission = steps.prepare(cast, wanted_on=steps.FRIDAY)  # due on Tuesday
    allowed = {}
    for day in range(-4, 3):
        with steps.on(steps.MONDAY + timedelta(days=day)):
            allowed[day] = rules.SUBMISSION.allows("remind_of_submission", CLOCK, steps.fresh(submission))
    assert [day for day, may in allowed.items() if may] == [0, 1]
    assert not rules.SUBMISSION.allows("remind_of_submission", cast.secretary, submission)


def test_the_clock_tells_the_office_the_day_after_the_check_was_due(cast):
    submission = steps.hand_in(cast)
    for days, may in ((0, False), (1, True)):
        with steps.on(submission.check_by + timedelta(days=days)):
            assert rules.SUBMISSION.allows("remind_of_check", CLOCK, submission) == may


def test_the_first_state_is_that_of_the_table():
    assert Submission().status == rules.SUBMISSION.initial
    assert clock.now()
