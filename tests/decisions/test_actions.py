"""Rules come into force; resolutions get their numbers without gap, whoever hurries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from core import clock
from core.actors import WORKER
from core.workflow import Conflict
from decisions import actions
from decisions.models import DayOff, NumberRegister, Resolution, RuleSet
from documents.models import Distribution, DocumentVersion
from people.models import User
from people.rules import Role
from tests import factories
from tests.decisions.conftest import hand_in_pdf


def list_trail(action):
    return AuditEvent.objects.filter(action=f"decisions.{action}")


class TestRuleSets:
    def make_next(self, cast, **fields):
        fields.setdefault("valid_from", date(2027, 1, 1))
        return RuleSet(body=cast.body, name="Quy chế mới", source="Nghị định 1/2027/NĐ-CP", **fields)

    def test_new_rules_are_in_force_from_their_day(self, cast):
        new = actions.confirm_rule_set(self.make_next(cast), by=cast.administrator)
        assert RuleSet.objects.in_force(cast.body, date(2026, 12, 31)) == cast.rule_set
        assert RuleSet.objects.in_force(cast.body, date(2027, 1, 1)) == new
        assert list_trail("confirm_rule_set").count() == 1

    def test_rules_in_force_are_not_confirmed_again(self, cast):
        with pytest.raises(Conflict):
            actions.confirm_rule_set(cast.rule_set, by=cast.administrator)

    def test_two_rule_sets_do_not_begin_on_one_day(self, cast):
        same_day = self.make_next(cast, valid_from=cast.rule_set.valid_from)
        with pytest.raises(Conflict):
            actions.confirm_rule_set(same_day, by=cast.administrator)

    def test_rules_that_nobody_confirmed_are_not_in_force(self, cast):
        self.make_next(cast, valid_from=clock.today()).save()
        assert RuleSet.objects.in_force(cast.body) == cast.rule_set

    def test_a_secretary_does_not_set_rules(self, cast):
        with pytest.raises(PermissionDenied):
            actions.confirm_rule_set(self.make_next(cast), by=cast.secretary)
        assert not list_trail("confirm_rule_set").exists()

    def test_a_majority_cannot_be_more_than_the_whole(self, cast):
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.confirm_rule_set(
                self.make_next(cast, majority_numerator=3, majority_denominator=2), by=cast.administrator
            )

    def test_a_day_off_moves_the_deadline(self, cast):
        monday = date(2026, 11, 23)
        assert cast.rule_set.span_of_answer_days(monday)[0] == date(2026, 11, 25)
        actions.add_day_off(
            DayOff(body=cast.body, day=date(2026, 11, 24), name="Nghỉ bù"), by=cast.administrator
        )
        assert cast.rule_set.span_of_answer_days(monday)[0] == date(2026, 11, 26)
        assert list_trail("add_day_off").count() == 1

    def test_seats_without_a_member_are_counted(self, cast):
        assert cast.rule_set.count_vacant(25) == 0
        cast.rule_set.seats = 27
        assert cast.rule_set.count_vacant(25) == 2


class TestResolutions:
    def test_a_draft_is_kept_in_the_official_form(self, cast, draft):
        assert draft.full_number == ""
        assert draft.notation == "NQ-CP"
        assert draft.newest_rendering.task == "decisions.tasks.render_resolution"
        assert list_trail("draft_resolution").count() == 1

    def test_a_member_does_not_draft(self, cast):
        with pytest.raises(PermissionDenied):
            actions.draft_resolution(Resolution(body=cast.body), by=cast.minister, bases=[], articles=[])

    def test_editing_orders_a_new_layout_and_keeps_both_texts_in_the_trail(self, cast, laid_out):
        before = laid_out.newest_rendering
        actions.edit_resolution(
            laid_out,
            by=cast.secretary,
            subject="về vốn",
            bases=["Căn cứ Luật"],
            articles=["Một."],
            recipients=[],
        )
        assert laid_out.newest_rendering != before
        details = list_trail("edit_resolution").get().details
        assert details["before"]["articles"] == ["Điều chuyển vốn."]
        assert details["after"]["articles"] == ["Một."]

    def test_nobody_approves_what_is_not_laid_out_yet(self, cast, draft):
        with pytest.raises(Conflict):
            actions.approve_resolution(draft, by=cast.chair)

    def test_who_approves_is_named_as_signer(self, cast, laid_out):
        approved = actions.approve_resolution(laid_out, by=cast.chair)
        assert approved.signer.user == cast.chair
        assert list_trail("approve_resolution").get().details["text_sha256"]

    def test_who_holds_both_offices_on_one_day_signs_as_chair(self, cast, laid_out):
        cast.chair.appointments.update(valid_until=clock.today() - timedelta(days=1))
        factories.appoint(cast.vice_chair, Role.CHAIR, cast.body)
        approved = actions.approve_resolution(laid_out, by=User.objects.get(pk=cast.vice_chair.pk))
        assert approved.signer.role == Role.CHAIR

    def test_the_signer_presides_this_body_today(self, cast):
        elsewhere = factories.make_officer("Chủ tịch tỉnh", Role.CHAIR, cast.province).appointments.get()
        former = factories.appoint(
            cast.nobody, Role.VICE_CHAIR, cast.body, valid_until=clock.today() - timedelta(days=1)
        )
        for signer in (elsewhere, former, cast.minister.appointments.get()):
            resolution = Resolution(body=cast.body, rule_set=cast.rule_set, signer=signer)
            with pytest.raises(Conflict):
                actions.draft_resolution(resolution, by=cast.secretary, bases=[], articles=["Một."])

    def test_an_approved_text_is_not_edited(self, cast, approved):
        with pytest.raises(Conflict):
            actions.edit_resolution(
                approved, by=cast.secretary, subject="x", bases=[], articles=["y"], recipients=[]
            )

    def test_numbers_begin_at_one_each_year(self, cast, approved):
        NumberRegister.objects.create(body=cast.body, notation="NQ-CP", year=2025, last=412)
        issued = actions.issue_resolution(approved, by=cast.secretary, issued_on=date(2026, 11, 20))
        assert issued.full_number == "01/NQ-CP"
        assert issued.document.number == "01/NQ-CP"

    def test_a_second_click_gives_no_second_number(self, cast, issued):
        with pytest.raises(Conflict):
            actions.issue_resolution(issued, by=cast.secretary)
        assert NumberRegister.objects.get(body=cast.body).last == 1

    def test_a_released_resolution_is_given_to_its_readers(self, cast, issued):
        version = hand_in_pdf(issued, b"%PDF-1.7 with number")
        actions.release_resolution(issued, by=WORKER, version=version)
        seeing = DocumentVersion.objects.visible_to(cast.archivist).filter(pk=version.pk)
        assert seeing.exists()
        assert Distribution.objects.filter(version=version).count() == len(actions.READERS)
        assert list_trail("release_resolution").count() == 1

    def test_a_draft_is_not_released(self, cast, laid_out):
        with pytest.raises(Conflict):
            actions.release_resolution(laid_out, by=WORKER, version=laid_out.newest_rendering.version)

    def test_the_database_refuses_an_issued_resolution_without_number(self, cast, issued):
        with pytest.raises(IntegrityError), transaction.atomic():
            Resolution.objects.filter(pk=issued.pk).update(number=None)


@pytest.mark.django_db(transaction=True)
def test_many_officers_register_at_once_and_the_numbers_have_no_gap(cast, no_workers):
    resolutions = []
    for n in range(8):
        resolution = actions.draft_resolution(
            Resolution(
                body=cast.body,
                rule_set=cast.rule_set,
                lead_agency=cast.finance,
                subject=f"về việc thứ {n}",
                signer=cast.chair.appointments.get(),
            ),
            by=cast.secretary,
            bases=["Căn cứ Luật"],
            articles=["Một."],
        )
        hand_in_pdf(resolution)
        resolutions.append(actions.approve_resolution(resolution, by=cast.chair))
    colleague = factories.make_officer("Lý Hùng Dũng", "secretary", cast.body)

    def issue(n):
        try:
            return actions.issue_resolution(resolutions[n], by=cast.secretary if n % 2 else colleague).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(issue, range(8)))
    assert sorted(numbers) == list(range(1, 9))


def test_a_deadline_next_week_counts_working_days_only(cast):
    friday = date(2026, 11, 20)
    earliest, latest = cast.rule_set.span_of_answer_days(friday)
    assert (earliest, latest) == (friday + timedelta(days=4), friday + timedelta(days=7))
