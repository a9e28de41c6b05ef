"""Whatever happens in whatever order: no answer is lost, none counts twice, none comes in after the close."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from decisions.calendar import add_working_days
from opinions import actions
from opinions.counting import find_differences
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip
from opinions.rules import RequestStatus, SheetStanding, SheetWay, SlipStatus
from people.models import Appointment, User
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db
POSITIONS = {"agree": "", "disagree": "Chưa đủ căn cứ.", "other": "Cần làm rõ."}
MEMBERS = ("chair", "vice_chair", "minister", "other_minister", "third_minister")
EXAMPLES, STEPS = 4, 12  # few, and each time others
STAND_IN = "auditor"  # of the minister, by the register
SHORTEST, LONGEST = 2, 5  # working days, as the rule set has it
members, positions = st.sampled_from(MEMBERS), st.sampled_from(sorted(POSITIONS))


class Collection(RuleBasedStateMachine):
    """One request before five members, one of whom has a stand-in; beside it a plain model of what must come
    out: who has which answer, and every answer that was ever given."""

    cast = None
    stand_ins_answer = False

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        kind = factories.make_kind(self.cast.body, name="Phiếu", stand_ins_answer=self.stand_ins_answer)
        self.request = steps.send(self.cast, kind=kind, deadline=self.day(4))
        OpinionSlip.objects.filter(request=self.request, member=self.cast.minister).update(
            stand_in=getattr(self.cast, STAND_IN).appointments.get()
        )
        self.now = clock.now()
        self.counts, self.given, self.gone = {}, 0, set()

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def day(self, number):
        return factories.at_hour(add_working_days(clock.today(), number, set()))

    @property
    def is_open(self):
        return self.request.status == RequestStatus.OPEN

    @property
    def takes_answers(self):
        return self.is_open and self.now < self.request.deadline

    def read(self):
        self.request = OpinionRequest.objects.get(pk=self.request.pk)

    def person(self, who):
        """As she signs in: with the offices of this moment."""
        return User.objects.get(pk=getattr(self.cast, who).pk)

    def slip(self, who):
        return self.request.slips.get(member=getattr(self.cast, who))

    def note(self, who, *answer):
        """The same answer by the same person is the same answer."""
        self.given += self.counts.get(who) != answer
        self.counts[who] = answer

    def do(self, deed, *, is_possible):
        """It is done where the model says so, and refused with a reason where not: nothing in between."""
        with clock.at(self.now):
            try:
                with transaction.atomic():
                    deed()
            except (Conflict, PermissionDenied):
                assert not is_possible
                return False
        assert is_possible
        return True

    # What members do

    @rule(who=members, position=positions)
    def answer(self, who, position):
        def deed():
            actions.answer_slip(self.slip(who), by=self.person(who), answers=self.say(position))

        if self.do(deed, is_possible=self.takes_answers and who not in self.gone):
            self.note(who, position, who, SheetWay.ONLINE)

    @rule(position=positions)
    def answer_as_the_stand_in(self, position):
        def deed():
            actions.answer_slip(self.slip("minister"), by=self.person(STAND_IN), answers=self.say(position))

        may = self.takes_answers and self.stand_ins_answer and "minister" not in self.gone
        if self.do(deed, is_possible=may):
            self.note("minister", position, STAND_IN, SheetWay.ONLINE)

    @rule(who=members, position=positions)
    def answer_for_another(self, who, position):
        """Nobody does, whatever her office."""
        other = self.person(MEMBERS[MEMBERS.index(who) - 1])
        answers = self.say(position)
        self.do(lambda: actions.answer_slip(self.slip(who), by=other, answers=answers), is_possible=False)

    @rule(who=members)
    def withdraw(self, who):
        may = self.takes_answers and who in self.counts and who not in self.gone
        if self.do(
            lambda: actions.withdraw_answer(self.slip(who), by=self.person(who)),
            is_possible=may,
        ):
            del self.counts[who]

    @rule(who=members, position=positions)
    def keep_words(self, who, position):
        """A draft is no answer."""
        self.do(
            lambda: actions.keep_draft(self.slip(who), by=self.person(who), answers=self.say(position)),
            is_possible=self.takes_answers and who not in self.gone,
        )

    @rule(who=members, position=positions)
    def enter_by_telephone(self, who, position):
        def enter():
            actions.enter_answer(
                self.slip(who),
                by=self.cast.secretary,
                answers=self.say(position),
                way=SheetWay.TELEPHONE,
                reason="Đang đi công tác.",
            )

        answered_herself = who in self.counts and self.counts[who][-1] == SheetWay.ONLINE
        may = self.takes_answers and who not in self.gone and not answered_herself
        if self.do(enter, is_possible=may):
            self.counts.pop(who, None)  # each call is an answer of its own
            self.note(who, position, who, SheetWay.TELEPHONE)

    def say(self, position):
        return steps.give(self.request, (position, POSITIONS[position]))

    # What happens to the request

    @precondition(lambda self: self.takes_answers)
    @rule(number=st.integers(SHORTEST, LONGEST))
    def move_the_deadline(self, number):
        before, after = self.request.deadline, self.day(number)

        def move():
            actions.move_deadline(self.request, by=self.cast.chair, deadline=after, reason="Cần thêm giờ.")

        may = after != before and after - self.now >= timedelta(hours=1)
        self.do(move, is_possible=may)
        self.read()

    @precondition(lambda self: self.takes_answers)
    @rule(voids=st.booleans(), asks_otherwise=st.booleans())
    def put_before_them_anew(self, voids, asks_otherwise):
        with clock.at(self.now):
            actions.correct_dossier(self.request, by=self.cast.secretary, reason="Sai phụ lục.")
            self.read()
            steps.make_paper(self.request.dossier)
            questions = [f"Câu hỏi lần {self.request.issue + 1}?"] if voids and asks_otherwise else None
            actions.reissue_dossier(
                self.request,
                by=self.cast.secretary,
                reason="Sai phụ lục.",
                voids_answers=voids,
                questions=questions,
            )
        self.read()
        if voids:
            self.counts = {}

    @precondition(lambda self: self.is_open)
    @rule(who=st.sampled_from(MEMBERS[2:]))
    def leave_office(self, who):
        """What she has answered was given in office and counts; of her silence nothing is made."""
        offices = Appointment.objects.filter(user=getattr(self.cast, who))
        offices.update(valid_until=factories.LONG_AGO)
        self.gone.add(who)

    @precondition(lambda self: self.is_open)
    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.is_open)
    @rule(late=st.integers(0, 100))
    def come_to_the_end(self, late):
        self.now = max(self.now, self.request.deadline + timedelta(seconds=late))

    @rule()
    def close(self):
        may = self.is_open and self.now >= self.request.deadline
        self.do(lambda: actions.close_request(self.request, by=CLOCK), is_possible=may)
        self.read()

    # What holds at every moment

    @invariant()
    def every_answer_is_kept(self):
        assert AnswerSheet.objects.filter(slip__request=self.request).count() == self.given

    @invariant()
    def those_count_that_must_and_no_others(self):
        counting = AnswerSheet.objects.filter(slip__request=self.request, standing=SheetStanding.COUNTS)
        said = [(sheet.slip.member_id, sheet.answers.get().position, sheet.given_by_id) for sheet in counting]
        pk = {who: getattr(self.cast, who).pk for who in (*MEMBERS, STAND_IN)}
        assert sorted(said) == sorted(
            (pk[who], position, pk[by]) for who, (position, by, _) in self.counts.items()
        )

    @invariant()
    def nothing_stored_contradicts_the_facts(self):
        assert list(find_differences(OpinionRequest.objects.get(pk=self.request.pk))) == []

    @invariant()
    def the_result_is_that_of_the_model(self):
        if not self.request.is_counted:
            return
        result = self.request.questions.get().result
        released = self.gone - set(self.counts)
        assert result["classes"] == Counter(position for position, *_ in self.counts.values())
        assert result["members"] == len(MEMBERS) - len(released)
        assert result["silent"] == result["members"] - len(self.counts)
        slips = self.request.slips.filter(status=SlipStatus.RELEASED)
        assert slips.count() == len(released)


@pytest.mark.parametrize("stand_ins_answer", [False, True])
def test_no_order_of_events_loses_an_answer_counts_one_twice_or_lets_one_in_after_the_close(
    cast, stand_ins_answer
):
    chosen = {"cast": cast, "stand_ins_answer": stand_ins_answer}
    machine = type("CollectionOfACast", (Collection,), chosen)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],  # a dozen steps can be read as they are; shortening takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_for_a_member_who_has_left_office_nobody_answers(cast):
    kind = factories.make_kind(cast.body, name="Có người thay", stand_ins_answer=True)
    opinion_request = steps.send(cast, kind=kind)
    slip = steps.slip_of(opinion_request, cast.minister)
    slip.stand_in = cast.auditor.appointments.get()
    slip.save()
    Appointment.objects.filter(user=cast.minister).update(valid_until=factories.LONG_AGO)
    answers = steps.give(opinion_request, steps.AGREE)
    with pytest.raises(PermissionDenied):
        actions.answer_slip(slip, by=cast.auditor, answers=answers)
    with pytest.raises(Conflict, match="has left office"):
        actions.enter_answer(
            slip, by=cast.secretary, answers=answers, way=SheetWay.TELEPHONE, reason="Gọi điện."
        )
