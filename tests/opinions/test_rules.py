"""Who may do what when, written by hand from Nghị định 191/2026/NĐ-CP and the Office's way of working."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from core import clock
from core.actors import CLOCK, WORKER
from core.work import WorkState
from core.workflow import Conflict
from opinions import actions, rules
from opinions.models import OpinionRequest, OpinionSlip
from tests.conftest import CAST
from tests.opinions import steps

pytestmark = pytest.mark.django_db

DRAFTING = {"draft_request", "edit_request", "keep_changes"}
PREPARING = {"draft_answer"}
ANSWERING = {"open_slip", "answer_slip", "keep_draft", "attach_paper", "detach_paper"}
ENTERING = {"enter_answer"}  # what came on paper or by telephone


def refer(cast):
    return actions.refer_request(steps.close_with_opinions(cast), by=cast.chair)


def refer_without_majority(cast):
    return actions.refer_request(steps.close_without_majority(cast), by=cast.chair)


def withdraw(cast):
    return actions.withdraw_request(steps.send(cast), by=cast.vice_chair, reason="Cơ quan chủ trì đề nghị.")


def correct(cast):
    return actions.correct_dossier(steps.send(cast), by=cast.secretary, reason="Sai số liệu.")


MOMENTS = {
    "empty draft": lambda cast: steps.draft(cast, questions=(), papers=0),
    "draft": steps.draft,
    "submitted": steps.submit,
    "open": steps.send,
    "open, dossier being corrected": correct,
    "open, the day before": steps.send,
    "open, the last hours": steps.send,
    "open, deadline passed": steps.send,
    "agreed": steps.close_agreed,
    "agreed with opinions": steps.close_with_opinions,
    "no majority": steps.close_without_majority,
    "referred": refer,
    "referred, no majority": refer_without_majority,
    "referred, remarks explained": steps.explain_all,
    "reported": steps.report,
    "a session is called for": steps.close_with_a_call_for_a_session,
    "collected again": steps.collect_again,
    "before a session": steps.put_before_a_session,
    "decided": lambda cast: steps.decide(cast, steps.close_agreed(cast)),
    "withdrawn": withdraw,
}

# moment: {who: actions}; who is not named may do nothing
REQUEST = {
    "empty draft": {"secretary": DRAFTING},
    "draft": {"secretary": DRAFTING | {"submit_request"}},
    "submitted": {
        "chair": {"approve_request", "return_request"},
        "vice_chair": {"approve_request", "return_request"},
    },
    "open": {
        "secretary": {"correct_dossier"},
        "chair": {"withdraw_request", "move_deadline"},
        "vice_chair": {"withdraw_request", "move_deadline"},
    },
    "open, dossier being corrected": {
        "secretary": {"reissue_dossier"},
        "chair": {"withdraw_request", "move_deadline"},
        "vice_chair": {"withdraw_request", "move_deadline"},
    },
    "open, the day before": {
        "secretary": {"correct_dossier"},
        "chair": {"withdraw_request", "move_deadline"},
        "vice_chair": {"withdraw_request", "move_deadline"},
        "clock": {"remind_members"},
    },
    "open, the last hours": {
        "secretary": {"correct_dossier"},
        "chair": {"withdraw_request", "move_deadline"},
        "vice_chair": {"withdraw_request", "move_deadline"},
        "clock": {"remind_members", "escalate_request"},
    },
    "open, deadline passed": {"clock": {"close_request"}},
    "agreed": {
        "secretary": {"draft_decision", "refer_to_session"},
        "chair": {"refer_to_session"},
        "vice_chair": {"refer_to_session"},
    },
    "agreed with opinions": {
        "secretary": {"draft_decision", "refer_request", "refer_to_session"},
        "chair": {"refer_request", "refer_to_session"},
        "vice_chair": {"refer_request", "refer_to_session"},
    },
    "no majority": {  # the Office passes the opinions on (Điều 15(6)(a)), those who preside may order it
        "secretary": {"refer_request", "refer_to_session"},
        "chair": {"refer_request", "refer_to_session"},
        "vice_chair": {"refer_request", "refer_to_session"},
    },
    "referred": {  # the lead agency is the Ministry of Finance: its officer, and the minister who heads it
        "secretary": {"draft_decision", "record_office_opinion", "refer_to_session"},
        "chair": {"refer_to_session"},
        "vice_chair": {"refer_to_session"},
    },
    "referred, remarks explained": {
        "secretary": {"draft_decision", "record_office_opinion", "refer_to_session"},
        "chair": {"refer_to_session"},
        "vice_chair": {"refer_to_session"},
        "minister": {"report_on_opinions"},
        "submitter": {"report_on_opinions"},
    },
    "reported": {
        "secretary": {"draft_decision", "record_office_opinion", "refer_to_session", "collect_again"},
        "chair": {"refer_to_session"},
        "vice_chair": {"refer_to_session"},
        "minister": {"report_on_opinions"},
        "submitter": {"report_on_opinions"},
    },
    "referred, no majority": {
        "secretary": {"record_office_opinion", "refer_to_session"},
        "chair": {"refer_to_session"},
        "vice_chair": {"refer_to_session"},
    },
    "a session is called for": {
        "secretary": {"refer_request", "refer_to_session"},
        "chair": {"refer_request", "refer_to_session"},
        "vice_chair": {"refer_request", "refer_to_session"},
    },
    "collected again": {},
    "before a session": {"secretary": {"record_office_opinion"}},
    "decided": {},
    "withdrawn": {},
}

# The slip of the Minister of Finance. Stand-ins have no vote and are nobody here (Điều 25(1)).
SLIP = {
    "pending": {"assistant": PREPARING, "minister": ANSWERING, "secretary": ENTERING},
    "drafted": {
        "assistant": PREPARING | {"submit_answer"},
        "minister": ANSWERING,
        "secretary": ENTERING,
    },
    "draft before the member": {"minister": ANSWERING | {"return_answer"}, "secretary": ENTERING},
    "draft returned": {"assistant": PREPARING, "minister": ANSWERING, "secretary": ENTERING},
    "answered": {"minister": ANSWERING | {"withdraw_answer"}},
    "entered by an officer": {"minister": ANSWERING | {"withdraw_answer"}, "secretary": ENTERING},
    "answered otherwise": {"minister": ANSWERING | {"withdraw_answer", "reserve_dissent"}},
    "answered otherwise, deadline passed": {"minister": {"reserve_dissent"}},
    "answered otherwise, closed": {"minister": {"reserve_dissent"}},
    "pending, deadline passed": {"clock": {"count_silence"}},
    "drafted, deadline passed": {"clock": {"count_silence"}},
    "answered, deadline passed": {},
    "silent": {},
    "answered, closed": {},
    "withdrawn": {},
}


# The remark of the Minister of Health; the lead agency is the Ministry of Finance
EXPLAINING = {"minister": {"explain_remark"}, "submitter": {"explain_remark"}}
REMARK = {
    "closed": {},
    "referred": EXPLAINING,
    "explained": {**EXPLAINING, "secretary": {"settle_remark"}},
    "settled": {"other_minister": {"answer_settlement"}},
    "maintained": {"other_minister": {"answer_settlement"}},
    "settled, before a session": {"other_minister": {"answer_settlement"}},
    "settled, decided": {},
}


def everyone(cast):
    return {**{name: getattr(cast, name) for name in CAST}, "clock": CLOCK, "worker": WORKER}


def reach(cast, moment):
    """The slip of the Minister of Finance at that moment."""
    state, _, when = moment.partition(", ")
    opinion_request = steps.send(cast)
    slip = steps.slip_of(opinion_request, cast.minister)
    answers = steps.give(opinion_request, steps.AGREE)
    if state in ("drafted", "draft before the member", "draft returned"):
        actions.draft_answer(slip, by=cast.assistant, answers=answers)
    if state in ("draft before the member", "draft returned"):
        actions.submit_answer(slip, by=cast.assistant)
    if state == "draft returned":
        actions.return_answer(slip, by=cast.minister, reason="Nêu rõ căn cứ.")
    if state == "answered":
        actions.answer_slip(slip, by=cast.minister, answers=answers)
    if state == "answered otherwise":
        steps.answer(opinion_request, cast.minister, "other", "Cần lộ trình.")
    if state == "entered by an officer":
        steps.enter(opinion_request, cast.minister, by=cast.secretary)
    if state == "silent" or when == "closed":
        steps.close(opinion_request)
    if state == "withdrawn":
        actions.withdraw_request(opinion_request, by=cast.chair, reason="Rút để bổ sung.")
    return OpinionSlip.objects.get(pk=slip.pk)


def at_moment(opinion_request, moment):
    """The time of the office that the moment speaks of."""
    if "deadline passed" in moment:
        return steps.after_the_deadline(opinion_request)
    hours = {"the day before": 24, "the last hours": 4}.get(moment.partition(", ")[2])
    return clock.at(opinion_request.deadline - timedelta(hours=hours)) if hours else nullcontext()


@pytest.mark.parametrize("moment", REQUEST)
def test_who_may_do_what_with_a_request(cast, moment):
    opinion_request = OpinionRequest.objects.get(pk=MOMENTS[moment](cast).pk)
    with at_moment(opinion_request, moment):
        found = {
            name: set(rules.REQUEST.allowed(person, opinion_request))
            for name, person in everyone(cast).items()
        }
    assert {name: allowed for name, allowed in found.items() if allowed} == REQUEST[moment]


@pytest.mark.parametrize("moment", SLIP)
def test_who_may_do_what_with_a_slip(cast, moment):
    slip = reach(cast, moment)
    with at_moment(slip.request, moment):
        found = {name: set(rules.SLIP.allowed(person, slip)) for name, person in everyone(cast).items()}
    assert {name: allowed for name, allowed in found.items() if allowed} == SLIP[moment]


@pytest.mark.parametrize("moment", REMARK)
def test_who_may_do_what_with_a_remark(cast, moment):
    remark = steps.reach_remark(cast, moment)
    found = {name: set(rules.REMARK.allowed(person, remark)) for name, person in everyone(cast).items()}
    assert {name: allowed for name, allowed in found.items() if allowed} == REMARK[moment]


def test_a_member_out_of_office_answers_no_more(cast):
    opinion_request = steps.send(cast)
    cast.minister.appointments.update(valid_until=clock.today() - timedelta(days=1))
    former = type(cast.minister).objects.get(pk=cast.minister.pk)
    assert rules.SLIP.allowed(former, steps.slip_of(opinion_request, cast.minister)) == []


# Reading

OFFICE, PRESIDING = {"secretary"}, {"chair", "vice_chair"}
ASKED = {"chair", "vice_chair", "minister", "other_minister", "third_minister", "assistant"}
SEES_REQUEST = {
    "draft": OFFICE,
    "submitted": OFFICE | PRESIDING,
    "open": OFFICE | ASKED | {"auditor"},
    "agreed": OFFICE | ASKED | {"auditor"},
    "decided": OFFICE | ASKED | {"auditor"},
    "withdrawn": OFFICE | ASKED | {"auditor"},
}


@pytest.mark.parametrize("moment", SEES_REQUEST)
def test_who_sees_a_request(cast, moment):
    opinion_request = MOMENTS[moment](cast)
    seen = {
        name
        for name in CAST
        if OpinionRequest.objects.visible_to(getattr(cast, name)).filter(pk=opinion_request.pk).exists()
    }
    assert seen == SEES_REQUEST[moment]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("open", {"minister", "assistant", "secretary", "auditor"}), ("agreed", OFFICE | ASKED | {"auditor"})],
)
def test_members_see_each_others_slips_only_once_the_opinions_are_collected(cast, moment, expected):
    slip = steps.slip_of(MOMENTS[moment](cast), cast.minister)
    seen = {
        name
        for name in CAST
        if OpinionSlip.objects.visible_to(getattr(cast, name)).filter(pk=slip.pk).exists()
    }
    assert seen == expected


@pytest.mark.parametrize("moment", REQUEST)
def test_who_may_act_may_also_see(cast, moment):
    opinion_request = OpinionRequest.objects.get(pk=MOMENTS[moment](cast).pk)
    for name in CAST:
        person = getattr(cast, name)
        if rules.REQUEST.allowed(person, opinion_request):
            assert OpinionRequest.objects.visible_to(person).filter(pk=opinion_request.pk).exists(), name


# The guards say what is missing


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"questions": ()}, "Ask at least one question."),
        ({"papers": 0}, "The dossier is empty: add at least one paper."),
    ],
)
def test_an_incomplete_request_is_not_submitted(cast, fields, reason):
    with pytest.raises(Conflict, match=reason):
        actions.submit_request(steps.draft(cast, **fields), by=cast.secretary)


@pytest.mark.parametrize(
    ("state", "reason"),
    [(WorkState.QUEUED, "still being checked"), (WorkState.FAILED, "could not be accepted")],
)
def test_papers_are_looked_into_before_anyone_is_shown_them(cast, state, reason):
    opinion_request = steps.draft(cast)
    steps.make_paper(opinion_request.dossier, state=state)
    with pytest.raises(Conflict, match=reason):
        actions.submit_request(opinion_request, by=cast.secretary)


@pytest.mark.parametrize("working_days", [1, 6])
def test_the_deadline_lies_within_two_to_five_working_days(cast, working_days):
    from tests.factories import deadline_in

    opinion_request = steps.draft(cast, deadline=deadline_in(cast.rule_set, working_days))
    with pytest.raises(Conflict, match="2 to 5 working days"):
        actions.submit_request(opinion_request, by=cast.secretary)


@pytest.mark.parametrize("working_days", [2, 5])
def test_both_ends_of_the_span_are_allowed(cast, working_days):
    from tests.factories import deadline_in

    opinion_request = steps.submit(cast, deadline=deadline_in(cast.rule_set, working_days))
    assert opinion_request.status == rules.RequestStatus.SUBMITTED


def test_without_confirmed_rules_nothing_is_sent(cast):
    opinion_request = steps.draft(cast)
    cast.rule_set.delete()
    with pytest.raises(Conflict, match="No confirmed rule set"):
        actions.submit_request(opinion_request, by=cast.secretary)
