"""The deeds around a dossier on its way: done, refused, and each with its one trace."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK
from core.workflow import Conflict
from documents import actions as documents
from documents.rules import DocumentKind
from notifications.models import Notification
from opinions import actions as opinions
from opinions.models import OpinionRequest
from submissions import actions
from submissions.models import MatterKind, Submission
from submissions.rules import SubmissionStatus
from submissions.tasks import remind_of_days
from tests import factories
from tests.opinions import steps as opinion_steps
from tests.submissions import steps

pytestmark = pytest.mark.django_db


def told(kind):
    """Who was told so, by name."""
    return set(Notification.objects.filter(kind=kind).values_list("recipient__full_name", flat=True))


def traces():
    events = AuditEvent.objects.filter(action__startswith="submissions.").order_by("pk")
    return [action.removeprefix("submissions.") for action in events.values_list("action", flat=True)]


def yesterday():
    return clock.today() - timedelta(days=1)


def test_the_dossier_goes_to_the_office_and_back_and_to_the_office(cast):
    submission = steps.complete(cast)
    assert submission.dossier.is_with_agency
    submission = actions.hand_in_submission(submission, by=cast.submitter)
    assert not steps.fresh(submission).dossier.is_with_agency
    actions.return_submission(submission, by=cast.secretary, reason="  Thiếu thẩm định.  ")
    submission = steps.fresh(submission)
    assert (submission.status, submission.return_reason) == ("returned", "Thiếu thẩm định.")
    assert submission.dossier.is_with_agency
    submission = actions.hand_in_submission(submission, by=cast.submitter)
    submission = actions.accept_submission(submission, by=cast.secretary)
    assert submission.status == SubmissionStatus.ACCEPTED
    assert (submission.accepted_by_name, submission.handed_in_by_name) == ("Hoàng Minh Khôi", "Đào Thị Lụa")
    assert traces() == [
        "add_matter_kind",
        "prepare_submission",
        "hand_in_submission",
        "return_submission",
        "hand_in_submission",
        "accept_submission",
    ]
    assert AuditEvent.objects.filter(action="documents.hand_over_dossier").count() == 3
    assert told("submissions/handed_in") == {"Hoàng Minh Khôi"}
    assert told("submissions/returned") == told("submissions/accepted") == {"Đào Thị Lụa"}


def test_while_the_office_has_it_the_agency_changes_nothing_and_the_other_way_round(cast):
    submission = steps.complete(cast)
    paper = submission.dossier.papers.first()
    with pytest.raises(PermissionDenied):
        documents.remove_paper(paper, by=cast.secretary)
    actions.hand_in_submission(submission, by=cast.submitter)
    with pytest.raises(PermissionDenied):
        documents.remove_paper(paper, by=cast.submitter)
    with pytest.raises(PermissionDenied):
        documents.hand_over_dossier(submission.dossier, by=cast.submitter, to_office=False)


def test_the_office_prepares_for_an_agency_that_hands_in_on_paper(cast):
    submission = steps.hand_in(cast, by=cast.secretary, agency=cast.home)
    assert not submission.dossier.is_with_agency
    actions.return_submission(submission, by=cast.secretary, reason="Thiếu.")
    assert not steps.fresh(submission).dossier.is_with_agency, "nobody there could work on it"
    assert told("submissions/returned") == {"Hoàng Minh Khôi"}


def test_what_the_office_began_goes_to_the_agency_s_officers_when_it_is_returned(cast):
    submission = steps.hand_in(cast, by=cast.secretary, agency=cast.health)
    actions.return_submission(submission, by=cast.secretary, reason="Thiếu.")
    assert steps.fresh(submission).dossier.is_with_agency
    assert told("submissions/returned") == {"Kha Văn Tới"}


def test_a_new_day_moves_the_day_to_hand_in_and_a_new_title_does_not(cast):
    with steps.on(steps.MONDAY):
        submission = steps.prepare(cast, wanted_on=steps.FRIDAY)
        Submission.objects.update(reminded_at=clock.now())
        given = {"by": cast.submitter, "kind": submission.kind, "title": "Tên khác"}
        submission = actions.edit_submission(submission, wanted_on=steps.FRIDAY, **given)
        assert submission.reminded_at and str(steps.fresh(submission)) == "Tên khác"
        later = steps.FRIDAY + timedelta(days=7)
        submission = actions.edit_submission(submission, wanted_on=later, **given)
    assert submission.due_on == date(2026, 12, 1)
    assert submission.reminded_at is None


def test_nobody_plans_for_a_day_that_has_passed_but_an_old_plan_may_be_worded_anew(cast):
    with steps.on(steps.MONDAY):
        submission = steps.prepare(cast, wanted_on=steps.FRIDAY)
        with pytest.raises(Conflict, match="has passed"):
            steps.prepare(cast, wanted_on=date(2026, 11, 20))
    with steps.on(steps.FRIDAY + timedelta(days=3)):
        given = {"by": cast.submitter, "kind": submission.kind, "title": "Tên mới"}
        actions.edit_submission(submission, wanted_on=steps.FRIDAY, **given)
        with pytest.raises(Conflict, match="has passed"):
            actions.edit_submission(submission, wanted_on=date(2026, 11, 26), **given)


def test_a_dossier_handed_in_again_is_late_when_its_day_has_passed_meanwhile(cast):
    with steps.on(steps.MONDAY):
        submission = steps.hand_in(cast, wanted_on=steps.FRIDAY)
        assert not submission.is_late
        actions.return_submission(submission, by=cast.secretary, reason="Thiếu.")
    with steps.on(steps.FRIDAY):
        submission = actions.hand_in_submission(submission, by=cast.submitter)
        assert submission.is_late
        actions.propose_removal(submission, by=cast.secretary, reason="Quá hạn.")
    assert told("submissions/removal_proposed") == {"Đào Thị Lụa", "Phạm Quang Minh", "Lê Thị Thanh Hà"}


def draft_from(cast, submission, **fields):
    return opinions.draft_request(opinion_steps.begin(cast), by=cast.secretary, submission=submission)


def test_one_accepted_dossier_goes_into_one_request(cast):
    submission = steps.accept(cast)
    opinion_request = draft_from(cast, submission)
    assert opinion_request.dossier == submission.dossier
    assert opinion_request.dossier.papers.count() == 3
    assert told("submissions/taken_up") == {"Đào Thị Lụa"}
    with pytest.raises(Conflict, match="already"):
        draft_from(cast, submission)
    assert OpinionRequest.objects.count() == 1


@pytest.mark.parametrize("state", [steps.complete, steps.hand_in, steps.give_back])
def test_nothing_is_drafted_from_what_is_not_accepted(cast, state):
    submission = state(cast)
    with pytest.raises(Conflict):
        draft_from(cast, submission)
    assert not OpinionRequest.objects.exists()


def test_a_request_belongs_to_the_body_of_its_dossier(cast):
    abroad = opinion_steps.begin(cast, body=cast.province)
    with pytest.raises(PermissionDenied):
        opinions.draft_request(abroad, by=cast.outside_secretary, submission=steps.accept(cast))


# The clock


def test_each_is_reminded_once(cast):
    with steps.on(steps.MONDAY - timedelta(days=3)):
        steps.prepare(cast, wanted_on=steps.FRIDAY, title="Của Bộ Tài chính")  # due on Tuesday
        steps.prepare(cast, wanted_on=steps.FRIDAY + timedelta(days=7), title="Còn lâu")
    for hour in (8, 9):
        with steps.on(steps.MONDAY, hour=hour):
            remind_of_days()
    notice = Notification.objects.get(kind="submissions/due_soon")
    assert (notice.recipient, notice.context["due_on"]) == (cast.submitter, "24/11/2026")


def test_the_office_hears_once_of_a_dossier_that_nobody_checked(cast):
    submission = steps.hand_in(cast)
    for days in (0, 1, 2):
        with steps.on(submission.check_by + timedelta(days=days)):
            remind_of_days()
    assert Notification.objects.filter(kind="submissions/check_overdue").count() == 1
    assert told("submissions/check_overdue") == {"Hoàng Minh Khôi"}


def test_one_that_fails_holds_up_no_other(cast, monkeypatch, caplog):
    with steps.on(steps.MONDAY):
        first = steps.prepare(cast, wanted_on=steps.FRIDAY)
        second = steps.prepare(cast, wanted_on=steps.FRIDAY)
        remind = actions.remind_of_submission

        def stumble(submission, *, by):
            if submission == first:
                raise RuntimeError("no")
            return remind(submission, by=by)

        monkeypatch.setattr(actions, "remind_of_submission", stumble)
        remind_of_days()
    assert Submission.objects.get(reminded_at__isnull=False) == second
    assert "Nobody could be reminded" in caplog.text


def test_only_the_clock_reminds(cast):
    with steps.on(steps.MONDAY):
        submission = steps.prepare(cast, wanted_on=steps.FRIDAY)
        with pytest.raises(PermissionDenied):
            actions.remind_of_submission(submission, by=cast.secretary)
        actions.remind_of_submission(submission, by=CLOCK)


# Kinds of matters


def test_a_kind_that_has_ended_is_kept_by_those_begun_under_it(cast):
    kind = steps.make_kind(cast)
    submission = steps.complete(cast, kind=kind)
    actions.end_matter_kind(kind, by=cast.administrator, last_day=yesterday())
    with pytest.raises(Conflict, match="not in force"):
        steps.prepare(cast, kind=MatterKind.objects.get())
    stricter = steps.make_kind(cast, required=[DocumentKind.REPORT], valid_from=clock.today())
    actions.edit_submission(submission, by=cast.submitter, kind=submission.kind, title="Tên mới")
    actions.hand_in_submission(submission, by=cast.submitter)
    assert steps.prepare(cast, kind=stricter).kind == stricter


def test_two_kinds_of_one_name_are_never_in_force_together(cast):
    kind = steps.make_kind(cast, name="Việc khác")
    with pytest.raises(Conflict, match="End it first"):
        steps.make_kind(cast, name="việc Khác", valid_from=clock.today())
    actions.end_matter_kind(kind, by=cast.administrator, last_day=yesterday())
    with pytest.raises(Conflict, match="End it first"):
        steps.make_kind(cast, name="Việc khác", valid_from=yesterday())
    successor = steps.make_kind(cast, name="Việc khác", valid_from=clock.today())
    assert list(MatterKind.objects.in_force(cast.body)) == [successor]
    assert list(MatterKind.objects.in_force(cast.body, yesterday())) == [kind]


def test_a_kind_ends_once_and_not_before_it_begins(cast):
    kind = steps.make_kind(cast)
    with pytest.raises(Conflict, match="before the first"):
        actions.end_matter_kind(kind, by=cast.administrator, last_day=factories.LONG_AGO - timedelta(days=1))
    kind = actions.end_matter_kind(kind, by=cast.administrator, last_day=clock.today())
    assert kind.is_in_force, "on its last day"
    with pytest.raises(Conflict, match="entered already"):
        actions.end_matter_kind(kind, by=cast.administrator, last_day=clock.today())


def test_a_kind_of_another_body_cannot_be_chosen(cast):
    foreign = MatterKind.objects.create(
        body=cast.province, name="Việc của tỉnh", source="Quy chế", valid_from=factories.LONG_AGO
    )
    with pytest.raises(PermissionDenied):
        steps.prepare(cast, kind=foreign)
    submission = steps.prepare(cast)
    with pytest.raises(Conflict, match="not in force"):
        actions.edit_submission(submission, by=cast.submitter, kind=foreign, title="A")
