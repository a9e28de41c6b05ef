"""What surrounds an answer: its paper, one that an officer enters, taking it back, and reserved dissent."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core.workflow import Conflict
from documents import actions as documents
from documents.models import DocumentVersion
from notifications.models import Notification
from opinions import actions
from opinions.models import OpinionSlip
from opinions.rules import SheetStanding, SlipStatus
from tests.conftest import CAST
from tests.documents.samples import make_pdf, received
from tests.opinions import steps

pytestmark = pytest.mark.django_db

FILE = "Bác đề án của Bộ Tài chính"


@pytest.fixture
def opened(cast):
    return steps.send(cast)


@pytest.fixture
def slip(cast, opened):
    return steps.slip_of(opened, cast.minister)


def trace(action):
    return AuditEvent.objects.filter(action=f"opinions.{action}")


def attach(slip, person):
    return actions.attach_paper(slip, by=person, upload=received(make_pdf(), name=f"{FILE}.pdf"))


# The paper that goes with an answer


def test_a_paper_goes_with_the_answer_and_is_the_members_alone_until_the_count(cast, opened, slip):
    attach(slip, cast.minister)
    version = steps.answer(opened, cast.minister, "other", "Xem phụ lục.").current_sheet.attachment
    seen = {name for name in CAST if _sees(getattr(cast, name), version)}
    assert seen == {"minister"}
    steps.close(opened)
    seen = {name for name in CAST if _sees(getattr(cast, name), version)}
    members = {"chair", "vice_chair", "minister", "other_minister", "third_minister"}
    assert seen == members | {"assistant", "secretary", "auditor"}


def _sees(person, version):
    return DocumentVersion.objects.visible_to(person).filter(pk=version.pk).exists()


def test_the_lead_agency_reads_it_when_the_opinions_are_passed_to_it(cast, opened, slip):
    attach(slip, cast.minister)
    version = steps.answer(opened, cast.minister, "other", "Xem phụ lục.").current_sheet.attachment
    closed = steps.close(opened)
    assert not _sees(cast.submitter, version)
    actions.refer_request(closed, by=cast.chair)
    assert _sees(cast.submitter, version)
    assert not _sees(cast.other_submitter, version)


def test_the_trail_names_neither_the_paper_nor_its_file_before_the_count(cast, opened, slip):
    attach(slip, cast.minister)
    steps.answer(opened, cast.minister, "other", "Xem phụ lục.")
    told = [
        str((event.target_name, "" if event.is_sealed else event.details))
        for event in AuditEvent.objects.all()
    ]
    assert not [words for words in told if FILE in words]


def test_what_was_sent_is_not_discarded_any_more(cast, opened, slip):
    attach(slip, cast.minister)
    version = slip.find_attachment(cast.minister)
    steps.answer(opened, cast.minister)
    with pytest.raises(Conflict, match="stays on record"):
        documents.discard_own_paper(version, by=cast.minister)


def test_a_paper_that_was_discarded_before_sending_does_not_go_along(cast, opened, slip):
    attach(slip, cast.minister)
    documents.discard_own_paper(slip.find_attachment(cast.minister), by=cast.minister)
    assert steps.answer(opened, cast.minister).current_sheet.attachment is None


def test_a_changed_answer_keeps_the_paper_until_it_is_taken_away(cast, opened, slip):
    attach(slip, cast.minister)
    first = steps.answer(opened, cast.minister).current_sheet
    second = steps.answer(opened, cast.minister, "other", "Cần lộ trình.").current_sheet
    assert second.attachment == first.attachment is not None
    actions.detach_paper(slip, by=cast.minister)
    third = steps.answer(opened, cast.minister, "other", "Cần lộ trình.").current_sheet
    assert third.attachment is None
    first.refresh_from_db()
    assert (first.standing, first.attachment) == (SheetStanding.REPLACED, second.attachment)


def test_a_new_paper_with_the_same_words_is_a_new_answer(cast, opened, slip):
    first = steps.answer(opened, cast.minister)
    attach(slip, cast.minister)
    assert steps.answer(opened, cast.minister).receipt != first.receipt


@pytest.mark.parametrize("name", ["assistant", "secretary", "other_minister", "nobody"])
def test_nobody_puts_a_paper_to_the_answer_of_another(cast, slip, name):
    for deed in (lambda by: attach(slip, by), lambda by: actions.detach_paper(slip, by=by)):
        with pytest.raises(PermissionDenied):
            deed(getattr(cast, name))


# Taking back


def test_an_answer_taken_back_is_kept_and_counts_no_more(cast, opened):
    steps.answer(opened, cast.minister, "disagree", "Chưa rõ.")
    slip = actions.withdraw_answer(steps.slip_of(opened, cast.minister), by=cast.minister)
    assert (slip.status, slip.answered_by, slip.receipt) == (SlipStatus.PENDING, None, "")
    (kept,) = slip.ended_sheets
    assert (kept.standing, kept.answers.get().reason) == (SheetStanding.WITHDRAWN, "Chưa rõ.")
    assert trace("withdraw_answer").get().is_sealed
    steps.close(opened)
    slip = OpinionSlip.objects.get(pk=slip.pk)
    assert slip.status == SlipStatus.SILENT
    assert opened.questions.get().result["disagree"] == 0


def test_nobody_takes_back_the_answer_of_another_or_after_the_deadline(cast, opened):
    slip = steps.answer(opened, cast.minister)
    for name in ("assistant", "secretary", "chair"):
        with pytest.raises(PermissionDenied):
            actions.withdraw_answer(slip, by=getattr(cast, name))
    with steps.after_the_deadline(opened), pytest.raises(Conflict, match="deadline has passed"):
        actions.withdraw_answer(slip, by=cast.minister)


# On paper, by telephone


def test_an_officer_enters_what_came_on_paper(cast, opened, slip):
    scan = received(make_pdf(), name=f"{FILE}.pdf")
    slip = steps.enter(
        opened,
        cast.minister,
        by=cast.secretary,
        position="other",
        words="Cần lộ trình.",
        way="paper",
        scan=scan,
    )
    sheet = slip.current_sheet
    assert (slip.status, slip.answered_by) == (SlipStatus.ANSWERED, cast.minister)
    assert (sheet.entered_by, sheet.given_by, sheet.way) == (cast.secretary, cast.minister, "paper")
    assert {name for name in CAST if _sees(getattr(cast, name), sheet.scan)} == {"minister", "secretary"}
    told = Notification.objects.get(kind="opinions/answer_entered")
    assert told.recipient == cast.minister
    event = trace("enter_answer").get()
    assert event.is_sealed
    assert event.details["way"] == "paper"
    steps.close(opened)
    assert opened.questions.get().result["other"] == 1


def test_the_member_replaces_what_was_entered_or_makes_the_same_words_her_own(cast, opened):
    entered = steps.enter(opened, cast.minister, by=cast.secretary)
    own = steps.answer(opened, cast.minister)
    assert own.receipt != entered.receipt
    assert not own.current_sheet.is_entered
    with pytest.raises(Conflict, match="Only she changes"):
        steps.enter(opened, cast.minister, by=cast.secretary)


def test_an_officer_corrects_what_was_entered_wrongly(cast, opened):
    steps.enter(opened, cast.minister, by=cast.secretary)
    again = steps.enter(opened, cast.minister, by=cast.secretary, position="disagree", words="Chưa đủ.")
    assert again.answers[0].position == "disagree"
    assert [sheet.standing for sheet in again.ended_sheets] == [SheetStanding.REPLACED]


def test_unsent_words_of_the_member_survive_what_is_entered(cast, opened, slip):
    actions.keep_draft(slip, by=cast.minister, answers=steps.give(opened, ("other", "Đang viết")))
    slip = steps.enter(opened, cast.minister, by=cast.secretary)
    assert slip.find_unsent(cast.minister) is not None


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"reason": " "}, "Say why"),
        ({"way": "paper"}, "Add the scan"),
        ({"way": "online"}, "how the answer came"),
        ({"way": "pigeon"}, "how the answer came"),
        ({"position": "other"}, "Give the reason"),
    ],
)
def test_an_incomplete_entry_is_refused(cast, opened, how, refusal):
    with pytest.raises(Conflict, match=refusal):
        steps.enter(opened, cast.minister, by=cast.secretary, **how)
    assert not trace("enter_answer").exists()


def test_an_answer_that_must_be_signed_does_not_come_by_telephone(cast, opened):
    type(cast.kind).objects.update(signing="required")
    with pytest.raises(Conflict, match="by telephone"):
        steps.enter(type(opened).objects.get(pk=opened.pk), cast.minister, by=cast.secretary)


def test_nothing_that_shows_who_voted_what_is_taken_in_a_secret_ballot(cast, opened):
    type(opened).objects.update(is_secret=True)
    secret = type(opened).objects.get(pk=opened.pk)
    with pytest.raises(Conflict, match="ballot is secret"):
        steps.enter(secret, cast.minister, by=cast.secretary)
    with pytest.raises(Conflict, match="ballot is secret"):
        attach(steps.slip_of(secret, cast.minister), cast.minister)


@pytest.mark.parametrize("name", ["minister", "assistant", "chair", "auditor", "outside_secretary"])
def test_only_the_office_enters_an_answer(cast, opened, name):
    with pytest.raises(PermissionDenied):
        steps.enter(opened, cast.minister, by=getattr(cast, name))


# Reserved dissent

WORDS = "Tôi bảo lưu ý kiến về mức phí tại Điều 5."


def test_who_did_not_agree_reserves_her_opinion(cast, opened):
    slip = steps.answer(opened, cast.minister, "disagree", "Chưa đủ nguồn lực.")
    slip = actions.reserve_dissent(slip, by=cast.minister, words=f" {WORDS} ")
    assert slip.dissent == WORDS
    assert trace("reserve_dissent").get().is_sealed
    actions.reserve_dissent(slip, by=cast.minister, words=WORDS)
    assert trace("reserve_dissent").count() == 1, "the same words are the same reservation"


def test_who_agreed_has_nothing_to_reserve(cast, opened):
    slip = steps.answer(opened, cast.minister)
    with pytest.raises(Conflict, match="You have agreed"):
        actions.reserve_dissent(slip, by=cast.minister, words=WORDS)


def test_a_reservation_goes_with_the_answer_that_differed(cast, opened):
    slip = steps.answer(opened, cast.minister, "disagree", "Chưa đủ nguồn lực.")
    actions.reserve_dissent(slip, by=cast.minister, words=WORDS)
    assert steps.answer(opened, cast.minister, "other", "Cần lộ trình.").dissent == WORDS
    assert steps.answer(opened, cast.minister).dissent == ""
    assert trace("reserve_dissent").get().details["after"] == WORDS, "the trail keeps it"


def test_after_the_count_the_synthesis_is_made_anew_with_it(cast, opened):
    steps.answer(opened, cast.minister, "disagree", "Chưa đủ nguồn lực.")
    closed = steps.close(opened)
    actions.reserve_dissent(steps.slip_of(closed, cast.minister), by=cast.minister, words=WORDS)
    assert closed.synthesis.renderings.count() == 2


def test_nothing_is_reserved_once_it_is_decided(cast, opened):
    steps.answer(opened, cast.minister, "disagree", "Chưa đủ nguồn lực.")
    steps.decide(cast, steps.close(opened))
    with pytest.raises(Conflict, match="is decided"):
        actions.reserve_dissent(steps.slip_of(opened, cast.minister), by=cast.minister, words=WORDS)


@pytest.mark.parametrize("name", ["assistant", "secretary", "chair", "other_minister"])
def test_nobody_reserves_for_another(cast, opened, name):
    slip = steps.answer(opened, cast.minister, "disagree", "Chưa đủ nguồn lực.")
    with pytest.raises(PermissionDenied):
        actions.reserve_dissent(slip, by=getattr(cast, name), words=WORDS)
